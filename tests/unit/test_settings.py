from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.cli import main
from bot.settings import ServiceApp, Settings, SettingsError, describe, load, read_environment

COMPLETE = {
    "WEBEX_BOT_TOKEN": "token-of-the-bot",
    "WEBEX_CALLING_TOKEN": "token-for-calling",
    "WEBEX_WEBHOOK_SECRET": "secret-of-the-webhooks",
    "PUBLIC_URL": "https://bot.example.com",
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load({**COMPLETE, **changes})
    return str(caught.value).splitlines()


def test_what_is_required_is_enough() -> None:
    settings = load(COMPLETE)
    assert settings.webex_bot_token.get_secret_value() == "token-of-the-bot"
    assert settings.webex_base_url == "https://webexapis.com/v1"
    assert settings.webhook_url == "https://bot.example.com/webex"
    assert settings.database_url is None
    assert (settings.data_dir, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8080)
    assert (settings.worker_concurrency, settings.log_level) == (8, "INFO")
    assert settings.access_file == Path("access.toml")


def test_all_problems_are_told_at_once_each_in_a_line_with_what_to_do() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"PORT": "80000", "LOG_LEVEL": "loud"})
    assert [problem.variable for problem in caught.value.problems] == [
        "WEBEX_BOT_TOKEN",
        "WEBEX_CALLING_TOKEN",
        "WEBEX_WEBHOOK_SECRET",
        "PUBLIC_URL",
        "PORT",
        "LOG_LEVEL",
    ]
    lines = str(caught.value).splitlines()
    assert lines[2] == (
        "WEBEX_WEBHOOK_SECRET is missing. Set it to a long random text that signs what Webex sends; "
        "make one with `openssl rand -hex 32`."
    )
    assert lines[4] == "PORT is not valid. Set it to the port to listen at, 1 to 65535."


def test_an_empty_variable_is_a_missing_one() -> None:
    assert problems(WEBEX_WEBHOOK_SECRET=" ")[0].startswith("WEBEX_WEBHOOK_SECRET is missing.")
    assert load({**COMPLETE, "PORT": ""}).port == 8080


