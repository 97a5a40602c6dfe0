"""A database that can't be used: each command says why in a sentence, and nothing of the password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from directories import database_directory
from ended_commands import ended, free_port, settings_at
from psycopg import OperationalError
from sqlalchemy import Engine, text

from bot.database_reasons import NOT_ALLOWED, UNKNOWN, UNREADABLE, tell_reason
from bot.errors import StoreAway
from bot.overview import OLD_TABLES
from bot.sandbox.server import SandboxServer

SERVICE_APP = {
    "WEBEX_CLIENT_ID": "client",
    "WEBEX_CLIENT_SECRET": "secret",
    "WEBEX_REFRESH_TOKEN": "sandbox-refresh",
    "TOKEN_KEYS": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=",
}
NOBODY_LISTENS = "Nothing listens at the host and port in DATABASE_URL"


@pytest.fixture
def environ(sandbox: SandboxServer) -> Iterator[dict[str, str]]:
    with database_directory() as directory:
        yield settings_at(sandbox, directory)


@pytest.mark.parametrize("command", ["run", "worker", "doctor"])
def test_a_database_that_is_down(environ: dict[str, str], command: str) -> None:
    address = f"postgresql://extbot:hidden@127.0.0.1:{free_port()}/extbot"
    status, said = ended({**environ, "DATABASE_URL": address}, *command.split())
    assert status == 1
    assert NOBODY_LISTENS in said
    assert "hidden" not in said


def test_a_database_without_tables_keeps_doctor_from_nothing_else(
    environ: dict[str, str], without_tables: str
) -> None:
    given = {**environ, "DATABASE_URL": without_tables, "WEBEX_CALLING_TOKEN": "", **SERVICE_APP}
    status, said = ended(given, "doctor")
    assert status == 1
    assert "ok    bot token: It is Extensions" in said
    assert (
        "FAIL  refresh token: It can't be looked at: the token for Webex Calling is kept in the database.\n"
        in said
    )
    assert f"FAIL  database: It can't be used as it is.\n      {OLD_TABLES}\n" in said
    assert "does not answer" not in said.replace("health does not answer", "")


@pytest.mark.parametrize(
    ("command", "sign"), [("setup", "DYNO"), ("run", "DYNO"), ("run", "VCAP_APPLICATION"), ("doctor", "DYNO")]
)
def test_a_platform_whose_disk_does_not_last_needs_a_database(
    environ: dict[str, str], command: str, sign: str
) -> None:
    """In the release phase it would make one that is gone before the bot starts."""
    status, said = ended({**environ, sign: "release.1"}, command)
    assert status == 1
    assert (
        f"DATABASE_URL is missing, and {sign} says that this is a platform whose disk does not last: a database "
        "of the bot's own would be lost with it. Add a PostgreSQL to the app, and see that DATABASE_URL is set."
    ) in said
    assert not Path(environ["DATA_DIR"]).exists()


def test_an_address_whose_options_cannot_be_read(environ: dict[str, str]) -> None:
    """The rest of it is looked at with the settings."""
    status, said = ended({**environ, "DATABASE_URL": "postgresql://u@127.0.0.1:1/d?mode=1"}, "setup")
    assert (status, UNREADABLE in said) == (1, True)


@pytest.mark.parametrize("command", ["worker", "web", "audit verify", "database pg_dump", "doctor"])
def test_who_only_uses_a_database_makes_none(environ: dict[str, str], command: str) -> None:
    status, said = ended(environ, *command.split())
    assert status == 1
    assert f"There is no database in {environ['DATA_DIR']}/postgres, and DATABASE_URL is not set." in said
    assert not Path(environ["DATA_DIR"]).exists()


@pytest.mark.parametrize("command", ["run", "database psql -c SELECT"])
def test_a_file_in_the_place_of_the_data_directory(environ: dict[str, str], command: str) -> None:
    Path(environ["DATA_DIR"]).write_text("")
    status, said = ended(environ, *command.split())
    assert status == 1
    assert f"{environ['DATA_DIR']}/postgres" in said


@pytest.fixture
def without_tables(engine: Engine, database_url: str) -> str:
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return database_url


def test_a_worker_needs_the_tables(environ: dict[str, str], without_tables: str) -> None:
    assert ended({**environ, "DATABASE_URL": without_tables}, "worker") == (1, f"Error: {OLD_TABLES}\n")


@pytest.mark.parametrize(("command", "may"), [("setup", ""), ("run", "USAGE")])
def test_a_user_that_may_make_no_tables(
    environ: dict[str, str], engine: Engine, without_tables: str, command: str, may: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE lowly LOGIN"))
        if may:
            connection.execute(text(f"GRANT {may} ON SCHEMA public TO lowly"))
    address = without_tables.replace("//postgres:@", "//lowly@")
    said = ended({**environ, "DATABASE_URL": address}, command)
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY lowly"))
        connection.execute(text("DROP ROLE lowly"))
    assert said == (1, f"Error: {NOT_ALLOWED}\n")


@pytest.mark.parametrize(
    ("user", "database", "expected"),
    [("nobody", "postgres", "has no such user"), ("postgres", "hidden", "no database of that name")],
)
def test_a_wrong_name(environ: dict[str, str], database_url: str, user: str, database: str, expected: str) -> None:
    address = database_url.replace("//postgres:@/postgres?", f"//{user}@/{database}?")
    status, said = ended({**environ, "DATABASE_URL": address}, "setup")
    assert (status, expected in said, "hidden" in said) == (1, True, False)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            'port 5432 failed: FATAL:  password authentication failed for user "x"',
            "refuses the user name or password",
        ),
        ("port 5432 failed: fe_sendauth: no password supplied", "wants a password"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "x", database "x", no encryption', "pg_hba.conf"),
        ("connection timeout expired", "does not answer"),
        ("FATAL:  sorry, too many clients already", "max_connections"),
        ("FATAL:  the database system is starting up", "try again soon"),
        ('invalid sslmode value: "wrong"', "`sslmode` in DATABASE_URL has no such value"),
        ("server does not support SSL, but SSL was required", "sslmode"),
        ("something that nobody has thought of", UNKNOWN),
    ],
)
def test_the_reasons(told: str, expected: str) -> None:
    away = StoreAway("The database does not answer, has no room, or takes nothing.")
    away.__cause__ = OperationalError(told)
    assert expected in tell_reason(away)


def test_setup_says_only_what_it_has_done(environ: dict[str, str], database_url: str) -> None:
    _, said = ended({**environ, "DATABASE_URL": database_url, "LOG_LEVEL": "INFO"}, "setup")
    assert said.startswith("The tables are up to date.\nWebhook ")
    assert "{" not in said
