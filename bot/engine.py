"""The task engine: the web process defers an event, a worker answers it, and nothing in between can be lost.

Events of one space run one after the other (the job's lock is the room id), spaces in parallel. A worker that dies
leaves its job marked as running; its heartbeat stops, and another worker, or the next start, rescues the job.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from bot.errors import QueueAway
from bot.events import Envelope
from bot.metrics import time_wait

TASK = "answer"
QUEUE = "events"
HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 3.0
RESCUE_SECONDS = 1.5
NEVER_SECONDS = 24 * 3600.0

DEFERRED_AT = "deferredAt"
"""Beside the envelope's own fields: when it was deferred, in seconds since 1970."""

CONNECTIONS = 2
"""Of a pool: each is a process of the database, and held for a millisecond or two at a time."""

PATIENCE_SECONDS = 5.0
"""How long a request waits for the database before it is told that there is none."""

POLL_SECONDS = 0.1
"""The database tells of new jobs at once, but not of one whose lock came free: of two events of one space that
come together, the second would be answered seconds later."""

RETRIES = RetryStrategy(max_attempts=6, exponential_wait=3)
"""For an event whose reply could not be sent: 6 tries over about 20 minutes, then it stays as failed."""

"""Asked on the engine's own connection: the web process, which is to stay small, has no SQLAlchemy."""

T = TypeVar("T")

log = structlog.get_logger()


class Queue:
    """The web process's half: defers events and does nothing else."""

    def __init__(self, app: App, connector: SyncPsycopgConnector, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._connector = connector
        self._now = now

    def defer(self, envelope: Envelope) -> None:
        """Store the event durably, in one statement. Raises QueueAway."""
        lock = envelope.data.room_id or envelope.data.id
        task = self._app.configure_task(TASK, queue=QUEUE, lock=lock)
        event = envelope.model_dump(mode="json", by_alias=True) | {DEFERRED_AT: self._now()}
        try:
            task.defer(envelope=event)
        except ConnectorException:
            # A restart of the database cuts each connection of the pool once. Stored twice does no harm.
            _unless_away(lambda: task.defer(envelope=event))

    def read(self, query: LiteralString) -> list[dict[str, Any]]:
        """The rows of a query. Raises QueueAway."""
        return _unless_away(lambda: self._connector.execute_query_all(query))


def _unless_away(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ConnectorException as error:
        raise QueueAway("The database does not answer.") from error


@contextmanager
def open_queue(database_url: str) -> Iterator[Queue]:
    """The queue for a web process."""
    connector = SyncPsycopgConnector(
        conninfo=database_url, min_size=1, max_size=CONNECTIONS, timeout=PATIENCE_SECONDS
    )
    app = App(connector=connector)
    with app.open():
        yield Queue(app, connector)


@dataclass(frozen=True)
class Chore:
    """Something a worker does every so often, beside the events; `cron` as in crontab."""

    name: str
    cron: str
    run: Callable[[], None]


def run_worker(
    database_url: str,
    handle: Callable[[Envelope], None],
    chores: tuple[Chore, ...],
    alone: Callable[[str], AbstractContextManager[bool]],
    concurrency: int,
) -> None:
    """Answer events until SIGTERM or SIGINT, which let the running ones finish.

    `alone(name)` yields whether this worker is the only one that does the thing of that name just now.
    """
    app = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=CONNECTIONS))
    _declare_tasks(app, handle, chores)
    asyncio.run(_work(app, alone, concurrency))


def _declare_tasks(app: App, handle: Callable[[Envelope], None], chores: tuple[Chore, ...]) -> None:
    @app.task(name=TASK, queue=QUEUE, retry=RETRIES, pass_context=True)
    def answer(context: JobContext, envelope: dict[str, Any]) -> None:
        if DEFERRED_AT in envelope and context.job.attempts == 0:
            time_wait(time.time() - envelope[DEFERRED_AT])
        with structlog.contextvars.bound_contextvars(job=context.job.id, attempt=context.job.attempts + 1):
            handle(Envelope.model_validate(envelope))

    for chore in chores:
        task = app.task(name=chore.name, queue=QUEUE, queueing_lock=chore.name)(_as_task(chore))
        app.periodic(cron=chore.cron)(task)


def _as_task(chore: Chore) -> Callable[[int], None]:
    def run(timestamp: int) -> None:  # noqa: ARG001 - the engine passes when it was due
        chore.run()

    return run


async def _work(app: App, alone: Callable[[str], AbstractContextManager[bool]], concurrency: int) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 2, thread_name_prefix="answer"))
    async with app.open_async(), asyncio.TaskGroup() as tasks:
        rescue = tasks.create_task(_rescue_forever(app, alone))
        worker = Worker(
            app,
            concurrency=concurrency,
            update_heartbeat_interval=NEVER_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=30.0,
            delete_jobs="successful",
        )
        heartbeat = tasks.create_task(_beat_forever(app, worker))
        await worker.run()  # type: ignore[no-untyped-call] # the engine has left its return type out
        rescue.cancel()
        heartbeat.cancel()


async def _beat_forever(app: App, worker: Worker) -> None:
    """Show that the worker is alive, until its last job is done.

    The engine's own heartbeat ends with SIGTERM: a job that is then being finished would soon be taken for one of
    a dead worker, and be done by another one as well.
    """
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        with suppress(ConnectorException):  # a database that was away for a moment is no reason to end
            if worker.worker_id is not None:
                await app.job_manager.update_heartbeat(worker.worker_id)


async def _rescue_forever(app: App, alone: Callable[[str], AbstractContextManager[bool]]) -> None:
    """Put the jobs of dead workers back.

    Not a periodic job of the engine's: one that was killed itself would hold its lock, and rescue nobody again.
    """
    while True:
        with alone("rescue") as first:
            if first:
                await _rescue(app)
        await asyncio.sleep(RESCUE_SECONDS)


async def _rescue(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:
            log.info("job.finished_meanwhile", job=job.id)
        else:
            log.warning("job.rescued", job=job.id)
