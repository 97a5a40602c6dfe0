"""One change of a plan, as a title and as rows with before and after, on a card and in text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.plans import Change, Image, Kind, Thing
from cards.elements import Element
from cards.layout import LONGEST_VALUE, Cell, facts, table, text
from cards.twin import bold, fact_lines, item, plain
from cards.wording import MOST_PATTERNS, ORGANIZATION, SHORT_LIST, joined

LONGEST_CHANGE = 1_500
"""Characters: a hundred patterns, each of which somebody confirms."""

EMPTY = "(empty)"

FIELDS: Mapping[str, str] = {
    "extension": "Extension",
    "phoneNumber": "Phone number",
    "displayName": "Display name",
    "firstName": "First name",
    "lastName": "Last name",
    "name": "Name",
    "prefix": "Prefix",
    "patterns": "Patterns",
    "mode": "Mode",
}

THINGS: Mapping[Thing, str] = {
    Thing.EXTENSION: "virtual extension",
    Thing.RANGE: "range",
    Thing.MODE: "the mode of the organization",
}

INTENDED: Mapping[Kind, str] = {Kind.CREATE: "Add", Kind.CHANGE: "Change", Kind.DELETE: "Delete"}
HAPPENED: Mapping[Kind, str] = {Kind.CREATE: "Added", Kind.CHANGE: "Changed", Kind.DELETE: "Deleted"}


def intended(change: Change) -> str:
    """What is to happen, such as `Add virtual extension 5012`."""
    return f"{INTENDED[change.kind]} {_named(change)}"


def happened(change: Change) -> str:
    """What has happened, such as `Added virtual extension 5012`."""
    return f"{HAPPENED[change.kind]} {_named(change)}"


def where(change: Change) -> str:
    """The location, or the organization."""
    return change.location_name or ("A location" if change.location_id else ORGANIZATION)


def consequence(change: Change) -> str:
    """What a deletion means for those who dial; empty for other changes."""
    before = change.before or {}
    if change.kind is not Kind.DELETE:
        return ""
    if change.thing is Thing.EXTENSION:
        return (
            f"Whoever dials {_value(before, 'extension')} will not reach {_value(before, 'phoneNumber')} any more."
        )
    return f"Whoever dials a number of {change.label} will not reach anybody by it any more."


def rows(change: Change) -> list[tuple[str, str, str]]:
    """Field, before and after: of a change what differs, else everything that is filled."""
    before, after = change.before or {}, change.after or {}
    # What comes or goes is seen by nobody who does not see it here; of a change, there are rows of their own.
    longest = SHORT_LIST if change.kind is Kind.CHANGE else MOST_PATTERNS
    values = [(FIELDS[name], _value(before, name, longest), _value(after, name, longest)) for name in FIELDS]
    differing = [row for row in values if row[1] != row[2]]
    return differing + _pattern_rows(before, after) if change.kind is Kind.CHANGE else differing


def change_elements(change: Change) -> list[Element]:
    """The rows on a card: a table of before and after, or the facts of what comes or goes."""
    after_word = consequence(change)
    warning = [text(after_word, spacing="medium")] if after_word else []
    if change.kind is Kind.CHANGE:
        cells = [
            (Cell(name), _value_cell(old), replace(_value_cell(new), bold=True)) for name, old, new in rows(change)
        ]
        return [facts({"Where": where(change)}), *table(("Field", "Before", "After"), ("3", "4", "4"), cells)]
    known = {name: old or new for name, old, new in rows(change)}
    long = [text(f"{name}: {value}", spacing="medium") for name, value in known.items() if _is_long(value)]
    short = {name: value for name, value in known.items() if not _is_long(value)}
    return [facts({**short, "Where": where(change)}), *long, *warning]


def change_lines(change: Change) -> list[str]:
    """The same rows in text."""
    place = fact_lines([("Where", where(change))])
    if change.kind is Kind.CHANGE:
        return [*place, *(_row_line(*row) for row in rows(change))]
    known = [(name, old or new) for name, old, new in rows(change)]
    return [*fact_lines(known), *place, plain(consequence(change))]


def image_facts(image: Image | None) -> dict[str, str]:
    """What a thing looks like, by the names that people read."""
    return {label: _value(image or {}, name) for name, label in FIELDS.items()}


def _value_cell(value: str) -> Cell:
    """A value in full: what is confirmed must be seen."""
    return Cell(value or EMPTY, longest=LONGEST_CHANGE)


def _is_long(value: str) -> bool:
    return len(value) > LONGEST_VALUE


def _row_line(name: str, old: str, new: str) -> str:
    return item(f"{plain(name)}: {plain(old or EMPTY)} → {bold(new or EMPTY)}")


def _named(change: Change) -> str:
    thing = THINGS[change.thing]
    return thing if change.thing is Thing.MODE else f"{thing} {change.label}"


def _value(image: Image, name: str, longest: int = SHORT_LIST) -> str:
    value = image.get(name, "")
    return value if isinstance(value, str) else joined(value, longest)


def _pattern_rows(before: Image, after: Image) -> list[tuple[str, str, str]]:
    """What comes and goes, where the lists are too long to be shown and compared."""
    had, wanted = list(before.get("patterns", ())), list(after.get("patterns", ()))
    if max(len(had), len(wanted)) <= SHORT_LIST:
        return []
    gone, new = _without(had, wanted), _without(wanted, had)
    return [row for row in (("Patterns removed", gone, ""), ("Patterns added", "", new)) if row[1] or row[2]]


def _without(these: Sequence[str], those: Sequence[str]) -> str:
    return joined([one for one in these if one not in those], MOST_PATTERNS)
