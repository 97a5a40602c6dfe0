"""Words that several cards share: where a thing is, who can dial it, and which filters are set."""

from collections.abc import Sequence

from bot.calling.models import Extension, Location
from bot.command import Arguments
from bot.telephony import Level, Order

ORGANIZATION = "Organization"
EVERYBODY = "Organization (everybody can dial it)"
SHORT_LIST = 12
MOST_PATTERNS = 100
"""Webex takes no more in one range."""


def place(level: str | None, location_name: str | None) -> str:
    """Where a thing is: the name of its location, or the organization."""
    if location_name:
        return location_name
    return "A location" if level == Level.LOCATION else ORGANIZATION


def dialled_elsewhere(extension: Extension) -> str:
    """The number that other locations dial, where it is not the extension itself."""
    return extension.esn if extension.esn and extension.esn != extension.extension else ""


def who_dials(extension: Extension) -> str:
    """One sentence: who reaches it by dialling what."""
    if extension.level == Level.LOCATION:
        inside = f"People at {place(extension.level, extension.location_name)} dial {extension.extension}"
        outside = dialled_elsewhere(extension)
        return f"{inside}, everybody else dials {outside}." if outside else f"{inside}."
    return f"Everybody in the organization dials {extension.extension}."


def location_label(location: str, locations: Sequence[Location]) -> str:
    """The name of a location that is given by its id, else what was typed."""
    return next((known.name for known in locations if known.id == location), location)


def filters_in_words(wanted: Arguments, locations: Sequence[Location]) -> str:
    """The filters of a list, such as `at Lyon · name smith · Z to A`; empty where there are none."""
    parts = [
        f"at {location_label(wanted.location, locations)}" if wanted.location else "",
        f"{wanted.level.lower()} level" if wanted.level else "",
        f"extension {wanted.extension}" if wanted.extension else "",
        f"number {wanted.phone_number}" if wanted.phone_number else "",
        f"name {wanted.name}" if wanted.name else "",
        f"prefix {wanted.prefix}" if wanted.prefix else "",
        "in descending order" if wanted.order == Order.DSC else "",
    ]
    return " · ".join(part for part in parts if part)


def extent(start: int, shown: int, more: bool) -> str:
    """Which part of a list is shown: `1 to 10, and there are more`."""
    if not start and not more:
        return f"{shown} in all" if shown > 1 else "1, and no more"
    return f"{start + 1} to {start + shown}, " + ("and there are more" if more else "the last ones")


def joined(words: Sequence[str], longest: int = SHORT_LIST) -> str:
    """A list of words with commas; a long one ends with how many more there are."""
    rest = len(words) - longest
    return ", ".join(words[:longest]) + (f" and {rest} more" if rest > 0 else "")
