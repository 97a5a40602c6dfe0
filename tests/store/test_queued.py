"""Who is told that they wait for a worker, on a real PostgreSQL: the first of each space, not all of a flood."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.event_queue import Queue, open_queue
from bot.events import Envelope, EventData
from bot.queued import WAITING
from bot.store import SentCard, Store
from bot.waiting import TELL_AFTER

AGED = "UPDATE procrastinate_events SET at = at - interval '2 seconds'"


@pytest.fixture
def queue(engine: Engine, database_url: str) -> Iterator[Queue]:
    engine.dispose()
    with open_queue(database_url) as queue:
        yield queue


def event(space: str, number: int, resource: str = "messages", *, is_late: bool = False) -> Envelope:
    data = EventData.model_validate({"id": f"{space}-{number}", "roomId": space, "personId": "alice"})
    return Envelope(resource=resource, event="created", data=data, is_late=is_late)


def told(engine: Engine) -> list[str]:
    """Which events somebody is told of now."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(WAITING, {"after": TELL_AFTER}).scalars()
        return sorted(envelope["data"]["id"] for envelope in found)


def run(engine: Engine, query: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(query))


def test_the_first_of_each_space_is_told_after_a_while(engine: Engine, queue: Queue) -> None:
    """And once: it counts as begun then."""
    for space in ("a", "b"):
        for number in range(3):
            queue.defer(event(space, number))
    assert told(engine) == []
    run(engine, AGED)
    assert told(engine) == ["a-0", "b-0"]
    Store(engine).events.begin(event("a", 0).key, "alice", datetime.now(UTC))
    assert told(engine) == ["b-0"]


def test_where_something_is_going_on_nothing_is_told(engine: Engine, queue: Queue) -> None:
    """Whoever is at work in a space tells it themselves."""
    for number in range(2):
        queue.defer(event("a", number))
    run(engine, AGED)
    run(engine, "SELECT procrastinate_fetch_job_v2(NULL, NULL)")
    assert told(engine) == []


@pytest.mark.parametrize(("seconds", "expected"), [(20, []), (40, ["a-0"]), (90, ["a-0"])])
def test_where_something_was_said_meanwhile_nothing_is_told(
    engine: Engine, queue: Queue, seconds: int, expected: list[str]
) -> None:
    """In a flood each answer is a sign that it goes on; the one before these questions is not."""
    for number in range(2):
        queue.defer(event("a", number))
    run(engine, "UPDATE procrastinate_events SET at = at - interval '1 minute'")
    said = datetime.now(UTC) - timedelta(seconds=seconds)
    Store(engine).remember_card(SentCard("answer", "a", None, None), said)
    assert told(engine) == expected


def test_a_single_question_is_told_of_even_behind_a_greeting(engine: Engine, queue: Queue) -> None:
    """Be it said already, which is no answer, or still to be said."""
    queue.defer(event("a", 9, "memberships"))
    queue.defer(event("a", 0))
    run(engine, AGED)
    assert told(engine) == ["a-0"]
    Store(engine).remember_card(SentCard("greeting", "a", None, None), datetime.now(UTC))
    assert told(engine) == ["a-0"]


def test_what_nobody_waits_for_is_not_told(engine: Engine, queue: Queue) -> None:
    """A greeting, what was found after an outage, and what is tried again later."""
    queue.defer(event("a", 0, "memberships"))
    queue.defer(event("b", 0, is_late=True))
    queue.defer(event("c", 0))
    run(engine, "UPDATE procrastinate_jobs SET attempts = 1 WHERE lock = 'c'")
    run(engine, AGED)
    assert told(engine) == []
