"""A plan of twenty changes of every kind, and what the sandbox has to have when each was applied exactly once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.calling.client import EXTENSION, EXTENSIONS, RANGE, RANGES, SETTINGS
from bot.plans import Change, Image, Kind, Thing
from bot.sandbox.numbering import Extension, Numbering
from bot.sandbox.ranges import Range
from bot.sandbox.seed_numbers import location_id
from bot.sandbox.server import SandboxServer

State = Counter[tuple[str | None, str]]
"""Everything that an organization has: where it is, and what it looks like."""

METHODS = {Kind.CREATE: "POST", Kind.CHANGE: "PUT", Kind.DELETE: "DELETE"}
PATHS = {
    Thing.EXTENSION: (EXTENSIONS, EXTENSION),
    Thing.RANGE: (RANGES, RANGE),
    Thing.MODE: (SETTINGS, SETTINGS),
}


@dataclass
class Drawing:
    """A plan being drawn up, change by change, for what the sandbox has."""

    numbering: Numbering
    drawn: list[Change]

    def creates(self, thing: Thing, place: str | None, image: Image) -> None:
        where = location_id(place) if place else None
        self.drawn.append(Change(Kind.CREATE, thing, _label(image), None, image, None, where, place))

    def changes(self, thing: Thing, place: str | None, label: str, **values: str | list[str]) -> None:
        before = self._found(thing, place, label)
        self.drawn.append(replace(before, kind=Kind.CHANGE, after={**(before.before or {}), **values}))

    def deletes(self, thing: Thing, place: str | None, label: str) -> None:
        self.drawn.append(self._found(thing, place, label))

    def sets_mode(self, before: str, after: str) -> None:
        self.drawn.append(Change(Kind.CHANGE, Thing.MODE, after, {"mode": before}, {"mode": after}))

    def _found(self, thing: Thing, place: str | None, label: str) -> Change:
        """The deletion of a thing, as an earlier change of the plan leaves it."""
        found: Extension | Range = next(
            one
            for one in (self.numbering.extensions() if thing is Thing.EXTENSION else self.numbering.ranges())
            if (one.location.name if one.location else None) == place and label == _label(image_of(one))
        )
        left = [change.after for change in self.drawn if change.target_id == found.id]
        before = left[-1] if left else image_of(found)
        where = found.location.id if found.location else None
        return Change(Kind.DELETE, thing, label, before, None, found.id, where, place)


def twenty_changes(sandbox: SandboxServer) -> tuple[Change, ...]:
    """Create, change and delete, of extensions and ranges, at locations and at organization level, and the mode.

    One thing is changed twice, and one number is given away and taken again.
    """
    plan, extension, found_range = Drawing(sandbox.numbering, []), Thing.EXTENSION, Thing.RANGE
    plan.creates(extension, "Denver", new_extension("5012", "+14085550123", "Jane", "Doe"))
    plan.changes(extension, None, "5003", displayName="Jane Roe")
    plan.deletes(extension, "Lyon", "4001")
    plan.creates(found_range, "Munich", {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX", "6XXX"]})
    plan.changes(found_range, None, "London", patterns=["7XXX", "81XX", "82XX"])
    plan.deletes(found_range, "Lyon", "Paris")
    plan.sets_mode("STANDARD", "ENHANCED")
    plan.creates(extension, None, new_extension("5013", "+14085550124", "John", "Doe"))
    plan.changes(extension, "Denver", "4101", phoneNumber="+13035550199", lastName="Tailor")
    plan.deletes(extension, None, "5009")
    plan.creates(found_range, None, {"name": "Oslo", "prefix": "+47215550", "patterns": ["2XXX"]})
    plan.changes(found_range, "Munich", "Hamburg", patterns=["9XX"])
    plan.deletes(found_range, "Tokyo", "Kyoto")
    plan.changes(extension, None, "5004", extension="5099")
    plan.creates(extension, "Lyon", new_extension("4001", "+33199000299", "Anne", "Doe"))
    plan.changes(found_range, None, "Suppliers", name="Vendors", patterns=["32XX", "33XX"])
    plan.deletes(extension, "Tokyo", "4301")
    plan.changes(extension, None, "5003", displayName="Jane Poe", firstName="")
    plan.changes(found_range, "Denver", "Boulder", prefix="+1720556")
    plan.creates(extension, "Munich", new_extension("4299", "+498999998299", "Max", "Doe"))
    return tuple(plan.drawn)


def new_extension(extension: str, number: str, first: str, last: str) -> Image:
    """What an extension is to look like."""
    names = {"displayName": f"{first} {last}", "firstName": first, "lastName": last}
    return {"extension": extension, "phoneNumber": number, **names}


def image_of(found: Extension | Range) -> Image:
    """What a thing of the sandbox looks like, in the words of plans."""
    if isinstance(found, Range):
        return {"name": found.name, "prefix": found.prefix, "patterns": sorted(found.patterns)}
    return {
        "extension": found.extension,
        "phoneNumber": found.phone_number,
        "displayName": found.display_name or "",
        "firstName": found.first_name or "",
        "lastName": found.last_name or "",
    }


def state_of(sandbox: SandboxServer) -> State:
    """Everything that the sandbox has."""
    things: Iterator[tuple[str | None, Image]] = (
        (one.location.id if one.location else None, image_of(one))
        for one in (*sandbox.numbering.extensions(), *sandbox.numbering.ranges())
    )
    found = Counter((where, _shown(image)) for where, image in things)
    return found + Counter([(None, _shown({"mode": sandbox.numbering.mode.value}))])


def state_after(before: State, changes: tuple[Change, ...]) -> State:
    """What there has to be when each change was applied, to the letter."""
    state = before.copy()
    for change in changes:
        state.subtract([(change.location_id, _shown(change.before))] if change.before else [])
        state.update([(change.location_id, _shown(change.after))] if change.after else [])
    assert min(state.values()) >= 0, "The plan does not fit what the sandbox has."
    return +state


def calls_of(changes: tuple[Change, ...]) -> Counter[tuple[str, str]]:
    """The calls that make up the plan, once each: method and path."""
    return Counter(_call(change) for change in changes)


def calls_that_acted(sandbox: SandboxServer) -> Counter[tuple[str, str]]:
    """The calls that have changed something in the sandbox's telephony."""
    made = [call for call in sandbox.world.calls if call.path.startswith("/v1/telephony/")]
    return Counter(
        (call.method, call.path)
        for call in made
        if call.method != "GET" and not call.path.endswith("/invoke") and call.status in (200, 201, 204)
    )


def _call(change: Change) -> tuple[str, str]:
    several, one = PATHS[change.thing]
    path = several if change.kind is Kind.CREATE else one.partition("{")[0] + (change.target_id or "")
    return METHODS[change.kind], f"/v1{path}"


def _label(image: Image) -> str:
    return str(image.get("extension") or image.get("name"))


def _shown(image: Image) -> str:
    return str(sorted(image.items()))
