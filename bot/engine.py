"""The task engine: the web process defers an event, a worker answers it, and nothing in between can be lost.

Events of one space run one after the other (the job's lock is the room id), spaces in parallel. A worker that dies
leaves its job marked as running; its heartbeat stops, and another worker, or the next start, rescues the job.

A worker outlives its database. The first query that fails lets its session with the engine take no more jobs, and
it begins another one, under a new id, as soon as the database answers. What could not be noted as done is then
rescued like the job of a dead worker.
"""

import asyncio
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from bot.connections import RECONNECT_SECONDS, NotingConnector, database_answers
from bot.errors import StoreAway
from bot.event_queue import CATCH_UP, DEFERRED_AT, QUEUE, TASK, TRACEPARENT, catching_up
from bot.events import Envelope
from bot.metrics import count_chore, time_wait
from bot.outages import patiently
from bot.queued import tell_forever
from bot.rescue import Pulse, beat_forever, rescue_forever
from bot.tracing import Attribute, Tracer, annotate, traced

NEVER_SECONDS = 24 * 3600.0
FORGOTTEN_SECONDS = 600.0
"""After which a starting worker forgets silent ones. After an outage of the database all have been silent for a
while; what is forgotten can't take jobs any more, and what it has still in hand would be taken from it."""

WAITS_IN_HAND = 10
"""How often an event waits for a database that is away while its worker has it in hand. A short outage needs no
rescue then."""

POLL_SECONDS = 0.1
"""The database tells of new jobs at once, but not of one whose lock came free: of two events of one space that
come together, the second would be answered seconds later."""

RETRIES = (3, 5, 10, 20, 81, 243, 729)
"""For an event whose reply could not be sent: after how many seconds it is tried once more, each time. That is 18
minutes in all, then it stays as failed."""

RETRIES_IN_TURN = 4
"""Of these: its space waits for it for 38 seconds, and then goes on without it. In the benchmark of 10,000 events,
with one call of twenty that fails, 13 of 200 spaces were out of order with one retry, and one space with three."""

CATCH_UP_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
"""For when another worker has the webhooks in hand just then, or Webex can't be reached, or wants a pause: longer
each time. The check of every minute does it as well."""

PRUNE = "prune_jobs"
DAILY = "23 3 * * *"


class Retries(BaseRetryStrategy):
    """When an event that could not be answered is tried again.

    A job that waits for that holds its lock, and with it up the later events of its space: those stay in order
    where it is short, as with the database away, and are else let past by a lock of its own.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, and with which lock; None for never."""
        if isinstance(exception, StoreAway):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts >= len(RETRIES):
            return None
        decision = RetryDecision(retry_in={"seconds": RETRIES[job.attempts]})
        if job.attempts >= RETRIES_IN_TURN:
            decision.lock = f"{TASK} {job.id}"
        return decision


log = structlog.get_logger()


@dataclass(frozen=True)
class Chore:
    """Something a worker does every so often, beside the events; `cron` as in crontab."""

    name: str
    cron: str
    run: Callable[[], object]


@dataclass(frozen=True)
class _Work:
    """What all sessions of a worker share. `open_app` makes what one needs, and sets the event when it is lost."""

    open_app: Callable[[asyncio.Event], App]
    alone: Callable[[str], AbstractContextManager[bool]]
    tell: Callable[[Envelope], None]
    concurrency: int


