"""Two web processes and three workers on one PostgreSQL: `kill -9`, a restart of the database, and its absence."""

import random
import re
import time
from collections.abc import Iterator, Mapping

import pytest
from cluster import WORKERS, Cluster, add_people, cluster
from directories import started_directory
from installation import wait_until

from bot.sandbox.faults import Fault

SPACES = 12
QUESTIONS = 6
"""In each space."""

AT_ONCE = 2
"""Events that a worker answers side by side."""

GONE = 61.0
"""Seconds."""

TELEPHONY = "/virtualExtensions$"

Asked = Mapping[str, list[str]]


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with started_directory() as directory, cluster(directory, WORKER_CONCURRENCY=str(AT_ONCE)) as made:
        yield made


@pytest.fixture
def many(running: Cluster) -> Iterator[Cluster]:
    """All workers at work, and nothing to do."""
    yield running
    running.bot.sandbox.world.faults.clear()


def ask(many: Cluster, names: list[str], first: int, count: int) -> Asked:
    """In each space that many questions, mixed over the spaces; what was asked, by space, in order."""
    asked: dict[str, list[str]] = {}
    for number in range(first, first + count):
        for name in random.sample(names, len(names)):
            room = many.bot.ask(f"show {number}", name)["roomId"]
            asked.setdefault(room, []).append(str(number))
    return asked


def answered(many: Cluster, room: str) -> list[str]:
    """The extensions that the bot answered about in a space, in order."""
    found = (re.search(r"“(\d{4})”", text) for text in many.bot.answers(room))
    return [one[1] for one in found if one]


def wait_for_answers(many: Cluster, asked: Asked) -> None:
    wait_until(
        lambda: all(set(answered(many, room)) >= set(numbers) for room, numbers in asked.items()),
        "every question is answered",
    )
    wait_until(lambda: many.unfinished() == 0, "nothing is left in the queue")


def test_every_event_is_answered_once_and_in_order_while_workers_are_killed(many: Cluster) -> None:
    """Duplicates included. The kill hits all six events in hand on their way to Webex, before any reply."""
    names = add_people(many.bot.sandbox, SPACES)
    faults = many.bot.sandbox.world.faults
    faults.add(Fault(deliveries="duplicate", rate=0.1))
    asked = ask(many, names, 7000, QUESTIONS // 2)
    faults.add(Fault(pattern=TELEPHONY, delay=5_000, count=WORKERS * AT_ONCE))
    later = ask(many, names, 7000 + QUESTIONS // 2, QUESTIONS // 2)
    wait_until(lambda: all(fault.deliveries for fault in faults.active()), "all workers are in the middle")
    many.kill_worker(0)
    many.kill_worker(1)
    many.workers[0] = many.bot.start("worker")
    everything = {room: numbers + later[room] for room, numbers in asked.items()}
    assert check_answers(many, everything) == everything
    assert {port for port, status in many.balancer.answers if status == 200} == set(many.ports)
    assert many.balancer.statuses() == {200}
    many.workers[1] = many.bot.start("worker")
    wait_until(lambda: many.alive() == WORKERS, "the workers are there")


def test_a_reply_that_its_worker_was_killed_over_is_not_said_again(many: Cluster) -> None:
    """Webex has it, and its answer reaches the worker no more: all workers, with all that they can do at once."""
    names = add_people(many.bot.sandbox, WORKERS * AT_ONCE)
    begun = ask(many, names, 7050, 1)
    wait_for_answers(many, begun)
    faults = many.bot.sandbox.world.faults
    faults.add(Fault(pattern=TELEPHONY, delay=500, count=len(names)))
    asked = ask(many, names, 7051, 1)
    faults.add(Fault(method="POST", pattern="/messages$", hold=10_000, count=len(names)))
    wait_until(lambda: all("7051" in answered(many, room) for room in asked), "all replies are there")
    for number in range(WORKERS):
        many.kill_worker(number)
    many.workers = [many.bot.start("worker") for _ in range(WORKERS)]
    faults.clear()
    later = ask(many, names, 7052, 1)
    wait_for_answers(many, later)
    assert [answered(many, room)[-3:] for room in asked] == [["7050", "7051", "7052"]] * len(names)


def test_a_database_that_goes_away_loses_nothing(many: Cluster) -> None:
    """For more than a minute, under load, with events in hand: all go on by themselves, each space in its order.

    What comes meanwhile is answered 503, and Webex does not deliver it again: catching up finds it, though after
    later ones.
    """
    names = add_people(many.bot.sandbox, SPACES)[:10]
    many.bot.sandbox.world.faults.add(Fault(pattern=TELEPHONY, delay=200))
    taken, asked = many.deferred(), ask(many, names, 7100, 3)
    wait_until(lambda: many.deferred() >= taken + 3 * len(names), "all of it is taken")
    many.stop_database()
    stopped = time.monotonic()
    missed = ask(many, names, 7103, 1)
    wait_until(lambda: 503 in many.balancer.statuses(), "the web processes say that they can't store it")
    wait_until(lambda: time.monotonic() - stopped > GONE, "it is gone for more than a minute", 2 * GONE)
    many.start_database()
    later = ask(many, names, 7104, 1)
    answers = check_answers(many, {room: [*asked[room], *missed[room], *later[room]] for room in asked})
    in_turn = {room: [one for one in found if one in asked[room]] for room, found in answers.items()}
    assert in_turn == asked
    assert [worker.poll() for worker in many.workers] == [None] * WORKERS


def test_what_only_the_web_processes_could_not_store_is_caught_up(many: Cluster) -> None:
    """The workers have lost nothing: the web processes tell them, as soon as events are taken again."""
    [name] = add_people(many.bot.sandbox, 1)
    # The space is there already: its beginning would be an event to be refused, too.
    wait_for_answers(many, ask(many, [name], 7199, 1))
    many.balancer.answers.clear()
    with many.refused_events():
        asked = ask(many, [name], 7200, 2)
        wait_until(lambda: many.balancer.refusals() == 2, "both are refused")
    wait_for_answers(many, asked)
    assert {room: answered(many, room)[-2:] for room in asked} == asked


def check_answers(many: Cluster, asked: Asked) -> Asked:
    """All of it is answered once; the order of the answers."""
    wait_for_answers(many, asked)
    answers = {room: [one for one in answered(many, room) if one in numbers] for room, numbers in asked.items()}
    assert {room: sorted(found) for room, found in answers.items()} == asked
    return answers
