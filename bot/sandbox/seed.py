"""Who is in the sandbox from the start: people, tokens and one space, with ids that are always the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.sandbox.ids import named_id
from bot.sandbox.records import Grant, Kind, Membership, Person, Role, Space, Token
from bot.sandbox.world import World

ORG_ID = named_id("ORGANIZATION", "example.com")
OTHER_ORG_ID = named_id("ORGANIZATION", "example.org")
LYON_ID = named_id("LOCATION", "Lyon")

_MESSAGING = frozenset(
    f"spark:{name}"
    for name in (
        "messages_read",
        "messages_write",
        "rooms_read",
        "rooms_write",
        "memberships_read",
        "memberships_write",
        "people_read",
    )
)
_ADMINISTRATION = frozenset(
    {
        "spark-admin:telephony_config_read",
        "spark-admin:telephony_config_write",
        "identity:contacts_rw",
        "spark-admin:people_read",
        "identity:people_read",
        "spark-admin:locations_read",
    }
)
_KINDS: Mapping[str, Kind] = {"person": "person", "bot": "bot", "appuser": "admin"}
REFRESH_TOKEN = "sandbox-refresh"  # noqa: S105 - opens nothing but the sandbox
AUTHORIZATION_CODE = "sandbox-code"
CLIENT_SECRET = "secret"  # noqa: S105 - of each client, whatever its id


def seed(world: World) -> None:
    """Put the fixed people, their tokens and the space `Telephony` into an empty world."""
    created = world.stamp()
    for name, person in _people(created).items():
        world.people[person.id] = person
        world.tokens[f"sandbox-{name}"] = _token(name, person)
    calling = Grant(world.tokens["sandbox-calling"])
    world.grants |= {REFRESH_TOKEN: calling, AUTHORIZATION_CODE: calling}
    _open_telephony_space(world, created)


def scopes_of(person: Person) -> frozenset[str]:
    """Return what a token of this person may do: messaging, and all of administration for administrators."""
    if person.type == "appuser":
        return _ADMINISTRATION
    return _MESSAGING | _ADMINISTRATION if person.roles else _MESSAGING


def _people(created: datetime) -> dict[str, Person]:
    alice = _person("Alice", "Martin", created, roles=frozenset({Role.FULL_ADMIN}))
    rita = _person("Rita", "Okafor", created, roles=frozenset({Role.READ_ONLY_ADMIN}))
    leo = _person("Leo", "Laurent", created, roles=frozenset({Role.LOCATION_ADMIN}))
    oscar = _person("Oscar", "Lind", created)
    bot = _person("Extensions", "", created)
    calling = _person("Calling", "", created, roles=frozenset({Role.FULL_ADMIN}))
    return {
        "alice": alice,
        "rita": rita,
        "leo": replace(leo, location_ids=frozenset({LYON_ID})),
        "nina": _person("Nina", "Berg", created),
        "oscar": replace(oscar, org_id=OTHER_ORG_ID, email="oscar@example.org"),
        "bot": replace(bot, type="bot", email="extensions@webex.bot"),
        "calling": replace(calling, type="appuser", email="calling@webex.app"),
    }


def _person(first: str, last: str, created: datetime, roles: frozenset[Role] = frozenset()) -> Person:
    name = first.lower()
    return Person(
        id=named_id("PEOPLE", name),
        email=f"{name}@example.com",
        display_name=f"{first} {last}".strip(),
        first_name=first,
        last_name=last,
        org_id=ORG_ID,
        created=created,
        roles=roles,
    )


def _token(name: str, person: Person) -> Token:
    return Token(f"sandbox-{name}", f"sandbox-{name}", person.id, _KINDS[person.type], scopes_of(person))


def _open_telephony_space(world: World, created: datetime) -> None:
    alice, *others = (named_id("PEOPLE", name) for name in ("alice", "rita", "leo", "nina", "extensions"))
    space = Space(named_id("ROOM", "Telephony"), "Telephony", "group", alice, ORG_ID, created, created)
    world.spaces[space.id] = space
    for person_id in (alice, *others):
        identity = named_id("MEMBERSHIP", f"Telephony/{person_id}")
        world.add_membership(Membership(identity, space.id, person_id, created, person_id == alice))
