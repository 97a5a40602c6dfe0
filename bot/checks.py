"""What is checked before a change becomes a plan. What is wrong is said at the field that it belongs to."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from bot.calling.client import CallingClient
from bot.calling.models import Location, ValidationEntry
from bot.calling.requests import ExtensionFilter, RangeCheck
from bot.command import Arguments
from bot.errors import Mistakes, UserError
from bot.lookup import find_place
from bot.places import View
from bot.plans import Image, differences
from bot.policy import ORGANIZATION
from bot.telephony import (
    Level,
    PatternAction,
    read_extension,
    read_name,
    read_patterns,
    read_phone_number,
    read_prefix,
)

Value = str | list[str]
T = TypeVar("T")

EXTENSION_FIELDS: Mapping[str, tuple[str, Callable[[str], Value]]] = {
    "extension": ("extension", read_extension),
    "phone_number": ("phoneNumber", read_phone_number),
    "display_name": ("displayName", partial(read_name, field="display_name")),
    "first_name": ("firstName", partial(read_name, field="first_name")),
    "last_name": ("lastName", partial(read_name, field="last_name")),
}
"""By argument: the API's field, and what reads the value that a person typed."""

RANGE_FIELDS: Mapping[str, tuple[str, Callable[[str], Value]]] = {
    "name": ("name", partial(read_name, field="name")),
    "prefix": ("prefix", read_prefix),
}

REQUIRED: Mapping[str, tuple[str, str]] = {
    "extension": ("The extension is missing.", "It has 2 to 10 digits, such as 5012."),
    "phone_number": (
        "The phone number is missing.",
        "Write it with + and the country code, such as +14085550123.",
    ),
    "display_name": (
        "The display name is missing.",
        "Write the name that people see when they dial or are called.",
    ),
    "name": ("The name of the range is missing.", "Any name that no other range has, such as Berlin."),
    "prefix": ("The prefix is missing.", "It is what comes before the extension in the number called: +4930555."),
}

NUMBER_VERDICTS: Mapping[str, str] = {
    "DUPLICATE": "This number is already in use. Choose another one.",
    "DUPLICATE_IN_LIST": "This number is given more than once. Leave one out.",
    "INVALID": "Webex does not accept this number. Write it with + and the country code, such as +14085550123.",
}
RANGE_VERDICTS: Mapping[str, str] = {
    "DUPLICATE": "is already used by another range. Choose another one.",
    "DUPLICATE_IN_LIST": "is given more than once. Leave one out.",
    "INVALID": "is not accepted by Webex. Correct it.",
    "LIMIT_EXCEEDED": "is too much: a range holds at most 100 patterns. Make two ranges of it.",
}


def read_new_extension(wanted: Arguments) -> dict[str, Value]:
    """The image of a new extension. Raises Mistakes for everything that is missing or wrong."""
    return _read(EXTENSION_FIELDS, wanted, tuple(EXTENSION_FIELDS))


def read_extension_changes(wanted: Arguments) -> dict[str, Value]:
    """The fields of an extension that were given. Raises Mistakes for everything that is wrong."""
    given = tuple(name for name in EXTENSION_FIELDS if getattr(wanted, name) is not None)
    return _read(EXTENSION_FIELDS, wanted, given)


def read_new_range(wanted: Arguments) -> dict[str, Value]:
    """The image of a new range. Raises Mistakes for everything that is missing or wrong."""
    values = _read(RANGE_FIELDS, wanted, ("name", "prefix"))
    return {**values, **_gather({"patterns": lambda: sorted(read_patterns(wanted.patterns))})}


def read_range_changes(wanted: Arguments) -> dict[str, Value]:
    """The name and prefix of a range that were given. Raises Mistakes for everything that is wrong."""
    given = tuple(name for name in ("name", "prefix") if getattr(wanted, name) is not None)
    return _read(RANGE_FIELDS, wanted, given)


def differing(before: Image, after: Image) -> Image:
    """The fields that would change. Raises UserError if none would."""
    fields = differences(before, after)
    if not fields:
        raise UserError("That is how it is already: nothing would change.", "Change at least one of the values.")
    return fields


def new_patterns(present: Iterable[str], wanted: Arguments) -> list[str]:
    """The patterns that a range has after what was asked. Raises UserError for what can't be done."""
    had, given = set(present), read_patterns(wanted.patterns)
    if not given:
        return sorted(had)
    if wanted.action is None:
        raise UserError("What is to be done with the patterns?", "Choose to add, remove or replace.", "action")
    if wanted.action is PatternAction.ADD:
        return sorted(read_patterns([*had, *given]))
    if wanted.action is PatternAction.REPLACE:
        return sorted(given)
    if unknown := [pattern for pattern in given if pattern not in had]:
        sentence = f"{', '.join(unknown)} is not a pattern of this range."
        raise UserError(sentence, f"It has {', '.join(sorted(had)) or 'none'}.", "patterns")
    return sorted(had - set(given))


def _read(
    fields: Mapping[str, tuple[str, Callable[[str], Value]]], wanted: Arguments, names: Iterable[str]
) -> dict[str, Value]:
    return _gather({fields[name][0]: partial(_read_one, fields[name][1], wanted, name) for name in names})


