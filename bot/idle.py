"""Connections to the database that may be dead: which are tried before use, and how soon it is noticed of all."""

import math
import time
from collections.abc import Callable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

IDLE_SECONDS = 1.0
"""To try each connection always is a round trip more for each statement: a sixth of what the web process takes for
an event, and of what `confirm` takes beside the calls to Webex."""

NOTICED: Mapping[str, Any] = MappingProxyType(
    {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }
)
"""How libpq notices within half a minute that the database's machine is gone, and can't say so. The last is in
milliseconds, the others in seconds. Left to the kernel, who waits for an answer waits for up to two hours."""

PATIENCE_SECONDS = 30.0
LATE = "The server has not answered in time."

T = TypeVar("T")


class NoAnswer(psycopg.OperationalError):
    """The server has not answered in time. What was asked may still be done when it goes on."""


class PunctualConnection(psycopg.Connection[Any]):
    """One that waits `patience` seconds for the answer to a statement, or until it comes where that is None.

    To a server that stands still, as its disk or its machine does, the kernel keeps a connection alive: nothing
    else ends the waiting.
    """

    patience: float | None = PATIENCE_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """See psycopg. Raises NoAnswer, and is closed, where none comes in time."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.close()
            raise NoAnswer(LATE) from error


class PunctualAsyncConnection(psycopg.AsyncConnection[Any]):
    """The same for a worker's loop, which waits PATIENCE_SECONDS."""

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """See psycopg. Raises NoAnswer, and is closed, where none comes in time."""
        try:
            return await super().wait(gen, interval, PATIENCE_SECONDS if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            await self.close()
            raise NoAnswer(LATE) from error


class Uses:
    """When each connection of a pool was taken last.

    Not noted when it is given back: what a pool is to do then, the engine's does in another thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._taken: MutableMapping[object, float] = WeakKeyDictionary()

    def take(self, connection: object) -> bool:
        """Note that the connection is used now. Whether it was idle until then, or is new."""
        before, now = self._taken.get(connection, -math.inf), self._clock()
        self._taken[connection] = now
        return now - before >= IDLE_SECONDS
