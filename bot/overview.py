"""How the bot is, as far as its database tells: the checks of `/ready`, and the numbers of `/metrics`.

In plain SQL over the connections of the queue, so that the web process does without what the store needs. It tells
of the engine's own tables too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from bot.errors import QueueAway, UnusableDatabase
from bot.idle import NOTICED, PunctualConnection

Rows = list[dict[str, Any]]
Read = Callable[[LiteralString], Rows]
"""Runs a query. Raises QueueAway."""

OK = "ok"
UNKNOWN = "unknown: the database does not answer"
AWAY = "The database does not answer. Check that PostgreSQL runs, and DATABASE_URL."
OLD_TABLES = "The tables are missing or of an older version. Run `extbot setup`."
NEWER_TABLES = (
    "The tables were made by a newer version of the bot. Install that version and restart, or take the tables "
    "back: docs/operations.md, “Rollback”."
)
NO_WORKER = "No worker has shown signs of life for ten seconds. Start one with `extbot worker`."
NO_CHECK = "Not checked yet. A worker does that at its start."
REFUSED = "Webex does not accept it any more: `extbot doctor` says what to do."
OLD_CHECK = "Not checked for a quarter of an hour. A worker does that every few minutes: look into its log."

STALE_SECONDS = 15 * 60
JOB_STATES = ("waiting", "retrying", "running", "failed")
OPEN_PLANS = ("proposed", "awaiting approval")

REVISION: LiteralString = "SELECT max(version_num) AS revision FROM alembic_version"
LAST_KEY = "fk_plans_undoes"
"""What of our own tables comes last in a dump: one that was cut short has left it out."""

MARKS: LiteralString = """
SELECT version_num::text AS name FROM alembic_version
UNION ALL SELECT name::text FROM engine_migrations
UNION ALL SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND pg_table_is_visible(conrelid)
"""
"""By which tables are known: our version, the engine's migrations, and the keys."""

WORKERS: LiteralString = (
    "SELECT count(*) AS alive FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 seconds'"
)
OBSERVATIONS: LiteralString = (
    "SELECT name, value, extract(epoch FROM now() - at)::float AS age FROM observations ORDER BY name"
)
TOKENS: LiteralString = "SELECT name, refused_at IS NOT NULL AS refused FROM tokens ORDER BY name"
JOBS: LiteralString = """
SELECT CASE WHEN jobs.status = 'doing' THEN 'running'
            WHEN jobs.status = 'todo' AND jobs.scheduled_at > now() THEN 'retrying'
            WHEN jobs.status = 'todo' THEN 'waiting'
            ELSE 'failed' END AS state,
       count(*) AS jobs,
       extract(epoch FROM now() - min(told.at))::float AS oldest
FROM procrastinate_jobs AS jobs
LEFT JOIN procrastinate_events AS told ON told.job_id = jobs.id AND told.type = 'deferred'
WHERE jobs.task_name = 'answer' AND jobs.status IN ('todo', 'doing', 'failed')
GROUP BY 1
"""
LAST_EVENT: LiteralString = """
SELECT extract(epoch FROM now() - greatest(
    (SELECT max(received_at) FROM events),
    (SELECT max(told.at) FROM procrastinate_events AS told JOIN procrastinate_jobs AS jobs ON jobs.id = told.job_id
     WHERE told.type = 'deferred' AND jobs.task_name = 'answer')
))::float AS age
"""
PLANS: LiteralString = (
    "SELECT state, count(*) AS plans FROM plans WHERE state IN ('proposed', 'awaiting approval') GROUP BY state"
)


def is_in_order(state: str) -> bool:
    """Whether a check passes; it may go on to say until when."""
    return state == OK or state.startswith(f"{OK} until ")


@dataclass(frozen=True)
class Figures:
    """Numbers of a moment: jobs and their greatest age in seconds by state, open plans by state.

    `last_event` is how many seconds ago the last event came, None where none is known of.
    """

    jobs: Mapping[str, int]
    oldest: Mapping[str, float]
    plans: Mapping[str, int]
    workers: int
    last_event: float | None


