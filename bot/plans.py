"""Plans: one or more intended changes, as values with before and after, waiting for confirmation.

An image is what a thing looks like in the API's own field names: an extension's `extension, phoneNumber,
displayName, firstName, lastName`, a range's `name, prefix, patterns`, or the `mode`. A change holds the whole
image before and after, so that it can be compared with the present state, verified, and inverted.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.access import Target
from bot.calling.models import Extension, Range
from bot.command import Arguments
from bot.policy import Place
from bot.telephony import PatternAction

Image: TypeAlias = Mapping[str, str | list[str]]

LIFETIME = timedelta(minutes=15)
"""How long a plan may wait for its confirmation: what was checked before is stale after that."""

APPROVAL_LIFETIME = timedelta(hours=24)
"""How long a plan may wait for the approval of a second person."""

ID_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""The letters of a plan's id: none that are confused when read aloud or typed (0/O, 1/I), none that make words."""

ID_LENGTH = 4


class Kind(StrEnum):
    """What a change does to its thing."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


class Thing(StrEnum):
    """What a change is about."""

    EXTENSION = "extension"
    RANGE = "range"
    MODE = "mode"


class ChangeState(StrEnum):
    """How far a change has come; written before and after each call."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PlanState(StrEnum):
    """How far a plan has come."""

    PROPOSED = "proposed"
    AWAITING = "awaiting approval"
    APPLYING = "applying"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    STALE = "stale"
    REJECTED = "rejected"
    EXPIRED = "expired"


OPEN = (PlanState.PROPOSED, PlanState.AWAITING)
"""The states in which somebody may still decide."""


@dataclass(frozen=True)
class Change:
    """One intended difference. `target_id` is the Webex id, None for a creation. Without `location_id` it is at
    organization level.
    """

    kind: Kind
    thing: Thing
    label: str
    before: Image | None
    after: Image | None
    target_id: str | None = None
    location_id: str | None = None
    location_name: str | None = None


COMMANDS: Mapping[tuple[Kind, Thing], str] = {
    (Kind.CREATE, Thing.EXTENSION): "extensions.add",
    (Kind.CHANGE, Thing.EXTENSION): "extensions.change",
    (Kind.DELETE, Thing.EXTENSION): "extensions.delete",
    (Kind.CREATE, Thing.RANGE): "ranges.add",
    (Kind.CHANGE, Thing.RANGE): "ranges.change",
    (Kind.DELETE, Thing.RANGE): "ranges.delete",
    (Kind.CHANGE, Thing.MODE): "mode.change",
}


FIELDS: Mapping[str, str] = {
    "extension": "extension",
    "phoneNumber": "phone_number",
    "displayName": "display_name",
    "firstName": "first_name",
    "lastName": "last_name",
    "name": "name",
    "prefix": "prefix",
    "patterns": "patterns",
    "mode": "mode",
}
"""The arguments of commands by the API's names for them."""


@dataclass(frozen=True)
class Present:
    """What a thing looks like now, and its Webex id; the mode has none."""

    image: Image
    id: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What applying one change did. `detail` is a sentence for the person where it did not go well.

    `field` is the argument that Webex found fault with, known only while the plan is being applied.
    """

    state: ChangeState
    target_id: str | None = None
    tracking_id: str | None = None
    detail: str = ""
    field: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether the change has come to its end."""
        return self.state not in (ChangeState.PLANNED, ChangeState.SENT)


@dataclass(frozen=True)
class PlannedChange:
    """A change of a stored plan, and what has become of it."""

    change: Change
    outcome: Outcome = Outcome(ChangeState.PLANNED)


