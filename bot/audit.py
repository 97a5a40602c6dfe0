"""The history as a chain: what an entry says, its hash over the entry before it, and where such a chain is broken.

Only the bot's own words and what Webex has are in an entry: never a token, and never what a person typed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.plans import Image

FIRST_HASH = "0" * 64
"""What stands for the hash before the first entry."""


class Occasion(StrEnum):
    """Why there is an entry."""

    CHANGE = "change"
    """A change of a confirmed plan was sent to Webex, or tried."""
    ATTEMPT = "attempt"
    """A change that did not come as far as Webex: a call before it failed, or its target had changed."""
    REFUSAL = "refusal"
    """Somebody lacked a permission."""
    CANCELLATION = "cancellation"
    """Somebody decided against a plan."""
    REJECTION = "rejection"
    """The second person did not approve it."""


@dataclass(frozen=True)
class Entry:
    """One entry. `at` is aware, in UTC; `occasion` is an Occasion, `command` a canonical name,
    `position` that of the change in its plan.

    `person_id` is who confirmed, cancelled or was refused, by the event `event_id`; `requested_by` and
    `approved_by` are the person ids of who asked for the plan and of a second person.
    `outcome` is that of an applied change (`done`, `failed`, `unknown`), else `failed`, `overtaken`, `expired`,
    `refused` or `cancelled`. An entry without a `thing` is about no change: a refusal, or a failure before a plan.
    """

    at: datetime
    person_id: str
    person_name: str
    room_id: str
    event_id: str
    occasion: str
    command: str
    outcome: str
    detail: str = ""
    thing: str | None = None
    label: str | None = None
    location_id: str | None = None
    location_name: str | None = None
    before: Image | None = None
    after: Image | None = None
    plan_id: str | None = None
    position: int | None = None
    requested_by: str | None = None
    requested_name: str | None = None
    approved_by: str | None = None
    approved_name: str | None = None
    tracking_id: str | None = None


@dataclass(frozen=True)
class Link:
    """An entry at its place in the chain: sequences begin with 1 and have no gaps."""

    sequence: int
    entry: Entry
    previous: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The last link of the chain, as it is kept beside it: so that links missing at the end are found too."""

    sequence: int
    hash: str


NO_HEAD = Head(-1, "")
"""What stands for a head that was removed: from the first migration on there is one."""


@dataclass(frozen=True)
class Break:
    """The first link that is not as it was written, and what is wrong with it."""

    sequence: int
    problem: str


EDITED = "Its content or its place is not what was recorded."
DETACHED = "It does not follow from the entry before it: one of the two was put in the place of another."
MISSING = "It is missing: an entry was removed here."
INSERTED = "It was not recorded: entries begin with number 1."
CUT = "It is missing: entries were removed from the end, up to number {last}."
NOT_THE_LAST = "It is not the entry that was recorded last."
HEADLESS = "What was recorded of the last entry is gone, so nobody can tell how many there were."
UNCOUNTED = "More entries are there than were recorded: the last one that was is number {last}."


def link(head: Head, entry: Entry) -> Link:
    """The entry as the next link after the head."""
    sequence = head.sequence + 1
    return Link(sequence, entry, head.hash, digest(sequence, entry, head.hash))


def digest(sequence: int, entry: Entry, previous: str) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON of the entry, its place and the hash before it."""
    content = {**content_of(entry), "sequence": sequence, "previous": previous}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def content_of(entry: Entry) -> dict[str, Any]:
    """The entry as JSON values, with its time in UTC and ISO 8601."""
    return {**asdict(entry), "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}


def as_line(one: Link) -> str:
    """The link as one line of JSON."""
    return _canonical(
        {**content_of(one.entry), "sequence": one.sequence, "previous": one.previous, "hash": one.hash}
    )


def find_break(links: Iterable[Link], head: Head) -> Break | None:
    """The first link of the whole chain, in order, that was edited, removed or moved; None where there is none."""
    if head == NO_HEAD:
        return Break(1, HEADLESS)
    last = Head(0, FIRST_HASH)
    for one in links:
        if problem := _problem(last, one, head):
            return Break(min(one.sequence, last.sequence + 1), problem)
        last = Head(one.sequence, one.hash)
    if last.sequence < head.sequence:
        return Break(last.sequence + 1, CUT.format(last=head.sequence))
    return None if last == head else Break(last.sequence, NOT_THE_LAST)


def _problem(last: Head, one: Link, head: Head) -> str:
    if one.sequence <= last.sequence:
        return INSERTED
    if one.sequence > last.sequence + 1:
        return MISSING
    if digest(one.sequence, one.entry, one.previous) != one.hash:
        return EDITED
    if one.previous != last.hash:
        return DETACHED
    return UNCOUNTED.format(last=head.sequence) if one.sequence > head.sequence else ""


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
