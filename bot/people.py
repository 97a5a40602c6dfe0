"""Who a person is: looked up in Webex by id, with roles, and kept for at most five minutes."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import structlog

from bot.errors import Invalid, NotFound, Refused
from bot.person import Person
from bot.policy import Permission, Policy, comparable_role
from bot.webex.directory import Directory
from bot.webex.ids import name_in
from bot.webex.messaging import Messaging

FIVE_MINUTES = 300.0
MOST_KEPT = 5_000
"""Anybody in the world can write to a bot: what is kept of them is bounded."""

# The names in Webex's constant role ids. That of the location administrator is not confirmed: SCIM has the first
# of the two, the specification of people the second.
ROLE_NAMES: Mapping[str, str] = {
    "id_full_admin": "Full Administrator",
    "id_readonly_admin": "Read-only Administrator",
    "id_user_admin": "User Administrator",
    "id_device_admin": "Device Administrator",
    "location_full_admin": "Location Administrator",
    "location_admin": "Location Administrator",
    "id_location_admin": "Location Administrator",
}

T = TypeVar("T")

log = structlog.get_logger()


@dataclass
class _Entry(Generic[T]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    values: list[T] = field(default_factory=list)
    asked_at: float = 0.0


class Remembered(Generic[T]):
    """What `fetch` gave for a key, for five minutes. Threads that ask for the same key at once share one fetch."""

    def __init__(self, fetch: Callable[[str], T], clock: Callable[[], float], most: int = MOST_KEPT) -> None:
        self._fetch = fetch
        self._clock = clock
        self._most = most
        self._entries: dict[str, _Entry[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> T:
        """The value; fetched if it is not known or too old. What `fetch` raises is not remembered."""
        entry = self._entry(key)
        with entry.lock:
            # From before the fetch on: what it saw may have changed while it ran. A clock that is set back counts.
            asked_at = self._clock()
            if not entry.values or not 0 <= asked_at - entry.asked_at < FIVE_MINUTES:
                entry.values = [self._fetch(key)]
                entry.asked_at = asked_at
            return entry.values[0]

    def _entry(self, key: str) -> _Entry[T]:
        with self._lock:
            if key not in self._entries and len(self._entries) >= self._most:
                self._entries.pop(next(iter(self._entries)))
            return self._entries.setdefault(key, _Entry())


class People:
    """Finds people. `admin` sees roles; `bot` sees the people of other organizations, who write to it too.

    What the policy names, e-mails and spaces, is resolved to ids, so that what is compared is ids. That is done
    for the policy as it is now: a name that is added or taken away counts at once.
    """

    def __init__(
        self,
        admin: Directory,
        bot: Directory,
        spaces: Messaging,
        policy: Callable[[], Policy],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._admin = admin
        self._bot = bot
        self._spaces = spaces
        self._policy = policy
        self._people = Remembered(self._look_up, clock)
        self._strangers = Remembered(self._look_up_stranger, clock)
        self._ids = Remembered(self._resolve, clock)
        self._roles = Remembered(self._list_roles, clock)
        self._members = Remembered(self._list_members, clock)
        self._holders = Remembered(self._list_holders, clock)
        self._managed = Remembered(self._list_managed, clock)

    def find(self, person_id: str) -> Person:
        """The person of that id, at most five minutes old. Raises WebexError, but not NotFound.

        GET /people/{personId}; for whom the policy names, GET /people?email= and GET /memberships?roomId=; and for
        location administrators their locations, where the policy asks for them.
        """
        person, policy = self._people.get(person_id), self._policy()
        if not person.org_id:
            return person
        return replace(
            person,
            listed_as=frozenset(email for email in policy.emails if _is_same(self.resolve(email), person.id)),
            spaces=frozenset(space for space in policy.spaces if name_in(person.id) in self._members.get(space)),
            own_locations=self._managed.get(person.id) if policy.uses_own_locations else frozenset(),
        )

    def is_bot(self, person_id: str) -> bool:
        """Whether that is a bot. Asked with the bot's token, which no work holds up. GET /people/{personId}

        Raises WebexError.
        """
        return self._strangers.get(person_id).is_bot

    def resolve(self, email: str) -> str | None:
        """The person id for an e-mail; None where Webex knows nobody. GET /people?email="""
        return self._ids.get(email)

    def find_holders(self, permission: Permission) -> list[Person]:
        """Everybody to whom the policy gives a permission by name, role or space, by name; not the bots.

        Webex lists nobody by domain. GET /people?roles= and GET /memberships?roomId=
        """
        giving = [grant.to for grant in self._policy().grants if permission in grant.permissions]
        ids = {self.resolve(email) for to in giving for email in to.emails}
        ids |= {
            person_id for to in giving for space in to.spaces for person_id in self._members.get(space).values()
        }
        ids |= {person_id for to in giving for role in to.roles for person_id in self._holders.get(role)}
        # Two tokens may see one person with ids of two clusters.
        once = {name_in(person_id): person_id for person_id in ids if person_id}
        people = [self.find(person_id) for person_id in once.values()]
        return sorted(
            (one for one in people if not one.is_bot), key=lambda person: (person.display_name, person.id)
        )

    def role_names(self, role_ids: Iterable[str]) -> frozenset[str]:
        """The names of roles, such as `Full Administrator`. GET /roles, but only for ids that are not constant."""
        return frozenset(self._role_name(role_id) for role_id in role_ids)

    def _look_up(self, person_id: str) -> Person:
        try:
            profile = self._admin.get(person_id)
        except (NotFound, Invalid):
            return self._look_up_stranger(person_id)
        return replace(profile.as_person(), roles=self.role_names(profile.roles))

    def _look_up_stranger(self, person_id: str) -> Person:
        """Somebody of another organization, without roles: they are told so, unless they are a bot."""
        try:
            return self._bot.get(person_id).as_person()
        except (NotFound, Invalid):
            return Person(person_id)

    def _resolve(self, email: str) -> str | None:
        try:
            found = self._admin.find_by_email(email)
        except (NotFound, Invalid):
            found = []
        if len(found) != 1:
            # More than one would give somebody another's rights.
            log.warning("access.unknown_email", found=len(found))
            return None
        return found[0].id

    def _role_name(self, role_id: str) -> str:
        constant = name_in(role_id)
        return ROLE_NAMES.get(constant) or self._roles.get("").get(constant, constant)

    def _list_members(self, room_id: str) -> Mapping[str, str]:
        """Who is in a space: ids, by what they name. The bot has to be in it to see that; else nobody is."""
        try:
            return {name_in(person_id): person_id for person_id in self._spaces.list_members(room_id)}
        except (NotFound, Invalid, Refused) as error:
            log.warning("access.unknown_space", call=str(error), tracking_id=error.call.tracking_id)
            return {}

    def _list_holders(self, role: str) -> frozenset[str]:
        """Who has an administrator role of that name."""
        wanted = comparable_role(role)
        ids = [one.id for one in self._admin.list_roles() if comparable_role(one.name) == wanted]
        return frozenset(profile.id for role_id in ids for profile in self._admin.list_holders(role_id))

    def _list_managed(self, person_id: str) -> frozenset[str]:
        """The locations that somebody administers. Where Webex does not tell, there are none."""
        person = self._people.get(person_id)
        try:
            return frozenset(self._admin.list_managed_locations(person.org_id, person.id))
        except (NotFound, Invalid, Refused) as error:
            log.warning("access.unknown_locations", call=str(error), tracking_id=error.call.tracking_id)
            return frozenset()

    def _list_roles(self, _key: str) -> Mapping[str, str]:
        return {name_in(role.id): role.name for role in self._admin.list_roles()}


def _is_same(one: str | None, other: str) -> bool:
    """Two tokens may see one person with ids of two clusters."""
    return bool(one) and name_in(one or "") == name_in(other)