def test_a_collector_may_be_without_encryption_but_not_with_a_password_in_its_address() -> None:
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"}
    assert load({**COMPLETE, **endpoint}).otel_exporter_otlp_endpoint == "http://collector:4318"
    told = problems(OTEL_EXPORTER_OTLP_ENDPOINT="https://somebody:secret@collector.example.com")[0]
    assert "OTEL_EXPORTER_OTLP_ENDPOINT holds a user name: put that into OTEL_EXPORTER_OTLP_HEADERS." in told
    assert "secret" not in told
    assert "is not a web address." in problems(OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318")[0]


def test_addresses_are_normalised() -> None:
    settings = load(
        {**COMPLETE, "PUBLIC_URL": "https://bot.example.com/", "WEBEX_BASE_URL": "https://w.example/v1//"}
    )
    assert settings.public_url == "https://bot.example.com"
    assert settings.webex_base_url == "https://w.example/v1"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765/v1", "http://localhost:1/v1", "http://[::1]:1/v1"])
def test_unencrypted_addresses_are_for_this_machine_only(url: str) -> None:
    assert load({**COMPLETE, "WEBEX_BASE_URL": url}).webex_base_url == url
    assert "must begin with https://" in problems(PUBLIC_URL="http://bot.example.com")[0]


@pytest.mark.parametrize(
    "url",
    [
        "bot.example.com",
        "ftp://x",
        "https://",
        "https://x/?a=b",
        "https://x/#a",
        "http://[1",
        "https://bot example.com",
        "https://bot\n.example.com",
        "https://x/a b",
        "https://bot,example",
        "https://.x",
        "https://a..b",
        f"https://{'a' * 64}.example.com",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert problems(PUBLIC_URL=url)[0].startswith("PUBLIC_URL is not a web address. Set it to the address")


def test_the_path_of_an_address_is_written_as_it_is_asked_for() -> None:
    """In percent signs, once: Webex is told the same as it tells of its webhooks."""
    for url in ("https://bot.example.com/bö/a~b", "https://bot.example.com/b%C3%B6/a~b"):
        assert load({**COMPLETE, "PUBLIC_URL": url}).public_url == "https://bot.example.com/b%C3%B6/a~b"


def test_an_address_that_holds_the_path_of_the_events_already_is_refused() -> None:
    """Webex would be sent to /webex/webex, where nothing answers."""
    for url in ("https://bot.example.com/webex", "https://bot.example.com/webex/"):
        assert problems(PUBLIC_URL=url)[0].startswith(
            "PUBLIC_URL ends with /webex, which the bot adds by itself. Set it to the address where Webex reaches "
            "the bot, such as https://bot.example.com"
        )
    for url in ("https://bot.example.com/bots/extensions", "https://webex", "https://my_bot.example.com:8443"):
        assert load({**COMPLETE, "PUBLIC_URL": url}).webhook_url == f"{url}/webex"


def test_a_database_is_named_by_either_scheme_of_postgresql() -> None:
    for scheme in ("postgres", "postgresql"):
        settings = load({**COMPLETE, "DATABASE_URL": f"{scheme}://u:p@db/bot"})
        assert settings.database_url
        assert settings.database_url.get_secret_value() == "postgresql://u:p@db/bot"
    assert problems(DATABASE_URL="sqlite:///x")[0].startswith("DATABASE_URL is not the address of a PostgreSQL")


@pytest.mark.parametrize(
    "rest",
    [
        "u:hidden@db:port/bot",
        "u:hidden@db:/bot",
        "u:hidden@db:70000/bot",
        "u:hid@den@db/bot",
        "u:hid/den@db/bot",
        "u:12/hidden@db/bot",
        "u:hid%yden@db/bot",
        "u:hid den@db/bot",
        "u:hidden@a:1,b:2/bot",
        "u:hidden@db/b@ot",
    ],
)
def test_an_address_that_would_lead_to_another_database_is_refused(rest: str) -> None:
    (told,) = problems(DATABASE_URL=f"postgresql://{rest}")
    assert told.startswith("DATABASE_URL can't be read: its port is not a number, or a letter such as @ : / # %")
    assert not any(word in told for word in ("hid", "den", "70000", "12"))


@pytest.mark.parametrize(
    "rest",
    [
        "u:p%40%2F@db:5432/bot",
        "u:p#a:b?c@db/bot",
        "u@db",
        "u:p@[::1]:5432/bot",
        "%2Fvar%2Frun/bot",
        "u:p@a,b/bot",
        "postgres:@/postgres?host=/tmp/a%20b",
        "/bot?host=/tmp",
        "u:p@db?sslmode=require&options=a@b",
    ],
)
def test_whatever_postgresql_can_read_is_its_address(rest: str) -> None:
    url = load({**COMPLETE, "DATABASE_URL": f"postgresql://{rest}"}).database_url
    assert url
    assert url.get_secret_value() == f"postgresql://{rest}"


SERVICE_APP = {
    "WEBEX_CLIENT_ID": "client",
    "WEBEX_CLIENT_SECRET": "secret-of-the-client",
    "WEBEX_REFRESH_TOKEN": "refresh-token",
    "TOKEN_KEYS": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=",
}


def test_a_service_app_stands_in_the_place_of_a_token() -> None:
    settings = load({**COMPLETE, "WEBEX_CALLING_TOKEN": "", **SERVICE_APP})
    assert settings.calling_access == ServiceApp(
        "client", "secret-of-the-client", "refresh-token", (SERVICE_APP["TOKEN_KEYS"],)
    )
    shown = repr(settings) + repr(settings.calling_access)
    for secret in ("secret-of-the-client", "refresh-token", "MTEx"):
        assert secret not in shown
    static = load(COMPLETE).calling_access
    assert isinstance(static, SecretStr)
    assert static.get_secret_value() == "token-for-calling"


def test_what_is_missing_of_a_service_app_is_told_at_once() -> None:
    for name in SERVICE_APP:
        others = [other for other in SERVICE_APP if other != name]
        told = problems(WEBEX_CALLING_TOKEN="", **{name: SERVICE_APP[name]}, PORT="x")
        assert [line.split()[0] for line in told] == [*others, "PORT"]
        assert told[0].startswith(f"{others[0]} is missing. Set it to the ")
    (told_once,) = problems(WEBEX_CALLING_TOKEN="")
    assert told_once == (
        "WEBEX_CALLING_TOKEN is missing. Set it, or all of WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET, "
        "WEBEX_REFRESH_TOKEN, TOKEN_KEYS in its place."
    )


def test_a_token_and_a_service_app_are_one_too_many() -> None:
    both = "WEBEX_CALLING_TOKEN and WEBEX_CLIENT_ID are both set. Remove one of the two."
    assert problems(**SERVICE_APP) == [both]
    assert load({**COMPLETE, "TOKEN_KEYS": SERVICE_APP["TOKEN_KEYS"]}).webex_calling_token


@pytest.mark.parametrize("keys", ["secret", "MTExMQ==", SERVICE_APP["TOKEN_KEYS"] + ",x"])
def test_a_key_that_could_not_encrypt_is_told(keys: str) -> None:
    told = problems(**{**SERVICE_APP, "WEBEX_CALLING_TOKEN": "", "TOKEN_KEYS": keys})
    assert told[0].startswith("TOKEN_KEYS holds something that is no Fernet key. Set it to the key that encrypts")
    assert keys not in told[0]


def test_a_key_may_be_written_as_openssl_does() -> None:
    access = load({**COMPLETE, **SERVICE_APP, "WEBEX_CALLING_TOKEN": "", "TOKEN_KEYS": f"{'+/' * 21}A="})
    given = access.calling_access
    assert isinstance(given, ServiceApp)
    assert given.keys == (f"{'-_' * 21}A=",)


def test_several_keys_are_read_in_their_order(tmp_path: Path) -> None:
    older, newer = SERVICE_APP["TOKEN_KEYS"], "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI="
    path = tmp_path / "keys"
    given = {**COMPLETE, **SERVICE_APP, "WEBEX_CALLING_TOKEN": "", "TOKEN_KEYS": "", "TOKEN_KEYS_FILE": str(path)}
    for between in (", ", ",\n"):
        path.write_text(f"{newer}{between}{older}\n")
        access = load(given).calling_access
        assert isinstance(access, ServiceApp)
        assert access.keys == (newer, older)


@pytest.mark.parametrize("name", ["WEBEX_CLIENT_SECRET", "WEBEX_REFRESH_TOKEN"])
def test_the_secrets_of_a_service_app_may_be_in_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / "secret"
    path.write_text("in-a-file\n")
    given = {**COMPLETE, **SERVICE_APP, "WEBEX_CALLING_TOKEN": "", name: "", f"{name}_FILE": str(path)}
    assert "in-a-file" in vars(load(given).calling_access).values()


def test_the_space_of_those_who_run_the_bot_is_an_id() -> None:
    assert load({**COMPLETE, "ADMIN_SPACE_ID": "Y2lzY29zcGFyazo"}).admin_space_id == "Y2lzY29zcGFyazo"
    assert problems(ADMIN_SPACE_ID="../x")[0].startswith(
        "ADMIN_SPACE_ID is not valid. Set it to the id of a space"
    )


@pytest.mark.parametrize("token", ["Bearer abc", "ab\ncd", "tøken"])
def test_a_token_that_could_not_be_sent_is_refused(token: str) -> None:
    assert problems(WEBEX_BOT_TOKEN=token)[0].startswith("WEBEX_BOT_TOKEN holds spaces, line breaks or letters")


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    given = {name: value for name, value in COMPLETE.items() if name != "WEBEX_BOT_TOKEN"}
    for mark in ("", "\ufeff"):
        path.write_text(f"{mark}token-in-a-file\n", "utf-8")
        settings = load({**given, "WEBEX_BOT_TOKEN_FILE": str(path)})
        assert settings.webex_bot_token.get_secret_value() == "token-in-a-file"


def test_a_file_that_cannot_be_read_or_is_one_too_many_is_told_once(tmp_path: Path) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != "WEBEX_BOT_TOKEN"}
    with pytest.raises(SettingsError) as caught:
        load({**given, "WEBEX_BOT_TOKEN_FILE": str(tmp_path / "none"), "PORT": "x"})
    first, second = str(caught.value).splitlines()
    assert first.startswith("WEBEX_BOT_TOKEN can't be read from ")
    assert second.startswith("PORT is not valid.")
    assert problems(WEBEX_BOT_TOKEN_FILE="/some/file") == [
        "WEBEX_BOT_TOKEN and WEBEX_BOT_TOKEN_FILE are both set. Remove one of the two."
    ]


def test_what_is_wrong_with_the_file_of_a_secret_is_told(tmp_path: Path) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != "WEBEX_BOT_TOKEN"}
    path = tmp_path / "token"

    def told() -> str:
        with pytest.raises(SettingsError) as caught:
            load({**given, "WEBEX_BOT_TOKEN_FILE": str(path)})
        return str(caught.value).removeprefix(
            f"WEBEX_BOT_TOKEN can't be read from {path}, which WEBEX_BOT_TOKEN_FILE names"
        )

    assert told() == ": there is no such file. Make it, or correct the path."
    path.write_text("\n")
    assert told() == ": it is empty. Put the value into the file."
    path.write_text("first-secret\nsecond-secret\n")
    assert told() == ": it has several lines. Put the value alone into it."
    path.write_bytes(b"\xff\xfet\x00")
    assert told() == ": it is not text. Put the value alone into the file."
    path.unlink()
    path.mkdir()
    assert told() == " (Is a directory). Let it be a file that the user who runs the bot may read."


def test_secrets_are_neither_shown_nor_named_in_problems() -> None:
    settings = load({**COMPLETE, "DATABASE_URL": "postgresql://u:pass-phrase@db/bot"})
    shown = repr(settings) + str(settings)
    told = "".join(problems(WEBEX_BOT_TOKEN="very secret", DATABASE_URL="mysql://u:pass-phrase@db/bot"))
    for secret in ("token-of-the-bot", "token-for-calling", "secret-of-the-webhooks", "phrase", "very secret"):
        assert secret not in shown + told


def test_only_what_is_given_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert load(COMPLETE).port == 8080


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(COMPLETE).port = 1  # type: ignore[misc]


def test_the_environment_outweighs_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# comment\nPORT=1\nHOST='0.0.0.0'\nSECRET=a${PORT}$b\nEMPTY\n")
    assert read_environment({"PORT": "2"}, dotenv) == {"PORT": "2", "HOST": "0.0.0.0", "SECRET": "a${PORT}$b"}  # noqa: S104
    assert read_environment({"PORT": "2"}, tmp_path / "none") == {"PORT": "2"}


def refused(dotenv: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_environment(COMPLETE, dotenv)
    return str(caught.value).splitlines()


def test_a_line_that_cannot_be_read_is_told_with_its_number_and_without_its_secret(tmp_path: Path) -> None:
    """Left out, as python-dotenv does, it would have the bot go on with a new and empty database."""
    dotenv = tmp_path / ".env"
    dotenv.write_text('PORT=1\n\n\nDATABASE_URL="postgresql://u:hidden@db/bot\nHOST=x\n')
    assert refused(dotenv) == [
        (
            f"`{dotenv}` line 4 can't be read. Write it as NAME=value or NAME='value', with both of the quotation "
            "marks or none."
        )
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes("NAME=Zürich\n".encode("latin-1"))
    assert refused(dotenv) == [f"`{dotenv}` is not UTF-8 text. Save it as UTF-8."]
    dotenv.unlink()
    dotenv.mkdir()
    (told,) = refused(dotenv)
    assert told.startswith(f"`{dotenv}` can't be read (Is a directory). Let it be a file")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DATABASE_URI", "DATABASE_URL"),
        ("WEBEX_BOT_TOKN", "WEBEX_BOT_TOKEN"),
        ("public_url", "PUBLIC_URL"),
        ("TOKEN_KEY_FILE", "TOKEN_KEYS_FILE"),
        ("LOGLEVEL", "LOG_LEVEL"),
    ],
)
def test_a_name_that_is_nearly_one_of_ours_is_told(tmp_path: Path, written: str, meant: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"{written}=hidden\nPORT=1\n")
    assert refused(dotenv) == [
        f"{written} in `{dotenv}` is not a setting. Did you mean {meant}? Correct the name, or remove the line."
    ]


def test_names_that_are_not_ours_may_be_anything(tmp_path: Path) -> None:
    """Those of OpenTelemetry and of compose.yaml, old ones that were put aside, all of the environment."""
    dotenv = tmp_path / ".env"
    names = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "POSTGRES_PASSWORD", "NO_PROXY"]
    names += ["HTTPS_PROXY", "SSL_CERT_FILE", "NEW_DATABASE_URL", "WEBEX_BOT_TOKEN_OLD", "WEBEX_BOT_TOKEN_FILE"]
    dotenv.write_text("".join(f"{name}=1\n" for name in names))
    assert list(read_environment({"DATABASE_URI": "1"}, dotenv)) == [*names, "DATABASE_URI"]


def test_every_setting_is_described_and_in_the_example() -> None:
    rows = describe()
    assert [row.variable for row in rows] == [name.upper() for name in Settings.model_fields]
    assert all(row.meaning for row in rows)
    required = [row.variable for row in rows if row.required]
    assert required == [name for name in COMPLETE if name != "WEBEX_CALLING_TOKEN"]
    example = read_environment({}, Path(__file__).parents[2] / ".env.example")
    assert list(example) == required
    text = (Path(__file__).parents[2] / ".env.example").read_text()
    for row in rows:
        assert f"{row.variable}={row.default}\n" in text
        assert row.meaning[1:] in " ".join(text.replace("\n#", " ").split())


def test_every_command_refuses_an_env_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("DATABASE_URL='postgresql://u:hidden@db/bot\n")
    for command in (
        ["run"],
        ["web"],
        ["worker"],
        ["setup"],
        ["doctor"],
        ["database", "true"],
        ["audit", "verify"],
    ):
        done = CliRunner().invoke(main, command)
        assert (done.exit_code, done.output.split(" Write")[0]) == (1, "Error: `.env` line 1 can't be read.")
