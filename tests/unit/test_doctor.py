from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from policies import EVERYTHING, POLICY, grant_to
from scripted_webex import Answer, scripted_webex

from bot.calling.refreshed import RefreshedToken, TriedToken
from bot.calling.token import StaticToken
from bot.doctor import CallingToken, Check, TokenOutOfReach, run_checks
from bot.errors import UnusableDatabase
from bot.sandbox.server import SandboxServer
from bot.settings import ServiceApp, Settings, load
from bot.store import connect
from bot.token_store import TokenStore
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession
from bot.webex.webhooks import ensure_webhooks

NO_SPACE = "Y2lzY29zcGFyazovL3VzL1JPT00vbm8tc3VjaC1yb29t"
NAMES = [
    "settings",
    "bot token",
    "calling token",
    "refresh token",
    "calling scopes",
    "administrator roles",
    "organization",
    "public address",
    "webhooks",
    "database",
    "access",
]


@pytest.fixture
def sandbox_server() -> Iterator[SandboxServer]:
    """One of its own: its tokens are changed."""
    with SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def environ(tmp_path: Path, sandbox_server: SandboxServer) -> Iterator[dict[str, str]]:
    """Everything in order, with a bot that is reachable once."""
    with scripted_webex() as bot:
        bot.will_answer(Answer(body={"status": "alive"}))
        given = {
            "WEBEX_BOT_TOKEN": "sandbox-bot",
            "WEBEX_CALLING_TOKEN": "sandbox-calling",
            "WEBEX_WEBHOOK_SECRET": "secret",
            "PUBLIC_URL": bot.url,
            "WEBEX_BASE_URL": sandbox_server.api_url,
            "ACCESS_FILE": str(written(tmp_path, POLICY)),
        }
        settings = load(given)
        ensure_webhooks(Messaging.of(settings), settings)
        yield given


def written(directory: Path, policy: str) -> Path:
    path = directory / "access.toml"
    path.write_text(policy)
    return path


def fine(_: Settings) -> None:
    return None


@contextmanager
def static(settings: Settings) -> Iterator[CallingToken]:
    """The token of the settings."""
    assert settings.webex_calling_token
    yield StaticToken.of(settings.webex_calling_token)


def failing(environ: dict[str, str], **changes: str) -> dict[str, Check]:
    return {check.name: check for check in run_checks({**environ, **changes}, fine, static) if not check.ok}


def test_all_is_in_order(environ: dict[str, str]) -> None:
    checks = run_checks(environ, fine, static)
    assert [check.name for check in checks if check.ok] == NAMES
    details = {check.name: check.detail for check in checks}
    assert details["bot token"] == "It is Extensions (extensions@webex.bot)."
    assert details["calling token"] == "It acts for Calling."
    assert details["refresh token"] == "There is none: WEBEX_CALLING_TOKEN is used until it expires."
    assert details["calling scopes"] == (
        "Virtual extensions can be read. Whether they can be changed shows only when the bot changes one."
    )
    assert details["webhooks"] == "All 3 are registered and active."
    assert details["access"] == (f"{environ['ACCESS_FILE']} has 3 grants, and Webex knows all that they name.")


def test_settings_that_cannot_be_read_are_all_there_is_to_say() -> None:
    checks = run_checks({"PORT": "x"}, fine, static)
    assert [check.name for check in checks] == [
        "WEBEX_BOT_TOKEN",
        "WEBEX_CALLING_TOKEN",
        "WEBEX_WEBHOOK_SECRET",
        "PUBLIC_URL",
        "PORT",
    ]
    assert (checks[0].detail, checks[0].ok) == ("It is missing.", False)
    assert checks[0].repair.startswith("Set it to the access token of the bot")


def test_a_persons_token_is_no_bots(environ: dict[str, str]) -> None:
    check = failing(environ, WEBEX_BOT_TOKEN="sandbox-alice")["bot token"]
    assert check.detail == "It belongs to a person, Alice Martin, not to a bot."
    assert "WEBEX_BOT_TOKEN" in check.repair


