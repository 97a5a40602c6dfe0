"""The engine's pools: what they do when connections are cut, and how little they ask before each statement."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.testing import InMemoryConnector
from sqlalchemy import Engine, create_engine, text

from bot.connections import CONNECTIONS, NotingConnector, open_pool
from bot.errors import StoreAway
from bot.event_queue import QUEUE, TASK, Queue, open_queue
from bot.events import Envelope, EventData
from bot.idle import IDLE_SECONDS, NOTICED, Uses
from bot.outages import POOL, as_long_as_it_takes, watched
from bot.rescue import STALLED_SECONDS, Pulse, rescue_forever

OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
OPEN = f"SELECT count(*) AS open {OTHERS}"
TAKE = "DELETE FROM procrastinate_jobs job RETURNING to_jsonb(job) - 'id' AS job, args"
WAITING = "SELECT count(*) AS waiting FROM procrastinate_jobs WHERE task_name = 'answer'"


def waiting(queue: Queue) -> int:
    """How many events are stored."""
    return int(queue.read(WAITING)[0]["waiting"])


def cut_all(database_url: str) -> int:
    """Do to all connections to the database what its restart does; how many there were."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        return len(connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {OTHERS}").fetchall())


@pytest.fixture
def envelope() -> Envelope:
    about = EventData.model_validate(
        {"id": "Y2lzY28-message", "roomId": "Y2lzY28-room", "personId": "Y2lzY28-alice"}
    )
    return Envelope(resource="messages", event="created", data=about)


def test_an_event_is_stored_when_all_connections_were_cut_just_now(
    database_url: str, engine: Engine, envelope: Envelope
) -> None:
    engine.dispose()
    with open_queue(database_url) as queue, ThreadPoolExecutor(8) as threads:
        while queue.read(OPEN) != [{"open": CONNECTIONS - 1}]:  # beside the one that asks
            list(threads.map(queue.defer, [envelope] * 40))
        before = waiting(queue)
        assert cut_all(database_url) == CONNECTIONS
        queue.defer(envelope)
        assert waiting(queue) == before + 1


def test_an_event_is_stored_as_the_engine_itself_would(
    database_url: str, engine: Engine, envelope: Envelope
) -> None:
    engine.dispose()
    connector = SyncPsycopgConnector(conninfo=database_url)
    with open_queue(database_url) as queue, App(connector=connector).open() as app:
        queue.defer(envelope)
        (ours,) = queue.read(TAKE)
        app.configure_task(TASK, queue=QUEUE, lock=envelope.data.room_id).defer(**ours["args"])
        assert queue.read(TAKE) == [ours]


@pytest.mark.parametrize(
    ("seconds", "idle"), [(0.0, False), (IDLE_SECONDS - 0.01, False), (IDLE_SECONDS, True), (3600.0, True)]
)
def test_a_connection_was_idle_when_it_was_not_taken_for_a_while(seconds: float, *, idle: bool) -> None:
    hand = Hand()
    uses = Uses(hand)
    assert uses.take(hand)  # anything may stand for a connection, and one that is new is tried
    hand.seconds += seconds
    assert uses.take(hand) is idle


def test_an_idle_connection_that_was_cut_is_replaced_unnoticed(database_url: str, engine: Engine) -> None:
    engine.dispose()
    hand = Hand()
    with open_pool(database_url, hand) as pool:
        with pool.connection() as connection:
            connection.execute("SELECT 1")
        cut_all(database_url)
        hand.seconds += IDLE_SECONDS
        with pool.connection() as connection:
            assert connection.execute("SELECT 2").fetchone() == (2,)


def test_each_statement_of_both_pools_is_a_transaction(database_url: str) -> None:
    """Otherwise each would take two round trips more."""
    with open_pool(database_url) as pool, pool.connection() as connection:
        assert connection.autocommit
    assert asyncio.run(_commits_each_statement(database_url))


async def _commits_each_statement(database_url: str) -> bool:
    connector = NotingConnector(database_url, asyncio.Event())
    await connector.open_async()
    async with connector.pool.connection() as connection:
        commits = connection.autocommit
    await connector.close_async()
    return commits


