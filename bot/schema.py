"""Bring a database up to date: the bot's own tables by Alembic, the engine's by its own migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from bot.database_reasons import REFUSING, tell_reason
from bot.errors import UnusableDatabase
from bot.outages import as_long_as_it_takes, in_transactions
from bot.overview import NEWER_TABLES, OLD_TABLES
from bot.tables import metadata

CUT_TABLES = (
    "The tables are not complete: {missing} is missing, as after reading a dump that was cut short. Restore a "
    "complete one into an empty database: docs/operations.md, “Restore”."
)

TRIGGERS = (
    *("history_is_append_only", "history_is_not_emptied"),
    *("history_head_stays", "history_head_is_not_emptied", "history_head_goes_forward"),
)
"""By which the history is never changed."""

CONSTRAINTS_AND_TRIGGERS = """
    SELECT conname FROM pg_constraint WHERE pg_table_is_visible(conrelid)
    UNION ALL SELECT tgname FROM pg_trigger WHERE pg_table_is_visible(tgrelid)
"""

LOCK = 0x7E5B07
"""The advisory lock that lets one process at a time migrate; the others wait and then find nothing to do."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Create or migrate all tables, our own ones up to that version.

    Safe to run at every start and from several processes at once.
    Raises UnusableDatabase, and changes nothing, where a newer version of the bot has migrated them already, where
    they are not complete, and where the database does not let its user do so.
    """
    with _explained(), in_transactions(engine).begin() as connection, as_long_as_it_takes(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        _require_known(connection)
        _upgrade_engine(connection)
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision == "head":
            _require_complete(connection)


def require_current(engine: Engine) -> None:
    """Raise UnusableDatabase where the bot's own tables are not of this version, not complete, or hidden."""
    with _explained(), engine.connect() as connection:
        _require_known(connection)
        if _revision(connection) != _scripts().get_current_head():
            raise UnusableDatabase(OLD_TABLES)
        _require_complete(connection)


def find_differences(engine: Engine) -> list[object]:
    """What the bot's own tables have other than the store expects; empty if the migrations are complete."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, metadata))


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is the bot's own: the engine keeps its tables in the same database."""
    return kind != "table" or not (name or "").startswith(("procrastinate_", "engine_"))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        # One that the server has not even been asked about is about the address itself.
        if isinstance(error.orig, REFUSING) or getattr(error.orig, "sqlstate", None) is None:
            raise UnusableDatabase(tell_reason(error)) from error
        raise


def _require_known(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is not None and revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise UnusableDatabase(NEWER_TABLES)


def _require_complete(connection: Connection) -> None:
    """A dump has the version among the rows, and keys and triggers behind them: without, rows may be missing."""
    needed = [str(each.name) for table in metadata.sorted_tables for each in table.constraints]
    found = set(connection.scalars(text(CONSTRAINTS_AND_TRIGGERS)))
    if missing := sorted({*needed, *TRIGGERS} - found):
        raise UnusableDatabase(CUT_TABLES.format(missing=missing[0]))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic())


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade_engine(connection: Connection) -> None:
    """Run the engine's migration scripts that this database has not seen; a new database gets its schema."""
    is_new = connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None
    connection.execute(text("CREATE TABLE IF NOT EXISTS engine_migrations (name text PRIMARY KEY)"))
    seen = set(connection.scalars(text("SELECT name FROM engine_migrations")))
    if is_new:
        _run_script(connection, SchemaManager.get_schema())
    for script in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        if script.name in seen:
            continue
        if not is_new:
            _run_script(connection, script.read_text("utf-8"))
        connection.execute(text("INSERT INTO engine_migrations VALUES (:name)"), {"name": script.name})


def _run_script(connection: Connection, script: str) -> None:
    """Run many statements in one go. The driver does so where there are no parameters."""
    connection.exec_driver_sql(script.replace("%", "%%"))
