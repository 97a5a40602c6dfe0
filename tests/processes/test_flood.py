"""A flood of events as it comes: nobody is starved, nothing is lost, the order stays. Real processes."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest
from directories import started_directory
from installation import WORKING, Installation, installation, wait_until

from bot.sandbox.faults import Fault
from bot.sandbox.ids import named_id
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.waiting import TELL_AFTER

TELEPHONY = named_id("ROOM", "Telephony")

TRIES = 3
"""A machine that is busy with something else for some seconds says nothing about the bot."""

Asked = tuple[Mapping[str, str], Message]
"""A question, and the reply."""

FLOOD = 60
ROOM_FOR_OTHERS = 20
"""Answers that the busy space may get before the other one: a few for each place of the worker."""


def test_a_flood_in_one_space_holds_up_no_other() -> None:
    """Many questions of one person wait, then one of somebody else: it is among the first answered."""
    with started_directory() as directory, SandboxServer() as sandbox:
        bot = Installation(sandbox, directory)
        bot.says("setup")
        bot.start("web")
        try:
            wait_until(bot.is_receiving, "events are received")
            busy = [bot.ask("help") for _ in range(FLOOD)]
            quiet = bot.ask("help", name="rita")
            bot.start("worker")
            wait_until(lambda: answers(bot, quiet) == 1, "the other is answered")
            assert answers(bot, busy[0]) < ROOM_FOR_OTHERS
            for share in range(1, 4):
                enough = FLOOD * share // 3
                wait_until(lambda enough=enough: answers(bot, busy[0]) >= enough, f"{enough} are answered")
        finally:
            bot.stop()
        assert answers(bot, busy[0]) == FLOOD
    read = [call.path.rpartition("/")[2] for call in sandbox.world.calls if call.method == "GET"]
    ours = {message["id"] for message in busy}
    assert [each for each in read if each in ours] == [message["id"] for message in busy]


@pytest.fixture(scope="module")
def narrow() -> Iterator[Installation]:
    """An installation that does one thing at a time."""
    with started_directory() as directory, installation(directory, WORKER_CONCURRENCY="1") as bot:
        for name in ("alice", "rita"):
            room = bot.ask("help", name)["roomId"]
            wait_until(lambda room=room: len(bot.answers(room)) == 2, "the greeting is said, and help is shown")
        yield bot


def test_who_waits_while_all_workers_are_busy_is_told_soon(narrow: Installation) -> None:
    """Within three seconds; and the answer comes in the place of that."""

    def try_once() -> bool:
        slow_down(narrow)
        busy, waits = narrow.ask("show 5003"), narrow.ask("show 5004", "rita")
        wait_until(lambda: narrow.has_answered(waits, 1), "who waits is answered")
        [first], [second] = narrow.replied(busy), narrow.replied(waits)
        assert "5003" in (first.markdown or "")
        assert "5004" in (second.markdown or "")
        return was_told_soon((busy, first), (waits, second))

    assert any(try_once() for _ in range(TRIES))


def test_who_waits_behind_somebody_else_in_a_space_is_told_soon(narrow: Installation) -> None:
    """Once, of several questions; all are answered in their order, and what was told becomes an answer."""

    def try_once() -> bool:
        slow_down(narrow)
        busy = narrow.mention("show 5003", TELEPHONY)
        waits = narrow.mention("show 5004", TELEPHONY, "rita")
        narrow.mention("show 5008", TELEPHONY, "rita")
        wait_until(lambda: narrow.has_answered(busy, 3), "all are answered")
        found = sorted(narrow.replied(busy), key=lambda one: one.updated or one.created)
        numbers = ("5003", "5004", "5008")
        assert [number in (one.markdown or "") for number, one in zip(numbers, found, strict=True)] == [True] * 3
        first, second, third = found
        assert third.updated is None, "Nobody is told twice."
        return was_told_soon((busy, first), (waits, second))

    assert any(try_once() for _ in range(TRIES))


def test_what_was_told_outlives_a_worker_that_is_killed(narrow: Installation) -> None:
    """The one after it puts the answer in that place, too."""
    narrow.sandbox.world.faults.add(Fault(path="/v1/telephony", delay=60_000, count=1))
    busy = narrow.mention("show 5003", TELEPHONY)
    narrow.mention("show 5004", TELEPHONY, "rita")
    wait_until(lambda: sum(WORKING in text for text in narrow.replies(busy)) == 2, "both are told")
    notices = {one.id for one in narrow.replied(busy)}
    narrow.kill_worker()
    wait_until(lambda: narrow.has_answered(busy, 2), "both are answered")
    assert {one.id for one in narrow.replied(busy)} == notices
    assert [number in text for number, text in zip(("5003", "5004"), narrow.replies(busy), strict=True)] == [
        True
    ] * 2


def slow_down(bot: Installation) -> None:
    """Let the next question take long."""
    bot.sandbox.world.faults.add(Fault(path="/v1/telephony", delay=4_000, count=1))


def was_told_soon(busy: Asked, waits: Asked) -> bool:
    """Whether who waits was told within three seconds, and what the machine adds.

    That is how much later than it was to be somebody was told whose question was taken up at once.
    """
    first, second = seconds_until_told(*busy), seconds_until_told(*waits)
    return first < math.inf and second < 3 + first - TELL_AFTER


def seconds_until_told(asked: Mapping[str, str], reply: Message) -> float:
    """By Webex's clock, how long after a question the message came that its answer took the place of."""
    if reply.updated is None:
        return math.inf
    return (reply.created - datetime.fromisoformat(asked["created"])).total_seconds()


def answers(bot: Installation, asked: dict[str, str]) -> int:
    """How many questions have been answered in the space of one: that an answer comes is none."""
    said = bot.answers(asked["roomId"])
    return sum("Hello, I am" not in text and WORKING not in text for text in said)
