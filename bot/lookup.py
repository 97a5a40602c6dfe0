"""From what a person typed to the thing meant: locations, extensions and ranges.

Webex does not say whether its filters match whole or part of a value, so every answer is compared again here.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.calling.client import CallingClient
from bot.calling.models import Extension, Location, Range
from bot.calling.requests import ExtensionFilter, RangeFilter
from bot.command import Arguments
from bot.errors import NotFound, UserError
from bot.telephony import Level

FRESH = timedelta(minutes=5)
"""How long the list of locations is taken as known; one that is not found in it is asked for anew."""

T = TypeVar("T", Extension, Range)

WEBEX_ID = re.compile(r"^(?:Y2lzY29zcGFyazovL|Y2lzY29zcGFyazo)[A-Za-z0-9_-]{16,400}={0,2}$")
"""Base64 of `ciscospark:…`: what a card sends where a person would type a name."""


class Locations:
    """The locations with Webex Calling, kept for a few minutes. Shared by all threads."""

    def __init__(self, calling: CallingClient, now: Callable[[], datetime]) -> None:
        self._calling = calling
        self._now = now
        self._lock = threading.Lock()
        self._known: list[Location] = []
        self._read_at: datetime | None = None

    def all(self) -> list[Location]:
        """Every location, by name."""
        with self._lock:
            if self._read_at is None or self._now() - self._read_at > FRESH:
                self._read()
            return self._known

    def find(self, named: str) -> Location:
        """The location with that id or name, or the only one whose name begins so. Raises UserError."""
        matching = _matching(self.all(), named)
        if not matching:
            with self._lock:
                self._read()
            matching = _matching(self._known, named)
        if len(matching) == 1:
            return matching[0]
        raise UserError(*_not_one(named, matching, self._known), field="location")

    def _read(self) -> None:
        self._known = sorted(self._calling.list_locations(), key=lambda location: location.name.casefold())
        self._read_at = self._now()


def _matching(locations: Iterable[Location], named: str) -> list[Location]:
    wanted = named.strip().casefold()
    known = list(locations)
    exact = [location for location in known if location.id == named or location.name.casefold() == wanted]
    return exact or [location for location in known if wanted and location.name.casefold().startswith(wanted)]


def _not_one(named: str, matching: list[Location], known: list[Location]) -> tuple[str, str]:
    if matching:
        return f"More than one location begins with “{named}”.", f"Choose one of {_names(matching)}."
    return f"There is no location “{named}” with Webex Calling.", f"Choose one of {_names(known)}."


def _names(locations: list[Location]) -> str:
    shown = [location.name for location in locations[:12]]
    return ", ".join(shown) + (" …" if len(locations) > 12 else "")


def extension_filter(locations: Locations, wanted: Arguments) -> ExtensionFilter:
    """The API's filters for what was typed. Raises UserError for a location that is not there."""
    location = locations.find(wanted.location) if wanted.location else None
    return ExtensionFilter(
        extension=wanted.extension or None,
        phone_number=wanted.phone_number or None,
        name=wanted.name or None,
        location_id=location.id if location else None,
        org_level_only=True if wanted.level is Level.ORGANIZATION and not location else None,
        order=wanted.order,
    )


def range_filter(locations: Locations, wanted: Arguments) -> RangeFilter:
    """The API's filters for what was typed. Raises UserError for a location that is not there."""
    location = locations.find(wanted.location) if wanted.location else None
    return RangeFilter(
        name=wanted.name or None,
        prefix=wanted.prefix or None,
        location_id=location.id if location else None,
        org_level_only=True if wanted.level is Level.ORGANIZATION and not location else None,
        order=wanted.order,
    )


class Ambiguous(Exception):
    """Several things fit what was typed: the person has to choose."""

    def __init__(self, found: Sequence[Extension] | Sequence[Range]) -> None:
        super().__init__(f"{len(found)} things fit")
        self.found: tuple[Extension | Range, ...] = tuple(found)


def find_extension(calling: CallingClient, locations: Locations, wanted: Arguments) -> Extension:
    """The extension that `wanted.target` means, narrowed by location and level.

    Raises UserError where there is none, Ambiguous where there are several.
    """
    target = _target(wanted, "extension", "show 5012")
    place = extension_filter(locations, _place(wanted))
    found = [one for one in _extensions(calling, locations, place, target) if _is_at(one, wanted)]
    if not found:
        raise UserError(
            f"There is no virtual extension “{_shown(target)}”{_where(wanted)}.",
            "Send `extensions` to see them all, or `extensions named Smith` to search by name.",
            "target",
        )
    return _only(found)


def _only(found: Sequence[T]) -> T:
    if len(found) > 1:
        raise Ambiguous(found)
    return found[0]


