"""Who a person is: what Webex is asked for, how often, and what counts where it does not answer."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted_webex import Answer, ScriptedWebex, scripted_webex

from bot.access import Access
from bot.calling.token import StaticToken
from bot.commands import all_commands
from bot.errors import Refused, Unreachable
from bot.people import People, Remembered
from bot.person import Person
from bot.policy import NOWHERE, Grant, Permission, Policy, Principals
from bot.sandbox.seed import LYON_ID, ORG_ID
from bot.sandbox.server import SandboxServer
from bot.webex.directory import Directory
from bot.webex.ids import name_in
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession

OTHER_ORG = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi90d28"
SPACE = "Y2lzY29zcGFyazovL3VzL1JPT00vb25l"
JANE_US = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9qYW5l"
JANE_EU = "Y2lzY29zcGFyazovL2V1L1BFT1BMRS9qYW5l"
LOCATION_ADMIN_IDS = [
    "Y2lzY29zcGFyazovL3VzL1JPTEUvbG9jYXRpb25fZnVsbF9hZG1pbg",
    "Y2lzY29zcGFyazovL2V1L1JPTEUvbG9jYXRpb25fYWRtaW4=",
]
SCIM = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
READ = frozenset({Permission.READ})


@pytest.fixture
def webex() -> Iterator[ScriptedWebex]:
    with scripted_webex() as server:
        yield server


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def people_of(webex: ScriptedWebex, clock: Clock, *grants: Grant) -> People:
    directory = Directory(webex.session())
    return People(directory, directory, Messaging(webex.session()), lambda: Policy(grants), clock)


def listing(*emails: str) -> Grant:
    return Grant(Principals(emails=frozenset(emails)), READ)


IN_SPACE = Grant(Principals(spaces=frozenset({SPACE})), READ)
AT_OWN = Grant(Principals(roles=frozenset({"Location Administrator"})), READ, NOWHERE, own_locations=True)


def profile(**values: object) -> Answer:
    return Answer(body={"id": "P1", "orgId": ORG_ID, "emails": ["jane@example.com"], "type": "person", **values})


def found(*ids: str) -> Answer:
    return Answer(body={"items": [{"id": each} for each in ids]})


def members(*ids: str) -> Answer:
    return Answer(body={"items": [{"id": f"M-{each}", "personId": each} for each in ids]})


def managing(*groups: dict[str, str]) -> Answer:
    return Answer(body={"id": "p", SCIM: {"managedGroups": groups}})


def test_a_person_is_asked_for_again_after_five_minutes(webex: ScriptedWebex, clock: Clock) -> None:
    people = people_of(webex, clock)
    webex.will_answer(profile(displayName="Jane"), profile(displayName="Jane Roe"))
    assert people.find("P1").display_name == "Jane"
    clock.now = 299.9
    assert people.find("P1").display_name == "Jane"
    clock.now = 300.0
    assert people.find("P1").display_name == "Jane Roe"
    assert webex.lines == ["GET /v1/people/P1"] * 2


def test_a_failure_is_not_remembered(webex: ScriptedWebex, clock: Clock) -> None:
    people = people_of(webex, clock)
    webex.will_answer(Answer(403, {"message": "scope"}), profile())
    with pytest.raises(Refused):
        people.find("P1")
    assert people.find("P1").id == "P1"


def test_threads_that_ask_at_once_share_one_request(webex: ScriptedWebex, clock: Clock) -> None:
    people = people_of(webex, clock)
    webex.will_answer(profile())
    together = threading.Barrier(8)

    def ask(_: int) -> Person:
        together.wait()
        return people.find("P1")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert len(webex.asked) == 1


@pytest.mark.parametrize(
    ("answer", "is_listed"),
    [
        (found("P1"), True),
        (found(), False),
        (found("P2"), False),
        (found("P1", "P3"), False),
        (Answer(400, {"message": "Invalid email address."}), False),
        (Answer(404), False),
    ],
)
def test_emails_of_the_policy_are_resolved_to_one_person(
    webex: ScriptedWebex, clock: Clock, answer: Answer, is_listed: bool
) -> None:
    webex.will_answer(profile(), answer)
    listed = people_of(webex, clock, listing("alias@example.com")).find("P1").listed_as
    assert listed == ({"alias@example.com"} if is_listed else frozenset())
    assert webex.lines[1] == "GET /v1/people?email=alias%40example.com"


def test_a_person_is_the_same_in_every_cluster(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(profile(id=JANE_US), found(JANE_EU), members(JANE_EU))
    jane = people_of(webex, clock, listing("jane@example.com"), IN_SPACE).find(JANE_US)
    assert (jane.listed_as, jane.spaces) == ({"jane@example.com"}, {SPACE})


def test_somebody_is_in_a_space_for_at_most_five_minutes_after_leaving_it(
    webex: ScriptedWebex, clock: Clock
) -> None:
    people = people_of(webex, clock, IN_SPACE)
    webex.will_answer(profile(), members("P1", "P2"), profile(), members("P2"))
    assert people.find("P1").spaces == {SPACE}
    clock.now = 299.9
    assert people.find("P1").spaces == {SPACE}
    clock.now = 300.0
    assert people.find("P1").spaces == frozenset()
    assert webex.lines[1] == f"GET /v1/memberships?roomId={SPACE}"


@pytest.mark.parametrize("answer", [Answer(404), Answer(400), Answer(403), members()])
def test_nobody_is_in_a_space_that_the_bot_is_not_in(webex: ScriptedWebex, clock: Clock, answer: Answer) -> None:
    webex.will_answer(profile(), answer)
    assert people_of(webex, clock, IN_SPACE).find("P1").spaces == frozenset()


def test_where_webex_does_not_answer_nobody_is_taken_for_less_than_they_are(
    webex: ScriptedWebex, clock: Clock
) -> None:
    webex.will_answer(profile(), *[Answer(503)] * 10)
    with pytest.raises(Unreachable):
        people_of(webex, clock, IN_SPACE).find("P1")


def test_own_locations_are_the_groups_that_somebody_administers_as_a_location(
    webex: ScriptedWebex, clock: Clock
) -> None:
    groups = (
        {"groupId": "lyon", "role": "location_full_admin"},
        {"groupId": "denver", "role": "location_admin"},
        {"groupId": "sales", "role": "group_admin"},
        {"groupId": "", "role": "location_admin"},
        {"role": "location_admin"},
    )
    webex.will_answer(profile(), managing(*groups))
    assert people_of(webex, clock, AT_OWN).find("P1").own_locations == {"lyon", "denver"}
    assert webex.lines[1] == f"GET /identity/scim/{name_in(ORG_ID)}/v2/Users/P1"


@pytest.mark.parametrize("answer", [Answer(403), Answer(404), Answer(400), Answer(body={}), managing()])
def test_who_is_not_said_to_administer_a_location_administers_none(
    webex: ScriptedWebex, clock: Clock, answer: Answer
) -> None:
    webex.will_answer(profile(), answer)
    assert people_of(webex, clock, AT_OWN).find("P1").own_locations == frozenset()


def test_nothing_is_asked_that_the_policy_does_not_need(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(profile())
    people_of(webex, clock, Grant(Principals(roles=frozenset({"Full Administrator"})), READ)).find("P1")
    assert webex.lines == ["GET /v1/people/P1"]


def test_constant_roles_need_no_request_and_others_are_asked_for_once(webex: ScriptedWebex, clock: Clock) -> None:
    people = people_of(webex, clock)
    full = "Y2lzY29zcGFyazovL2V1L1JPTEUvaWRfZnVsbF9hZG1pbg"
    own = "Y2lzY29zcGFyazovL3VzL1JPTEUvY3VzdG9t"
    webex.will_answer(
        profile(roles=[full, own, *LOCATION_ADMIN_IDS, "unknown"]),
        Answer(body={"items": [{"id": own, "name": "Telephony Desk"}]}),
    )
    assert people.find("P1").roles == {"Full Administrator", "Telephony Desk", "Location Administrator", "unknown"}
    assert webex.lines == ["GET /v1/people/P1", "GET /v1/roles"]


def test_somebody_whom_webex_does_not_show_is_a_stranger(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(Answer(404), Answer(404))
    assert people_of(webex, clock, listing("jane@example.com"), IN_SPACE).find("P9") == Person("P9")


def test_a_stranger_gets_no_roles_from_what_the_bot_sees(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(Answer(404), profile(orgId=OTHER_ORG, roles=LOCATION_ADMIN_IDS, type="bot"))
    stranger = people_of(webex, clock).find("P1")
    assert (stranger.is_bot, stranger.roles) == (True, frozenset())


def test_only_those_who_have_a_role_are_asked_for(webex: ScriptedWebex) -> None:
    """The SDK's list sends an unknown filter under a wrong name, and Webex gives everybody."""
    webex.will_answer(found("P1", "P2"))
    assert [one.id for one in Directory(webex.session()).list_holders("R1")] == ["P1", "P2"]
    assert webex.lines == ["GET /v1/people?roles=R1"]


