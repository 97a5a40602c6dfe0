"""From what a person typed to the thing meant: locations, extensions and ranges.

Webex does not say whether its filters match whole or part of a value, so every answer is compared again here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bot.calling.client import CallingClient
from bot.calling.models import Extension, Location, Range
from bot.calling.pages import Page
from bot.calling.requests import ExtensionFilter, RangeFilter
from bot.command import Arguments
from bot.errors import NotFound, UserError
from bot.places import View
from bot.telephony import Level, read_phone_number, read_prefix

EXTENSION_FILTERS = ("location", "level", "name", "phone_number", "extension", "order", "start")
RANGE_FILTERS = ("location", "level", "name", "prefix", "order", "start")

T = TypeVar("T", Extension, Range)

WEBEX_ID = re.compile(r"^(?:Y2lzY29zcGFyazovL|Y2lzY29zcGFyazo)[A-Za-z0-9_-]{16,400}={0,2}$")
"""Base64 of `ciscospark:…`: what a card sends where a person would type a name."""


def in_e164(typed: str) -> str:
    """The number in E.164 where it is one, else as typed: Webex has its own say on what is none."""
    try:
        return read_phone_number(typed)
    except UserError:
        return typed


def find_place(view: View, wanted: Arguments) -> Location | None:
    """The location that was named, None where none was. Raises UserError, for a contradiction too."""
    if not wanted.location:
        return None
    if wanted.level is Level.ORGANIZATION:
        sentence = "Nothing is at a location and at organization level at once."
        raise UserError(sentence, "Choose one of the two.", "location")
    return view.find_location(wanted.location)


def only(wanted: Arguments, names: Iterable[str]) -> Arguments:
    """Just those arguments: the buttons of a card repeat them, and a card must not grow by what comes along."""
    return Arguments(**{name: getattr(wanted, name) for name in names})


def extension_filter(view: View, wanted: Arguments) -> ExtensionFilter:
    """The API's filters for what was typed. Raises UserError for a location that is not there."""
    location = find_place(view, wanted)
    return ExtensionFilter(
        extension=wanted.extension or None,
        phone_number=in_e164(wanted.phone_number) if wanted.phone_number else None,
        name=wanted.name or None,
        location_id=location.id if location else None,
        org_level_only=True if wanted.level is Level.ORGANIZATION else None,
        order=wanted.order,
    )


def range_filter(view: View, wanted: Arguments) -> RangeFilter:
    """The API's filters for what was typed. Raises UserError for a location that is not there."""
    location = find_place(view, wanted)
    return RangeFilter(
        name=wanted.name or None,
        prefix=as_prefix(wanted.prefix) if wanted.prefix else None,
        location_id=location.id if location else None,
        org_level_only=True if wanted.level is Level.ORGANIZATION else None,
        order=wanted.order,
    )


def as_prefix(typed: str) -> str:
    """The prefix without punctuation where it is one, else as typed, like a number."""
    try:
        return read_prefix(typed)
    except UserError:
        return typed


def extensions_page(calling: CallingClient, view: View, wanted: Arguments, size: int) -> Page[Extension]:
    """The page at `wanted.start` of the extensions that pass the filters. Raises UserError as they do."""
    filters = view.narrow(extension_filter(view, wanted))
    if _needs_cutting(view, wanted):
        return _cut(calling.all_extensions(filters), view, wanted, size)
    return calling.list_extensions(filters, start=wanted.start or 0, max_items=size)


def ranges_page(calling: CallingClient, view: View, wanted: Arguments, size: int) -> Page[Range]:
    """The page at `wanted.start` of the ranges that pass the filters. Raises UserError as they do."""
    filters = view.narrow(range_filter(view, wanted))
    if _needs_cutting(view, wanted):
        return _cut(calling.all_ranges(filters), view, wanted, size)
    return calling.list_ranges(filters, start=wanted.start or 0, max_items=size)


def _needs_cutting(view: View, wanted: Arguments) -> bool:
    """Webex filters by one location, or leaves all locations out. What else is asked for is done here."""
    at_any_location = wanted.level is Level.LOCATION and not wanted.location
    return at_any_location or not view.reach.everywhere


def _cut(everything: Sequence[T], view: View, wanted: Arguments, size: int) -> Page[T]:
    start = wanted.start or 0
    fitting = [one for one in everything if wanted.level in (None, one.level) and view.sees(one)]
    return Page(tuple(fitting[start : start + size]), start, len(fitting) > start + size)


class Ambiguous(Exception):
    """Several things fit what was typed: the person has to choose."""

    def __init__(self, found: Sequence[Extension] | Sequence[Range]) -> None:
        super().__init__(f"{len(found)} things fit")
        self.found: tuple[Extension | Range, ...] = tuple(found)