def _read_one(read: Callable[[str], Value], wanted: Arguments, name: str) -> Value:
    typed = (getattr(wanted, name) or "").strip()
    if not typed and name in REQUIRED:
        raise UserError(*REQUIRED[name], field=name)
    return read(typed) if typed else ""


def _gather(readers: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """The value of each reader. Raises Mistakes for all that fail, not just for the first."""
    values: dict[str, T] = {}
    mistakes: dict[str, str] = {}
    for name, read in readers.items():
        try:
            values[name] = read()
        except UserError as error:
            mistakes[error.field or name] = str(error)
    if mistakes:
        raise Mistakes(mistakes)
    return values


def place_of_new(view: View, wanted: Arguments) -> Location | None:
    """The location of something new; None is organization level. Raises UserError, or NotAllowed."""
    if wanted.level is Level.LOCATION and not wanted.location:
        raise UserError("Which location?", "Name one, or choose organization level.", "location")
    if wanted.level is None and not wanted.location and not view.admits(ORGANIZATION):
        raise UserError("Which location?", "Choose the one that it is to be at.", "location")
    return find_place(view, wanted)


def check_values(calling: CallingClient, view: View, values: Image, location_id: str | None) -> tuple[str, ...]:
    """Check an extension's new number and new extension, where they are among the values, and return warnings.

    Raises Mistakes for both at once, or WebexError.
    """
    checks: dict[str, Callable[[], tuple[str, ...]]] = {}
    if "phoneNumber" in values:
        checks["phone_number"] = partial(_check_phone_number, calling, str(values["phoneNumber"]))
    if "extension" in values:
        checks["extension"] = partial(_check_extension, calling, view, str(values["extension"]), location_id)
    return tuple(warning for warnings in _gather(checks).values() for warning in warnings)


def _check_phone_number(calling: CallingClient, phone_number: str) -> tuple[str, ...]:
    """Let Webex validate a number (E.164): there are no warnings, it can be used or raises UserError."""
    validation = calling.validate_numbers([phone_number])
    refused = [entry for entry in validation.entries if not entry.passed]
    if validation.passed or (validation.entries and not refused):
        return ()
    status = refused[0].status if refused else "INVALID"
    said = f"Webex says: {refused[0].message}" if refused and refused[0].message else "Choose another one."
    raise UserError(NUMBER_VERDICTS.get(status, f"This number can't be used. {said}"), field="phone_number")


def _check_extension(
    calling: CallingClient, view: View, extension: str, location_id: str | None
) -> tuple[str, ...]:
    """See who has an extension already. Raises UserError if it is taken at that level.

    Returns a warning for each other place that the person may see and that has it too: that is allowed, and easily
    confused.
    """
    found = [
        one for one in calling.all_extensions(ExtensionFilter(extension=extension)) if one.extension == extension
    ]
    for one in found:
        if one.location_id == location_id:
            sentence = f"{extension} is already taken here, by {one.label} ({one.phone_number})."
            raise UserError(sentence, "Choose another extension.", "extension")
    places = (one.location_name or "organization level" for one in found if view.sees(one))
    return tuple(
        f"{extension} exists at {place} too: what people reach depends on where they dial." for place in places
    )


def check_new_range(calling: CallingClient, image: Image, location_id: str | None) -> None:
    """Let Webex validate a new range. Raises Mistakes with its verdicts, or WebexError."""
    _check_range(calling, RangeCheck.model_validate({**image, "locationId": location_id}))


def check_changed_range(
    calling: CallingClient, range_id: str, before: Image, after: Image, location_id: str | None
) -> None:
    """Let Webex validate what is new of a range.

    Raises UserError if nothing is, Mistakes with Webex's verdicts, or WebexError.
    """
    changed = {name: value for name, value in differing(before, after).items() if name != "patterns"}
    added = sorted(set(after["patterns"]) - set(before["patterns"]))
    if added or changed:
        asked = {
            **changed,
            **({"patterns": added} if added else {}),
            "rangeId": range_id,
            "locationId": location_id,
        }
        _check_range(calling, RangeCheck.model_validate(asked))


def _check_range(calling: CallingClient, check: RangeCheck) -> None:
    validation = calling.validate_range(check)
    if not validation.passed:
        refused = [entry for entry in validation.entries if not entry.passed]
        mistakes: dict[str, list[str]] = {}
        for entry in refused:
            mistakes.setdefault(_field_of(entry), []).append(_verdict(entry))
        raise Mistakes(
            {field: " ".join(sentences) for field, sentences in mistakes.items()}
            or {"": "Webex does not accept this range. Check its name, prefix and patterns."}
        )


def _field_of(entry: ValidationEntry) -> str:
    """The part that failed: Webex names it by filling in just that one, most narrow first."""
    return "patterns" if entry.pattern else "prefix" if entry.prefix else "name" if entry.name else "patterns"


def _verdict(entry: ValidationEntry) -> str:
    what = entry.pattern or entry.prefix or entry.name or "The list of patterns"
    if known := RANGE_VERDICTS.get(entry.status):
        return f"{what} {known}"
    return f"{what} can't be used. Webex says: {entry.message or entry.status}"
