"""Who is alive, and who takes over the jobs of those that are not.

Every worker shows each second that it lives. One that was killed does not, and another one puts its jobs back,
where it can tell a death from a database, or a machine, that stood still for a moment.
"""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from bot.errors import StoreAway

HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 3.0
MOST_APART = 2.0
"""Seconds between two heartbeats, below which a worker has not stood still, nor has its database."""
RESCUE_SECONDS = 1.5

log = structlog.get_logger()


@dataclass
class Pulse:
    """Whether this worker's signs of life have come through of late, each in `HEARTBEAT_SECONDS` or little more.

    Where they have not, as with a database that stood still for a moment, those of the others have not either:
    none of them is dead. All times are in seconds of `clock`; an outage may have ended at `steady_since`.
    """

    steady_since: float = -math.inf
    clock: Callable[[], float] = time.monotonic
    _last: float = math.inf

    @property
    def follows_outage(self) -> bool:
        """Whether the database was away before."""
        return self.steady_since > -math.inf

    def beat(self) -> None:
        """Note that one came through."""
        now = self.clock()
        if now - self._last > MOST_APART:
            self.steady_since = now
        self._last = now

    def is_steady(self) -> bool:
        """Whether all of them have come through since others could count as dead."""
        now = self.clock()
        return 0 <= now - self._last <= MOST_APART and now - self.steady_since >= STALLED_SECONDS


async def beat_forever(app: App, worker: Worker, pulse: Pulse) -> None:
    """Show that the worker is alive, until its last job is done.

    The engine's own heartbeat ends with SIGTERM: a job that is then being finished would soon be taken for one of
    a dead worker, and be done by another one as well.
    """
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        with suppress(ConnectorException):  # a database that was away for a moment is no reason to end
            if worker.worker_id is not None:
                await app.job_manager.update_heartbeat(worker.worker_id)
                pulse.beat()


async def rescue_forever(
    app: App,
    alone: Callable[[str], AbstractContextManager[bool]],
    lost: asyncio.Event,
    pulse: Pulse,
) -> None:
    """Put the jobs of dead workers back; where the database is lost, set `lost` and end.

    Not a periodic job of the engine's: one that was killed itself would hold its lock, and rescue nobody again.
    """
    try:
        while True:
            if pulse.is_steady():
                await asyncio.to_thread(_rescue_alone, app, alone, asyncio.get_running_loop(), pulse)
            await asyncio.sleep(RESCUE_SECONDS)
    except (StoreAway, ConnectorException):
        lost.set()


def _rescue_alone(
    app: App,
    alone: Callable[[str], AbstractContextManager[bool]],
    loop: asyncio.AbstractEventLoop,
    pulse: Pulse,
) -> None:
    """In a thread: while it waits for a slow database, the loop has to show that this worker is alive."""
    with alone("rescue") as first:
        # Once more: to get here may have taken as long as the database stood still.
        if first and pulse.is_steady():
            asyncio.run_coroutine_threadsafe(_rescue(app), loop).result()


async def _rescue(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:
            log.info("job.finished_meanwhile", job=job.id)
        else:
            log.warning("job.rescued", job=job.id)