def test_a_token_that_webex_does_not_know_is_refused(environ: dict[str, str]) -> None:
    refused = failing(environ, WEBEX_BOT_TOKEN="unknown")
    assert refused["bot token"].detail.startswith("Webex does not accept the token. (GET /people/me: 401")
    # `extbot setup` would not mend the webhooks.
    assert {refused[name].repair for name in ("bot token", "webhooks")} == {
        "Copy the bot's token anew from developer.webex.com (My Webex Apps) into WEBEX_BOT_TOKEN."
    }
    refused = failing(environ, WEBEX_CALLING_TOKEN="unknown")
    names = ("calling token", "calling scopes", "administrator roles", "access")
    assert {refused[name].repair for name in names} == {"Put a valid token into WEBEX_CALLING_TOKEN."}
    assert "WEBEX_BOT_TOKEN or WEBEX_CALLING_TOKEN" in refused["organization"].repair


def test_a_token_that_may_too_little_is_told_with_what_it_needs(environ: dict[str, str]) -> None:
    refused = failing(environ, WEBEX_CALLING_TOKEN="sandbox-nina")
    assert refused["calling scopes"].repair == (
        "Give the token of WEBEX_CALLING_TOKEN the scopes spark-admin:telephony_config_read and _write, and its "
        "owner an administrator role."
    )
    people_read = "Give the token of WEBEX_CALLING_TOKEN the scope spark-admin:people_read"
    assert refused["administrator roles"].repair.startswith(people_read)
    assert refused["access"].repair.startswith(people_read)


def test_own_locations_need_a_scope_that_is_named(environ: dict[str, str], sandbox_server: SandboxServer) -> None:
    calling = sandbox_server.world.tokens["sandbox-calling"]
    narrow = replace(calling, scopes=calling.scopes - {"identity:people_read"})
    sandbox_server.world.tokens["sandbox-calling"] = narrow
    assert failing(environ)["access"].detail == (
        "own_locations needs a calling token with the scope identity:people_read: add it to the service app and "
        "have that authorized anew, or take own_locations out."
    )


def test_an_address_that_is_not_the_apis_is_told(environ: dict[str, str]) -> None:
    url = environ["WEBEX_BASE_URL"].removesuffix("/v1")
    assert failing(environ, WEBEX_BASE_URL=url)["bot token"] == Check(
        "bot token",
        ok=False,
        detail="Webex does not know the address. (GET /people/me: 404)",
        repair="See that WEBEX_BASE_URL is right and ends with /v1, or remove it.",
    )


def test_an_organization_that_is_none_is_told(environ: dict[str, str]) -> None:
    told = failing(environ, CALLING_ORG_ID="nonsense")
    assert told["calling scopes"].repair.startswith(
        "See that CALLING_ORG_ID is the id of an organization that WEBEX_CALLING_TOKEN is for, or remove it."
    )


def test_nothing_that_is_meant_for_a_chat_is_told(environ: dict[str, str]) -> None:
    wrong = ("WEBEX_BOT_TOKEN", "WEBEX_CALLING_TOKEN", "CALLING_ORG_ID")
    told = [each for name in wrong for each in failing(environ, **{name: "nonsense"}).values()]
    told += failing(environ, WEBEX_BASE_URL="http://127.0.0.1:1/v1").values()
    text = " ".join(f"{each.detail} {each.repair}" for each in told)
    assert "WEBEX_BASE_URL is right, and can be reached from this machine" in text
    assert not [chat for chat in ("Ask the people", "from a list", "try again from there") if chat in text]


def test_the_bots_token_is_none_for_calling(environ: dict[str, str]) -> None:
    checks = failing(environ, WEBEX_CALLING_TOKEN="sandbox-bot")
    assert checks["calling token"].detail == "It belongs to a bot, and bots can't administer Webex Calling."
    assert "spark-admin:telephony_config_read" in checks["calling scopes"].repair
    assert "spark-admin:people_read" in checks["administrator roles"].repair


