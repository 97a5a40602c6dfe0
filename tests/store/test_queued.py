"""Who is told that they wait, on a real PostgreSQL: each person of what they asked first, not of a whole flood."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.event_queue import Queue, open_queue
from bot.events import Envelope, EventData
from bot.queued import WAITING
from bot.store import Store
from bot.waiting import LOOK_SECONDS, TELL_AFTER

TAKEN = "SELECT procrastinate_fetch_job_v2(NULL, NULL)"
"""What a worker does that takes up the first job."""

AGED = "UPDATE procrastinate_events SET at = at - interval '2 seconds'"


@pytest.fixture
def queue(engine: Engine, database_url: str) -> Iterator[Queue]:
    engine.dispose()
    with open_queue(database_url) as queue:
        yield queue


def event(
    space: str, number: int, resource: str = "messages", *, by: str = "alice", is_late: bool = False
) -> Envelope:
    """What somebody did; the webhook names them as who acted, as Webex does."""
    data = EventData.model_validate({"id": f"{space}-{number}", "roomId": space})
    return Envelope(resource=resource, event="created", actorId=by, data=data, is_late=is_late)


def begin(engine: Engine, begun: Envelope, ago: float = 0) -> None:
    """What a worker notes of an event that it takes up, or tells of."""
    at = datetime.now(UTC) - timedelta(seconds=ago)
    Store(engine).events.begin(begun.key, begun.caused_by, at, begun.data.room_id)


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
    begin(engine, event("a", 0))
    assert told(engine) == ["b-0"]


def test_told_within_three_seconds_of_waiting() -> None:
    """A look comes in time, with a second left for Webex, which brings the event and takes the notice."""
    assert TELL_AFTER + LOOK_SECONDS <= 2.0


def test_each_person_who_waits_behind_somebody_else_is_told_once(engine: Engine, queue: Queue) -> None:
    """Who is being answered is not: whoever is at work on that tells them themselves."""
    for number, person in enumerate(("alice", "alice", "rita", "rita", "leo")):
        queue.defer(event("a", number, by=person))
    run(engine, TAKEN)
    assert told(engine) == []
    run(engine, AGED)
    assert told(engine) == ["a-2", "a-4"]
    begin(engine, event("a", 2, by="rita"))
    assert told(engine) == ["a-4"]
    begin(engine, event("a", 4, by="leo"))
    assert told(engine) == []


def test_who_waits_behind_what_is_tried_again_is_told(engine: Engine, queue: Queue) -> None:
    """It holds up its space for up to 38 seconds."""
    queue.defer(event("a", 0))
    queue.defer(event("a", 1, by="rita"))
    run(engine, "UPDATE procrastinate_jobs SET attempts = 1 WHERE args->'envelope'->>'actorId' = 'alice'")
    run(engine, AGED)
    assert told(engine) == ["a-1"]


def test_who_is_greeted_is_told(engine: Engine, queue: Queue) -> None:
    """The greeting is no answer, and whoever says it tells nobody that they wait."""
    queue.defer(event("a", 9, "memberships"))
    queue.defer(event("a", 0))
    run(engine, TAKEN)
    run(engine, AGED)
    assert told(engine) == ["a-0"]


@pytest.mark.parametrize(("seconds", "expected"), [(20, []), (40, ["a-1"]), (90, ["a-1"])])
def test_of_several_questions_none_is_told_while_it_goes_on(
    engine: Engine, queue: Queue, seconds: int, expected: list[str]
) -> None:
    """In a flood each answer is a sign that it goes on; the one before these questions is not."""
    for number in (1, 2):
        queue.defer(event("a", number))
    run(engine, "UPDATE procrastinate_events SET at = at - interval '1 minute'")
    begin(engine, event("a", 0), ago=seconds)
    assert told(engine) == expected


def test_what_is_begun_for_others_or_elsewhere_is_no_sign_of_it(engine: Engine, queue: Queue) -> None:
    """Who has asked two things behind somebody else is told as soon as who has asked one."""
    for number, person in ((1, "rita"), (2, "rita"), (3, "alice")):
        queue.defer(event("a", number, by=person))
    run(engine, AGED)
    begin(engine, event("a", 0, by="alice"))
    begin(engine, event("b", 0, by="rita"))
    assert told(engine) == ["a-1", "a-3"]


def test_a_single_question_is_told_of_even_behind_a_greeting(engine: Engine, queue: Queue) -> None:
    """Be it said already, which is no answer, or still to be said."""
    queue.defer(event("a", 9, "memberships"))
    queue.defer(event("a", 0))
    run(engine, AGED)
    assert told(engine) == ["a-0"]
    begin(engine, event("a", 9, "memberships"))
    assert told(engine) == ["a-0"]


def test_what_came_late_hides_no_question_of_now(engine: Engine, queue: Queue) -> None:
    """Somebody waits for that one."""
    queue.defer(event("a", 0, is_late=True))
    queue.defer(event("a", 1))
    run(engine, AGED)
    assert told(engine) == ["a-1"]


def test_what_nobody_waits_for_is_not_told(engine: Engine, queue: Queue) -> None:
    """A greeting, what was found after an outage, and what is tried again later."""
    queue.defer(event("a", 0, "memberships"))
    queue.defer(event("b", 0, is_late=True))
    queue.defer(event("c", 0))
    run(engine, "UPDATE procrastinate_jobs SET attempts = 1 WHERE lock = 'c'")
    run(engine, AGED)
    assert told(engine) == []
