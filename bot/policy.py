"""The access policy as values: grants, each to some people, for some permissions, places and fields.

`bot.policy_file` reads it from access.toml, `bot.access` decides by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bot.person import Person
from bot.webex.ids import name_in


class Permission(StrEnum):
    """What a command needs; a person holds any number of them. Each of the others includes READ at its places."""

    READ = "read"
    CHANGE = "change"
    DELETE = "delete"
    BULK = "bulk"
    SETTINGS = "settings"
    APPROVE = "approve"


WHAT_FOR: Mapping[Permission, str] = {
    Permission.READ: "look at virtual extensions and ranges",
    Permission.CHANGE: "add and change virtual extensions and ranges",
    Permission.DELETE: "delete virtual extensions and ranges",
    Permission.BULK: "change more than one thing with one plan",
    Permission.SETTINGS: "change the organization's mode",
    Permission.APPROVE: "approve what others ask for",
}


@dataclass(frozen=True)
class Place:
    """Where something is: at a location, or without one at organization level."""

    location_id: str | None = None
    location_name: str | None = None


@dataclass(frozen=True)
class Reach:
    """Which places something holds for. Locations are written as names, ids, or UUIDs."""

    everywhere: bool = False
    locations: frozenset[str] = frozenset()
    organization: bool = False

    def includes(self, place: Place) -> bool:
        """Whether the place is one of them."""
        if self.everywhere or place.location_id is None:
            return self.everywhere or self.organization
        named = {name_in(location).casefold() for location in self.locations if location}
        return not named.isdisjoint(
            (name_in(place.location_id).casefold(), (place.location_name or "").casefold())
        )

    def __or__(self, other: "Reach") -> "Reach":
        """All the places of both."""
        return Reach(
            self.everywhere or other.everywhere,
            self.locations | other.locations,
            self.organization or other.organization,
        )


ORGANIZATION = Place()
EVERYWHERE = Reach(everywhere=True)
NOWHERE = Reach()


@dataclass(frozen=True)
class Principals:
    """Whom a grant is for: e-mails and domains in small letters, ids of spaces, names of administrator roles."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def include(self, person: Person) -> bool:
        """Whether the person is one of them. An e-mail counts where Webex resolved it to the person's id."""
        wanted = {comparable_role(role) for role in self.roles}
        return bool(
            self.emails & person.listed_as
            or self.domains_of(person)
            or self.spaces & person.spaces
            or wanted & {comparable_role(role) for role in person.roles}
        )

    def domains_of(self, person: Person) -> frozenset[str]:
        """Those of the domains that the person's e-mail is of: one or none."""
        return self.domains & {person.email.casefold().rpartition("@")[2]}


@lru_cache(maxsize=256)
def comparable_role(role: str) -> str:
    """The letters of a role's name: people write "Read Only" for Webex's "Read-only"."""
    return "".join(character for character in role.casefold() if character.isalnum())


@dataclass(frozen=True)
class Grant:
    """Permissions for some people, at some places, and for some fields, named as arguments (None: all).

    With `own_locations` it holds for the locations that each of them administers in Webex, too.
    """

    to: Principals
    permissions: frozenset[Permission]
    reach: Reach = EVERYWHERE
    own_locations: bool = False
    fields: frozenset[str] | None = None

    def gives(self, permission: Permission) -> bool:
        """Whether it includes the permission: who may do something with a thing may look at it."""
        return permission in self.permissions or permission is Permission.READ

    def reach_for(self, person: Person) -> Reach:
        """The places that it holds for, for that person."""
        own = person.own_locations if self.own_locations else frozenset()
        return replace(self.reach, locations=self.reach.locations | own)

    def limits(self) -> str:
        """Where and for what it holds, to somebody whom it is for: `at Lyon, only for display name`.

        Empty for everywhere and all.
        """
        places = [*sorted(self.reach.locations), *(["organization level"] if self.reach.organization else [])]
        places += ["the locations that you administer in Webex"] if self.own_locations else []
        fields = ", ".join(sorted(self.fields or ())).replace("_", " ")
        where = "" if self.reach.everywhere else f"at {', '.join(places)}"
        return ", ".join(part for part in (where, f"only for {fields}" if fields else "") if part)


@dataclass(frozen=True)
class ApprovalRule:
    """What needs the approval of a second person.

    `commands` by canonical name, and every plan of more than `most_changes` changes (None: none for its size).
    `space_id` is the room in which approvers are asked; without it each of them is asked directly.
    """

    commands: frozenset[str] = frozenset({"mode.change", "ranges.delete"})
    most_changes: int | None = 10
    space_id: str | None = None

    def applies_to(self, commands: Iterable[str]) -> bool:
        """Whether a plan needs it whose changes are those that these commands would make."""
        wanted = list(commands)
        too_many = self.most_changes is not None and len(wanted) > self.most_changes
        return too_many or not self.commands.isdisjoint(wanted)


@dataclass(frozen=True)
class Policy:
    """All that the policy file says. One that can't be read has a `problem` and grants nothing to anybody."""

    grants: tuple[Grant, ...] = ()
    approval: ApprovalRule = ApprovalRule()
    granted_by: str = "The people who run this bot"
    problem: str = ""

    @property
    def emails(self) -> frozenset[str]:
        """Everybody whom it names by e-mail."""
        return frozenset(email for grant in self.grants for email in grant.to.emails)

    @property
    def spaces(self) -> frozenset[str]:
        """The rooms whose members it names."""
        return frozenset(space for grant in self.grants for space in grant.to.spaces)

    @property
    def uses_own_locations(self) -> bool:
        """Whether it matters which locations a person administers in Webex."""
        return any(grant.own_locations for grant in self.grants)
