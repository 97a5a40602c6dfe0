"""The store's connections: for single statements, and what they do when the database goes away."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from psycopg import Error, OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError

from bot.errors import StoreAway

POOL: Mapping[str, Any] = MappingProxyType(
    {"pool_size": 3, "max_overflow": 3, "connect_args": {"connect_timeout": 5}}
)
"""Seconds to connect."""

IDLE_SECONDS = 1.0
"""Unused for longer, a connection is tried before it is used: to try each one always is a round trip more for each
statement, a sixth of what `confirm` takes beside the calls to Webex."""

USED = "used"


def watched(engine: Engine) -> Engine:
    """The engine, whose queries raise StoreAway where the database does not answer or has no room.

    A connection that was cut while nobody used it is replaced without anybody's noticing.
    """

    def note_use(_connection: Any, record: Any) -> None:
        record.info[USED] = time.monotonic()

    def replace_if_cut(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info[USED] < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Error as error:
            raise DisconnectionError from error

    event.listen(engine, "connect", note_use)
    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", replace_if_cut)
    event.listen(engine, "handle_error", _raise_if_away)
    return engine


def in_single_statements(engine: Engine) -> Engine:
    """The same engine, on whose connections each statement is a transaction of its own.

    It is one already: to begin and to end it would be two more round trips.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _raise_if_away(failed: ExceptionContext) -> None:
    if isinstance(failed.original_exception, OperationalError):
        raise StoreAway("The database does not answer, or has no room.") from failed.original_exception
