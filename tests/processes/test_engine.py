"""The engine as it is run: real processes, a real database, `kill -9`."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from directories import database_directory, started_directory
from installation import Installation, installation, wait_until

from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer

AT_MOST_SECONDS = 25.0
"""Until somebody who asks a database that stands still is told so, on a slow machine too."""


@pytest.fixture(scope="module")
def bot() -> Iterator[Installation]:
    with started_directory() as directory, installation(directory) as running:
        yield running


def test_a_worker_killed_in_the_middle_loses_nothing(bot: Installation) -> None:
    """Its restart takes over, and every question is answered, in order."""
    bot.sandbox.world.faults.add(Fault(pattern="settings", delay=60_000, count=1))
    asked = bot.ask("mode")
    for digit in (3, 4, 8):
        bot.ask(f"show 500{digit}")
    wait_until(lambda: not bot.sandbox.world.faults.active(), "the worker is in the middle of it")
    bot.kill_worker()
    wait_until(lambda: bot.has_answered(asked, 4), "all are answered")
    first, *others = bot.replies(asked)
    assert "tandard" in first
    assert [f"500{digit}" in text for digit, text in zip((3, 4, 8), others, strict=True)] == [True] * 3


def test_another_worker_takes_over(bot: Installation) -> None:
    """A second worker, started by hand, finishes what a killed one had begun."""
    looked = bot.calls("/v1/webhooks")
    second = bot.start("worker")
    wait_until(lambda: bot.calls("/v1/webhooks") > looked, "the second worker has looked at the webhooks")
    bot.sandbox.world.faults.add(Fault(pattern="settings", delay=60_000, count=1))
    asked = bot.ask("mode")
    wait_until(lambda: not bot.sandbox.world.faults.active(), "a worker is in the middle of it")
    bot.kill_worker()
    wait_until(lambda: any("tandard" in text for text in bot.replies(asked)), "the question is answered")
    second.terminate()
    assert second.wait(30) == 0


def test_spaces_do_not_wait_for_one_another(bot: Installation) -> None:
    """A slow answer in one space holds up nobody elsewhere."""
    bot.sandbox.world.faults.add(Fault(pattern="settings", delay=5_000, count=1))
    slow = bot.ask("mode")
    quick = bot.ask("help", name="rita")
    wait_until(lambda: bool(bot.replies(quick)), "the other is answered")
    assert not any("tandard" in text for text in bot.replies(slow))
    wait_until(lambda: any("tandard" in text for text in bot.replies(slow)), "the slow one is answered")


def test_a_worker_killed_while_it_applies_a_plan_applies_it_once(bot: Installation) -> None:
    """The change had been sent, and nobody had noted its answer: it is looked up, not done again."""
    room = bot.ask("add 5012 +14085550123 Jane Doe")["roomId"]
    wait_until(lambda: bot.plan_in(room) is not None, "the plan is shown")
    bot.sandbox.world.faults.add(Fault(method="POST", pattern="/virtualExtensions$", delay=1_000, count=1))
    bot.ask(f"confirm {bot.plan_in(room)}")
    wait_until(lambda: not bot.sandbox.world.faults.active(), "the change is on its way")
    bot.kill_worker()
    wait_until(
        lambda: any("Added virtual extension 5012" in text for text in bot.answers(room)), "it is confirmed"
    )
    assert [one.extension for one in bot.sandbox.numbering.extensions() if one.extension == "5012"] == ["5012"]


def test_a_database_that_dies_is_started_again(bot: Installation) -> None:
    """As when the kernel kills it for its memory: nobody has to come and start the bot anew."""
    before = bot.database_id()
    assert before
    os.kill(before, signal.SIGKILL)
    asked = bot.ask("show 5004")
    wait_until(lambda: any("5004" in text for text in bot.replies(asked)), "it is answered")
    wait_until(lambda: bot.database_id() not in (before, None), "there is another one")


def test_a_database_that_stands_still_holds_up_nobody_for_long(bot: Installation) -> None:
    """As when its disk or its machine does: whoever asks is told so, and what was not stored is caught up."""
    with bot.frozen_database():
        began = time.monotonic()
        asked = bot.ask("show 5008")
        checks = bot.readiness()
        assert time.monotonic() - began < AT_MOST_SECONDS
        assert "does not answer" in checks["database"]
        wait_until(lambda: ("messages", "refused") in bot.measures("extbot_events_total"), "it is refused")
    wait_until(lambda: any("5008" in text for text in bot.replies(asked)), "it is answered")


def test_nothing_is_left_behind() -> None:
    """On a new machine: its children end with it, also by `kill -9`, and its database when the command ends."""
    with database_directory() as directory:
        with installation(directory) as bot:
            children = [bot.child("web"), bot.child("worker")]
            bot.kill()
            wait_until(lambda: not any(one.is_running() for one in children), "its children have ended")
            bot.start("run")
            wait_until(bot.is_ready, "it can be started again")
            family = bot.family()
            assert any("postgres" in " ".join(one.cmdline()) for one in family)
        wait_until(lambda: not any(one.is_running() for one in family), "all processes have ended")


@pytest.mark.parametrize("command", ["web", "worker", "setup"])
def test_a_wrong_token_is_said_in_a_sentence(command: str) -> None:
    """Fail at the start, not at the first user, without a traceback and with nothing left behind."""
    with started_directory() as directory, SandboxServer() as sandbox:
        said = Installation(sandbox, directory).says(command, WEBEX_BOT_TOKEN="not-the-token")
        assert "Webex does not accept the token. Copy the bot's token anew" in said
        assert "Traceback" not in said
        assert "Failed postgres command" not in said
