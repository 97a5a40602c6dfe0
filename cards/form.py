"""Forms: labelled inputs that keep what was typed, with the error of a field directly below its input."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.calling.models import Location
from bot.command import Arguments
from bot.telephony import Order
from cards.elements import Choice, Element, InputChoiceSet, InputText, InputToggle
from cards.escape import one_line, sentence_for_message, shorten
from cards.layout import LONGEST_TITLE, Tone, banner, sentence
from cards.twin import bold, item, plain

MOST_BYTES = 3_500
"""What the choice of a location may take of a card: about 30 of them. Where there are more, the name is typed."""

LONGEST_KEPT = 2_000
"""Characters of an input that come back in the form: a hundred patterns of ten digits fit."""

LABELS: Mapping[str, str] = {
    "extension": "Extension",
    "phone_number": "Phone number",
    "display_name": "Display name",
    "first_name": "First name",
    "last_name": "Last name",
    "location": "Location",
    "level": "Level",
    "name": "Name",
    "prefix": "Prefix",
    "patterns": "Patterns",
    "action": "What to do with the patterns",
    "phone_numbers": "Phone numbers",
    "order": "Order",
    "mode": "Mode",
    "target": "Which one",
    "reason": "Why not, if you reject it",
    "person": "By whom",
    "plan": "Plan",
    "period": "When",
    "since": "From that day on",
    "until": "Up to that day",
}

Choices = Sequence[tuple[str, str]]
"""Titles and values."""


@dataclass(frozen=True)
class Form:
    """What the inputs hold, and what is wrong with it: a sentence by field name ("" for the form as a whole)."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(
        self, name: str, *, required: str | None = None, placeholder: str | None = None, multiline: bool = False
    ) -> list[Element]:
        """A text input. `required` is the sentence that the client shows where it is left empty."""
        line = InputText(
            id=name,
            label=LABELS[name],
            value=_kept(self.values.get(name, "")) or None,
            isRequired=True if required else None,
            errorMessage=required,
            placeholder=placeholder,
            isMultiline=multiline or None,
        )
        return [line, *self._error(name)]

    def choice(self, name: str, choices: Choices, *, label: str | None = None) -> list[Element]:
        """A drop-down list; the first choice is taken where the value is none of them."""
        values = [value for _, value in choices]
        chosen = self.values.get(name, "")
        return [
            InputChoiceSet(
                id=name,
                label=label or LABELS[name],
                style="compact",
                isMultiSelect=False,
                value=chosen if chosen in values else values[0],
                choices=[Choice(title=shorten(title, LONGEST_TITLE), value=value) for title, value in choices],
            ),
            *self._error(name),
        ]

    def location(self, locations: Sequence[Location], nowhere: str | None) -> list[Element]:
        """A choice of location, `nowhere` being none of them (None: one has to be chosen).

        A text input where there are too many or none, or where the one that was typed is unknown.
        """
        known = {key: place.id for place in locations for key in (place.id, place.name.casefold())}
        typed = self.values.get("location", "")
        chosen = known.get(typed) or known.get(typed.casefold(), "")
        if _bytes_of(locations) > MOST_BYTES or (typed and not chosen) or not (locations or nowhere):
            return self.text("location", placeholder=f"{nowhere}, or write a name" if nowhere else "Write a name")
        none = [(nowhere, "")] if nowhere else []
        choices = [*none, *((place.name, place.id) for place in locations)]
        return Form({"location": chosen}, self.errors).choice("location", choices)

    def tick(self, name: str, title: str, required: str) -> list[Element]:
        """A box that has to be ticked, "true" or "false"; `required` is what the client says where it is not."""
        box = InputToggle(
            id=name,
            title=title,
            value="false",
            valueOn="true",
            valueOff="false",
            wrap=True,
            isRequired=True,
            errorMessage=required,
        )
        return [box, *self._error(name)]

    def summary(self, drawn: Sequence[str]) -> list[Element]:
        """What is wrong, above the form: in full where no input of the form belongs to it."""
        if not self.errors:
            return []
        homeless = [problem for name, problem in self.errors.items() if name not in drawn]
        return [
            banner(
                " ".join(homeless) or "Nothing was changed. Mend what is marked below.", Tone.ATTENTION, "Not yet"
            )
        ]

    def lines(self, drawn: Sequence[str]) -> list[str]:
        """The same for the twin: what is wrong, then what was typed."""
        problems = [_problem(name, problem) for name, problem in self.errors.items()]
        typed = [item(f"{LABELS[name]}: {plain(self.values[name])}") for name in drawn if self.values.get(name)]
        return [*problems, *typed]

    def _error(self, name: str) -> list[Element]:
        problem = self.errors.get(name)
        if not problem:
            return []
        line = sentence(problem, "small")
        line.color, line.size = Tone.ATTENTION.value, "small"
        return [line]


def _problem(name: str, problem: str) -> str:
    label = bold(LABELS[name]) + ": " if name in LABELS else ""
    return item(f"{label}{sentence_for_message(problem)}")


def _kept(value: str) -> str:
    return "\n".join(one_line(line) for line in value[:LONGEST_KEPT].split("\n"))


def _bytes_of(locations: Sequence[Location]) -> int:
    return len(json.dumps([(place.name, place.id, "title value") for place in locations]))


def values_of(arguments: Arguments) -> dict[str, str]:
    """What was given, as the inputs hold it: a list as one text, a pattern a line."""
    given = arguments.given()
    return {name: "\n".join(value) if isinstance(value, list) else str(value) for name, value in given.items()}


def filter_choices(form: Form, locations: Sequence[Location]) -> list[list[Element]]:
    """The filters that extensions and ranges have in common: location, level and order."""
    return [
        form.location(locations, "Any location"),
        form.choice("level", [("Any level", ""), ("Organization level only", "ORGANIZATION")]),
        form.choice("order", [("Ascending", Order.ASC.value), ("Descending", Order.DSC.value)]),
    ]
