"""The numbering of one organization: its locations, virtual extensions and ranges, the mode, and their rules.

Nothing here knows of HTTP but for the status that a `Rejection` carries. Every change checks and writes under one
lock, so that of a hundred callers who want the same extension one gets it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import TypeVar

from bot.sandbox.dialing import (
    Finding,
    Rejection,
    check_extension,
    check_phone_number,
    extension_taken,
    reject,
)
from bot.sandbox.locations import Location
from bot.sandbox.ranges import Range, RangeParts, change_range, check_range
from bot.telephony import Level, Mode, PatternAction


@dataclass(frozen=True)
class Extension:
    """A virtual extension: dialling `extension` calls `phone_number`. No location: the organization level."""

    id: str
    extension: str
    phone_number: str
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    location: Location | None = None

    @property
    def esn(self) -> str:
        """What people of other locations dial: the location's routing prefix, then the extension."""
        return (self.location.routing_prefix if self.location else "") + self.extension


def level_of(location: Location | None) -> Level:
    """Return the level of something that is at a location, or at none."""
    return Level.LOCATION if location else Level.ORGANIZATION


class Numbering:
    """The numbering of one organization. Safe to use from many threads; what it returns never changes."""

    def __init__(
        self, locations: Iterable[Location], extensions: Iterable[Extension] = (), ranges: Iterable[Range] = ()
    ) -> None:
        self._lock = RLock()
        self._locations = {location.id: location for location in locations}
        self._extensions = {extension.id: extension for extension in extensions}
        self._in_order: tuple[Extension, ...] = ()
        self._ranges = {found.id: found for found in ranges}
        self._mode = Mode.STANDARD

    @property
    def mode(self) -> Mode:
        """How the organization signals virtual extensions to the PSTN."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Change the mode. [U] What is there stays as it is, numbers that are not E.164 too."""
        with self._lock:
            self._mode = mode

    def locations(self) -> tuple[Location, ...]:
        """Return all locations."""
        return tuple(self._locations.values())

    def location(self, location_id: str) -> Location:
        """Return one location, or raise a Rejection (404)."""
        return _find(self._locations, location_id, "Location")

    def extensions(self) -> tuple[Extension, ...]:
        """Return all virtual extensions as they are now."""
        with self._lock:
            return tuple(self._extensions.values())

    def listed_extensions(self) -> tuple[Extension, ...]:
        """Return all virtual extensions as they are now, in the order of the list."""
        with self._lock:
            if len(self._in_order) != len(self._extensions):
                self._in_order = tuple(sorted(self._extensions.values(), key=_position))
            return self._in_order

    def extension(self, extension_id: str) -> Extension:
        """Return one virtual extension, or raise a Rejection (404)."""
        return _find(self._extensions, extension_id, "Virtual extension")

    def add_extension(self, extension: Extension) -> None:
        """Add a virtual extension, or raise a Rejection: 400 for a wrong value, 409 for one that is taken."""
        with self._lock:
            self._check_extension(extension)
            self._check_phone_number(extension)
            self._extensions[extension.id] = extension
            self._in_order = ()

    def change_extension(self, extension_id: str, change: Callable[[Extension], Extension]) -> None:
        """Put `change(extension)` in the place of a virtual extension. Raises as `add_extension`, and 404."""
        with self._lock:
            before = self.extension(extension_id)
            after = change(before)
            if after.extension != before.extension:
                self._check_extension(after)
            if after.phone_number != before.phone_number:
                self._check_phone_number(after)
            self._extensions[extension_id] = after
            self._in_order = ()

    def delete_extension(self, extension_id: str) -> None:
        """Delete a virtual extension, or raise a Rejection (404)."""
        with self._lock:
            del self._extensions[self.extension(extension_id).id]
            self._in_order = ()

    def _check_extension(self, extension: Extension) -> None:
        reject(check_extension(extension.extension))
        same = (other for other in self._extensions.values() if other.extension == extension.extension)
        if any(_share_level(extension, other) for other in same):
            reject(extension_taken(extension.extension))

    def _check_phone_number(self, extension: Extension) -> None:
        reject(check_phone_number(extension.phone_number, self._mode))
        same = (other for other in self._extensions.values() if other.phone_number == extension.phone_number)
        if any(_share_level(extension, other) for other in same):
            reject(_number_in_use(extension.phone_number))

    def check_phone_numbers(self, numbers: Sequence[str]) -> list[Finding | None]:
        """Return for each number what is wrong with it, or None.

        A number in use is one of any virtual extension, whatever its level, for the call names none, or the main
        number of a location. Of a number that is twice in the list, the first is judged and the others repeat it.
        """
        with self._lock:
            used = {extension.phone_number for extension in self._extensions.values()}
            used |= {location.calling_line_number or "" for location in self._locations.values()}
            return [
                _repeated(number, "phoneNumber", 8360)
                if number in numbers[:position]
                else check_phone_number(number, self._mode) or (_number_in_use(number) if number in used else None)
                for position, number in enumerate(numbers)
            ]

    def check_extensions(self, extensions: Sequence[str], location: Location | None) -> list[Finding | None]:
        """Return for each extension what is wrong with it at that level, or None."""
        used = {extension.extension for extension in self.extensions() if extension.location == location}
        return [
            _repeated(extension, "extension", 9498)
            if extension in extensions[:position]
            else check_extension(extension) or (extension_taken(extension) if extension in used else None)
            for position, extension in enumerate(extensions)
        ]

    def ranges(self) -> tuple[Range, ...]:
        """Return all ranges as they are now."""
        with self._lock:
            return tuple(self._ranges.values())

    def range(self, range_id: str) -> Range:
        """Return one range, or raise a Rejection (404)."""
        return _find(self._ranges, range_id, "Virtual extension range")

    def check_range(
        self, parts: RangeParts, location: Location | None, range_id: str | None = None
    ) -> list[Finding]:
        """Return all that is wrong with a range to be added, or with changes of the range `range_id`."""
        others = (other for other in self.ranges() if other.id != range_id)
        return check_range(parts, location, others, self._mode)

    def add_range(self, added: Range) -> None:
        """Add a range, or raise a Rejection: 400 for a wrong value, 409 for one that is taken."""
        with self._lock:
            self._reject_range(added, RangeParts(added.name, added.prefix, added.patterns))
            self._ranges[added.id] = added

    def change_range(self, range_id: str, parts: RangeParts, action: PatternAction | None) -> None:
        """Change the given parts of a range; `action` says what becomes of its patterns.

        Raises as `add_range`, and a Rejection for an unknown range (404) and for patterns without action (400).
        """
        with self._lock:
            before = self.range(range_id)
            after = change_range(before, parts, action)
            same_numbers = (after.prefix, after.patterns) == (before.prefix, before.patterns)
            name = None if after.name == before.name else after.name
            self._reject_range(
                after, RangeParts(name) if same_numbers else RangeParts(name, after.prefix, after.patterns)
            )
            self._ranges[range_id] = after

    def _reject_range(self, wanted: Range, parts: RangeParts) -> None:
        reject(next(iter(self.check_range(parts, wanted.location, wanted.id)), None))

    def delete_range(self, range_id: str) -> None:
        """Delete a range, or raise a Rejection (404)."""
        with self._lock:
            del self._ranges[self.range(range_id).id]


def _position(extension: Extension) -> tuple[str, str, str]:
    return extension.extension, extension.location.name if extension.location else "", extension.id


def _share_level(extension: Extension, other: Extension) -> bool:
    """Return whether two virtual extensions are at one level, where extensions and phone numbers are unique."""
    return other.id != extension.id and other.location == extension.location


Found = TypeVar("Found")


def _find(things: Mapping[str, Found], thing_id: str, kind: str) -> Found:
    found = things.get(thing_id)
    if found is None:
        raise Rejection(404, f"{kind} not found: {thing_id}")
    return found


def _number_in_use(number: str) -> Finding:
    return Finding("DUPLICATE", 8363, f"The phone number is already in use: {number}.", "phoneNumber", number)


def _repeated(value: str, part: str, code: int) -> Finding:
    return Finding("DUPLICATE_IN_LIST", code, f"The value is more than once in the list: {value}.", part, value)
