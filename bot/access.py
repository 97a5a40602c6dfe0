"""Who may do what: deny by default, decided anew for every message and every click."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.webex.ids import name_in

ROLE = "role:"
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


class Permission(StrEnum):
    """What a command needs; a person holds any number of them."""

    READ = "read"
    CHANGE = "change"
    SETTINGS = "settings"


WHAT_FOR: Mapping[Permission, str] = {
    Permission.READ: "look at virtual extensions and ranges",
    Permission.CHANGE: "change virtual extensions and ranges",
    Permission.SETTINGS: "change the organization's mode",
}


@dataclass(frozen=True)
class Person:
    """A Webex user, as Webex knows them: nothing here comes from what they typed.

    `roles` are names of administrator roles such as `Full Administrator`. `listed_as` are the e-mails of the
    settings that Webex resolved to this person's id. A person whom Webex does not show us has an empty `org_id`.
    """

    id: str
    org_id: str = ""
    email: str = ""
    display_name: str = ""
    is_bot: bool = False
    roles: frozenset[str] = frozenset()
    listed_as: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Principals:
    """Whom a setting lists: e-mails in small letters, and names of administrator roles."""

    emails: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def include(self, person: Person) -> bool:
        """Whether the person is one of them, by person id or by role."""
        wanted = {comparable_role(role) for role in self.roles}
        return bool(self.emails & person.listed_as or wanted & {comparable_role(role) for role in person.roles})


def read_principals(text: str) -> Principals:
    """Read `jane@example.com, role:Full Administrator`. Raises ValueError with the entry that is neither."""
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    roles = {entry[len(ROLE) :].strip() for entry in entries if entry.lower().startswith(ROLE)}
    emails = {entry.lower() for entry in entries if not entry.lower().startswith(ROLE)}
    unreadable = sorted(email for email in emails if not EMAIL.fullmatch(email))
    if unreadable or "" in roles:
        raise ValueError(
            f"has an entry that is neither an e-mail nor a role: {unreadable[0] if unreadable else ROLE}"
        )
    return Principals(frozenset(emails), frozenset(roles))


def comparable_role(role: str) -> str:
    """The letters of a role's name: people write "Read Only" for Webex's "Read-only"."""
    return "".join(character for character in role.casefold() if character.isalnum())


@dataclass(frozen=True)
class Decision:
    """Whether a person may do something, in a sentence why not, and everything that they may do."""

    allowed: bool
    reason: str
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Access:
    """The rules: whom the settings list for each permission, and the bot's own organization."""

    listed: Mapping[Permission, Principals]
    org_id: str

    def decide(self, person: Person, permission: Permission | None) -> Decision:
        """Whether the person may do what needs the permission; None is for everybody of the organization."""
        if person.is_bot:
            return Decision(allowed=False, reason="This bot does not answer other bots.", permissions=frozenset())
        if not self._is_member(person):
            reason = "This bot answers only people of its own organization."
            return Decision(allowed=False, reason=reason, permissions=frozenset())
        held = self._held_by(person)
        if permission is None or permission in held:
            return Decision(allowed=True, reason="", permissions=held)
        return Decision(allowed=False, reason=_refusal(permission), permissions=held)

    def _is_member(self, person: Person) -> bool:
        # An unknown organization is never the same as another unknown one.
        return bool(person.org_id) and name_in(person.org_id) == name_in(self.org_id)

    def _held_by(self, person: Person) -> frozenset[Permission]:
        """Who may change things or settings may also look; neither of the two includes the other."""
        held = {permission for permission, principals in self.listed.items() if principals.include(person)}
        return frozenset(held | {Permission.READ} if held else held)


def _refusal(permission: Permission) -> str:
    return (
        f"You need the permission to {WHAT_FOR[permission]}. The people who run this bot can give it to you, "
        f"with the setting ACCESS_{permission.name}."
    )
