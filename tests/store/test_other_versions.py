"""A database of another version than the program: every command says in a sentence what to do next."""

import json
from collections.abc import Iterator

import pytest
from directories import database_directory
from ended_commands import ended, settings_at
from sqlalchemy import Engine, text

from bot.database import embedded_database
from bot.errors import UnusableDatabase
from bot.sandbox.server import SandboxServer
from bot.schema import upgrade

NEWER = (
    "The tables were made by a newer version of the bot. Install that version and restart, or take the tables "
    "back: docs/operations.md, “Rollback”."
)
OTHER_MAJOR = (
    "was made by PostgreSQL 16, and this version of the bot brings PostgreSQL 18. Make a backup with the version "
    "of the bot that you had, and restore it with this one: docs/operations.md, “Moving to another PostgreSQL”."
)


@pytest.fixture
def environ(sandbox: SandboxServer) -> Iterator[dict[str, str]]:
    """A data directory that PostgreSQL 16 made, and else everything in order."""
    with database_directory() as directory:
        (directory / "postgres").mkdir(parents=True)
        (directory / "postgres/PG_VERSION").write_text("16\n")
        yield settings_at(sandbox, directory)


@pytest.fixture
def newer(engine: Engine, database_url: str) -> str:
    """The address of a database whose tables a newer version has made."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    return database_url


@pytest.mark.parametrize("command", ["run", "setup", "doctor"])
def test_a_directory_of_another_major_version(environ: dict[str, str], command: str) -> None:
    status, said = ended(environ, command)
    assert status == 1
    assert OTHER_MAJOR in said


def test_a_directory_of_another_major_version_is_not_started() -> None:
    with database_directory() as directory:
        (directory / "postgres").mkdir(parents=True)
        (directory / "postgres/PG_VERSION").write_text("16\n")
        with pytest.raises(UnusableDatabase, match="PostgreSQL 16"), embedded_database(directory):
            pass
        assert not (directory / "postgres/postmaster.pid").exists()


@pytest.mark.parametrize("command", ["run", "setup", "worker", "web", "doctor", "audit verify"])
def test_tables_of_a_newer_version(environ: dict[str, str], newer: str, command: str) -> None:
    status, said = ended({**environ, "DATABASE_URL": newer}, *command.split())
    assert status != 0
    # The web process says it in its log, as JSON.
    assert NEWER in said or json.dumps(NEWER) in said


@pytest.mark.usefixtures("newer")
def test_tables_of_a_newer_version_are_left_as_they_are(engine: Engine) -> None:
    """The engine's tables, too."""
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE engine_migrations"))
    with pytest.raises(UnusableDatabase):
        upgrade(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('engine_migrations')")) is None
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
