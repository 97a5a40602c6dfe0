"""Connections to the database: what becomes of them when it goes away, and how it is noticed that it is back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, LiteralString

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException

CONNECTIONS = 2
"""Of a pool: each is a process of the database, and held for a millisecond or two at a time."""

PATIENCE_SECONDS = 5.0
"""How long a request waits for the database before it is told that there is none."""

RECONNECT_SECONDS = 1.0
"""How long a pool tries by itself to replace a connection that was cut. Its pauses double: left to itself it would
still be waiting long after a database that was gone for a minute has come back. Given up, it tries when asked."""


def pool_options() -> dict[str, Any]:
    """How the engine's pools of connections are, in web processes and workers."""
    return {
        "min_size": 1,
        "max_size": CONNECTIONS,
        "timeout": PATIENCE_SECONDS,
        "reconnect_timeout": RECONNECT_SECONDS,
    }


class NotingConnector(PsycopgConnector):
    """The engine's connector, which notes that the database was lost: not every part of the engine tells.

    Every query raises ConnectorException where it fails.
    """

    def __init__(self, database_url: str, lost: asyncio.Event) -> None:
        super().__init__(conninfo=database_url, **pool_options())
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
            async with await psycopg.AsyncConnection.connect(database_url, connect_timeout=int(PATIENCE_SECONDS)):
                return not ended.is_set()
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), RECONNECT_SECONDS)
    return False
