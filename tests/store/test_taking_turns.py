"""Whose event is next, on a real PostgreSQL: order within a space, turns between spaces."""

from collections.abc import Iterator

import pytest
from procrastinate.jobs import Job
from sqlalchemy import Engine, text

from bot.engine import Retries
from bot.errors import FailedCall, StoreAway, Unreachable
from bot.event_queue import QUEUE, TASK, Queue, open_queue
from bot.events import Envelope, EventData


@pytest.fixture
def queue(engine: Engine) -> Iterator[Queue]:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with open_queue(address) as queue:
        yield queue


def say(queue: Queue, space: str, number: int) -> None:
    data = EventData.model_validate({"id": f"{space}-{number}", "roomId": space})
    queue.defer(Envelope(resource="messages", event="created", data=data))


def begin(engine: Engine) -> tuple[int, str] | None:
    """What a worker does next: the job, and the event that it is about."""
    query = "SELECT id, args->'envelope'->'data'->>'id' FROM procrastinate_fetch_job_v2(NULL, NULL)"
    with engine.begin() as connection:
        job, event = connection.execute(text(query)).one()
    return (job, event) if job else None


def finish(engine: Engine, job: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("SELECT procrastinate_finish_job_v1(:job, 'succeeded', true)"), {"job": job})


def answer_all(engine: Engine) -> list[str]:
    """The events in the order in which a worker that does one at a time answers them."""
    order = []
    while begun := begin(engine):
        job, event = begun
        finish(engine, job)
        order.append(event)
    return order


def numbers(order: list[str], space: str) -> list[int]:
    return [int(event.partition("-")[2]) for event in order if event.startswith(f"{space}-")]


def test_a_flood_in_many_spaces_leaves_room_for_others(engine: Engine, queue: Queue) -> None:
    """Twenty spaces with twenty events each: who comes last waits for one of each, and not for all of them."""
    for number in range(20):
        for space in range(20):
            say(queue, f"busy{space}", number)
    say(queue, "quiet", 0)
    order = answer_all(engine)
    assert len(order) == 401
    assert order.index("quiet-0") <= 20
    for space in range(20):
        assert numbers(order, f"busy{space}") == list(range(20))


def test_the_order_of_a_space_stays_while_it_empties_and_fills(engine: Engine, queue: Queue) -> None:
    """Also where what is running has to be done again, as after a worker was killed."""
    for number in range(5):
        say(queue, "room", number)
    order = []
    for number in range(5, 9):
        begun = begin(engine)
        assert begun is not None
        say(queue, "room", number)
        finish(engine, begun[0])
        order.append(begun[1])
    killed = begin(engine)
    assert killed is not None
    say(queue, "room", 9)
    with engine.begin() as connection:
        connection.execute(
            text("SELECT procrastinate_retry_job_v2(:job, now(), NULL, NULL, NULL)"), {"job": killed[0]}
        )
    assert numbers([*order, *answer_all(engine)], "room") == list(range(10))


def fail(engine: Engine, job: int, attempts: int, error: Exception) -> None:
    """What the engine does with a job that has failed after so many attempts before, its wait being over."""
    given = Job(id=job, queue=QUEUE, lock="room", queueing_lock=None, task_name=TASK, attempts=attempts)
    decision = Retries().get_retry_decision(exception=error, job=given)
    assert decision is not None
    query = text("SELECT procrastinate_retry_job_v2(:job, :at, NULL, NULL, :lock)")
    with engine.begin() as connection:
        connection.execute(query, {"job": job, "at": decision.retry_at, "lock": decision.lock})


def test_an_event_that_can_not_be_answered_holds_its_space_up_for_a_moment_only(
    engine: Engine, queue: Queue
) -> None:
    """Tried for eighteen minutes, it lets the others past after its fourth retry."""
    for number in range(3):
        say(queue, "room", number)
    begun = begin(engine)
    assert begun is not None
    begun_again = "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = :job"
    for attempts in range(4):
        fail(engine, begun[0], attempts, Unreachable(FailedCall("POST", "/messages")))
        assert begin(engine) is None
        with engine.begin() as connection:
            connection.execute(text(begun_again), {"job": begun[0]})
    fail(engine, begun[0], 4, Unreachable(FailedCall("POST", "/messages")))
    assert answer_all(engine) == ["room-1", "room-2"]


def test_what_the_database_was_away_for_keeps_its_turn(engine: Engine, queue: Queue) -> None:
    """However often."""
    for number in range(3):
        say(queue, "room", number)
    for attempts in range(4):
        begun = begin(engine)
        assert begun is not None
        fail(engine, begun[0], attempts, StoreAway())
    assert answer_all(engine) == ["room-0", "room-1", "room-2"]


def test_who_waited_long_ago_is_like_anybody_else(engine: Engine, queue: Queue) -> None:
    """A space that has been answered begins anew."""
    for number in range(50):
        say(queue, "room", number)
    answer_all(engine)
    say(queue, "room", 50)
    say(queue, "other", 0)
    assert answer_all(engine) == ["room-50", "other-0"]
