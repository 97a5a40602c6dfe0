"""Who administers which location, and who is in a space: the sandbox, and the clients that ask for it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from account import Account

from bot.calling.token import StaticToken
from bot.errors import Invalid, NotFound, Refused
from bot.sandbox.ids import named_id
from bot.sandbox.seed import LYON_ID, ORG_ID, OTHER_ORG_ID
from bot.sandbox.server import SandboxServer
from bot.webex.directory import Directory
from bot.webex.ids import name_in
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession

SCIM = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
SCOPE = "identity:people_read"
TELEPHONY = named_id("ROOM", "Telephony")
ALICE, LEO, NINA, OSCAR = (named_id("PEOPLE", name) for name in ("alice", "leo", "nina", "oscar"))


def user_at(url: str, person_id: str, org_id: str = ORG_ID) -> str:
    """The address of a user: beside /v1, by bare UUIDs."""
    return f"{url}/identity/scim/{name_in(org_id)}/v2/Users/{name_in(person_id)}"


@pytest.fixture
def leo(sandbox: SandboxServer) -> Iterator[Account]:
    with Account(sandbox.api_url, "sandbox-leo") as account:
        yield account


def without_scope(sandbox: SandboxServer) -> str:
    calling = sandbox.world.tokens["sandbox-calling"]
    sandbox.world.tokens["narrow"] = replace(calling, value="narrow", scopes=calling.scopes - {SCOPE})
    return "narrow"


def directory_of(sandbox: SandboxServer, token: str) -> Directory:
    return Directory(WebexSession(StaticToken(token), sandbox.api_url))


def test_scim_has_the_locations_of_an_administrator_as_groups(sandbox: SandboxServer, app: Account) -> None:
    body = app.get(user_at(sandbox.url, LEO)).json()
    assert (body["id"], body["userName"], body["displayName"]) == (name_in(LEO), "leo@example.com", "Leo Laurent")
    assert body["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User", SCIM]
    assert body[SCIM]["managedGroups"] == [
        {"orgId": name_in(ORG_ID), "groupId": name_in(LYON_ID), "role": "location_full_admin"}
    ]


def test_scim_has_no_groups_of_who_administers_none(sandbox: SandboxServer, app: Account) -> None:
    for person_id in (ALICE, NINA):
        assert app.get(user_at(sandbox.url, person_id)).json()[SCIM] == {}


def test_scim_needs_a_scope_of_its_own(sandbox: SandboxServer) -> None:
    with Account(sandbox.api_url, without_scope(sandbox)) as narrow:
        refused = narrow.get(user_at(sandbox.url, LEO))
    assert (refused.status_code, refused.json()["message"]) == (403, f"Missing required scope: {SCOPE}")


def test_scim_is_for_administrators(sandbox: SandboxServer, bot: Account, nina: Account, leo: Account) -> None:
    assert [who.get(user_at(sandbox.url, LEO)).status_code for who in (bot, nina, leo)] == [403, 403, 200]
    with Account(sandbox.api_url, "nobody") as stranger:
        assert stranger.get(user_at(sandbox.url, LEO)).status_code == 401


@pytest.mark.parametrize(
    ("person_id", "org_id"),
    [("unknown", ORG_ID), (OSCAR, ORG_ID), (OSCAR, OTHER_ORG_ID), (LEO, OTHER_ORG_ID), (LEO, "unknown")],
)
def test_scim_knows_only_the_people_of_the_own_organization(
    sandbox: SandboxServer, app: Account, person_id: str, org_id: str
) -> None:
    refused = app.get(user_at(sandbox.url, person_id, org_id))
    assert (refused.status_code, refused.json()["message"]) == (404, "Could not find the user.")


def test_scim_takes_bare_uuids_only(sandbox: SandboxServer, app: Account) -> None:
    assert app.get(f"{sandbox.url}/identity/scim/{ORG_ID}/v2/Users/{LEO}").status_code == 404


def test_the_directory_lists_the_locations_that_somebody_administers(sandbox: SandboxServer) -> None:
    directory = directory_of(sandbox, "sandbox-calling")
    assert directory.list_managed_locations(ORG_ID, LEO) == [name_in(LYON_ID)]
    assert directory.list_managed_locations(ORG_ID, ALICE) == []


def test_the_directory_says_what_the_token_lacks_and_who_is_unknown(sandbox: SandboxServer) -> None:
    with pytest.raises(Refused):
        directory_of(sandbox, without_scope(sandbox)).list_managed_locations(ORG_ID, LEO)
    with pytest.raises(NotFound):
        directory_of(sandbox, "sandbox-calling").list_managed_locations(ORG_ID, OSCAR)
    with pytest.raises(Invalid):
        directory_of(sandbox, "sandbox-calling").list_managed_locations(ORG_ID, "../people/me")


def test_the_bot_lists_who_is_in_a_space(sandbox: SandboxServer, alice: Account) -> None:
    messaging = Messaging(WebexSession(StaticToken("sandbox-bot"), sandbox.api_url))
    everybody = [named_id("PEOPLE", name) for name in ("alice", "rita", "leo", "nina", "extensions")]
    assert messaging.list_members(TELEPHONY) == everybody
    members = alice.get("/memberships", roomId=TELEPHONY, personId=NINA).json()["items"]
    alice.delete(f"/memberships/{members[0]['id']}")
    assert messaging.list_members(TELEPHONY) == [person for person in everybody if person != NINA]


def test_a_long_list_of_members_is_read_to_its_end(sandbox: SandboxServer, alice: Account) -> None:
    """Webex gives a hundred at once."""
    nina = sandbox.world.people[NINA]
    guests = [
        replace(nina, id=named_id("PEOPLE", f"guest-{n}"), email=f"guest-{n}@example.com") for n in range(120)
    ]
    for guest in guests:
        sandbox.world.people[guest.id] = guest
        assert alice.post("/memberships", roomId=TELEPHONY, personId=guest.id).ok
    members = Messaging(WebexSession(StaticToken("sandbox-bot"), sandbox.api_url)).list_members(TELEPHONY)
    assert set(members) >= {guest.id for guest in guests}
    assert len(members) == len(set(members)) == 125


def test_the_bot_does_not_see_who_is_in_a_space_without_it(sandbox: SandboxServer, alice: Account) -> None:
    room = alice.post("/rooms", title="Elsewhere").json()["id"]
    messaging = Messaging(WebexSession(StaticToken("sandbox-bot"), sandbox.api_url))
    with pytest.raises((NotFound, Refused)):
        messaging.list_members(room)
    with pytest.raises(NotFound):
        messaging.list_members(named_id("ROOM", "no such room"))
    with pytest.raises(Invalid):
        messaging.list_members("../people/me?x")