@dataclass(frozen=True)
class Plan:
    """A stored plan. Times are aware, in UTC.

    `decided_*` say who confirmed or cancelled it, when, and by which event; `reviewed_*` the same of the second
    person who approved or rejected it, where one was needed, and `reason` why they rejected it.
    `undoes` is the id of the plan that it is the way back from. `claim` counts how often a worker has taken it up
    to apply it: only the last of them may note what comes of it. `asked` are the ids of those, people or a space,
    that were asked to approve it. `untold` says that whoever asked for it has yet to be told what came of it, in a
    message of its own: the answer to the event that decided on it is somewhere else, or there is none.
    """

    id: str
    state: PlanState
    requested_by: str
    requested_name: str
    room_id: str
    created_at: datetime
    changes: tuple[PlannedChange, ...]
    warnings: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    decided_event: str | None = None
    reviewed_by: str | None = None
    reviewed_name: str | None = None
    reviewed_at: datetime | None = None
    reviewed_event: str | None = None
    reason: str = ""
    undoes: str | None = None
    claim: int = 0
    asked: tuple[str, ...] = ()
    untold: bool = False

    @property
    def has_effect(self) -> bool:
        """Whether something of it was done."""
        return any(planned.outcome.state is ChangeState.DONE for planned in self.changes)

    @property
    def is_organization_wide(self) -> bool:
        """Whether it changes something for everybody at once."""
        return any(planned.change.thing is Thing.MODE for planned in self.changes)

    @property
    def parts(self) -> list[tuple[str, Target]]:
        """What somebody has to be allowed who decides on it: the command and the target of each change."""
        return [(command_of(planned.change), target_of(planned.change)) for planned in self.changes]

    @property
    def decisive_event(self) -> str | None:
        """The event that had the last word: that of the second person, where there was one."""
        return self.reviewed_event or self.decided_event

    @property
    def is_open(self) -> bool:
        """Whether somebody may still decide on it."""
        return self.state in OPEN

    @property
    def targets(self) -> list[Target]:
        """What somebody has to be allowed to approve."""
        return [target for _, target in self.parts]

    @property
    def commands(self) -> list[str]:
        """The commands that its changes stand for."""
        return [command for command, _ in self.parts]

    def is_of(self, person_id: str) -> bool:
        """Whether that person asked for it, or confirmed it."""
        return person_id in (self.requested_by, self.decided_by)

    def expired(self, now: datetime) -> bool:
        """Whether the plan has waited too long for its confirmation, or for its approval."""
        if self.state is PlanState.AWAITING and self.decided_at:
            return now - self.decided_at > APPROVAL_LIFETIME
        return now - self.created_at > LIFETIME

    def stands(self, now: datetime) -> bool:
        """Whether it may still be confirmed or approved, is being applied, or was done completely."""
        if self.is_open:
            return not self.expired(now)
        done = all(planned.outcome.state is ChangeState.DONE for planned in self.changes)
        return self.state is PlanState.APPLYING or (self.state is PlanState.APPLIED and done)


def new_plan_id() -> str:
    """Four letters that can be typed, with a digit, which no word has: `7F3K`. The store keeps it unique."""
    plan_id = ""
    while not any(letter.isdigit() for letter in plan_id):
        plan_id = "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))
    return plan_id


def is_plan_id(text: str) -> bool:
    """Whether it could be the id of a plan."""
    return len(text) == ID_LENGTH and set(text) <= set(ID_LETTERS)


def image_of_extension(extension: Extension) -> dict[str, str | list[str]]:
    """What an extension looks like, for comparing; an absent name is the same as an empty one."""
    return {
        "extension": extension.extension,
        "phoneNumber": extension.phone_number,
        "displayName": extension.display_name or "",
        "firstName": extension.first_name or "",
        "lastName": extension.last_name or "",
    }


def image_of_range(found: Range) -> dict[str, str | list[str]]:
    """What a range looks like, for comparing; the order of its patterns has no meaning."""
    return {"name": found.name, "prefix": found.prefix, "patterns": sorted(found.patterns or ())}


def differences(before: Image, after: Image) -> dict[str, str | list[str]]:
    """The fields of `after` that are not as before."""
    return {field: value for field, value in after.items() if before.get(field) != value}


def target_of(change: Change) -> Target:
    """Where a change is, and every field that it sets, clears or takes away."""
    before, after = change.before or {}, change.after or {}
    touched = {name for name in {**before, **after} if (before.get(name) or "") != (after.get(name) or "")}
    place = Place(change.location_id, change.location_name)
    return Target(place, frozenset(FIELDS[name] for name in touched))


def command_of(change: Change) -> str:
    """The canonical name of the command that a person would give to have this change."""
    return COMMANDS[change.kind, change.thing]


def arguments_of(change: Change) -> Arguments:
    """What a person would give a command to have this change."""
    after = {name: value for name, value in (change.after or {}).items() if isinstance(value, str)}
    patterns = (change.after or {}).get("patterns", ())
    return Arguments(
        target=change.target_id,
        extension=after.get("extension"),
        phone_number=after.get("phoneNumber"),
        display_name=after.get("displayName"),
        first_name=after.get("firstName"),
        last_name=after.get("lastName"),
        location=change.location_id,
        name=after.get("name"),
        prefix=after.get("prefix"),
        patterns=tuple(patterns),
        action=PatternAction.REPLACE if patterns and change.kind is Kind.CHANGE else None,
    )
