"""The store's connections: for single statements and transactions, and what they do when the database is away."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

import structlog
from psycopg import Error, OperationalError
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StoreAway
from bot.idle import NOTICED, PunctualConnection, Uses

AWAY = "The database does not answer, has no room, or takes nothing."

WAIT_SECONDS = 1.0
MOST_WAITS = 90
"""How often what has been said already waits for a database to be noted. Given up, it is said once more."""

T = TypeVar("T")

log = structlog.get_logger()


class PatientPool(QueuePool):
    """Connections that are waited for while all are in use, as they are where the database is slow."""

    def connect(self) -> PoolProxiedConnection:
        """A connection. Raises StoreAway after half a minute."""
        try:
            return super().connect()
        except PoolTimeout as error:
            raise StoreAway(AWAY) from error


POOL: Mapping[str, Any] = MappingProxyType(
    {
        "poolclass": PatientPool,
        "pool_size": 3,
        "max_overflow": 3,
        "pool_timeout": 30,
        "connect_args": dict(NOTICED),
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
    }
)
"""The timeout is in seconds. Each statement is a transaction, but for those `in_transactions`. What exceptions say
may come into a log, and holds no values."""


def watched(engine: Engine) -> Engine:
    """The engine, whose queries raise StoreAway where the database does not answer or has no room.

    A connection that was cut while nobody used it is replaced without anybody's noticing.
    """
    uses = Uses()

    def replace_if_cut(connection: Any, _record: Any, _proxy: Any) -> None:
        if not uses.take(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except Error as error:
            raise DisconnectionError from error

    def open_punctual(
        _dialect: Any, _record: Any, address: list[Any], options: dict[str, Any]
    ) -> PunctualConnection:
        return PunctualConnection.connect(*address, **options)

    event.listen(engine, "do_connect", open_punctual)
    event.listen(engine, "checkout", replace_if_cut)
    event.listen(engine, "handle_error", _raise_if_away)
    return engine


def in_transactions(engine: Engine) -> Engine:
    """The same engine, on whose connections what is done between `begin` and its end is one transaction.

    On those of the engine itself each statement is one: to begin and to end it would be two round trips more, and
    most of what is said are single statements.
    """
    return engine.execution_options(isolation_level="READ COMMITTED")


@contextmanager
def as_long_as_it_takes(connection: Connection) -> Iterator[None]:
    """Wait for each answer on that connection, for as long as the block lasts, until it comes."""
    punctual: Any = connection.connection.driver_connection
    punctual.patience, patience = None, punctual.patience
    try:
        yield
    finally:
        punctual.patience = patience


def patiently(ask: Callable[[], T], waits: int = MOST_WAITS, sleep: Callable[[float], None] = time.sleep) -> T:
    """Ask a database that may be away, and again after each of so many waits of a second. Raises StoreAway."""
    for _ in range(waits):
        try:
            return ask()
        except StoreAway:
            log.warning("database.waited_for")
            sleep(WAIT_SECONDS)
    return ask()


def _raise_if_away(failed: ExceptionContext) -> None:
    if isinstance(failed.original_exception, (OperationalError, ReadOnlySqlTransaction)):
        raise StoreAway(AWAY) from failed.original_exception