class Overview:
    """Asks the database; `revision` is the version of the tables that this version of the bot needs."""

    def __init__(self, read: Read, revision: str) -> None:
        self._read = read
        self._revision = revision

    def checks(self) -> dict[str, str]:
        """Each thing that must be in order, and OK or a sentence that says what is wrong and what to do.

        What is in order, but not for long, begins with OK: see `is_in_order`.
        """
        try:
            self._read("SELECT 1 AS one")
        except QueueAway:
            return {"database": AWAY, "tables": UNKNOWN, "worker": UNKNOWN, "webhooks": UNKNOWN}
        if self._tables() == OLD_TABLES:
            return {"database": OK, "tables": OLD_TABLES, "worker": NO_WORKER, "webhooks": NO_CHECK}
        seen = {row["name"]: _told(row) for row in self._read(OBSERVATIONS)}
        seen |= {row["name"]: REFUSED if row["refused"] else OK for row in self._read(TOKENS)}
        worker = OK if self._workers() else NO_WORKER
        return {"database": OK, "tables": OK, "worker": worker, "webhooks": NO_CHECK, **seen}

    def require_known_tables(self) -> None:
        """Raise UnusableDatabase where a newer version of the bot has made the tables."""
        if self._tables() == NEWER_TABLES:
            raise UnusableDatabase(NEWER_TABLES)

    def require_tables(self) -> None:
        """Raise UnusableDatabase where they are not those of this version. Raises QueueAway."""
        self._read("SELECT 1 AS one")
        if (tables := self._tables()) != OK:
            raise UnusableDatabase(tables)

    def figures(self) -> Figures:
        """The numbers. Raises QueueAway."""
        jobs, plans = self._read(JOBS), self._read(PLANS)
        return Figures(
            jobs=dict.fromkeys(JOB_STATES, 0) | {row["state"]: row["jobs"] for row in jobs},
            oldest=dict.fromkeys(JOB_STATES, 0.0) | {row["state"]: max(0.0, row["oldest"] or 0.0) for row in jobs},
            plans=dict.fromkeys(OPEN_PLANS, 0) | {row["state"]: row["plans"] for row in plans},
            workers=self._workers(),
            last_event=self._read(LAST_EVENT)[0]["age"],
        )

    def _tables(self) -> str:
        """OK, or how their version differs. With newer ones a running process goes on: that is an upgrade.

        It stays ready, too: else a load balancer would leave Webex nobody until the first new process is there.
        """
        try:
            revision = self._read(REVISION)[0]["revision"]
        except QueueAway:
            return OLD_TABLES
        if revision is None or revision < self._revision:
            return OLD_TABLES
        return OK if revision == self._revision else NEWER_TABLES

    def _workers(self) -> int:
        alive: int = self._read(WORKERS)[0]["alive"]
        return alive


def reading(database_url: str) -> Read:
    """For those who have no queue: each query has a connection of its own."""

    def read(query: LiteralString) -> Rows:
        try:
            with PunctualConnection.connect(database_url, row_factory=dict_row, **NOTICED) as connection:
                return connection.execute(query).fetchall()
        except psycopg.Error as error:
            raise QueueAway("The database does not answer.") from error

    return read


def newest_revision() -> str:
    """The newest version of the tables: how the names of the migrations begin."""
    return max(path.name[:4] for path in (Path(__file__).parent / "migrations/versions").glob("[0-9]*.py"))


def is_up_to_date(read: Read) -> bool:
    """Whether all tables, the engine's too, are those of this version: then there is nothing to migrate.

    Those that a dump which was cut short has left without keys are not: what migrates says so.
    What migrates takes a second to be loaded, and most starts do without.
    """
    try:
        found = {row["name"] for row in read(MARKS)}
    except QueueAway:
        return False
    return found >= {newest_revision(), LAST_KEY, *engine_migrations()}


def engine_migrations() -> set[str]:
    """The names of the engine's own migrations, without loading the engine."""
    found = find_spec("procrastinate")
    places = found.submodule_search_locations if found else None
    return {path.name for place in places or () for path in Path(place, "sql/migrations").glob("*.sql")}


def _told(row: Mapping[str, Any]) -> str:
    return OLD_CHECK if row["age"] > STALE_SECONDS else str(row["value"])