def _target(wanted: Arguments, thing: str, example: str) -> str:
    target = (wanted.target or "").strip()
    if not target:
        raise UserError(f"Which {thing}?", f"Say which one, as in `{example}`.", "target")
    return target


def _shown(typed: str) -> str:
    """What was typed, but not an id that a card sent."""
    return "…" if WEBEX_ID.match(typed) else typed


def _place(wanted: Arguments) -> Arguments:
    return Arguments(location=wanted.location, level=wanted.level)


def _is_at(extension: Extension, wanted: Arguments) -> bool:
    """An id means just that one, whatever else a client sends along with it."""
    is_id = WEBEX_ID.match(wanted.target or "")
    return bool(is_id or wanted.location) or wanted.level in (None, extension.level)


def _where(wanted: Arguments) -> str:
    if wanted.location:
        return f" at “{wanted.location}”" if not WEBEX_ID.match(wanted.location) else " at that location"
    return " at organization level" if wanted.level is Level.ORGANIZATION else ""


def _extensions(
    calling: CallingClient, locations: Locations, place: ExtensionFilter, target: str
) -> list[Extension]:
    if WEBEX_ID.match(target):
        return _by_id(calling, target)
    if target.startswith("+"):
        filters = place.model_copy(update={"phone_number": target})
        return [found for found in calling.all_extensions(filters) if found.phone_number == target]
    if target.isascii() and target.isdigit():
        return _by_digits(calling, locations, place, target)
    return _by_name(calling, place, target)


def _by_id(calling: CallingClient, target: str) -> list[Extension]:
    try:
        return [calling.get_extension(target)]
    except NotFound:
        raise UserError(
            "This virtual extension is not there any more.", "Send `extensions` to see the present ones.", "target"
        ) from None


def _by_digits(
    calling: CallingClient, locations: Locations, place: ExtensionFilter, digits: str
) -> list[Extension]:
    """By extension, else by ESN: a location's routing prefix and the extension there."""
    filters = place.model_copy(update={"extension": digits})
    found = [extension for extension in calling.all_extensions(filters) if extension.extension == digits]
    return found or [
        extension
        for location in locations.all()
        if location.routing_prefix
        and digits.startswith(location.routing_prefix)
        and digits != location.routing_prefix
        for extension in calling.all_extensions(
            ExtensionFilter(extension=digits.removeprefix(location.routing_prefix), location_id=location.id)
        )
        if extension.esn == digits
    ]


def _by_name(calling: CallingClient, place: ExtensionFilter, name: str) -> list[Extension]:
    """By name. Webex looks through first and last names, one at a time, so words are tried before everything."""
    for part in dict.fromkeys([name, *reversed(name.split())]):
        found = calling.all_extensions(place.model_copy(update={"name": part}))
        named = _best_named(found, name)
        if named:
            return named
    return _best_named(calling.all_extensions(place), name)


def _best_named(extensions: Iterable[Extension], name: str) -> list[Extension]:
    """Those named exactly so, else those whose names hold every word of it."""
    wanted = name.casefold().split()
    known = [(extension, _names_of(extension)) for extension in extensions]
    exact = [extension for extension, names in known if " ".join(wanted) in names]
    return exact or [extension for extension, names in known if all(word in " ".join(names) for word in wanted)]


def _names_of(extension: Extension) -> list[str]:
    full = f"{extension.first_name or ''} {extension.last_name or ''}"
    return [" ".join(name.casefold().split()) for name in (extension.display_name or "", full) if name.strip()]


def find_range(calling: CallingClient, locations: Locations, wanted: Arguments) -> Range:
    """The range that `wanted.target` means, with level, location and patterns.

    Raises UserError where there is none, Ambiguous where there are several.
    """
    target = _target(wanted, "range", "range Berlin")
    found = _ranges(calling, range_filter(locations, _place(wanted)), target)
    if not found:
        raise UserError(
            f"There is no virtual extension range “{_shown(target)}”{_where(wanted)}.",
            "Send `ranges` to see them all.",
            "target",
        )
    return _with_patterns(calling, _only(found))


def _ranges(calling: CallingClient, place: RangeFilter, target: str) -> list[Range]:
    if WEBEX_ID.match(target):
        return [found for found in calling.all_ranges(place) if found.id == target]
    filters = place.model_copy(update={"prefix": target} if target.startswith("+") else {"name": target})
    found = calling.all_ranges(filters) or calling.all_ranges(place)
    wanted = target.casefold()
    exact = [item for item in found if wanted in (item.name.casefold(), item.prefix)]
    return exact or [item for item in found if wanted in item.name.casefold()]


def _with_patterns(calling: CallingClient, listed: Range) -> Range:
    """A listed range with its patterns: the list has the level and the location, the details have the patterns."""
    return listed.model_copy(update={"patterns": calling.get_range(listed.id).patterns or ()})
