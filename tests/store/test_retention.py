"""What is forgotten on schedule, and what never is: the tables of the engine, and the history."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from procrastinate import App, PsycopgConnector
from sqlalchemy import Engine, text

from bot.audit import Entry
from bot.engine import prune_jobs
from bot.plans import Change, Kind, Plan, PlannedChange, PlanState, Thing
from bot.store import Store
from bot.worker import KEPT

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

ADDED = Change(Kind.CREATE, Thing.EXTENSION, "5012", None, {"extension": "5012"})

JOBS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES
    ('events', 'old failure', 'failed'), ('events', 'old end', 'aborted'), ('events', 'old and waiting', 'todo'),
    ('events', 'new failure', 'failed');
DELETE FROM procrastinate_events;
INSERT INTO procrastinate_events (job_id, type, at)
    SELECT id, 'deferred', now() - CASE WHEN task_name LIKE 'old%%' THEN interval '31 d' ELSE interval '1 d' END
    FROM procrastinate_jobs;
INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 days'), (now())
"""


def prune(engine: Engine) -> None:
    """As a worker does it every night."""

    async def run() -> None:
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with App(connector=PsycopgConnector(conninfo=address)).open_async() as app:
            await prune_jobs(app, KEPT)

    # In a thread of its own: that of the tests has a loop already, once the browser has been used.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


def test_ended_jobs_and_dead_workers_are_forgotten(engine: Engine) -> None:
    """What waits is kept, however old; what failed can be looked at for a month."""
    with engine.begin() as connection:
        connection.exec_driver_sql(JOBS)
    prune(engine)
    with engine.begin() as connection:
        names = set(connection.scalars(text("SELECT task_name FROM procrastinate_jobs")))
        workers = connection.scalar(text("SELECT count(*) FROM procrastinate_workers"))
    assert (names, workers) == ({"old and waiting", "new failure"}, 1)


def test_the_history_is_never_forgotten(engine: Engine) -> None:
    """Not even what is as old as can be."""
    store = Store(engine)
    store.add_entry(Entry(NOW, "alice", "Alice", "room", "event", "refusal", "extensions.add", "refused"))
    store.prune(NOW + timedelta(days=36500))
    head, broken = store.history.check()
    assert (head.sequence, broken) == (1, None)


def test_a_plan_that_the_history_names_is_never_forgotten(engine: Engine) -> None:
    """Another one with its id would be taken for it, and its change would have no entry."""
    store = Store(engine)
    draft = Plan("", PlanState.PROPOSED, "alice", "Alice", "room", NOW, (PlannedChange(ADDED),))
    kept, forgotten = store.add_plan(draft), store.add_plan(draft)
    entry = Entry(NOW, "alice", "Alice", "room", "event", "attempt", "extensions.add", "expired", plan_id=kept.id)
    store.decide_plan(replace(kept, state=PlanState.EXPIRED), kept.state, [entry])
    store.decide_plan(replace(forgotten, state=PlanState.EXPIRED), forgotten.state)
    store.prune(NOW + timedelta(days=1))
    assert store.find_plan(kept.id)
    assert store.find_plan(forgotten.id) is None
