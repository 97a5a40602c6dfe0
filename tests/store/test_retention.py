"""What is forgotten on schedule, and what never is: the tables of the engine, and the history."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import Engine, text

from bot.audit import Entry
from bot.engine import prune_jobs
from bot.plan_rows import ADD_PLAN, plan_row
from bot.plans import Change, Kind, Plan, PlannedChange, PlanState, Thing
from bot.store import Store
from bot.worker import KEPT

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

ADDED = Change(Kind.CREATE, Thing.EXTENSION, "5012", None, {"extension": "5012"})

DRAFT = Plan("", PlanState.PROPOSED, "alice", "Alice", "room", NOW, (PlannedChange(ADDED),))

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
    much_later = NOW + timedelta(days=36500)
    store.prune(much_later, much_later)
    head, broken = store.history.check()
    assert (head.sequence, broken) == (1, None)


def test_a_plan_that_the_history_names_gives_its_id_to_no_other(engine: Engine) -> None:
    """That one would be taken for it, and its change would have no entry."""
    store = Store(engine)
    expired = store.add_plan(DRAFT)
    entry = Entry(
        NOW, "alice", "Alice", "room", "event", "attempt", "extensions.add", "expired", plan_id=expired.id
    )
    store.decide_plan(replace(expired, state=PlanState.EXPIRED), expired.state, [entry])
    store.prune(NOW + timedelta(days=1), NOW)
    assert store.find_plan(expired.id) is None
    with engine.begin() as connection:
        assert connection.scalar(ADD_PLAN, plan_row(expired)) is None


def test_a_plan_that_was_decided_on_is_kept_longer_than_one_that_was_not(engine: Engine) -> None:
    """After a month it can still be undone, after more than a year no more."""
    store = Store(engine)
    applied, ignored = decided(store, PlanState.APPLIED), store.add_plan(DRAFT)
    store.prune(NOW + timedelta(days=1), NOW)
    assert store.find_plan(applied.id) == applied
    assert store.find_plan(ignored.id) is None
    store.prune(NOW, NOW + timedelta(days=1))
    assert store.find_plan(applied.id) is None


def test_a_plan_is_kept_for_as_long_as_its_undo(engine: Engine) -> None:
    """The undo says which plan it undoes, and can be undone itself."""
    store = Store(engine)
    undone = decided(store, PlanState.APPLIED)
    undo = store.add_undo(replace(DRAFT, undoes=undone.id, created_at=NOW + timedelta(days=2)))
    store.prune(NOW, NOW + timedelta(days=1))
    assert store.find_plan(undone.id) == undone
    store.decide_plan(replace(undo, state=PlanState.CANCELLED), undo.state)
    store.prune(NOW, NOW + timedelta(days=3))
    assert (store.find_plan(undo.id), store.find_plan(undone.id)) == (None, None)


def test_a_plan_is_kept_for_as_long_as_something_is_to_be_done_about_it(engine: Engine) -> None:
    """Half applied, waiting for its approval, or with somebody who has yet to be told what came of it."""
    store = Store(engine)
    applying, awaiting = decided(store, PlanState.APPLYING), decided(store, PlanState.AWAITING)
    untold = decided(store, PlanState.REJECTED, untold=True)
    store.prune(NOW, NOW + timedelta(days=1))
    assert all(store.find_plan(plan.id) for plan in (applying, awaiting, untold))


def decided(store: Store, state: PlanState, **more: Any) -> Plan:
    """A plan of then that somebody decided on."""
    plan = store.add_plan(DRAFT)
    assert store.decide_plan(replace(plan, state=state, **more), plan.state)
    found = store.find_plan(plan.id)
    assert found
    return found
