"""Every entrance of a row: the line, the button on a card of the bot, the submission that is made by hand."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from matrix_space import Came, MatrixSpace
from matrix_subjects import Subject, Supply, done, secrets_of, subject_of
from matrix_table import Cell
from matrix_ways import Way, ways
from people import buttons, card_of

from bot.plans import Plan, PlanState
from bot.telephony import Mode
from cards.approvals import approval_card
from cards.elements import Card
from cards.help import greeting_card
from cards.plans import plan_card, plan_confirmed

Inputs = Mapping[str, str]
Words = Mapping[str, str]


@dataclass(frozen=True)
class Attempt:
    """One way in, and what came of it. `typed` is all that the person sent; `again` does the same with a thing
    that is not there, and has what came of that, and what was sent.
    """

    entrance: str
    came: Came
    typed: str
    secrets: frozenset[str]
    shows: str = ""
    plan: Plan | None = None
    again: Callable[[], tuple[Came, str]] | None = None


@dataclass
class Entrances:
    """Goes through the entrances of cells. Plans and cards serve again where nothing came of them."""

    space: MatrixSpace
    supply: Supply
    _ways: dict[str, Way] = field(default_factory=ways)
    _cards: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    _plans: dict[tuple[str, ...], Plan] = field(default_factory=dict)
    _ways_back: set[str] = field(default_factory=set)

    def of(self, cell: Cell) -> Iterator[Callable[[], Attempt]]:
        """Each entrance that there is for the cell. Another bot sees no card of ours, so it can't submit one."""
        subject = subject_of(cell.row)
        entrances = self._of_plan(cell, subject) if subject else self._of_way(cell, self._ways[cell.row])
        return islice(entrances, 1 if cell.role == "relay" else None)

    # what is not about plans

    def _of_way(self, cell: Cell, way: Way) -> Iterator[Callable[[], Attempt]]:
        yield lambda: self._typed(cell, way)
        yield lambda: self._by_hand(cell, way)
        if way.button:
            yield lambda: self._pressed(cell, way)

    def _typed(self, cell: Cell, way: Way) -> Attempt:
        def does(words: Words) -> tuple[Came, str]:
            line = way.line.format_map(words)
            return self.space.asks(cell.role, line), line

        return self._attempt("typed", way, does, self._named(way.thing.words), self._named(way.thing.absent))

    def _by_hand(self, cell: Cell, way: Way) -> Attempt:
        """A place or a thing is named as one would type it."""
        message = self._any_card(cell)

        def does(words: Words) -> tuple[Came, str]:
            named = {**words, "id": words.get("it", ""), "place": words.get("at", "")}
            inputs = {"command": cell.command, **_filled({**way.inputs, **way.made}, named)}
            return self._submit(cell, message, inputs)

        return self._attempt("by hand", way, does, self._named(way.thing.words), self._named(way.thing.absent))

    def _pressed(self, cell: Cell, way: Way) -> Attempt:
        known, absent = self._named(way.thing.words), self._named(way.thing.absent)
        message = self._opened(cell, way, known)
        button = way.button.format_map(known)

        def does(words: Words) -> tuple[Came, str]:
            inputs = _sent(message, button, _filled(way.inputs, known))
            swapped = {name: _swapped(value, known, words) for name, value in inputs.items()}
            return self._submit(cell, message, swapped)

        return self._attempt("pressed", way, does, known, absent)

    def _attempt(
        self, entrance: str, way: Way, does: Callable[[Words], tuple[Came, str]], known: Words, absent: Words
    ) -> Attempt:
        came, typed = does(known)
        shows = way.shows.format_map(known)
        return Attempt(entrance, came, typed, way.thing.secrets, shows, again=lambda: does(absent))

    def _submit(self, cell: Cell, message: Mapping[str, Any], inputs: Inputs) -> tuple[Came, str]:
        return self.space.submits(cell.role, message, inputs), "\n".join(inputs.values())

    def _any_card(self, cell: Cell) -> dict[str, Any]:
        """A card that has nothing to do with it: a submission by hand needs one to be on."""
        return self._kept(cell, (), lambda: self.space.shows(greeting_card()))

    def _opened(self, cell: Cell, way: Way, words: Words) -> dict[str, Any]:
        """The card that Alice got for a line, as long as nothing has taken its place."""
        line, button = way.opens.format_map(words), way.button.format_map(words)
        if not line:
            return self._kept(cell, (line, button), lambda: self.space.shows(plan_confirmed(self._changed_mode())))
        return self._kept(cell, (line, button), lambda: self.space.opens(line).as_sent)

    def _changed_mode(self) -> Plan:
        return done(self.supply.changes(Subject("confirm", "the mode", "", "alice")))

    def _kept(self, cell: Cell, key: tuple[str, ...], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What is refused leaves the card as it is, for the next one to press."""
        found = self._cards.pop(key, None) or make()
        if cell.expected not in "ye":
            self._cards[key] = found
        return found

    def _named(self, words: Words) -> Words:
        other = next(mode for mode in Mode if mode != self.supply.mode)
        return {**words, "mode": other.lower(), "MODE": other.value}

    # what is about plans

    def _of_plan(self, cell: Cell, subject: Subject) -> Iterator[Callable[[], Attempt]]:
        yield lambda: self._plan_typed(cell, subject)
        yield lambda: self._plan_by_hand(cell, subject)
        yield lambda: self._plan_pressed(cell, subject)

    def _plan_typed(self, cell: Cell, subject: Subject) -> Attempt:
        plan = self._plan(cell, subject)
        line = f"{subject.verb} {plan.id}"
        return self._decided("typed", plan, self.space.asks(cell.role, line), line)

    def _plan_by_hand(self, cell: Cell, subject: Subject) -> Attempt:
        plan = self._plan(cell, subject)
        inputs = {"command": cell.command, "target": plan.id.lower(), "acknowledged": "true"}
        came, typed = self._submit(cell, self._any_card(cell), inputs)
        return self._decided("by hand", plan, came, typed)

    def _plan_pressed(self, cell: Cell, subject: Subject) -> Attempt:
        plan = self._plan(cell, subject)
        key = (cell.command, plan.id)
        message = self._kept(cell, key, lambda: self.space.shows(_card_to_press(subject, plan)))
        inputs = _sent(message, cell.command, {})
        if "acknowledged" in inputs:
            inputs["acknowledged"] = "true"
        came, typed = self._submit(cell, message, inputs)
        return self._decided("pressed", plan, came, typed)

    def _decided(self, entrance: str, plan: Plan, came: Came, typed: str) -> Attempt:
        return Attempt(entrance, came, typed, secrets_of([one.change for one in plan.changes]), plan=plan)

    def _plan(self, cell: Cell, subject: Subject) -> Plan:
        """A plan to decide on. One that was refused to somebody is still there for the next one.

        But for the mode, which other plans change: nothing can be done any more with a plan from before.
        """
        asker = subject.asked_by(cell.role)
        key = (subject.verb, subject.what, subject.place, asker)
        if subject.what == "the mode" and cell.expected == "y":
            return self._new_plan(subject, asker)
        if key in self._plans and subject.verb == "undo":
            self._plan_way_back(self._plans[key], asker)
        plan = self._plans.pop(key, None) or self._new_plan(subject, asker)
        if cell.expected != "y":
            self._plans[key] = plan
        return plan

    def _plan_way_back(self, plan: Plan, asker: str) -> None:
        """Have the undo planned by somebody who may: for whoever comes next there is one already."""
        if plan.id not in self._ways_back:
            self._ways_back.add(plan.id)
            self.space.asks(asker, f"undo {plan.id}")

    def _new_plan(self, subject: Subject, asker: str) -> Plan:
        changes = self.supply.changes(subject)
        if subject.verb in ("approve", "reject"):
            return self.space.plan(asker, changes, PlanState.AWAITING)
        plan = self.space.plan(asker, changes)
        if subject.verb == "undo":
            self.space.asks(asker, f"confirm {plan.id}")
            plan = self.space.find_plan(plan.id)
            assert plan.state is PlanState.APPLIED
        return plan


def _card_to_press(subject: Subject, plan: Plan) -> Card:
    if subject.verb in ("approve", "reject"):
        return approval_card(plan)
    return plan_confirmed(plan) if subject.verb == "undo" else plan_card(plan)


def _sent(message: Mapping[str, Any], wanted: str, given: Inputs) -> dict[str, str]:
    """What a client sends when the button of that title, or of that command, is pressed."""
    for button, fields in buttons(card_of(dict(message))):
        if wanted in (button["title"], button["data"]["command"]):
            held = {one["id"]: str(one.get("value", "")) for one in fields}
            assert given.keys() <= held.keys(), f"{wanted} sends no {given.keys() - held.keys()}"
            return {**held, **given, **button["data"]}
    raise AssertionError(f"There is no button {wanted}.")


def _filled(inputs: Inputs, words: Words) -> dict[str, str]:
    return {name: value.format_map(words) for name, value in inputs.items()}


def _swapped(value: str, known: Words, others: Words) -> str:
    return next((others[name] for name, word in known.items() if word == value and word), value)