def test_the_end_of_the_databases_machine_is_noticed_by_all(database_url: str, engine: Engine) -> None:
    """It says nothing more: on a connection that nothing is noticed of, a worker waits for an hour or two."""
    with engine.connect() as connection:
        of_store = connection.connection.driver_connection
        assert isinstance(of_store, psycopg.Connection)
        assert NOTICED.items() <= parameters(of_store).items()
    with open_pool(database_url) as pool, pool.connection() as of_web:
        assert NOTICED.items() <= parameters(of_web).items()
    assert NOTICED.items() <= asyncio.run(_parameters_of_worker(database_url)).items()


def parameters(connection: psycopg.Connection[object] | psycopg.AsyncConnection[object]) -> dict[str, int]:
    given = connection.info.get_parameters()
    return {name: int(given[name]) for name in NOTICED}


async def _parameters_of_worker(database_url: str) -> dict[str, int]:
    connector = NotingConnector(database_url, asyncio.Event())
    await connector.open_async()
    async with connector.pool.connection() as connection:
        found = parameters(connection)
    await connector.close_async()
    return found


def test_a_database_that_stands_still_is_away(engine: Engine) -> None:
    """Its connections stay, and nothing comes over them. But a migration takes as long as it takes."""
    with engine.connect() as connection:
        punctual: Any = connection.connection.driver_connection
        punctual.patience = 0.2
        with as_long_as_it_takes(connection):
            connection.execute(text("SELECT pg_sleep(0.4)"))
        with pytest.raises(StoreAway):
            connection.execute(text("SELECT pg_sleep(600)"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_worker_loses_a_database_that_stands_still(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.dispose()
    monkeypatch.setattr("bot.idle.PATIENCE_SECONDS", 0.2)
    assert asyncio.run(_loses(database_url))


async def _loses(database_url: str) -> bool:
    lost = asyncio.Event()
    connector = NotingConnector(database_url, lost)
    await connector.open_async()
    with pytest.raises(ConnectorException):
        await connector.execute_query_async("SELECT pg_sleep(600)")
    await connector.close_async()
    return lost.is_set()


def test_who_waits_too_long_for_a_connection_is_told_that_there_is_none(engine: Engine) -> None:
    """As where every one waits for a lock: the worker goes on with the event when there is one again."""
    patience = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.05}
    small = watched(create_engine(engine.url, **{**POOL, **patience}))
    with small.connect(), pytest.raises(StoreAway), small.connect():
        pass
    with small.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    small.dispose()


def test_to_wait_for_a_slow_database_does_not_keep_a_worker_from_showing_that_it_is_alive() -> None:
    """The other workers take one for dead that is silent for three seconds, and do its work once more."""

    entered, alive, told = threading.Event(), threading.Event(), list[bool]()

    @contextmanager
    def slowly(_name: str) -> Iterator[bool]:
        entered.set()
        told.append(alive.wait(5))
        yield False

    async def rescue_once() -> None:
        app = App(connector=InMemoryConnector())
        pulse = Pulse()
        pulse.beat()
        rescuing = asyncio.create_task(rescue_forever(app, slowly, asyncio.Event(), pulse))
        while not entered.is_set():
            await asyncio.sleep(0.01)
        alive.set()
        while not told:
            await asyncio.sleep(0.01)
        rescuing.cancel()

    asyncio.run(rescue_once())
    assert told == [True]


def test_a_worker_that_stood_still_takes_nobody_for_dead() -> None:
    """Nor one whose database did: the others could not show that they live either."""
    hand = Hand()
    pulse = Pulse(clock=hand)
    assert not pulse.is_steady()
    pulse.beat()
    assert pulse.is_steady()
    hand.seconds += STALLED_SECONDS + 1
    assert not pulse.is_steady()
    for steady in (False, False, False, True, True):
        pulse.beat()
        assert pulse.is_steady() == steady
        hand.seconds += 1


def test_after_an_outage_a_worker_waits_for_the_others_to_show_themselves() -> None:
    hand = Hand()
    pulse = Pulse(steady_since=hand(), clock=hand)
    for steady in (False, False, False, True):
        pulse.beat()
        assert pulse.is_steady() == steady
        hand.seconds += 1


class Hand:
    """A clock that is moved by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
