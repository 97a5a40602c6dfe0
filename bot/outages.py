"""What the store's connections do when the database goes away."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from bot.errors import StoreAway

POOL: Mapping[str, Any] = MappingProxyType(
    {"pool_size": 3, "max_overflow": 3, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
)
"""A connection that was cut while nobody used it is replaced without anybody's noticing; seconds to connect."""


def watched(engine: Engine) -> Engine:
    """The engine, whose queries raise StoreAway where the database does not answer or has no room."""
    event.listen(engine, "handle_error", _raise_if_away)
    return engine


def _raise_if_away(failed: ExceptionContext) -> None:
    if isinstance(failed.original_exception, OperationalError) and not failed.is_pre_ping:
        raise StoreAway("The database does not answer, or has no room.") from failed.original_exception
