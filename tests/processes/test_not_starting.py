"""What can't start: it is said once why, and tried again less and less often."""

import errno
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from directories import database_directory, started_directory
from installation import Installation, free_port, wait_until

from bot import web
from bot.sandbox.server import SandboxServer
from bot.supervise import LONGEST_PAUSE, STEADY_SECONDS, Pauses
from bot.web import find_obstacle


def test_the_pause_grows_while_a_child_cannot_start() -> None:
    pauses = Pauses()
    assert [pauses.after(1, 2.0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]
    assert pauses.after(1, STEADY_SECONDS) == 0
    assert pauses.after(4, 2.0) == 0.5


def test_a_child_that_was_killed_is_there_again_at_once() -> None:
    pauses = Pauses()
    assert [pauses.after(-9, 2.0) for _ in range(3)] == [0, 0, 0]


def test_a_wrong_token_is_not_tried_twice_a_second() -> None:
    with started_directory() as directory, SandboxServer() as sandbox:
        bot = Installation(sandbox, directory, WEBEX_BOT_TOKEN="wrong")
        bot.start("run")
        wait_until(lambda: deaths(bot).get("web", 0) >= 2 and deaths(bot).get("worker", 0) >= 2, "both gave up")
        bot.stop()
        pauses = [line["pause"] for line in written(bot) if line.get("child") == "web"]
        assert len(pauses) > 1
        assert pauses == [0.5, 1, 2, 4][: len(pauses)]
        reasons = {line["reason"] for line in written(bot) if line["event"] == "web.not_started"}
        (reason,) = reasons
        assert reason.startswith("Webex does not accept the token. Copy the bot's token anew")
        assert reason.endswith("into WEBEX_BOT_TOKEN.")


def test_a_port_that_is_taken_is_said_once_and_in_a_sentence() -> None:
    with database_directory() as directory, SandboxServer() as sandbox, socket.socket() as other:
        # The address is not used before: no database has to be there.
        bot = Installation(sandbox, directory, DATABASE_URL="postgresql://127.0.0.1:1/none")
        other.bind(("127.0.0.1", bot.port))
        other.listen()
        assert bot.start("web").wait(30) == 1
        (line,) = written(bot)
        assert (line["event"], line["reason"]) == (
            "web.not_started",
            f"Something else listens at 127.0.0.1:{bot.port}. Stop it, or set PORT to another port.",
        )


def test_what_keeps_it_from_listening_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_obstacle("127.0.0.1", free_port()) is None
    foreign = " is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for all it has."
    for host in ("203.0.113.7", "no-such-host.invalid"):
        assert find_obstacle(host, free_port()) == f"{host}{foreign}"
    # Not by trying: as root, which the tests may run as, it would work.
    denied = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    monkeypatch.setattr(web, "_try_to_bind", lambda _host, _port: denied)
    assert find_obstacle("127.0.0.1", 80) == (
        "Port 80 is for root. Set PORT to 1024 or more, and have a proxy in front of it."
    )


def written(bot: Installation) -> list[dict[str, Any]]:
    """The lines of the log that are whole and its own."""
    lines = Path(bot.log).read_text().splitlines() if bot.log.exists() else []
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def deaths(bot: Installation) -> dict[str, int]:
    """How often which child has ended."""
    names = [line["child"] for line in written(bot) if line["event"] == "child.died"]
    return {name: names.count(name) for name in names}
