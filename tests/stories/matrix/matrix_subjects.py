"""The rows of the matrix about plans: what a plan would change, and who asked for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from matrix_roles import name_of
from matrix_ways import place_named

from bot.access import Target
from bot.plans import (
    Change,
    ChangeState,
    Image,
    Kind,
    Outcome,
    Plan,
    PlannedChange,
    PlanState,
    Thing,
    command_of,
    target_of,
)
from bot.policy import Place
from bot.sandbox.ids import named_id
from bot.sandbox.numbering import Extension, Numbering
from bot.sandbox.ranges import Range
from bot.telephony import Mode
from bot.undo import inverse

ROW = re.compile(
    r"plans\.(?P<verb>\w+) of (?P<what>.+?)(?: at (?P<place>Lyon|Denver|organization level))?"
    r"(?: asked by (?P<asker>\w+))?$"
)
PLENTY = 900
"""Extensions of the sandbox: each plan that is carried out has one of its own."""


@dataclass(frozen=True)
class Subject:
    """What a row about a plan says: `what` would change at `place`, and the role of who asked for it."""

    verb: str
    what: str
    place: str
    asker: str

    def asked_by(self, role: str) -> str:
        """The role of who asked, where that role is looked at."""
        return role if self.asker == "oneself" else self.asker


def subject_of(row: str) -> Subject | None:
    """What the row says about a plan; None where it is about something else."""
    found = ROW.match(row)
    if not found:
        return None
    return Subject(found["verb"], found["what"], found["place"] or "", found["asker"] or "alice")


class Supply:
    """Things to plan changes of. Each is given once: what one plan does is nothing to the others."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._numbers = count(1)
        self._free = {place: self._at(place) for place in ("Lyon", "Denver", "organization level")}

    def changes(self, subject: Subject) -> tuple[Change, ...]:
        """The changes of a new plan about that subject, which fit the present."""
        return tuple(_BUILDERS[subject.what](self, subject.place))

    def extension(self, place: str) -> Extension:
        """An extension there that nobody had yet."""
        return next(self._free[place])

    def number(self) -> int:
        """A number that nobody had yet."""
        return next(self._numbers)

    def range(self, place: str) -> Range:
        """A new range there."""
        number, where = self.number(), place_named(place)
        location = self._numbering.location(where.location_id) if where.location_id else None
        prefix = f"+1{300 + number // 100}555{number % 100:02}"
        identity, patterns = named_id("VIRTUAL_EXTENSION_RANGE", prefix), (f"7{number:04}X",)
        new = Range(identity, f"Quay {number}", prefix, patterns, location)
        self._numbering.add_range(new)
        return new

    @property
    def mode(self) -> Mode:
        """The present mode."""
        return self._numbering.mode

    def _at(self, place: str) -> Iterator[Extension]:
        name = place_named(place).location_name
        return (
            one
            for one in self._numbering.extensions()
            if len(one.extension) == 5 and (one.location.name if one.location else None) == name
        )


def _change(thing: Thing, found: Extension | Range, label: str, before: Image, after: Image | None) -> Change:
    kind = Kind.CHANGE if after else Kind.DELETE
    place = Place(found.location.id, found.location.name) if found.location else Place()
    return Change(kind, thing, label, before, after, found.id, place.location_id, place.location_name)


def _of_extension(found: Extension, **values: str) -> Change:
    before = {
        "extension": found.extension,
        "phoneNumber": found.phone_number,
        "displayName": found.display_name or "",
        "firstName": found.first_name or "",
        "lastName": found.last_name or "",
    }
    label = f"{found.extension} {found.display_name}"
    return _change(Thing.EXTENSION, found, label, before, {**before, **values} if values else None)


def _of_range(found: Range, patterns: Sequence[str] = ()) -> Change:
    before = {"name": found.name, "prefix": found.prefix, "patterns": sorted(found.patterns)}
    after = {**before, "patterns": sorted([*found.patterns, *patterns])} if patterns else None
    return _change(Thing.RANGE, found, found.name, before, after)


def _addition(supply: Supply, place: str) -> list[Change]:
    number, where = supply.number(), place_named(place)
    numbers = {"extension": str(60_000 + number), "phoneNumber": _phone_number(500, number)}
    after = {**numbers, "displayName": f"Quinn {number}", "firstName": "Quinn", "lastName": "Castle"}
    label, at = f"{after['extension']} {after['displayName']}", (where.location_id, where.location_name)
    return [Change(Kind.CREATE, Thing.EXTENSION, label, None, after, None, *at)]


def _new_number(supply: Supply, place: str) -> list[Change]:
    return [_of_extension(supply.extension(place), phoneNumber=_phone_number(600, supply.number()))]


def _phone_number(area: int, number: int) -> str:
    return f"+1{area + number // 10_000}555{number % 10_000:04}"


def _mode(supply: Supply, _place: str) -> list[Change]:
    other = next(mode for mode in Mode if mode != supply.mode)
    return [Change(Kind.CHANGE, Thing.MODE, other, {"mode": supply.mode.value}, {"mode": other.value})]


_BUILDERS = {
    "an addition": _addition,
    "a change of names": lambda supply, place: [_of_extension(supply.extension(place), displayName="Quinn")],
    "a change of a number": _new_number,
    "a deletion": lambda supply, place: [_of_extension(supply.extension(place))],
    "two deletions": lambda supply, place: [_of_extension(supply.extension(place)) for _ in range(2)],
    "a change of patterns": lambda supply, place: [_of_range(supply.range(place), [f"8{supply.number():04}X"])],
    "the deletion of a range": lambda supply, place: [_of_range(supply.range(place))],
    "the mode": _mode,
}


def parts_of(subject: Subject, changes: Sequence[Change], role: str) -> list[tuple[str, Target | None]]:
    """What somebody has to be allowed who decides on that plan: the command and the target of each change."""
    if subject.verb == "cancel" and name_of(subject.asked_by(role)) == name_of(role):
        return [("plans.cancel", None)]
    if subject.verb in ("approve", "reject"):
        return [(f"plans.{subject.verb}", target_of(change)) for change in changes]
    if subject.verb == "undo":
        return [(command_of(change), target_of(change)) for change in inverse(done(changes))]
    return [(command_of(change), target_of(change)) for change in changes]


def done(changes: Sequence[Change]) -> Plan:
    """A plan of these changes as it is after all of them were done."""
    planned = tuple(
        PlannedChange(change, Outcome(ChangeState.DONE, change.target_id or "new")) for change in changes
    )
    return Plan("", PlanState.APPLIED, "", "", "", datetime.now(UTC), planned)


def secrets_of(changes: Sequence[Change]) -> frozenset[str]:
    """What nobody may learn of them who may not see them."""
    extensions_and_ranges = [change for change in changes if change.thing is not Thing.MODE]
    images = [image for change in extensions_and_ranges for image in (change.before, change.after) if image]
    values = [text for image in images for value in image.values() for text in _texts(value)]
    places = [change.location_name for change in changes if change.location_name]
    return frozenset(filter(None, [*values, *places]))


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
