"""A flood of events as it comes: nobody is starved, nothing is lost, the order stays. Real processes."""

from directories import started_directory
from installation import WORKING, Installation, installation, wait_until

from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer

SLOWNESS = 5.0
"""Seconds that a busy machine may take more; the notice comes long before the place is free."""

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


def test_who_waits_while_all_workers_are_busy_is_told_soon() -> None:
    """Within three seconds; and the answer comes in the place of that."""
    with started_directory() as directory, installation(directory, WORKER_CONCURRENCY="1") as bot:
        for name in ("alice", "rita"):
            room = bot.ask("help", name)["roomId"]
            wait_until(lambda room=room: len(bot.answers(room)) == 2, "the greeting is said, and help is shown")
        sent = bot.sandbox.world.now()
        bot.sandbox.world.faults.add(Fault(path="/v1/telephony", delay=12_000, count=1))
        busy, waits = bot.ask("show 5003"), bot.ask("show 5003", "rita")
        wait_until(lambda: WORKING in said_after(bot, waits), "who waits is told so")
        told = bot.sandbox.world.now() - sent
        wait_until(lambda: "5003" in said_after(bot, waits), "and is answered")
        assert "5003" in said_after(bot, busy)
        assert len(bot.replies(waits)) == 1
        assert told.total_seconds() < 3 + SLOWNESS


def said_after(bot: Installation, asked: dict[str, str]) -> str:
    """What stands in the space of a question since then."""
    return "\n".join(bot.replies(asked))


def answers(bot: Installation, asked: dict[str, str]) -> int:
    """How many questions have been answered in the space of one."""
    return sum("Hello, I am" not in text for text in bot.answers(asked["roomId"]))
