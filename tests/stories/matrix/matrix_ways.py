"""The rows of the matrix that are not about plans: how each is typed, pressed, and sent by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.access import Target
from bot.policy import ORGANIZATION, Place
from bot.sandbox.ids import named_id
from bot.sandbox.numbering import Extension
from bot.sandbox.seed_numbers import seed_numbering

NUMBER, NAME = "+14085550123", "Jane Doe"
ALL_FIELDS = frozenset({"extension", "phone_number", "display_name", "first_name", "last_name"})
OF_RANGES = frozenset({"name", "prefix", "patterns"})


@dataclass(frozen=True)
class Thing:
    """What a row is about. `words` are what is typed or picked, by the marks in a Way; `absent` the same of what
    is not there; `secrets` is what nobody may learn who may not see it.
    """

    place: Place | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Way:
    """How something is asked for. Words in braces are filled in; see `Thing`.

    `line` is typed. `opens` is the line by which Alice gets the card whose button `button` is pressed, with
    `inputs`; without a line it is the card that says that the mode was changed. Sent by hand are the inputs, and
    `made`. `fields` are the arguments that it would set. `shows` is what the answer says when it is done.
    """

    line: str
    shows: str
    opens: str = ""
    button: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    thing: Thing = Thing()


IT = {"with_target": "{it}"}
WHERE = {"location": "{place}"}
AT_NO_LOCATION = {"level": "ORGANIZATION"}
NEW = {"extension": "5099", "phone_number": NUMBER, "display_name": NAME}
NEW_RANGE = {"name": "Berlin", "prefix": "+4930555", "patterns": "5XXX"}
ADDED_PATTERN = {"action": "ADD", "patterns": "7XXX"}

OF_THINGS = {
    "extensions.show at": Way(
        "show {it}", "{it}", "extensions with extension {it}", "Show", {"target": "{id}"}, IT
    ),
    "extensions.change of names at": Way(
        "rename {it} to Jane Doe", "Jane Doe", "edit {it}", "Continue", {"display_name": NAME}, IT,
        frozenset({"display_name"}),
    ),
    "extensions.change of a number at": Way(
        f"change {{it}} number {NUMBER}", NUMBER, "edit {it}", "Continue", {"phone_number": NUMBER}, IT,
        frozenset({"phone_number"}),
    ),
    "extensions.change by its form at": Way("edit {it}", "Edit {it}", "show {it}", "Edit", {}, IT),
    "extensions.delete at": Way(
        "delete {it}", "Delete virtual extension {it}", "show {it}", "Delete", {}, IT, ALL_FIELDS
    ),
    "ranges.show at": Way("range {it}", "{it}", "ranges", "Show", {"target": "{id}"}, IT),
    "ranges.change of the name at": Way(
        "rename range {it} to Spree", "Spree", "edit range {it}", "Continue", {"name": "Spree"}, IT,
        frozenset({"name"}),
    ),
    "ranges.change of patterns at": Way(
        "range {it} add 7XXX", "7XXX", "edit range {it}", "Continue", ADDED_PATTERN, IT, frozenset({"patterns"})
    ),
    "ranges.delete at": Way("delete range {it}", "Delete range {it}", "range {it}", "Delete", {}, IT, OF_RANGES),
    "history.list of a thing at": Way("history {it}", "{it}", "history", "Apply", {"target": "{it}"}),
}  # fmt: skip

OF_PLACES = {
    "extensions.list at": Way("extensions at {at}", "Virtual extensions", "extensions", "Apply", WHERE),
    "extensions.add at": Way(
        f"add 5099 {NUMBER} {NAME} at {{at}}", "Add virtual extension 5099", "add", "Continue", {**NEW, **WHERE},
        {}, ALL_FIELDS,
    ),
    "ranges.list at": Way("ranges at {at}", "{range}", "ranges", "Apply", WHERE),
    "ranges.add at": Way(
        "add range Berlin +4930555 5XXX at {at}", "Add range Berlin", "add range", "Continue",
        {**NEW_RANGE, **WHERE}, {}, OF_RANGES,
    ),
    "ranges.validate at": Way(
        "check range Berlin +4930555 5XXX at {at}", "The range is valid", "check range", "Check",
        {**NEW_RANGE, **WHERE},
    ),
    "history.list at": Way("history at {at}", "History", "history", "Apply", {"location": "{at}"}),
}  # fmt: skip

OTHERS = {
    "extensions.list": Way("extensions", "Virtual extensions", "extensions", "Apply"),
    "ranges.list": Way("ranges", "Virtual extension ranges", "ranges", "Apply"),
    "locations.list": Way("locations", "Lyon"),
    "numbers.validate": Way(
        f"check {NUMBER}", "All numbers are valid", "check numbers", "Check", {"phone_numbers": NUMBER}
    ),
    "mode.show": Way("mode", "Virtual extension mode", "", "Show"),
    "mode.change": Way(
        "mode {mode}", "Change the mode of the organization", "mode", "Change to {mode}", {}, {"mode": "{MODE}"},
        frozenset({"mode"}), Thing(ORGANIZATION),
    ),
    "extensions.add by its form": Way("add", "Add a virtual extension", "extensions", "Add"),
    "ranges.add by its form": Way("add range", "Add a range", "ranges", "Add"),
    "plans.list": Way("plans", "plans that wait"),
    "history.list": Way("history", "History", "history", "Apply"),
    "help": Way("help", "", "whoami", "Help"),
    "whoami": Way("whoami", "You may"),
}  # fmt: skip

EXTENSIONS = {"Lyon": "4006", "Denver": "4103", "organization level": "5010"}
RANGES = {"Lyon": "Paris", "Denver": "Boulder", "organization level": "London"}


def ways() -> dict[str, Way]:
    """All of them, by row."""
    return {**OTHERS, **dict(_of_things()), **dict(_of_places())}


def target_of_way(way: Way) -> Target | None:
    """What a way is about, as the rules of access see it."""
    return Target(way.thing.place, way.fields) if way.thing.place else None


def _of_things() -> Iterator[tuple[str, Way]]:
    for place in EXTENSIONS:
        for begin, way in OF_THINGS.items():
            thing = range_at(place) if begin.startswith("ranges") else extension_at(place)
            yield f"{begin} {place}", replace(way, thing=thing)


def _of_places() -> Iterator[tuple[str, Way]]:
    for place in EXTENSIONS:
        for begin, way in OF_PLACES.items():
            yield f"{begin} {place}", replace(_at_level(way, place), thing=location(place))


def _at_level(way: Way, place: str) -> Way:
    """At organization level there is no location to pick, and in the forms for what is new no level."""
    if place != "organization level":
        return way
    inputs = {name: value for name, value in way.inputs.items() if name != "location"}
    if way.button == "Apply":
        return replace(way, inputs={**inputs, **AT_NO_LOCATION})
    return replace(way, opens="", button="", inputs=inputs, made=AT_NO_LOCATION)


def place_named(place: str) -> Place:
    """The place as the rules of access see it."""
    return ORGANIZATION if place == "organization level" else Place(named_id("LOCATION", place), place)


def extension_at(place: str) -> Thing:
    """The extension of the rows about that place."""
    location_name = place_named(place).location_name
    there = [one for one in seed_numbering().extensions() if _location_name(one) == location_name]
    found = next(one for one in there if one.extension == EXTENSIONS[place])
    names = {found.display_name, found.first_name, found.last_name}
    secrets = frozenset({found.extension, found.phone_number, *names, *_location_names(place)})
    return Thing(
        place_named(place),
        {"it": found.extension, "id": found.id},
        {"it": "4999", "id": named_id("VIRTUAL_EXTENSION", "nowhere")},
        secrets,
    )


def range_at(place: str) -> Thing:
    """The range of the rows about that place."""
    found = next(one for one in seed_numbering().ranges() if one.name == RANGES[place])
    return Thing(
        place_named(place),
        {"it": found.name, "id": found.id},
        {"it": "Nowhere", "id": named_id("VIRTUAL_EXTENSION_RANGE", "nowhere")},
        frozenset({found.name, found.prefix, *found.patterns, *_location_names(place)}),
    )


def location(place: str) -> Thing:
    """A place itself, and its range."""
    there = extension_at(place)
    words = {"at": place, "place": there.place.location_id or "", "range": RANGES[place]}
    absent = {**words, "at": "Atlantis", "place": named_id("LOCATION", "Atlantis")}
    return Thing(there.place, words, absent, there.secrets | range_at(place).secrets)


def _location_name(one: Extension) -> str | None:
    return one.location.name if one.location else None


def _location_names(place: str) -> set[str]:
    return {place} - {"organization level"}
