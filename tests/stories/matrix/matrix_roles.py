"""The people of the matrix, by role: as the sandbox has them, as the bot sees them, and what the policy grants."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from policies import AT_OWN_LOCATIONS, EVERYTHING, LOOKING, grant_to

from bot import person as known
from bot.sandbox.ids import named_id
from bot.sandbox.records import Membership, Person, Space, Token
from bot.sandbox.seed import LYON_ID, ORG_ID, OTHER_ORG_ID, scopes_of
from bot.sandbox.world import World
from bot.webex.ids import name_in

MATRIX = named_id("ROOM", "Matrix")
"""Where everybody is, and sees the cards of everybody."""

APPROVERS = named_id("ROOM", "Approvers")

GRANTED_BY = "The telephony team"
FOR_ALL = f'granted_by = "{GRANTED_BY}"\n{EVERYTHING}{LOOKING}{AT_OWN_LOCATIONS}' + grant_to(
    "nina@example.com", "change", 'locations = ["Lyon"]', "display_name first_name last_name"
)
APPROVING = f'[[grants]]\nspaces = ["{APPROVERS}"]\npermissions = ["approve"]\neverywhere = true\n'
APPROVAL = f'[approval]\ncommands = ["ranges.delete"]\nspace = "{MATRIX}"\n'
WITHOUT_TARA = f"{FOR_ALL}{APPROVING}{APPROVAL}"
WITH_TARA = (
    FOR_ALL + APPROVING + grant_to("tara@example.com", "read change delete bulk settings approve") + APPROVAL
)
UNREADABLE = "[[grants"

POLICIES = {"tara": WITHOUT_TARA, "broken": UNREADABLE}
"""By role, where it is not the policy that gives Tara everything, too."""

AT_LYON = frozenset({"leo", "nina"})
"""Who may do what they may at Lyon only."""

NAMES = {"broken": "alice"}
"""Who plays a role, where it is not somebody of that name."""


def name_of(role: str) -> str:
    """The first name, in small letters, of whoever plays the role."""
    return NAMES.get(role, role)


def policy_for(role: str) -> str:
    """What stands in access.toml while somebody of that role asks."""
    return POLICIES.get(role, WITH_TARA)


def person_id(role: str) -> str:
    """The Webex id of whoever plays the role."""
    return named_id("PEOPLE", name_of(role))


@cache
def known_person(role: str) -> known.Person:
    """Whoever plays the role, as the bot looks them up."""
    name = name_of(role)
    one = known.Person(person_id(role), ORG_ID, f"{name}@example.com", name.capitalize())
    special = {
        "alice": {"roles": frozenset({"Full Administrator"})},
        "rita": {"roles": frozenset({"Read-only Administrator"})},
        "leo": {"roles": frozenset({"Location Administrator"}), "own_locations": frozenset({name_in(LYON_ID)})},
        "nina": {"listed_as": frozenset({"nina@example.com"})},
        "tara": {"listed_as": frozenset({"tara@example.com"})},
        "vera": {"spaces": frozenset({APPROVERS})},
        "oscar": {"org_id": OTHER_ORG_ID, "email": "oscar@example.org"},
        "relay": {"is_bot": True, "email": "relay@webex.bot"},
    }
    return replace(one, **special.get(name, {}))


def settle(world: World) -> None:
    """Have the people there whom the sandbox lacks, and the two spaces of the matrix."""
    created = world.stamp()
    for name in ("vera", "tom", "tara"):
        _add(world, name, _person(name, created))
    _add(world, "relay", replace(_person("relay", created), type="bot", email="relay@webex.bot"))
    everybody = ("alice", "rita", "leo", "nina", "vera", "tom", "oscar", "relay", "tara", "extensions")
    _open(world, MATRIX, "Matrix", everybody, created)
    _open(world, APPROVERS, "Approvers", ("vera", "extensions"), created)


def _person(name: str, created: datetime) -> Person:
    first = name.capitalize()
    return Person(named_id("PEOPLE", name), f"{name}@example.com", f"{first} Roe", first, "Roe", ORG_ID, created)


def _add(world: World, name: str, person: Person) -> None:
    kind = "bot" if person.type == "bot" else "person"
    world.people[person.id] = person
    world.tokens[f"sandbox-{name}"] = Token(
        f"sandbox-{name}", f"sandbox-{name}", person.id, kind, scopes_of(person)
    )


def _open(world: World, space_id: str, title: str, names: tuple[str, ...], created: datetime) -> None:
    members = [named_id("PEOPLE", name) for name in names]
    world.spaces[space_id] = Space(space_id, title, "group", members[0], ORG_ID, created, created)
    for member in members:
        identity = named_id("MEMBERSHIP", f"{title}/{member}")
        world.add_membership(Membership(identity, space_id, member, created))
