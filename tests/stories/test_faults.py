"""Every command meets every fault of Webex: it ends in a success or in a sentence, and nothing is done twice.

Three things keep the table short. Pauses are a hundredth of those in production, and where a fault is slowness
time limits are short, too. A fault of telephony lasts for the whole command where that reads, proposes or
decides, and meets one call where a plan is applied: one answer is lost, and reading back works again. Commands
that call no telephony meet the faults of messaging and the directory, which come before and after any command in
the same way: each fault meets some commands there, typed ones and the press that confirms.

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
from policies import EVERYTHING, LOOKING, SECOND_PERSON

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
    "extensions.list": ("extensions", "4001"),
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

OF_ALL_FAULTS = {"test_approving", "test_directory", "test_messaging", "test_pressing"}
"""The tests that go through all faults with one bot: to start one takes longer than to meet a fault."""

APOLOGY = "Something went wrong in the bot"


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str, request: pytest.FixtureRequest) -> Iterator[BotAtWork]:
    """A bot that is in a hurry."""
    may_be_slow = request.node.name.endswith("[slow]") or request.node.originalname in OF_ALL_FAULTS
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


def rows(faults: Mapping[str, Mapping[str, Any]], column: int, halves: frozenset[int]) -> Iterator[str]:
    """The names of the faults that are met in this run by what is in that column."""
    return (name for row, name in enumerate(faults) if (row + column) % 2 in halves)


def at_pace(pace: str) -> Iterator[str]:
    """The names of the faults that are slow, or of the others: a bot in no hurry does not give those up."""
    return (name for name in FAULTS if (name == "slow") == (pace == "slow"))


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
    if reference := "ROUTER_fault" if "status" in fault else "ROUTER_" if "truncate" in fault else "":
        assert reference in text, f"{about}: {text}"


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


@pytest.mark.parametrize("pace", ["quick", "slow"])
def test_reading_and_proposing(bot: BotAtWork, alice: Person, pace: str, halves: frozenset[int]) -> None:
    """Telephony fails for as long as the command runs."""
    alice.meets_the_bot()
    commands = {**READS, **{one: (CHANGES[one], PLANNED) for one in CHANGES}}
    for name in at_pace(pace):
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


@pytest.mark.parametrize("pace", ["quick", "slow"])
def test_deciding(bot: BotAtWork, alice: Person, pace: str, halves: frozenset[int]) -> None:
    """Telephony fails while a plan is decided on: what needs none of it succeeds, and nothing is changed."""
    alice.says("add 5012 +14085550123 Jane Doe")
    plan = alice.plan_id()
    alice.says(f"confirm {plan}")
    for name in at_pace(pace):
        for command, line in meeting(DECISIONS, name, halves):
            fault, since = FAULTS[name], len(bot.sandbox.world.calls)
            bot.meets(path=TELEPHONY, **fault)
            alice.says(line.format(plan=plan))
            bot.meets_nothing_more()
            success = PLANNED if command == "plans.undo" else plan
            check(alice, success, fault, f"{command} x {name}")
            assert acted(bot, since, fault) == 0, f"{command} x {name}"


APPROVERS = f"{EVERYTHING}{LOOKING}{SECOND_PERSON}[approval]\ncommands = ['extensions.change']\n"


def waits_for_approval(alice: Person, name: str) -> str:
    """Alice has confirmed a plan of which somebody else decides; its id."""
    alice.says(f"rename 5003 to Jane {name.title().replace(' ', '')}")
    plan = alice.plan_id()
    alice.says(f"confirm {plan}")
    alice.sees("Waiting for approval")
    return plan


def test_approving(bot: BotAtWork, alice: Person, rita: Person, halves: frozenset[int]) -> None:
    """Telephony fails while somebody decides on a plan that waits for that, then in the middle of its change."""
    bot.goes_by(APPROVERS)
    for one in (alice, rita):
        one.meets_the_bot()
    for name in rows(FAULTS, 1, halves):
        fault, since = FAULTS[name], len(bot.sandbox.world.calls)
        plan = waits_for_approval(alice, name)
        bot.meets(path=TELEPHONY, **fault)
        rita.says(f"reject {plan}")
        bot.meets_nothing_more()
        assert plan in said(rita), f"plans.reject x {name}: {said(rita)}"
        assert "Rejected" in said(alice), f"plans.reject x {name}: {said(alice)}"
        assert acted(bot, since, fault) == 0, name
    # What is slow comes last: Webex carries it out when the bot has given it up.
    for name in sorted(rows(FAULTS, 0, halves), key="slow".__eq__):
        fault, since = FAULTS[name], len(bot.sandbox.world.calls)
        plan = waits_for_approval(alice, name)
        bot.meets(path=TELEPHONY, **fault)
        rita.says(f"approve {plan}")
        bot.meets_nothing_more()
        assert "Done:" not in said(rita), name
        check(rita, "Done:", fault, f"plans.approve x {name}")
        assert acted(bot, since, fault) == 0, name
        bot.meets(path=TELEPHONY, method="PUT", count=1, **fault)
        rita.says(f"approve {plan}")
        bot.meets_nothing_more()
        check(rita, "Done:", fault, f"plans.approve, applying x {name}")
        assert acted(bot, since, fault) <= 1, name


OF_PEOPLE = {"/v1/people": 0, "/identity/scim": 1}
"""What is asked about a person whom the bot has not looked up for five minutes, each in its column."""


def test_directory(bot: BotAtWork, alice: Person, rita: Person, halves: frozenset[int]) -> None:
    """Nobody is let do anything without it: who asks is told, and all is well when it answers again."""
    for one in (alice, rita):
        one.meets_the_bot()
    lines = cycle([(one, *READS[one]) for one in READS] + [(one, CHANGES[one], PLANNED) for one in CHANGES])
    for path, column in OF_PEOPLE.items():
        bot.clock.pass_by(minutes=6)
        for name in rows(FAULTS, column, halves):
            command, line, success = next(lines)
            bot.meets(path=path, **FAULTS[name])
            alice.says(line)
            bot.meets_nothing_more()
            assert success not in said(alice), f"{command} x {path}, {name}"
            check(alice, success, FAULTS[name], f"{command} x {path}, {name}")
    bot.goes_by(APPROVERS)
    alice.says("rename 5003 to Jane Roe")
    plan = alice.plan_id()
    for name in rows(FAULTS, 0, halves):
        bot.meets(path="/v1/roles", **FAULTS[name])
        alice.says(f"confirm {plan}")
        bot.meets_nothing_more()
        assert "Waiting" not in said(alice), f"plans.confirm x /v1/roles, {name}"
        check(alice, "Waiting", FAULTS[name], f"plans.confirm x /v1/roles, {name}")
    alice.says(f"confirm {plan}")
    alice.sees("Waiting for approval")


OF_MESSAGING = {**FAULTS, "404 after the webhook": {"status": 404}}
EVERY_COMMAND = {
    **{one: line for one, (line, _) in READS.items()}, **CHANGES, **WITHOUT_TELEPHONY,
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/messages/"), ("POST", "/v1/messages")])
def test_messaging(bot: BotAtWork, alice: Person, method: str, path: str, halves: frozenset[int]) -> None:
    """One call fails that reads the message or sends the reply. Where it must, the engine tries again later."""
    alice.meets_the_bot()
    replies = method == "POST"
    # The two begin at the two ends of the commands, so that between them they come to all.
    lines = cycle(reversed(EVERY_COMMAND.items()) if replies else EVERY_COMMAND.items())
    for name in rows(OF_MESSAGING, int(replies), halves):
        (command, line), fault = next(lines), OF_MESSAGING[name]
        if replies and fault.get("status") == 404:
            continue
        bot.meets(deliveries="lost")
        message = alice.writes(line)
        bot.meets(method=method, path=path, count=1, **fault)
        deliver(bot, message, replies=replies)
        assert told(bot, alice, message) == 1, f"{command} x {name}"
        assert APOLOGY not in said(alice), f"{command} x {name}"


@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/messages/"), ("GET", "/v1/attachment/actions/")])
def test_pressing(bot: BotAtWork, alice: Person, method: str, path: str, halves: frozenset[int]) -> None:
    """One call fails that reads the press on a confirmation, or puts the answer in the place of its card.

    It is confirmed once, and there is one answer, in that place: another one only where Webex has no such card.
    """
    alice.meets_the_bot()
    for name in rows(OF_MESSAGING, int(method == "PUT"), halves):
        fault = OF_MESSAGING[name]
        alice.says(f"rename 5003 to Jane {name.title().replace(' ', '')}")
        card, before, since = alice.answer, len(alice.messages()), len(bot.sandbox.world.calls)
        bot.meets(deliveries="lost")
        press = alice.presses("Confirm", on=card)
        bot.meets(method=method, path=path, count=1, **fault)
        deliver(bot, press, resource="attachmentActions")
        assert "Done:" in said(alice), f"plans.confirm x {method} {path}, {name}: {said(alice)}"
        assert acted(bot, since, fault) == 1, f"plans.confirm x {method} {path}, {name}"
        assert len(alice.messages()) == before, f"plans.confirm x {method} {path}, {name}"
        is_new = method == "PUT" and fault.get("status") == 404
        assert (alice.answer["id"] != card["id"]) == is_new, f"plans.confirm x {method} {path}, {name}"


def deliver(
    bot: BotAtWork, message: Mapping[str, Any], *, replies: bool = False, resource: str = "messages"
) -> None:
    """The event of a message, as often as the engine would try: after three seconds, when slow `replies` came."""
    since, tick = len(bot.sandbox.world.calls), Event()
    event = event_of(resource, message)
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
