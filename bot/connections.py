"""Connections to the database: what becomes of them when it goes away, and how it is noticed that it is back."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any, LiteralString

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from bot.idle import NOTICED, PunctualAsyncConnection, PunctualConnection, Uses

CONNECTIONS = 2
"""Of a pool: each is a process of the database, and held for a millisecond or two at a time."""

REQUEST_SECONDS = 5.0
"""How long a request waits for a connection, and for each answer, before it is told that there is no database."""

RECONNECT_SECONDS = 1.0
"""How long a pool tries by itself to replace a connection that was cut. Its pauses double: left to itself it would
still be waiting long after a database that was gone for a minute has come back. Given up, it tries when asked."""

POOL: Mapping[str, Any] = MappingProxyType(
    {
        "kwargs": dict(NOTICED),
        "min_size": 1,
        "max_size": CONNECTIONS,
        "timeout": REQUEST_SECONDS,
        "reconnect_timeout": RECONNECT_SECONDS,
    }
)
"""How the engine's pools of connections are, in web processes and workers."""


def open_pool(
    database_url: str, clock: Callable[[], float] = time.monotonic
) -> ConnectionPool[PunctualConnection]:
    """The pool of a web process, still closed. Each statement is a transaction: the engine says single ones."""
    uses = Uses(clock)

    def check(connection: PunctualConnection) -> None:
        if uses.take(connection):
            ConnectionPool.check_connection(connection)

    def configure(connection: PunctualConnection) -> None:
        connection.set_autocommit(True)
        connection.patience = REQUEST_SECONDS

    return ConnectionPool(
        database_url, connection_class=PunctualConnection, configure=configure, check=check, open=False, **POOL
    )


def _async_pool(**given: Any) -> AsyncConnectionPool[psycopg.AsyncConnection[Any]]:
    """The pool of a worker, alike; `given` is what the engine makes one of."""
    uses = Uses()

    async def check(connection: psycopg.AsyncConnection[Any]) -> None:
        if uses.take(connection):
            await AsyncConnectionPool.check_connection(connection)

    return AsyncConnectionPool(**{**given, "connection_class": PunctualAsyncConnection, "check": check})


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


class NotingConnector(PsycopgConnector):
    """The engine's connector, which notes that the database was lost: not every part of the engine tells.

    Every query raises ConnectorException where it fails.
    """

    def __init__(self, database_url: str, lost: asyncio.Event) -> None:
        super().__init__(pool_factory=_async_pool, conninfo=database_url, configure=_configure, **POOL)
        self._lost = lost

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a query."""
        with self._noted():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """The one row of a query."""
        with self._noted():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self._noted():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return rows

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except ConnectorException as error:
            if isinstance(error.__cause__, psycopg.OperationalError):
                self._lost.set()
            raise


async def database_answers(database_url: str, ended: asyncio.Event) -> bool:
    """Wait until the database takes connections, or until `ended`: whether there is work to begin."""
    while not ended.is_set():
        with suppress(psycopg.OperationalError):
            async with await psycopg.AsyncConnection.connect(database_url, **NOTICED):
                return not ended.is_set()
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), RECONNECT_SECONDS)
    return False
