"""The log of the embedded database: it stays small, tells no values, and says why a server does not start."""

import logging
from collections.abc import Callable

import psycopg
import pytest
from directories import started_directory

from bot import database, database_log
from bot.database import embedded_database, tended_database
from bot.errors import UnusableDatabase

NUMBER = "+14085550123"
OLDER = "shared_buffers = 8MB\nmax_connections = 60\nlog_min_messages = error\n"
"""What a cluster has that an older version of the bot has made, of what matters here."""


def shown(address: str) -> dict[str, str]:
    """The server's own settings of its log, as it reports them."""
    names = [line.partition(" = ")[0] for line in database_log.SETTINGS.strip().splitlines()]
    with psycopg.connect(address) as connection:
        return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}  # type: ignore[call-overload,index]


def configured() -> dict[str, str]:
    lines = database_log.SETTINGS.strip().splitlines()
    return {name: value for name, _, value in (line.partition(" = ") for line in lines)}


def err(address: str) -> None:
    """Have errors whose detail, statement or parameters hold a number."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE numbers (number text PRIMARY KEY, CHECK (length(number) < 20))")
        connection.execute("INSERT INTO numbers VALUES (%s)", [NUMBER])
        for number in (NUMBER, f"{NUMBER} and so on and on"):
            with pytest.raises(psycopg.IntegrityError, match=r"DETAIL: .*4085550123"):
                connection.execute("INSERT INTO numbers VALUES (%s)", [number])
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT '+14085550123' FROM no_such_table")


def test_an_error_is_in_it_without_the_values() -> None:
    with started_directory() as directory:
        with embedded_database(directory) as address:
            err(address)
            assert shown(address) == configured()
        written = (directory / "postgres/log").read_text()
    for words in ("duplicate key value", "violates check constraint", 'relation "no_such_table" does not exist'):
        assert words in written
    assert NUMBER not in written
    assert "4085550123" not in written


def test_a_cluster_of_an_older_version_is_changed_at_its_next_start() -> None:
    """And what that version wrote is forgotten."""
    with started_directory() as directory:
        postgres = directory / "postgres"
        (postgres / "extbot.conf").write_text(OLDER)
        (postgres / "log").write_text(f"ERROR: …\nDETAIL:  Key (number)=({NUMBER}) already exists.\n")
        with embedded_database(directory) as address:
            err(address)
            assert shown(address) == configured()
        assert NUMBER not in (postgres / "log").read_text()
        assert (postgres / "extbot.conf").stat().st_mode & 0o777 == 0o644


def test_it_begins_anew_when_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server writes it, which goes on at the new beginning. The latest lines of before are kept."""
    monkeypatch.setattr(database_log, "KEPT_BYTES", 4000)
    monkeypatch.setattr(database, "TENDED_SECONDS", 0.01)
    with started_directory() as directory:
        log, before = directory / "postgres/log", directory / "postgres/log.before"
        with tended_database(directory) as address, psycopg.connect(address, autocommit=True) as connection:
            ask_until(connection, "of_before", before.exists)
            ask_until(connection, "of_now", lambda: "of_now" in log.read_text())
            assert "\0" not in log.read_text()
            assert "starting PostgreSQL" not in log.read_text()
            ask_until(connection, "of_now", lambda: "of_before" not in before.read_text())
        assert before.stat().st_size == 4000
        assert before.stat().st_mode & 0o777 == 0o600


def ask_until(connection: psycopg.Connection, table: str, is_over: Callable[[], bool]) -> None:
    """Have one error after the other, which the server notes."""
    for _ in range(10_000):
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute(f"SELECT FROM {table}")  # type: ignore[call-overload]
        if is_over():
            return
    raise AssertionError("It is as it was.")


def test_it_is_small_at_the_next_start_where_nobody_saw_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_log, "KEPT_BYTES", 4000)
    with started_directory() as directory:
        log = directory / "postgres/log"
        log.write_text("x" * 10_000)
        with embedded_database(directory):
            assert log.stat().st_size < 4000
        assert log.with_name("log.before").read_text() == "x" * 4000


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("postgresql.conf", "include 'extbot.conf'\nno_such_setting = 1\n", "no_such_setting"),
        ("pg_hba.conf", "no such line\n", "pg_hba.conf"),
    ],
    ids=["before it reads its settings", "after it"],
)
def test_why_a_server_does_not_start_is_said(
    file: str, text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with started_directory() as directory:
        (directory / "postgres" / file).write_text(text)
        with (
            caplog.at_level(logging.ERROR),
            pytest.raises(UnusableDatabase, match="in the lines above, or in the file `log`"),
            embedded_database(directory),
        ):
            pass
        assert said in (directory / "postgres/log").read_text()
        assert said in caplog.text
