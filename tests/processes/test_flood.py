"""A flood of events as it comes: nobody is starved, nothing is lost, the order stays. Real processes."""

from directories import started_directory
from installation import Installation, wait_until

from bot.sandbox.server import SandboxServer

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


def answers(bot: Installation, asked: dict[str, str]) -> int:
    """How many questions have been answered in the space of one."""
    return sum("Hello, I am" not in text for text in bot.answers(asked["roomId"]))
