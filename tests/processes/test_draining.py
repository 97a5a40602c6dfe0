"""SIGTERM: what was accepted is answered, once, by whoever is left."""

import hmac
import json
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from directories import started_directory
from installation import Installation, free_port, installation, wait_until

from bot.sandbox.faults import Fault

QUESTIONS = 90
PEOPLE = ("alice", "rita")


@pytest.fixture
def bot() -> Iterator[Installation]:
    with started_directory() as directory, installation(directory) as running:
        yield running


def test_under_load_nothing_is_lost_and_nothing_is_done_twice(bot: Installation) -> None:
    """Whoever was told 200 is answered once, after the restart if need be; all processes end well."""
    bot.sandbox.world.faults.add(Fault(deliveries="lost"))
    bot.sandbox.world.faults.add(Fault(pattern="virtualExtensions", delay=100))
    asked = {f"70{number:02}": _ask(bot, number) for number in range(QUESTIONS)}
    accepted: list[str] = []
    with ThreadPoolExecutor(6) as senders:
        for number, message in asked.items():
            senders.submit(_deliver, bot, message, number, accepted)
        wait_until(lambda: len(accepted) > QUESTIONS // 3, "some events are accepted")
        bot.processes[0].send_signal(signal.SIGTERM)
    assert bot.processes[0].wait(60) == 0
    assert QUESTIONS // 3 < len(accepted) < QUESTIONS
    before = _answered(bot, asked)
    assert sum(before.values()) < len(accepted)
    bot.start("run")
    wait_until(lambda: set(_answered(bot, asked)) >= set(accepted), "the rest is answered")
    assert set(_answered(bot, asked).values()) == {1}


def test_who_finishes_a_long_job_is_not_taken_for_dead(bot: Installation) -> None:
    """A worker that is told to end in the middle of a slow call finishes it; the other leaves that job alone.

    The other, told to end when its work is done, ends with zero: for whoever supervises it, that is no failure.
    """
    bot.sandbox.world.faults.add(Fault(pattern="settings", delay=9_000, count=1))
    room = bot.ask("mode")["roomId"]
    wait_until(lambda: not bot.sandbox.world.faults.active(), "the worker is in the middle of it")
    port = free_port()
    other = bot.start("worker", METRICS_PORT=str(port))
    wait_until(lambda: bot.measures("extbot_workers") == {(): 2.0}, "a second worker is there")
    ending = bot.child("worker")
    ending.send_signal(signal.SIGTERM)
    wait_until(lambda: not ending.is_running(), "the first one has finished")
    assert sum("tandard" in text for text in bot.answers(room)) == 1
    assert bot.calls("/v1/telephony/config/virtualExtensions/settings") == 1

    def is_at_work() -> bool:
        bot.ask("help")
        return bool(bot.measures("extbot_command_seconds_count", port))

    wait_until(is_at_work, "the other has answered something")
    other.terminate()
    assert other.wait(30) == 0


def _ask(bot: Installation, number: int) -> dict[str, Any]:
    return bot.ask(f"show 70{number:02}", name=PEOPLE[number % len(PEOPLE)])


def _deliver(bot: Installation, message: Mapping[str, str], number: str, accepted: list[str]) -> None:
    """What Webex does, once: to be told 200 is to be promised an answer."""
    about = {name: message[name] for name in ("id", "roomId", "personId", "created")}
    body = json.dumps({"resource": "messages", "event": "created", "data": about}).encode()
    signature = hmac.new(b"secret-of-the-process-tests", body, "sha1").hexdigest()
    try:
        answer = requests.post(
            f"http://127.0.0.1:{bot.port}/webex", body, headers={"X-Spark-Signature": signature}, timeout=20
        )
    except requests.ConnectionError:
        return
    if answer.status_code == 200:
        accepted.append(number)


def _answered(bot: Installation, asked: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """How often each question was answered, of those that were."""
    said = {room: "\n".join(bot.answers(room)) for room in {message["roomId"] for message in asked.values()}}
    times = {number: said[message["roomId"]].count(f"“{number}”") for number, message in asked.items()}
    return {number: count for number, count in times.items() if count}
