"""The disk of the database is full: what is to be kept is refused as a whole, and taken when there is room.

A trigger raises what PostgreSQL raises then (SQLSTATE 53100): to fill a disk takes rights that tests lack.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from directories import database_directory
from sqlalchemy import Engine

from bot.database import embedded_database
from bot.engine import open_queue
from bot.errors import QueueAway, StoreAway
from bot.events import Arrival, Envelope
from bot.schema import upgrade
from bot.store import Store, connect

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = ("messages", "created", "message")
EVENT = Envelope.model_validate(
    {
        "resource": "messages",
        "event": "created",
        "data": {"id": "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ", "roomId": "Y2lzY29zcGFyazovL3VzL1JPT00vMQ"},
    }
)

FULL = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()
"""


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with database_directory() as directory, embedded_database(directory) as address:
        yield address


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@contextmanager
def no_room(engine: Engine, table: str) -> Iterator[None]:
    with engine.begin() as connection:
        connection.exec_driver_sql(FULL.format(table=table))
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER full_disk ON {table}")


def test_what_is_answered_without_room_is_answered_later(engine: Engine) -> None:
    """The worker tries again: nothing was noted that did not happen."""
    store = Store(engine)
    with no_room(engine, "events"), pytest.raises(StoreAway):
        store.begin_event(KEY, NOW)
    assert store.begin_event(KEY, NOW) is Arrival.NEW


def test_a_webhook_is_not_acknowledged_without_room(engine: Engine, database_url: str) -> None:
    """The receiver answers 503 to it."""
    with open_queue(database_url) as queue:
        with no_room(engine, "procrastinate_jobs"), pytest.raises(QueueAway, match="The database does not answer"):
            queue.defer(EVENT)
        queue.defer(EVENT)
        assert queue.read("SELECT count(*) AS jobs FROM procrastinate_jobs") == [{"jobs": 1}]