def test_two_organizations_are_one_too_many(environ: dict[str, str]) -> None:
    check = failing(environ, WEBEX_CALLING_TOKEN="sandbox-oscar")["organization"]
    assert check.detail == "The bot belongs to another organization than the one whose extensions it manages."


def test_a_bot_that_is_not_there_is_told(environ: dict[str, str]) -> None:
    check = failing(environ, PUBLIC_URL="http://127.0.0.1:1")["public address"]
    assert check.detail == "http://127.0.0.1:1/health does not answer."
    check = failing(environ, PUBLIC_URL="http://127.0.0.1:1/bö")["public address"]
    assert check.detail == "http://127.0.0.1:1/b%C3%B6/health does not answer."
    with scripted_webex() as other:
        other.will_answer(Answer(404), Answer(body=b"<html>Log in</html>"), Answer(body={"status": "up"}))
        other.will_answer(Answer(302, headers={"Location": "http://a..b/"}))
        checks = [failing(environ, PUBLIC_URL=other.url)["public address"] for _ in range(4)]
    assert [check.detail for check in checks] == [
        f"{other.url}/health answers with HTTP status 404.",
        f"Something else than the bot answers at {other.url}/health.",
        f"Something else than the bot answers at {other.url}/health.",
        f"{other.url}/health does not answer.",
    ]


def test_webhooks_that_lead_elsewhere_are_told(environ: dict[str, str]) -> None:
    check = failing(environ, WEBEX_WEBHOOK_SECRET="other")["webhooks"]
    assert check.detail == "3 inactive or different."
    # A worker that runs on with the old secret would undo what `extbot setup` did, within a minute.
    assert check.repair == (
        "Restart all processes of the bot: they have the settings that they were started with, and a worker "
        "registers and mends the webhooks by itself. Where none runs yet, `extbot setup` registers them."
    )


def test_a_database_that_is_away_is_told(environ: dict[str, str]) -> None:
    checks = {check.name: check for check in run_checks(environ, lambda _: "It does not answer.", static)}
    assert (checks["database"].ok, checks["database"].detail) == (False, "It does not answer.")
    # Without a DATABASE_URL that one is no place to look at.
    assert checks["database"].repair.startswith("See that there is room in DATA_DIR, data, and run `extbot setup`")
    named = {**environ, "DATABASE_URL": "postgresql://u:p@db/bot"}
    (check,) = [each for each in run_checks(named, lambda _: "It is away.", static) if each.name == "database"]
    assert check.repair == "See that DATABASE_URL is right and PostgreSQL runs there, and run `extbot setup`."


def test_tables_of_a_newer_version_are_told_with_what_helps(environ: dict[str, str]) -> None:
    """`extbot setup` would refuse them, too."""

    def newer(_: Settings) -> str | None:
        raise UnusableDatabase("Install that version.")

    (check,) = [each for each in run_checks(environ, newer, static) if each.name == "database"]
    assert (check.ok, check.detail) == (False, "It can't be used as it is.")
    assert check.repair == "Install that version."


def test_the_space_of_those_who_run_the_bot_is_looked_at(environ: dict[str, str]) -> None:
    session = WebexSession(StaticToken("sandbox-bot"), environ["WEBEX_BASE_URL"])
    space = session.post("rooms", json={"title": "Operators"})["id"]
    checks = run_checks({**environ, "ADMIN_SPACE_ID": space}, fine, static)
    assert {check.name: check.detail for check in checks if check.ok}["admin space"] == (
        "The bot is in it, with 0 others."
    )
    for nowhere in (NO_SPACE, "nonsense"):
        check = failing(environ, ADMIN_SPACE_ID=nowhere)["admin space"]
        assert check.detail == f"The bot is not in the space {nowhere}."
        assert check.repair.startswith("Add the bot to it, or put the id into ADMIN_SPACE_ID")
    assert "WEBEX_BOT_TOKEN" in failing(environ, ADMIN_SPACE_ID=space, WEBEX_BOT_TOKEN="x")["admin space"].repair


