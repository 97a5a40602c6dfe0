"""What Webex says about numbers and ranges before they are used, entry by entry, and the forms that ask it."""

from collections.abc import Mapping, Sequence

from bot.calling.models import Location, Validation, ValidationEntry
from bot.command import Arguments
from cards.buttons import button, submit, unfold
from cards.elements import Action, Card, Element, finish
from cards.form import Form, values_of
from cards.layout import Cell, Tone, header, quiet, table, text
from cards.ranges import DRAWN, range_inputs
from cards.twin import bold, item, line_to_type, plain, twin
from cards.wording import ORGANIZATION, joined, location_label

KIND = "Validation by Webex"
MOST_ROWS = 20
"""Rows on a card; problems come first where there are more."""

VERDICTS: Mapping[str, tuple[str, str, Tone]] = {
    "VALID": ("Valid", "Can be used.", Tone.GOOD),
    "DUPLICATE": ("In use", "Already in use: choose another one.", Tone.ATTENTION),
    "DUPLICATE_IN_LIST": ("Repeated", "More than once in your list: take one away.", Tone.WARNING),
    "INVALID": ("Invalid", "Not in a form that Webex accepts: correct it.", Tone.ATTENTION),
    "LIMIT_EXCEEDED": (
        "Too many",
        "More than Webex takes (100 patterns in a range): take some away.",
        Tone.ATTENTION,
    ),
}
"""The word, what it means and what to do next, and the colour, by the API's status."""


def numbers_result(validation: Validation, phone_numbers: Sequence[str]) -> Card:
    """The verdict on each number. Webex sends no list where all are valid, hence the numbers that were asked."""
    entries = validation.entries or _all_valid(validation, phone_numbers)
    title = "All numbers are valid" if validation.passed else "Not every number is valid"
    go_on = "Correct the numbers and type `check` and the numbers again."
    if validation.passed and phone_numbers:
        go_on = f"Type {line_to_type('add 5012', phone_numbers[0], 'Jane Doe')} to use one."
    form = Form({"phone_numbers": "\n".join(phone_numbers)})
    again = unfold("Check others", _number_inputs(form), [submit("Check", "numbers.validate")])
    return _result(title, _count(len(entries), "number"), validation, entries, go_on, [again])


def range_result(
    validation: Validation,
    arguments: Arguments,
    locations: Sequence[Location],
    may_add: bool,
    *,
    everybody: bool = True,
) -> Card:
    """The verdict on each part of a range that Webex found something about, and the way to add or correct it.

    With `everybody` it may be at organization level.
    """
    asked = " · ".join(part for part in (arguments.name, arguments.prefix, joined(arguments.patterns)) if part)
    title = "The range is valid" if validation.passed else "The range can't be used like this"
    new = validation.passed and may_add and not arguments.target
    add = [button("Add this range", "ranges.add", arguments, style="positive")] if new else []
    go_on = f"Type {_typed_range('check', arguments, locations)} to check it again."
    if new:
        go_on = f"Type {_typed_range('add', arguments, locations)} to add it."
    actions = [*add, _correct(arguments, locations, everybody)]
    return _result(title, asked, validation, validation.entries, go_on, actions)


def numbers_form(arguments: Arguments, errors: Mapping[str, str] | None = None) -> Card:
    """The form that asks for numbers to check."""
    form = Form(values_of(arguments), errors or {})
    title, about = "Check phone numbers", "Webex says of each number whether a virtual extension can have it."
    body = [*header(KIND, title, about), *form.summary(["phone_numbers"]), *_number_inputs(form)]
    go_on = "Fill in the card, or type `check +14085550123 +4930555010`. A check changes nothing."
    lines = form.lines(["phone_numbers"])
    return finish(body, [submit("Check", "numbers.validate")], twin(title, lines, go_on))