def test_a_clock_that_is_set_back_keeps_nothing_longer(clock: Clock) -> None:
    """Rights that were taken away must not stay for as long as the clock was ahead."""
    fetched: list[str] = []
    remembered = Remembered(fetched.append, clock)
    clock.now = 3_600.0
    remembered.get("a")
    clock.now = 0.0
    remembered.get("a")
    assert fetched == ["a", "a"]


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(clock: Clock) -> None:
    fetched: list[str] = []
    remembered = Remembered(lambda key: fetched.append(key), clock, most=2)
    for key in ("a", "b", "c", "c", "b", "a"):
        remembered.get(key)
    assert fetched == ["a", "b", "c", "a"]


def test_the_people_of_the_sandbox_are_told_apart() -> None:
    policy = Policy((Grant(Principals(roles=frozenset({"Full Administrator"})), frozenset(Permission)), AT_OWN))
    policy = Policy((*policy.grants, listing("nina@example.com")))
    with SandboxServer() as sandbox:
        bot = WebexSession(StaticToken("sandbox-bot"), sandbox.api_url)
        admin = Directory(WebexSession(StaticToken("sandbox-calling"), sandbox.api_url))
        people = People(admin, Directory(bot), Messaging(bot), lambda: policy)
        needs = {name: spec.permission for name, spec in all_commands().items()}
        access = Access(lambda: policy, Messaging(bot).me().org_id, needs)
        found = {person.email.split("@")[0]: people.find(person.id) for person in sandbox.world.people.values()}
    assert found["alice"].roles == {"Full Administrator"}
    assert found["rita"].roles == {"Read-only Administrator"}
    assert (found["leo"].roles, found["leo"].own_locations) == ({"Location Administrator"}, {name_in(LYON_ID)})
    assert (found["nina"].roles, found["nina"].listed_as) == (frozenset(), {"nina@example.com"})
    assert access.decide(found["alice"], "mode.change").allowed
    assert access.decide(found["leo"], "extensions.list").allowed
    assert access.decide(found["nina"], "extensions.list").allowed
    assert not access.decide(found["rita"], "extensions.list").allowed
    assert not access.decide(found["oscar"], "help").allowed
    assert not access.decide(found["extensions"], "help").allowed
