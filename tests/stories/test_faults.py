"""Every command meets every fault of Webex: it ends in a success or in a sentence, and nothing is done twice.

Three things keep the table short. Pauses are a hundredth of those in production, and where a fault is slowness
time limits are short, too. A fault of telephony lasts for the whole command where that reads, proposes or
decides, and meets one call where a plan is applied: one answer is lost, and reading back works again. Commands
that call no telephony meet the faults of messaging, which come before and after any command in the same way: each
fault meets some commands there.

A run goes through one half of the table, like the squares of one colour of a chessboard: FAULTS_HALF, 0 or 1, or
any where it is not set. The name of a failed test's fault and command says which. FAULTS_ALL=1 goes through both.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle, takewhile
from threading import Event
from typing import Any, TypeVar

import pytest
from bot_at_work import BotAtWork, bot_at_work, event_of
from people import Person, card_of, visible

from bot.calling.retries import RetryPolicy
from bot.errors import RateLimited, Unreachable
from bot.sandbox.server import SandboxServer

HASTY = RetryPolicy(tries=2, first_pause=0.01, longest_pause=0.02, looks_again=(0.01,))
IMPATIENT = replace(HASTY, deadline=1.0, silence=1.0)
"""In seconds: as long as what is not slow may take on a busy machine."""

T = TypeVar("T")

TELEPHONY = "/v1/telephony/config"
REFERENCE = {"trackingId": "ROUTER_fault"}

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "429": {"status": 429, "headers": {"Retry-After": "30"}},
    "429 unreadable": {"status": 429, "headers": {"Retry-After": "rand(30),add(30)"}},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "504": {"status": 504},
    "HTML": {"status": 502, "body": "<html><h1>Bad gateway</h1></html>", "headers": REFERENCE},
    "cut JSON": {"truncate": True},
    "slow": {"delay": 1500},
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
}

READS = {
    "extensions.list": ("extensions", "5003"),
    "extensions.show": ("show 5003", "Phone number"),
    "ranges.list": ("ranges", "London"),
    "ranges.show": ("range London", "Prefix"),
    "locations.list": ("locations", "Lyon"),
    "numbers.validate": ("check +14085550125", "All numbers are valid"),
    "ranges.validate": ("check range Rome +3906 5XXX", "valid"),
    "mode.show": ("mode", "tandard"),
}
"""By name: what is typed, and what a success says."""

CHANGES = {
    "extensions.add": "add 5012 +14085550123 Jane Doe",
    "extensions.change": "change 5003 number +14085550124",
    "extensions.delete": "delete 5004",
    "ranges.add": "add range Berlin +4930555 5XXX",
    "ranges.change": "rename range London to Thames",
    "ranges.delete": "delete range Paris",
    "mode.change": "mode enhanced",
}
METHODS = {one: {"add": "POST", "delete": "DELETE", "change": "PUT"}[one.partition(".")[2]] for one in CHANGES}
"""What the call is sent with that a confirmed plan makes."""

PLANNED = "Nothing has changed yet"

DECISIONS = {
    "plans.confirm": "confirm {plan}",
    "plans.cancel": "cancel {plan}",
    "plans.approve": "approve {plan}",
    "plans.reject": "reject {plan}",
    "plans.undo": "undo {plan}",
}

WITHOUT_TELEPHONY = {"help": "help", "whoami": "whoami", "history.list": "history", "plans.list": "plans"}

SENTENCES = (
    "Webex is getting too many requests just now. Try again in",
    "Webex can't be reached just now. Try again in a minute",
    "Webex did not answer, and reading back shows that it did not happen. Nothing was changed.",
    "Webex did not answer, and it has not happened so far. It still may: look it up before you try again.",
    "Webex did not answer and can't be read now. Look it up before you try again.",
    "Webex did not answer, so it is not known whether the change was made. Look at what is there now",
)
"""What people may read in place of a success; each says what to do next."""

APOLOGY = "Something went wrong in the bot"


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str, request: pytest.FixtureRequest) -> Iterator[BotAtWork]:
    """A bot that is in a hurry."""
    # The test of messaging goes through all faults itself.
    may_be_slow = request.node.name.endswith("[slow]") or request.node.originalname == "test_messaging"
    with bot_at_work(sandbox, database_url, retries=IMPATIENT if may_be_slow else HASTY) as working:
        yield working


@pytest.fixture(scope="module")
def halves() -> frozenset[int]:
    """What to go through."""
    if os.environ.get("FAULTS_ALL"):
        return frozenset({0, 1})
    return frozenset({int(os.environ.get("FAULTS_HALF") or secrets.randbelow(2))})


def meeting(commands: Mapping[str, T], name: str, halves: frozenset[int]) -> Iterator[tuple[str, T]]:
    """The commands that meet the fault in this run."""
    row = list(FAULTS).index(name)
    return (one for column, one in enumerate(commands.items()) if (row + column) % 2 in halves)


def said(person: Person) -> str:
    """What the latest answer says, in one line."""
    return " ".join(visible(card_of(person.answer)).split())


def check(person: Person, success: str, fault: Mapping[str, Any], about: str) -> None:
    """The answer is a success, or a sentence with the tracking id where Webex gave one."""
    text = said(person)
    assert APOLOGY not in text, about
    if success in text:
        return
    assert any(sentence in text for sentence in SENTENCES), f"{about}: {text}"
    if "status" in fault:
        assert "ROUTER_fault" in text, f"{about}: {text}"


def acted(bot: BotAtWork, since: int, fault: Mapping[str, Any]) -> int:
    """How many changes Webex has carried out: those whose answer was lost, too."""
    changing = [
        call
        for call in list(bot.sandbox.world.calls)[since:]
        if call.method != "GET" and call.path.startswith(TELEPHONY) and not call.path.endswith("/invoke")
    ]
    lost = fault.get("drop") == "after"
    return sum(lost if call.status is None else call.status < 300 for call in changing)


def test_the_table_is_complete(bot: BotAtWork) -> None:
    """A new command gets its line here."""
    assert set(bot.services.registry) == {*READS, *CHANGES, *DECISIONS, *WITHOUT_TELEPHONY}


@pytest.mark.parametrize("name", FAULTS)
def test_reading_and_proposing(bot: BotAtWork, alice: Person, name: str, halves: frozenset[int]) -> None:
    """Telephony fails for as long as the command runs."""
    alice.meets_the_bot()
    commands = {**READS, **{one: (CHANGES[one], PLANNED) for one in CHANGES}}
    for command, (line, success) in meeting(commands, name, halves):
        bot.meets(path=TELEPHONY, **FAULTS[name])
        alice.says(line)
        bot.meets_nothing_more()
        check(alice, success, FAULTS[name], f"{command} x {name}")


@pytest.mark.parametrize("name", FAULTS)
def test_applying(bot: BotAtWork, alice: Person, name: str, halves: frozenset[int]) -> None:
    """One answer to a change is lost, or it never arrived: it is settled, and never sent blindly again."""
    alice.meets_the_bot()
    for command, line in meeting(CHANGES, name, halves):
        alice.says(line)
        plan, since = alice.plan_id(), len(bot.sandbox.world.calls)
        bot.meets(path=TELEPHONY, pattern="^(?!.*invoke$)", method=METHODS[command], count=1, **FAULTS[name])
        alice.says(f"confirm {plan}")
        bot.meets_nothing_more()
        check(alice, "Done:", FAULTS[name], f"{command} confirmed x {name}")
        assert acted(bot, since, FAULTS[name]) <= 1, f"{command} x {name}"


@pytest.mark.parametrize("name", FAULTS)
def test_deciding(bot: BotAtWork, alice: Person, name: str) -> None:
    """Telephony fails while a plan is decided on: what needs none of it succeeds, and nothing is changed."""
    alice.says("add 5012 +14085550123 Jane Doe")
    plan = alice.plan_id()
    alice.says(f"confirm {plan}")
    for command in ("plans.undo", "plans.cancel", "plans.approve", "plans.reject", "plans.confirm"):
        since = len(bot.sandbox.world.calls)
        bot.meets(path=TELEPHONY, **FAULTS[name])
        alice.says(DECISIONS[command].format(plan=plan))
        bot.meets_nothing_more()
        success = PLANNED if command == "plans.undo" else plan
        check(alice, success, FAULTS[name], f"{command} x {name}")
        assert acted(bot, since, FAULTS[name]) == 0


OF_MESSAGING = {**FAULTS, "404 after the webhook": {"status": 404}}
EVERYTHING = {
    **{one: line for one, (line, _) in READS.items()}, **CHANGES, **WITHOUT_TELEPHONY,
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/messages/"), ("POST", "/v1/messages")])
def test_messaging(bot: BotAtWork, alice: Person, method: str, path: str) -> None:
    """One call fails that reads the message or sends the reply. Where it must, the engine tries again later."""
    alice.meets_the_bot()
    lines = cycle(EVERYTHING.items())
    for name, fault in OF_MESSAGING.items():
        if method == "POST" and fault.get("status") == 404:
            continue
        for command, line in (next(lines), next(lines)):
            bot.meets(deliveries="lost")
            message = alice.writes(line)
            bot.meets(method=method, path=path, count=1, **fault)
            deliver(bot, message, replies=method == "POST")
            assert told(bot, alice, message) == 1, f"{command} x {name}"
            assert APOLOGY not in said(alice), f"{command} x {name}"


def deliver(bot: BotAtWork, message: Mapping[str, Any], *, replies: bool) -> None:
    """The event of a message, as often as the engine would try: after three seconds, when slow `replies` came."""
    since, tick = len(bot.sandbox.world.calls), Event()
    event = event_of("messages", message)
    bot.queue.defer(event)
    bot.queue.wait_for(message["id"])
    bot.meets_nothing_more()
    if bot.queue.failures:
        assert all(isinstance(error, Unreachable | RateLimited) for error in bot.queue.failures)
        bot.queue.failures.clear()
        while replies and not posts(bot, since):
            tick.wait(0.01)
        bot.clock.pass_by(seconds=3)
        bot.queue.defer(event)
        bot.queue.wait_for(message["id"], times=2)


def posts(bot: BotAtWork, since: int) -> int:
    """How many replies the sandbox has dealt with."""
    calls = list(bot.sandbox.world.calls)[since:]
    return sum((call.method, call.path) == ("POST", "/v1/messages") for call in calls)


def told(bot: BotAtWork, person: Person, message: Mapping[str, Any]) -> int:
    """How many answers came after a message."""
    newer = takewhile(lambda one: one["id"] != message["id"], person.messages())
    return sum(one["personId"] == bot.services.own_id for one in newer)