def test_tokens_that_cannot_be_kept_are_told(environ: dict[str, str]) -> None:
    """Before `extbot setup` has made the tables, a refresh token is left alone."""

    @contextmanager
    def without_tables(settings: Settings) -> Iterator[CallingToken]:
        key = "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
        app = ServiceApp("client", "secret", "sandbox-refresh", (key,))
        engine = connect("postgresql://127.0.0.1:1/none")
        store = TokenStore(engine)
        yield TriedToken(RefreshedToken.of(app, settings.webex_base_url, store, lambda: datetime.now(UTC)))

    checks = {check.name: check for check in run_checks(environ, fine, without_tables)}
    for name in ("calling token", "refresh token", "calling scopes"):
        assert (checks[name].ok, checks[name].detail) == (
            False,
            "It can't be looked at: the token for Webex Calling is kept in the database.",
        )
        assert checks[name].repair == "Do first what the check of the database says."


def test_before_there_is_a_database_the_rest_is_looked_at(environ: dict[str, str]) -> None:
    """It names what there is to do first, once, and says of the token that it waits for that."""

    def missing(_: Settings) -> str | None:
        raise UnusableDatabase("Run `extbot setup`.")

    @contextmanager
    def out_of_reach(_: Settings) -> Iterator[CallingToken]:
        yield TokenOutOfReach(UnusableDatabase("Run `extbot setup`."))

    checks = {check.name: check for check in run_checks(environ, missing, out_of_reach)}
    assert {name for name, check in checks.items() if check.ok} == {
        "settings",
        "bot token",
        "public address",
        "webhooks",
    }
    assert checks["database"].detail == "It can't be used as it is."
    assert checks["calling token"].detail == (
        "It can't be looked at: the token for Webex Calling is kept in the database."
    )
    assert {check.repair for check in checks.values() if not check.ok} == {"Run `extbot setup`."}


MISFITS = {
    grant_to("ninna@example.com", "approve"): "Webex does not know ninna@example.com.",
    grant_to("oscar@example.org", "approve"): "Webex does not know oscar@example.org.",
    EVERYTHING.replace("Full", "Ful"): "Webex has no role “Ful Administrator”.",
    grant_to("nina@example.com", "approve", 'locations = ["lyon", "Paris"]'): (
        "There is no location “Paris” with Webex Calling."
    ),
    EVERYTHING.replace("roles", "spaces").replace("Full Administrator", NO_SPACE): (
        f"The bot is not in the space {NO_SPACE}: add it there, or correct the id."
    ),
    f'{EVERYTHING}\n[approval]\nspace = "{NO_SPACE}"': (
        f"The bot is not in the space {NO_SPACE}: add it there, or correct the id."
    ),
    grant_to("nina@example.com", "settings approve", 'locations = ["Lyon"]'): (
        "The permission settings is for the whole organization: give it everywhere or at organization_level."
    ),
    grant_to("a..b@example.com", "approve"): "Webex does not know a..b@example.com.",
    "grants = []": "It has no grants: the bot refuses everybody.",
    grant_to("nina@example.com", "change"): (
        "Nobody has the permission approve: what needs approval can't be done."
    ),
}


@pytest.mark.parametrize("policy", MISFITS)
def test_what_does_not_fit_the_organization_is_told(environ: dict[str, str], tmp_path: Path, policy: str) -> None:
    check = failing(environ, ACCESS_FILE=str(written(tmp_path, policy)))["access"]
    assert check.detail == MISFITS[policy]
    assert "access.example.toml says what may stand in it" in check.repair


def test_spaces_are_not_blamed_for_a_token(environ: dict[str, str], tmp_path: Path) -> None:
    policy = EVERYTHING.replace("roles", "spaces").replace("Full Administrator", NO_SPACE)
    given = {"ACCESS_FILE": str(written(tmp_path, policy)), "WEBEX_BOT_TOKEN": "unknown"}
    assert "WEBEX_BOT_TOKEN" in failing(environ, **given)["access"].repair


def test_a_policy_that_cannot_be_read_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    assert failing(environ, ACCESS_FILE=str(missing))["access"].detail == (
        f"{missing}: It can't be read: No such file or directory. Until it is mended, nobody may do anything."
    )