def range_validation_form(
    arguments: Arguments,
    locations: Sequence[Location],
    errors: Mapping[str, str] | None = None,
    *,
    everybody: bool = True,
) -> Card:
    """The form that asks for a range to check; with `everybody` it may be at organization level."""
    form = Form(values_of(arguments), errors or {})
    title, about = "Check a range", "Webex says whether its name, prefix and patterns can be used."
    body = [
        *header(KIND, title, about),
        *form.summary(DRAWN),
        *range_inputs(form),
        *form.location(locations, ORGANIZATION if everybody else None),
    ]
    go_on = "Fill in the card, or type `check range Berlin +4930555 5XXX`. A check changes nothing."
    return finish(body, [_check_range(arguments)], twin(title, form.lines(DRAWN), go_on))


def _result(
    title: str,
    asked: str,
    validation: Validation,
    entries: Sequence[ValidationEntry],
    go_on: str,
    actions: Sequence[Action],
) -> Card:
    tone = Tone.GOOD if validation.passed else Tone.ATTENTION
    shown = entries if len(entries) <= MOST_ROWS else sorted(entries, key=lambda entry: entry.passed)
    left_out = len(entries) - MOST_ROWS
    body = [
        *header(KIND, title, tone=tone),
        *([text(asked)] if asked else []),
        *(_table(shown[:MOST_ROWS]) if entries else []),
        *(
            [quiet(f"And {left_out} more, problems first. The message's text has them all.")]
            if left_out > 0
            else []
        ),
        *([quiet("A check changes nothing.", "medium")]),
    ]
    return finish(body, actions, twin(title, [plain(asked), *(_entry_line(entry) for entry in shown)], go_on))


def _table(entries: Sequence[ValidationEntry]) -> list[Element]:
    rows = [
        (Cell(_subject(entry), below=_message(entry), bold=True), Cell(word, bold=True, tone=tone))
        for entry in entries
        for word, _, tone in [_verdict(entry)]
    ]
    return table(("Checked", "Result"), ("4", "90px"), rows)


def _entry_line(entry: ValidationEntry) -> str:
    word, _, _ = _verdict(entry)
    return item(plain(_subject(entry)), bold(word), plain(_message(entry)))


def _verdict(entry: ValidationEntry) -> tuple[str, str, Tone]:
    unknown = (entry.status or "No result", "Webex gave a result that is new to this bot.", Tone.WARNING)
    return VERDICTS.get(entry.status, unknown)


def _message(entry: ValidationEntry) -> str:
    """What the status means, and what Webex says in addition."""
    _, meaning, _ = _verdict(entry)
    return f"{meaning} {entry.message}" if entry.message and not entry.passed else meaning


def _subject(entry: ValidationEntry) -> str:
    """What the entry is about; Webex names a part of a range by filling that field."""
    parts = (("Name", entry.name), ("Prefix", entry.prefix), ("Pattern", entry.pattern))
    named = ", ".join(f"{part} {value}" for part, value in parts if value)
    return entry.phone_number or named or "The request"


def _all_valid(validation: Validation, phone_numbers: Sequence[str]) -> tuple[ValidationEntry, ...]:
    if not validation.passed:
        return ()
    return tuple(ValidationEntry(status="VALID", phone_number=number) for number in phone_numbers)


def _number_inputs(form: Form) -> list[Element]:
    required = "Write at least one number, such as +14085550123."
    numbers = form.text("phone_numbers", required=required, multiline=True, placeholder="+14085550123")
    return [*numbers, quiet("Separate several by spaces, commas or lines.", "small")]


def _typed_range(verb: str, arguments: Arguments, locations: Sequence[Location]) -> str:
    at = f"at {location_label(arguments.location, locations)}" if arguments.location else ""
    return line_to_type(
        verb, "range", arguments.name or "", arguments.prefix or "", " ".join(arguments.patterns), at
    )


def _correct(arguments: Arguments, locations: Sequence[Location], everybody: bool) -> Action:
    form = Form(values_of(arguments))
    body = [*range_inputs(form), *form.location(locations, ORGANIZATION if everybody else None)]
    return unfold("Correct it", body, [_check_range(arguments)])


def _check_range(arguments: Arguments) -> Action:
    """An existing range keeps its id, else Webex would find its own name and patterns in use."""
    return submit("Check", "ranges.validate", Arguments(target=arguments.target))


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
