"""Whatever is sent: an answer in words, never a traceback, and nothing changes that nobody confirmed.

Other seeds than that of every day: `pytest --hypothesis-seed=7 tests/stories/test_anything_goes.py`.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from bot_at_work import BotAtWork, bot_at_work, person_id
from forgeries import APOLOGY, NAMES, TEXTS, answers, writes
from hypothesis import given, settings
from hypothesis import strategies as st
from people import Person

from bot.commands import all_commands
from bot.language import NotUnderstood, read
from bot.sandbox.server import SandboxServer
from bot.submission import READERS

COMMANDS = all_commands()
WORDS = sorted(
    {
        word
        for spec in COMMANDS.values()
        for wording in spec.wordings
        for phrase in (*wording.verbs, *wording.nouns, *spec.examples)
        for word in phrase.split()
    }
)
PEOPLE = ("alice", "rita", "leo", "nina", "oscar")
DECIDING = {"plans.confirm", "plans.approve", "plans.cancel", "plans.reject"}
"""What Alice alone may do with her plan; the others try."""

ANY_TEXT = st.sampled_from(TEXTS + NAMES) | st.text(max_size=40) | st.text(st.characters(), max_size=20)
NUMBERS = st.from_regex(r"\+?[0-9]{1,16}|[0-9]{1,4}X{1,4}", fullmatch=True)
WORD = st.sampled_from(WORDS) | NUMBERS | ANY_TEXT | st.sampled_from(string.punctuation)
LINES = st.lists(WORD, max_size=12).map(" ".join) | st.text(max_size=300)

KEYS = st.sampled_from([*READERS, *(f"with_{name}" for name in READERS), "command", "role", "__class__"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SIMPLE = ANY_TEXT | NUMBERS | st.integers() | FLOATS | st.booleans() | st.none()
VALUES = SIMPLE | st.lists(SIMPLE, max_size=3) | st.dictionaries(KEYS, SIMPLE, max_size=2)
INPUTS = st.dictionaries(KEYS, ANY_TEXT | NUMBERS, max_size=8) | st.dictionaries(
    KEYS | ANY_TEXT, VALUES, max_size=8
)


@dataclass(frozen=True)
class Siege:
    """A bot in a space with everybody in it, and a plan of Alice's that waits there."""

    bot: BotAtWork
    people: dict[str, Person]
    room_id: str
    plan_id: str

    def check(self) -> None:
        """The latest answer is one, and Webex Calling is as it was."""
        latest = answers(self.bot, self.room_id)[-1]
        assert APOLOGY not in (latest.markdown or "")
        assert self.bot.queue.failures == []
        assert writes(self.bot) == []


@pytest.fixture(scope="module")
def siege(shared_database_url: str) -> Iterator[Siege]:
    """One bot for everything that is thrown at it."""
    with SandboxServer() as sandbox, bot_at_work(sandbox, shared_database_url) as bot:
        people = {name: Person(bot, name) for name in PEOPLE}
        people["alice"].says("delete 5003", in_space="Telephony")
        room_id, plan_id = people["alice"].room_id, people["alice"].plan_id()
        people["alice"].lets_in(person_id(bot, "oscar"), room_id)
        yield Siege(bot, people, room_id, plan_id)
        plan = bot.services.store.find_plan(plan_id)
        assert plan is not None
        assert plan.is_open


@given(line=LINES)
@settings(max_examples=200, deadline=None)
def test_every_line_is_read(line: str) -> None:
    """A command that there is, or a sentence and lines that can be sent instead."""
    found = read(line, COMMANDS)
    if isinstance(found, NotUnderstood):
        assert found.reason
        assert found.suggestions
    else:
        assert found.name in COMMANDS


@given(name=st.sampled_from(PEOPLE), line=LINES)
@settings(max_examples=50, deadline=None)
def test_every_line_is_answered(siege: Siege, name: str, line: str) -> None:
    """Said by anybody. No line holds the id of a plan, so that none confirms anything."""
    siege.people[name].says(line.encode(errors="replace")[:2_000].decode(errors="ignore"), in_space="Telephony")
    siege.check()


@given(name=st.sampled_from(PEOPLE), command=st.sampled_from(sorted(COMMANDS)), inputs=INPUTS, plan=st.booleans())
@settings(max_examples=120, deadline=None)
def test_every_submission_is_answered(
    siege: Siege, name: str, command: str, inputs: dict[str, Any], plan: bool
) -> None:
    """Not even one that names a plan changes anything, unless it confirms it and comes from who may."""
    named = {"with_target": siege.plan_id} if plan and (name != "alice" or command not in DECIDING) else {}
    message = {"id": answers(siege.bot, siege.room_id)[0].id}
    siege.people[name].submits(message, {**inputs, "command": command, **named})
    siege.check()


@given(name=st.sampled_from(PEOPLE), inputs=st.dictionaries(KEYS | ANY_TEXT, VALUES, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_submission_of_anything_is_answered(siege: Siege, name: str, inputs: dict[str, Any]) -> None:
    """Without so much as the name of a command."""
    siege.people[name].submits({"id": answers(siege.bot, siege.room_id)[0].id}, inputs)
    siege.check()
