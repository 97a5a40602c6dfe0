"""The queue of events, as the web process has it: one statement stores an event, never lost after it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any, LiteralString, TypeVar

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import JobDeferrer
from psycopg_pool import PoolTimeout

from bot.connections import open_pool
from bot.errors import QueueAway
from bot.events import Envelope
from bot.idle import NoAnswer
from bot.tracing import traceparent

TASK = "answer"
QUEUE = "events"

CATCH_UP = "catch_up"

DEFERRED_AT = "deferredAt"
"""Beside the envelope's own fields: when it was deferred, in seconds since 1970."""

TRACEPARENT = "traceparent"
"""Beside them, too: the span of the webhook, as W3C Trace Context writes it, or null."""

DEFER: LiteralString = """
SELECT procrastinate_defer_jobs_v1(
    ARRAY[ROW(%(queue)s, %(task)s, 0, %(lock)s, NULL, %(args)s, NULL)::procrastinate_job_to_defer_v1]
)
"""
"""What the engine itself says to defer a job, but with a parameter for each value. The engine writes all values
into the text of an array of composites, and a line of its log: half of the processor time that an event takes."""

T = TypeVar("T")


class Queue:
    """The web process's half: defers events and does nothing else."""

    def __init__(self, app: App, connector: SyncPsycopgConnector, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._connector = connector
        self._now = now

    def defer(self, envelope: Envelope) -> None:
        """Store the event durably, in one statement. Raises QueueAway."""
        event = envelope.model_dump(mode="json", by_alias=True) | {
            DEFERRED_AT: self._now(),
            TRACEPARENT: traceparent(),
        }
        lock = envelope.data.room_id or envelope.data.id
        job = {"queue": QUEUE, "task": TASK, "lock": lock, "args": {"envelope": event}}
        store = partial(self._connector.execute_query_all, DEFER, **job)
        try:
            store()
        except ConnectorException as error:
            if isinstance(error.__cause__, (PoolTimeout, NoAnswer)):
                raise QueueAway("The database does not answer.") from error
            # A restart of the database cuts the connections of the pool. Stored twice does no harm.
            self._connector.pool.check()
            _unless_away(store)

    def ask_to_catch_up(self, after: timedelta = timedelta()) -> None:
        """Have a worker look for what was not received, before it answers what waits; once, whoever asks.

        `after` is how long to wait with that. Raises QueueAway.
        """
        with suppress(AlreadyEnqueued):
            _unless_away(catching_up(self._app, after).defer)

    def read(self, query: LiteralString) -> list[dict[str, Any]]:
        """The rows of a query. Raises QueueAway."""
        return _unless_away(lambda: self._connector.execute_query_all(query))


def catching_up(app: App, after: timedelta) -> JobDeferrer:
    """The job of looking for what was not received, in so long; to defer a second one raises AlreadyEnqueued."""
    return app.configure_task(
        CATCH_UP,
        queue=QUEUE,
        queueing_lock=CATCH_UP,
        priority=1,
        schedule_in={"seconds": round(after.total_seconds())},
    )


def _unless_away(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ConnectorException as error:
        raise QueueAway("The database does not answer.") from error


@contextmanager
def open_queue(database_url: str) -> Iterator[Queue]:
    """The queue for a web process. The database need not be there yet: it is waited for when it is asked."""
    connector = SyncPsycopgConnector()
    app = App(connector=connector)
    with open_pool(database_url) as pool, app.open(pool):
        yield Queue(app, connector)