@dataclass
class _Duty:
    """Whether a worker is to end, and whether its session is: the database was lost, or it is to end."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)


def run_worker(
    database_url: str,
    handle: Callable[[Envelope], None],
    chores: tuple[Chore, ...],
    alone: Callable[[str], AbstractContextManager[bool]],
    tell: Callable[[Envelope], None],
    concurrency: int,
    kept: timedelta,
    catch_up: Callable[[], bool],
    tracer: Tracer | None = None,
) -> None:
    """Answer events until SIGTERM or SIGINT, which let the running ones finish.

    `alone(name)` yields whether this worker is the only one that does the thing of that name just now, or raises
    StoreAway. `tell` says to somebody that their event still waits. What has become of jobs is forgotten after
    `kept`. `catch_up` looks for what was not received while the database was away, and says whether it could.
    """

    def open_app(lost: asyncio.Event) -> App:
        app = App(connector=NotingConnector(database_url, lost))
        _declare_tasks(app, handle, chores, kept, tracer)
        _declare_catching_up(app, catch_up)
        return app

    asyncio.run(_hold_sessions(_Work(open_app, alone, tell, concurrency), database_url))


def _declare_tasks(
    app: App,
    handle: Callable[[Envelope], None],
    chores: tuple[Chore, ...],
    kept: timedelta,
    tracer: Tracer | None,
) -> None:
    @app.task(name=TASK, queue=QUEUE, retry=Retries(), pass_context=True)
    def answer(context: JobContext, envelope: dict[str, Any]) -> None:
        event, attempt = Envelope.model_validate(envelope), context.job.attempts + 1
        about: dict[str, Attribute] = {"resource": event.resource, "event_id": event.data.id, "attempt": attempt}
        with (
            structlog.contextvars.bound_contextvars(job=context.job.id, attempt=attempt),
            traced(tracer, "answer", envelope.get(TRACEPARENT), **about),
        ):
            if DEFERRED_AT in envelope and attempt == 1:
                waited = time.time() - envelope[DEFERRED_AT]
                time_wait(waited)
                annotate(queue_milliseconds=round(waited * 1000))
            patiently(partial(handle, event), WAITS_IN_HAND)

    @app.periodic(cron=DAILY)
    @app.task(name=PRUNE, queue=QUEUE, queueing_lock=PRUNE)
    async def prune(timestamp: int) -> None:  # noqa: ARG001 - the engine passes when it was due
        await prune_jobs(app, kept)

    for chore in chores:
        task = app.task(name=chore.name, queue=QUEUE, queueing_lock=chore.name)(_as_task(chore))
        app.periodic(cron=chore.cron)(task)


def _declare_catching_up(app: App, catch_up: Callable[[], bool]) -> None:
    in_vain = 0

    # Not by the engine's retries: while another such job waits, this one can't wait under the same lock.
    @app.task(name=CATCH_UP, queue=QUEUE)
    async def look() -> None:
        nonlocal in_vain
        if await asyncio.to_thread(catch_up):
            in_vain = 0
            return
        await _look_later(app, CATCH_UP_AGAIN[min(in_vain, len(CATCH_UP_AGAIN) - 1)])
        in_vain += 1


async def _look_later(app: App, after: timedelta = timedelta()) -> None:
    with suppress(AlreadyEnqueued):
        await catching_up(app, after).defer_async()


async def prune_jobs(app: App, kept: timedelta) -> None:
    """Forget jobs that ended longer than that ago, those that failed too, and workers that died since."""
    hours = int(kept / timedelta(hours=1))
    await app.job_manager.delete_old_jobs(hours, include_failed=True, include_cancelled=True, include_aborted=True)
    await app.job_manager.prune_stalled_workers(kept.total_seconds())


def _as_task(chore: Chore) -> Callable[[int], None]:
    def run(timestamp: int) -> None:  # noqa: ARG001 - the engine passes when it was due
        failed = True
        try:
            chore.run()
            failed = False
        finally:
            count_chore(chore.name, failed=failed)

    return run


async def _hold_sessions(work: _Work, database_url: str) -> None:
    """One session after the other, each with a connector and a worker id of its own.

    The next one does not wait for what the last one has still in hand, such as a long plan: that ends beside it.
    """
    loop, ended, pulse = asyncio.get_running_loop(), asyncio.Event(), Pulse()
    # For two sessions, of which one ends while the next has begun, and for what is done beside the events.
    loop.set_default_executor(ThreadPoolExecutor(2 * work.concurrency + 2, thread_name_prefix="answer"))
    # Before anything is opened: what interrupts a pool that is connecting lets it wait for good.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with asyncio.TaskGroup() as sessions:
        while await database_answers(database_url, ended):
            duty = _Duty(ended)
            session = sessions.create_task(_hold_session(work, duty, pulse))
            await _until_either(session, duty.lost)
            if duty.lost.is_set():
                log.warning("database.lost")
                # One that takes connections and refuses all else, as with a full disk, is not to be asked at once.
                await asyncio.sleep(RECONNECT_SECONDS)
            # The other workers could not show for a while that they live, either.
            pulse = Pulse(steady_since=loop.time())


async def _until_either(session: asyncio.Task[None], lost: asyncio.Event) -> None:
    losing = asyncio.create_task(lost.wait())
    await asyncio.wait((session, losing), return_when=asyncio.FIRST_COMPLETED)
    losing.cancel()


async def _hold_session(work: _Work, duty: _Duty, pulse: Pulse) -> None:
    """One session: until the worker is to end, or the database is lost, and what is in hand is done."""
    try:
        async with work.open_app(duty.lost).open_async() as app:
            if pulse.follows_outage:
                await _look_later(app)
            await _serve(app, work, duty, pulse)
    except* (ConnectorException, psycopg.OperationalError):
        duty.lost.set()


async def _serve(app: App, work: _Work, duty: _Duty, pulse: Pulse) -> None:
    worker = Worker(
        app,
        concurrency=work.concurrency,
        update_heartbeat_interval=NEVER_SECONDS,
        stalled_worker_timeout=FORGOTTEN_SECONDS,
        fetch_job_polling_interval=POLL_SECONDS,
        shutdown_graceful_timeout=30.0,
        delete_jobs="successful",
        install_signal_handlers=False,
    )
    async with asyncio.TaskGroup() as tasks:
        beside = [
            tasks.create_task(rescue_forever(app, work.alone, duty.lost, pulse)),
            tasks.create_task(beat_forever(app, worker, pulse)),
            tasks.create_task(tell_forever(app, work.tell, duty.lost)),
            tasks.create_task(_stop_when(duty.ended, worker)),
            tasks.create_task(_stop_when(duty.lost, worker)),
        ]
        await worker.run()  # type: ignore[no-untyped-call] # the engine has left its return type out
        for task in beside:
            task.cancel()


async def _stop_when(event: asyncio.Event, worker: Worker) -> None:
    await event.wait()
    worker.stop()  # type: ignore[no-untyped-call] # the engine has left its return type out
