"""The space of the matrix: who asks there, what the bot answers anywhere, and the traces that it leaves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot_at_work import BotAtWork
from matrix_roles import MATRIX, name_of, person_id, policy_for
from people import Person, buttons, card_of, plain, visible

from bot.audit import Link
from bot.history import Filter
from bot.plans import Change, Plan, PlannedChange, PlanState
from bot.sandbox.records import Message
from bot.showing import send_card
from cards.elements import Card

CHECKS = "/actions/validate"
"""What is in the paths of calls that are posted and change nothing."""


@dataclass(frozen=True)
class Answer:
    """A message that the bot wrote, or whose card it replaced."""

    message: Message
    in_place: bool

    @property
    def as_sent(self) -> dict[str, Any]:
        """The message as Webex gives it."""
        return {"id": self.message.id, "attachments": list(self.message.attachments)}

    @property
    def card(self) -> dict[str, Any]:
        """Its card."""
        return card_of(self.as_sent)

    @cached_property
    def text(self) -> str:
        """All that it says: on the card, and beside it."""
        return f"{visible(self.card)}\n{plain(self.message.markdown or '')}"

    @property
    def commands(self) -> dict[str, dict[str, str]]:
        """What its buttons send, by command."""
        return {button["data"]["command"]: button["data"] for button, _ in buttons(self.card)}


@dataclass(frozen=True)
class Came:
    """What came of one request: answers, new entries of the history, and calls that write."""

    answers: Sequence[Answer]
    entries: Sequence[Link]
    writes: Sequence[str]
    is_unchanged: bool


class MatrixSpace:
    """A bot in a space with everybody."""

    def __init__(self, bot: BotAtWork) -> None:
        self._bot = bot
        self._policy = ""
        self._people: dict[str, Person] = {}
        self._looked_at = 0
        self._new_entries()

    # asking

    def asks(self, role: str, line: str) -> Came:
        """Somebody types a line, and mentions the bot."""
        mention = f"<@personId:{self._bot.services.own_id}|Extensions>"
        return self._watch(role, lambda person: person.says(f"{mention} {line}"))

    def submits(self, role: str, message: Mapping[str, Any], inputs: Mapping[str, str]) -> Came:
        """Somebody sends a submission, on a card of the bot."""
        return self._watch(role, lambda person: person.submits(dict(message), dict(inputs)))

    def opens(self, line: str) -> Answer:
        """The card that Alice gets for a line."""
        (answer,) = self.asks("alice", line).answers
        return answer

    def shows(self, card: Card) -> dict[str, Any]:
        """A card that the bot shows to everybody, as a message."""
        before = self._written()
        send_card(self._bot.services, MATRIX, None, card)
        (answer,) = self._answers(before)
        return answer.as_sent

    # plans

    def plan(self, role: str, changes: Sequence[Change], state: PlanState = PlanState.PROPOSED) -> Plan:
        """A plan that somebody of that role has asked for, be it before they lost the permission."""
        asker, name = person_id(role), name_of(role).capitalize()
        planned = tuple(map(PlannedChange, changes))
        draft = Plan("", PlanState.PROPOSED, asker, name, MATRIX, self._bot.clock(), planned)
        plan = self._bot.services.store.add_plan(draft)
        if state is PlanState.PROPOSED:
            return plan
        decided = replace(
            plan,
            state=state,
            decided_by=asker,
            decided_name=name,
            decided_at=self._bot.clock(),
            decided_event="before",
        )
        assert self._bot.services.store.decide_plan(decided, PlanState.PROPOSED)
        return decided

    def find_plan(self, plan_id: str) -> Plan:
        """The plan as it is now."""
        found = self._bot.services.store.find_plan(plan_id)
        assert found is not None
        return found

    # watching

    def _watch(self, role: str, does: Any) -> Came:
        if self._policy != policy_for(role):
            self._policy = policy_for(role)
            self._bot.goes_by(self._policy)
        world, written, before = self._bot.sandbox.world, self._written(), self._state()
        world.calls.clear()
        does(self._person(role))
        writes = [
            f"{call.method} {call.path}"
            for call in list(world.calls)
            if call.method != "GET" and "/telephony/" in call.path and CHECKS not in call.path
        ]
        return Came(list(self._answers(written)), self._new_entries(), writes, before == self._state())

    def _person(self, role: str) -> Person:
        name = name_of(role)
        if name not in self._people:
            self._people[name] = Person(self._bot, name)
        self._people[name].room_id = MATRIX
        return self._people[name]

    def _written(self) -> dict[str, int]:
        """The bot's messages, wherever they are, and how often each was replaced."""
        return {message.id: message.edits for message in self._messages()}

    def _messages(self) -> list[Message]:
        own_id = self._bot.services.own_id
        with self._bot.sandbox.world.lock:
            return [one for one in self._bot.sandbox.world.messages.values() if one.person_id == own_id]

    def _answers(self, before: Mapping[str, int]) -> Iterator[Answer]:
        for message in self._messages():
            if before.get(message.id) != message.edits:
                yield Answer(message, message.id in before)

    def _state(self) -> tuple[Any, ...]:
        numbering = self._bot.sandbox.numbering
        return numbering.extensions(), numbering.ranges(), numbering.mode

    def _new_entries(self) -> list[Link]:
        """What has come into the history since it was looked at."""
        newest = self._bot.services.store.history.page(Filter(), 0, 5)
        new = [one for one in newest if one.sequence > self._looked_at]
        self._looked_at = newest[0].sequence if newest else 0
        return new
