"""What has to be true of each letter of the table."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from matrix_entrances import Attempt
from matrix_roles import AT_LYON, person_id
from matrix_space import Answer, MatrixSpace
from matrix_subjects import parts_of, subject_of
from matrix_table import Cell
from matrix_ways import extension_at, range_at
from people import plain

from bot.access import NOT_OTHER_ORGANIZATIONS
from bot.audit import Occasion
from bot.commands import all_commands
from bot.plans import PlanState
from bot.policy import WHAT_FOR, Permission
from bot.sandbox.ids import named_id

SPECS = all_commands()
NOT_DONE = ("Not allowed", "That did not work", "I did not understand", "Something went wrong")
NOTHING_THERE = ("No virtual extension found", "No range found", "Nothing in the history")
NO_SECOND_PERSON = ("You asked for this plan yourself", "may not do this any more, so that it can't be approved")
AS_IF_NOT_THERE = "where you may do that. You need the permission “{permission}”, to "
NOT_FOUND = "Is it elsewhere? You need the permission “{permission}”, to "
UNREADABLE = "The bot's access policy can't be read, so that nobody may {what_for} now."
MISSING = "You need the permission “{permission}”, to {what_for}"

CHANGING = ("plans.confirm", "plans.approve")
"""What changes something at Webex; all else makes plans, or decides against them."""

DECIDED = {
    "plans.confirm": (PlanState.APPLIED, PlanState.AWAITING),
    "plans.approve": (PlanState.APPLIED,),
    "plans.cancel": (PlanState.CANCELLED,),
    "plans.reject": (PlanState.REJECTED,),
}
"""The states of a plan after it was decided on."""

ELSEWHERE = [thing for at in ("Denver", "organization level") for thing in (extension_at(at), range_at(at))]
ELSEWHERE_SECRETS = {
    secret for thing in ELSEWHERE for secret in thing.secrets if not secret.isdigit() and secret != "Denver"
}
"""What there is that is not at Lyon, without what occurs by chance, or in the examples on cards."""

ELSEWHERE_IDS = [named_id("LOCATION", name) for name in ("Denver", "Munich", "Tokyo")]


@dataclass(frozen=True)
class Verdict:
    """Judges what came of one attempt at a cell. Every method raises AssertionError with what is wrong."""

    cell: Cell
    attempt: Attempt
    space: MatrixSpace

    def check(self) -> None:
        """All that has to be true."""
        _LETTERS[self.cell.expected](self)
        if self.cell.command not in CHANGING or self.cell.expected != "y":
            assert not self.attempt.came.writes, f"The bot has sent {self.attempt.came.writes}."
            assert self.attempt.came.is_unchanged, "Something has changed."
        if self.cell.role in AT_LYON:
            self._check_nothing_from_elsewhere()

    # a letter each

    def _done(self) -> None:
        answer, command = self._answer(), self.cell.command
        _check_not_said(answer, (*NOT_DONE, *NOTHING_THERE))
        assert self.attempt.shows in answer.text, f"{self.attempt.shows!r} is not in:\n{answer.text}"
        refusals = [one for one in self.attempt.came.entries if one.entry.occasion == Occasion.REFUSAL]
        assert not refusals, "It was done, and noted as refused."
        if command in DECIDED:
            state = self.space.find_plan(self.attempt.plan.id).state
            assert state in DECIDED[command], f"The plan is {state}."
        elif SPECS[command].changes and "by its form" not in self.cell.row:
            self._check_planned(answer)

    def _nothing_shown(self) -> None:
        answer = self._answer()
        _check_not_said(answer, NOT_DONE)
        assert any(words in answer.text for words in NOTHING_THERE), f"Something is there:\n{answer.text}"
        self._check_secrets(answer)

    def _refused(self) -> None:
        answer, sentences = self._refusal(), self._sentences()
        assert any(sentence in answer.text for sentence in sentences), f"None of {sentences} in:\n{answer.text}"
        _check_not_said(answer, ("where you may do that",))

    def _hidden(self) -> None:
        """What is not there is answered in the same words."""
        answer = self._refusal()
        sentence = AS_IF_NOT_THERE.format(permission=SPECS[self.cell.command].permission)
        assert sentence in answer.text, f"{sentence!r} is not in:\n{answer.text}"
        self._check_nothing_there_alike(answer)

    def _not_found(self) -> None:
        """The same, but that it is no refusal: most often, it was mistyped."""
        answer = self._answer()
        sentence = NOT_FOUND.format(permission=SPECS[self.cell.command].permission)
        assert sentence in answer.text, f"{sentence!r} is not in:\n{answer.text}"
        _check_not_said(answer, ("Not allowed",))
        assert not answer.commands, f"The answer has buttons for {sorted(answer.commands)}."
        assert not self.attempt.came.entries, "A mistake in typing is in the history."
        self._check_secrets(answer)
        self._check_nothing_there_alike(answer)

    def _check_nothing_there_alike(self, answer: Answer) -> None:
        came, typed = self.attempt.again()
        others = [_without(one, typed) for one in came.answers]
        assert others == [_without(answer, self.attempt.typed)], f"{answer.text}\nis another answer than\n{others}"

    def _one_person_only(self) -> None:
        answer = self._refusal()
        assert any(sentence in answer.text for sentence in NO_SECOND_PERSON), f"It says:\n{answer.text}"

    def _unanswered(self) -> None:
        assert not self.attempt.came.answers, f"A bot was answered:\n{self._answer().text}"
        assert not self.attempt.came.entries, "A bot is in the history."

    # what they share

    def _answer(self) -> Answer:
        assert self.attempt.came.answers, "Nothing was answered."
        return self.attempt.came.answers[-1]

    def _check_planned(self, answer: Answer) -> None:
        """A plan came about, and waits for its confirmation."""
        commands = answer.commands
        assert "plans.confirm" in commands, f"There is no plan to confirm, but {sorted(commands)}."
        plan = self.space.find_plan(commands["plans.confirm"]["with_target"])
        assert plan.state is PlanState.PROPOSED, f"The plan is {plan.state}."
        if self.attempt.plan:
            assert plan.undoes == self.attempt.plan.id, f"The plan undoes {plan.undoes}."
            return
        assert plan.commands == [self.cell.command], f"The plan is for {plan.commands}."
        assert plan.requested_by == person_id(self.cell.role), f"The plan is of {plan.requested_name}."

    def _refusal(self) -> Answer:
        """The one answer anywhere, which refuses and tells nothing; and it is in the history."""
        answer, title = self._answer(), f"Not allowed: {SPECS[self.cell.command].title.lower()}"
        assert len(self.attempt.came.answers) == 1, "More was said than the refusal."
        assert not answer.in_place, "The refusal has taken the place of a card."
        assert title in answer.text, f"{title!r} is not in:\n{answer.text}"
        assert not answer.commands, f"The refusal has buttons for {sorted(answer.commands)}."
        self._check_secrets(answer)
        self._check_entry(answer)
        return answer

    def _check_entry(self, answer: Answer) -> None:
        plan_id = self.attempt.plan.id if self.attempt.plan else None
        expected = ["refusal", "refused", self.cell.command, person_id(self.cell.role), plan_id, None]
        entries = [one.entry for one in self.attempt.came.entries]
        noted = [
            [one.occasion, one.outcome, one.command, one.person_id, one.plan_id, one.thing] for one in entries
        ]
        assert noted == [expected], f"The history has {noted}, not {expected}."
        assert plain(entries[0].detail) in answer.text, f"The history says {entries[0].detail!r}."

    def _check_secrets(self, answer: Answer) -> None:
        """Of the thing nothing is said but what the person has typed, and where their own permission ends."""
        own = {"Lyon"} if self.cell.role in AT_LYON else set()
        revealed = self._revealed(answer.text, self.attempt.secrets - own)
        assert not revealed, f"{revealed} is revealed:\n{answer.text}"

    def _check_nothing_from_elsewhere(self) -> None:
        """Who is at Lyon alone sees nothing of other places, in lists and forms neither."""
        for answer in self.attempt.came.answers:
            card = json.dumps(answer.card, ensure_ascii=False)
            revealed = self._revealed(answer.text, ELSEWHERE_SECRETS)
            revealed += [one for one in ELSEWHERE_IDS if one in card and one not in self.attempt.typed]
            assert not revealed, f"{revealed} is not at Lyon:\n{answer.text}"

    def _revealed(self, text: str, secrets: Iterable[str]) -> list[str]:
        untyped = [secret for secret in secrets if secret not in self.attempt.typed]
        return [one for one in untyped if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]

    def _sentences(self) -> list[str]:
        """What a refusal says, by what may be missing."""
        if self.cell.role == "oscar":
            return [NOT_OTHER_ORGANIZATIONS]
        sentence = UNREADABLE if self.cell.role == "broken" else MISSING
        return [sentence.format(permission=one, what_for=WHAT_FOR[one]) for one in sorted(self._needed())]

    def _needed(self) -> set[Permission]:
        subject = subject_of(self.cell.row)
        if subject is None:
            return {SPECS[self.cell.command].permission}
        parts = parts_of(subject, [one.change for one in self.attempt.plan.changes], self.cell.role)
        of_commands = {SPECS[command].permission for command, _ in parts} - {None}
        return of_commands | ({Permission.BULK} if len(parts) > 1 else set())


_LETTERS = {
    "y": Verdict._done,
    "e": Verdict._nothing_shown,
    "n": Verdict._refused,
    "h": Verdict._hidden,
    "f": Verdict._not_found,
    "s": Verdict._one_person_only,
    "-": Verdict._unanswered,
}


def _check_not_said(answer: Answer, sentences: Iterable[str]) -> None:
    said = [sentence for sentence in sentences if sentence in answer.text]
    assert not said, f"{said} is in:\n{answer.text}"


def _without(answer: Answer, typed: str) -> str:
    """What it says, without the words that were typed where it repeats them."""
    words = {word for line in typed.splitlines() for word in (line, *line.split()) if len(word) > 2}
    text = answer.text
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(f"“{word}”", "“…”")
    return text