def find_extension(calling: CallingClient, view: View, wanted: Arguments) -> Extension:
    """The extension that `wanted.target` means, narrowed by location and level.

    Raises UserError where there is none, Ambiguous where there are several.
    """
    target = _target(wanted, "extension", "show 5012")
    place = view.narrow(extension_filter(view, _place(wanted)))
    level = _place(wanted).level
    found = [one for one in _extensions(calling, view, place, target) if level in (None, one.level)]
    if not found:
        raise view.not_found(
            _no_such("virtual extension", target, wanted),
            "Send `extensions` to see them all, or `extensions named Smith` to search by name.",
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


def _no_such(thing: str, target: str, wanted: Arguments) -> str:
    """What was not found; of an id that a card sent only that much, as it says nothing to anybody."""
    if WEBEX_ID.match(target):
        return f"This {thing} is not there any more"
    return f"There is no {thing} “{target}”{_where(wanted)}"


def _place(wanted: Arguments) -> Arguments:
    """Where it is looked for. An id means just that one, whatever else a client sends along with it."""
    if WEBEX_ID.match(wanted.target or ""):
        return Arguments()
    return Arguments(location=wanted.location, level=wanted.level)


def _where(wanted: Arguments) -> str:
    if wanted.location:
        return f" at “{wanted.location}”" if not WEBEX_ID.match(wanted.location) else " at that location"
    return " at organization level" if wanted.level is Level.ORGANIZATION else ""


def _extensions(calling: CallingClient, view: View, place: ExtensionFilter, target: str) -> list[Extension]:
    if WEBEX_ID.match(target):
        return [one for one in _by_id(calling, target) if view.sees(one)]
    if target.startswith("+"):
        filters = place.model_copy(update={"phone_number": target})
        return [found for found in _visible_extensions(calling, view, filters) if found.phone_number == target]
    if target.isascii() and target.isdigit():
        return _by_digits(calling, view, place, target)
    return _by_name(calling, view, place, target)


def _visible_extensions(calling: CallingClient, view: View, filters: ExtensionFilter) -> list[Extension]:
    """Those that the person may see: what they may not see must not decide either which of them is meant."""
    return [one for one in calling.all_extensions(filters) if view.sees(one)]


def _visible_ranges(calling: CallingClient, view: View, filters: RangeFilter) -> list[Range]:
    return [one for one in calling.all_ranges(filters) if view.sees(one)]


def _by_id(calling: CallingClient, target: str) -> list[Extension]:
    try:
        return [calling.get_extension(target)]
    except NotFound:
        return []


def _by_digits(calling: CallingClient, view: View, place: ExtensionFilter, digits: str) -> list[Extension]:
    """By extension, else by ESN: a location's routing prefix and the extension there."""
    filters = place.model_copy(update={"extension": digits})
    found = [
        extension for extension in _visible_extensions(calling, view, filters) if extension.extension == digits
    ]
    return found or [
        extension
        for location in view.locations()
        if location.routing_prefix
        and digits.startswith(location.routing_prefix)
        and digits != location.routing_prefix
        for extension in _visible_extensions(
            calling,
            view,
            ExtensionFilter(extension=digits.removeprefix(location.routing_prefix), location_id=location.id),
        )
        if extension.esn == digits
    ]


def _by_name(calling: CallingClient, view: View, place: ExtensionFilter, name: str) -> list[Extension]:
    """By name. Webex looks through first and last names, one at a time, so words are tried before everything."""
    for part in dict.fromkeys([name, *reversed(name.split())]):
        found = _visible_extensions(calling, view, place.model_copy(update={"name": part}))
        named = _best_named(found, name)
        if named:
            return named
    return _best_named(_visible_extensions(calling, view, place), name)


def _best_named(extensions: Sequence[Extension], name: str) -> list[Extension]:
    """Those named so; where there are none, those named so without accents, which not everybody can type."""
    return _named(extensions, name, str.casefold) or _named(extensions, name, _without_accents)


def _named(extensions: Sequence[Extension], name: str, fold: Callable[[str], str]) -> list[Extension]:
    """Those named exactly so, else those whose names hold every word of it."""
    wanted = fold(name).split()
    known = [(extension, _names_of(extension, fold)) for extension in extensions]
    exact = [extension for extension, names in known if " ".join(wanted) in names]
    return exact or [extension for extension, names in known if all(word in " ".join(names) for word in wanted)]


def _names_of(extension: Extension, fold: Callable[[str], str]) -> list[str]:
    full = f"{extension.first_name or ''} {extension.last_name or ''}"
    return [" ".join(fold(name).split()) for name in (extension.display_name or "", full) if name.strip()]


def _without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def find_range(calling: CallingClient, view: View, wanted: Arguments) -> Range:
    """The range that `wanted.target` means, with level, location and patterns.

    Raises UserError where there is none, Ambiguous where there are several.
    """
    target = _target(wanted, "range", "range Berlin")
    found = _ranges(calling, view, view.narrow(range_filter(view, _place(wanted))), target)
    if not found:
        sentence = _no_such("virtual extension range", target, wanted)
        raise view.not_found(sentence, "Send `ranges` to see them all.")
    return _with_patterns(calling, _only(found))


def _ranges(calling: CallingClient, view: View, place: RangeFilter, target: str) -> list[Range]:
    if WEBEX_ID.match(target):
        return [found for found in _visible_ranges(calling, view, place) if found.id == target]
    filters = place.model_copy(update={"prefix": target} if target.startswith("+") else {"name": target})
    found = _visible_ranges(calling, view, filters) or _visible_ranges(calling, view, place)
    wanted = target.casefold()
    exact = [item for item in found if wanted in (item.name.casefold(), item.prefix)]
    return exact or [item for item in found if wanted in item.name.casefold()]


def _with_patterns(calling: CallingClient, listed: Range) -> Range:
    """A listed range with its patterns: the list has the level and the location, the details have the patterns."""
    return listed.model_copy(update={"patterns": calling.get_range(listed.id).patterns or ()})
