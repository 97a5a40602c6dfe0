"""The log of a whole story: one id from webhook to reply, and nothing of anybody's."""

import json
import re
from typing import Any

import requests
from directories import started_directory
from installation import Installation, free_port, installation, wait_until

from bot.sandbox.faults import Fault

Line = dict[str, Any]

SAID = ("14085550123", "Jane", "Doe", "Janet", "sandbox-", "secret-of-the-process-tests", "bananas")


def test_a_story_leaves_a_log_without_anything_of_anybody() -> None:
    """Names, numbers, tokens and what was said are in no line and no metric; one id leads through the lines."""
    port = free_port()
    with started_directory() as directory:
        with installation(directory, LOG_LEVEL="DEBUG", METRICS_PORT=str(port)) as bot:
            added = _tell(bot)
            private = _private(bot)
            metrics = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
        written = bot.log.read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    assert [word for word in (*SAID, *private) if re.search(rf"(?<!\w){re.escape(word)}", written + metrics)] == []
    assert "Y2lz" not in metrics, "ids in labels would make a series for each message"
    _check_way([line for line in lines if line.get("event_id") == added])
    outcomes = {line["outcome"] for line in lines if line["event"] == "command.ended"}
    assert outcomes == {"ok", "refused", "mistake", "failed"}
    assert len([line for line in lines if line.get("path") == "/telephony/config/virtualExtensions"]) > 3


def _tell(bot: Installation) -> str:
    """A plan, its confirmation, a mistake, a refusal, an outage, nonsense; the id of the first message."""
    asked = bot.ask("add 5012 +14085550123 Jane Doe")
    room = asked["roomId"]
    wait_until(lambda: bot.plan_in(room) is not None, "the plan is shown")
    bot.ask(f"confirm {bot.plan_in(room)}")
    wait_until(lambda: "Added virtual extension" in bot.answers(room)[-1], "it is applied")
    for text in ("rename 5012 to Janet Doe", "extensions named Jane", "show Jane Doe", "bananas for +14085550123"):
        _ask_and_wait(bot, room, text)
    _ask_and_wait(bot, room, "show 7999")
    bot.sandbox.world.faults.add(
        Fault(method="GET", pattern="settings", status=500, body="<p>Jane Doe</p>", count=1)
    )
    _ask_and_wait(bot, room, "mode")
    refused = bot.ask("delete 5012", name="rita")["roomId"]
    wait_until(lambda: any("Not allowed" in text for text in bot.answers(refused)), "the refusal is told")
    wait_until(lambda: not bot.measures("extbot_jobs").get(("running",)), "all is noted")
    return str(asked["id"])


def _ask_and_wait(bot: Installation, room: str, text: str) -> None:
    before = len(bot.answers(room))
    bot.ask(text)
    wait_until(lambda: len(bot.answers(room)) > before, f"{text} is answered")


def _private(bot: Installation) -> set[str]:
    """Every phone number and every person's name and address in the sandbox."""
    people = [one for one in bot.sandbox.world.people.values() if one.type == "person"]
    names = {part for one in people for part in (*one.display_name.split(), one.email)}
    held = [text for one in bot.sandbox.numbering.extensions() for text in (one.phone_number, one.display_name)]
    return names | {text.removeprefix("+") for text in held if text}


def _check_way(lines: list[Line]) -> None:
    """From the web process through the job to the reply, with the calls in between."""
    told = [line["event"] for line in lines]
    assert told[0] == "event.deferred"
    assert told[-1] == "event.answered"
    assert {"command.started", "calling.answered", "command.ended"} <= set(told)
    calls = [f"{line['method']} {line['path']}" for line in lines if line["event"] == "messaging.answered"]
    assert calls[0] == "GET /messages/{id}"
    assert calls[-1] == "POST /messages"
    assert len({line["job"] for line in lines[1:]}) == 1
    assert all(line["tracking_id"] for line in lines if line["event"].endswith(".answered") and "path" in line)
