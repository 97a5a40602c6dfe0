"""The task engine: the web process defers an event, a worker answers it, and nothing in between can be lost.

Events of one space run one after the other (the job's lock is the room id), spaces in parallel. A worker that dies
leaves its job marked as running; its heartbeat stops, and another worker, or the next start, rescues the job.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException

from bot.errors import QueueAway
from bot.events import Envelope

TASK = "answer"
QUEUE = "events"
HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 3.0
RESCUE_SECONDS = 1.5

CONNECTIONS = 2
"""Of a pool: each is a process of the database, and held for a millisecond or two at a time."""

POLL_SECONDS = 0.1
"""The database tells of new jobs at once, but not of one whose lock came free: of two events of one space that
come together, the second would be answered seconds later."""

RETRIES = RetryStrategy(max_attempts=6, exponential_wait=3)
"""For an event whose reply could not be sent: 6 tries over about 20 minutes, then it stays as failed."""

TOKENS = "SELECT name, refused_at IS NOT NULL AS refused FROM tokens ORDER BY name"
"""Asked on the engine's own connection: the web process, which is to stay small, has no SQLAlchemy."""

T = TypeVar("T")

log = structlog.get_logger()


class Queue:
    """The web process's half: defers events and does nothing else."""

    def __init__(self, app: App) -> None:
        self._app = app

    def defer(self, envelope: Envelope) -> None:
        """Store the event durably, in one statement. Raises QueueAway."""
        lock = envelope.data.room_id or envelope.data.id
        task = self._app.configure_task(TASK, queue=QUEUE, lock=lock)
        event = envelope.model_dump(mode="json", by_alias=True)
        try:
            task.defer(envelope=event)
        except ConnectorException:
            # A restart of the database cuts each connection of the pool once. Stored twice does no harm.
            _unless_away(lambda: task.defer(envelope=event))

    def refused_tokens(self) -> dict[str, bool]:
        """Of each token that the workers have tried, whether Webex refused it. Raises QueueAway."""
        connector = self._app.connector.get_sync_connector()
        rows = _unless_away(lambda: connector.execute_query_all(TOKENS))
        return {row["name"]: row["refused"] for row in rows}

    def ping(self) -> None:
        """Raise QueueAway if no event could be stored just now."""
        if not _unless_away(self._app.check_connection):
            raise QueueAway("The tables of the task engine are missing: run `extbot setup`.")


def _unless_away(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ConnectorException as error:
        raise QueueAway("The database does not answer.") from error


@contextmanager
def open_queue(database_url: str) -> Iterator[Queue]:
    """The queue for a web process."""
    app = App(connector=SyncPsycopgConnector(conninfo=database_url, min_size=1, max_size=CONNECTIONS))
    with app.open():
        yield Queue(app)


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
    @app.task(name=TASK, queue=QUEUE, retry=RETRIES)
    def answer(envelope: dict[str, Any]) -> None:
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
        await app.run_worker_async(
            concurrency=concurrency,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=30.0,
            delete_jobs="successful",
        )
        rescue.cancel()


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
