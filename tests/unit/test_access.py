import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from scripted_webex import Answer, ScriptedWebex, scripted_webex

from bot.access import Access, read_principals
from bot.errors import Refused
from bot.people import People, Remembered
from bot.person import Person
from bot.policy import Permission, Principals
from bot.sandbox.server import SandboxServer
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession

ORG_US = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9vbmU"
ORG_EU = "Y2lzY29zcGFyazovL2V1L09SR0FOSVpBVElPTi9vbmU"
OTHER_ORG = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi90d28"
LOCATION_ADMIN_IDS = [
    "Y2lzY29zcGFyazovL3VzL1JPTEUvbG9jYXRpb25fZnVsbF9hZG1pbg",
    "Y2lzY29zcGFyazovL2V1L1JPTEUvbG9jYXRpb25fYWRtaW4=",
]
JANE = Person("P1", ORG_US, "jane@example.com", "Jane")
ACCESS = Access(
    {
        Permission.READ: Principals(roles=frozenset({"Read-only Administrator"})),
        Permission.CHANGE: Principals(emails=frozenset({"jane@example.com"})),
        Permission.SETTINGS: Principals(roles=frozenset({"Full Administrator"})),
    },
    ORG_US,
)


def test_who_is_listed_nowhere_may_do_nothing_that_needs_a_permission() -> None:
    for permission in Permission:
        decision = ACCESS.decide(JANE, permission)
        assert not decision.allowed
        assert decision.permissions == frozenset()
    assert ACCESS.decide(JANE, None).allowed


def test_the_refusal_says_what_is_missing_and_who_can_give_it() -> None:
    assert ACCESS.decide(JANE, Permission.CHANGE).reason == (
        "You need the permission to change virtual extensions and ranges. "
        "The people who run this bot can give it to you, with the setting ACCESS_CHANGE."
    )
    assert "look at virtual extensions and ranges" in ACCESS.decide(JANE, Permission.READ).reason
    assert "change the organization's mode" in ACCESS.decide(JANE, Permission.SETTINGS).reason


def test_an_email_counts_only_where_webex_resolved_it_to_the_person() -> None:
    assert not ACCESS.decide(JANE, Permission.CHANGE).allowed
    resolved = replace(JANE, email="", listed_as=frozenset({"jane@example.com"}))
    assert ACCESS.decide(resolved, Permission.CHANGE).allowed


@pytest.mark.parametrize("role", ["Full Administrator", "full administrator", "FULL-ADMINISTRATOR"])
def test_changing_settings_includes_looking_but_not_changing_extensions(role: str) -> None:
    decision = ACCESS.decide(replace(JANE, roles=frozenset({role})), Permission.SETTINGS)
    assert decision.allowed
    assert decision.permissions == {Permission.READ, Permission.SETTINGS}


def test_changing_extensions_includes_looking_but_not_changing_settings() -> None:
    jane = replace(JANE, listed_as=frozenset({"jane@example.com"}))
    assert ACCESS.decide(jane, Permission.READ).permissions == {Permission.READ, Permission.CHANGE}


def test_a_similar_role_is_another_role() -> None:
    assert not ACCESS.decide(replace(JANE, roles=frozenset({"Administrator"})), Permission.READ).allowed


@pytest.mark.parametrize("org_id", [OTHER_ORG, ""])
def test_people_of_other_organizations_are_refused_everything(org_id: str) -> None:
    stranger = replace(JANE, org_id=org_id, roles=frozenset({"Full Administrator"}))
    for permission in (None, *Permission):
        decision = ACCESS.decide(stranger, permission)
        assert not decision.allowed
        assert decision.reason == "This bot answers only people of its own organization."
        assert decision.permissions == frozenset()


def test_an_unknown_organization_is_not_the_own_one() -> None:
    assert not replace(ACCESS, org_id="").decide(replace(JANE, org_id=""), None).allowed


def test_the_organization_is_the_same_in_every_cluster() -> None:
    assert ACCESS.decide(replace(JANE, org_id=ORG_EU), None).allowed


def test_bots_are_refused_everything() -> None:
    bot = replace(JANE, is_bot=True, roles=frozenset({"Full Administrator"}))
    assert ACCESS.decide(bot, None).reason == "This bot does not answer other bots."


@pytest.mark.parametrize(
    "text", ["jane", "role:", "@example.com", "jane@example", "a b@example.com", "jane@x.com;y@x.com"]
)
def test_what_is_neither_an_email_nor_a_role_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither an e-mail nor a role"):
        read_principals(f"ok@example.com, {text}")


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


def people_of(webex: ScriptedWebex, clock: Clock, *listed: str) -> People:
    return People(Directory(webex.session()), Directory(webex.session()), listed, clock)


def profile(**values: object) -> Answer:
    return Answer(body={"id": "P1", "orgId": ORG_US, "emails": ["jane@example.com"], "type": "person", **values})


def found(*ids: str) -> Answer:
    return Answer(body={"items": [{"id": each} for each in ids]})


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


def test_emails_of_the_settings_are_resolved_to_person_ids(webex: ScriptedWebex, clock: Clock) -> None:
    people = people_of(
        webex, clock, "alias@example.com", "other@example.com", "nobody@example.com", "two@example.com"
    )
    webex.will_answer(profile(), found("P1"), found(), found("P2"), found("P1", "P3"))
    assert people.find("P1").listed_as == {"alias@example.com"}
    assert webex.lines[1] == "GET /v1/people?email=alias%40example.com"


def test_an_email_that_webex_refuses_locks_nobody_out(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(profile(), Answer(400, {"message": "Invalid email address."}))
    assert people_of(webex, clock, "odd@example.com").find("P1").listed_as == frozenset()


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
    assert people_of(webex, clock).find("P9") == Person("P9")


def test_a_stranger_gets_no_roles_from_what_the_bot_sees(webex: ScriptedWebex, clock: Clock) -> None:
    webex.will_answer(Answer(404), profile(orgId=OTHER_ORG, roles=LOCATION_ADMIN_IDS, type="bot"))
    stranger = people_of(webex, clock).find("P1")
    assert (stranger.is_bot, stranger.roles) == (True, frozenset())


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(clock: Clock) -> None:
    fetched: list[str] = []
    remembered = Remembered(lambda key: fetched.append(key), clock, most=2)
    for key in ("a", "b", "c", "c", "b", "a"):
        remembered.get(key)
    assert fetched == ["a", "b", "c", "a"]


def test_the_people_of_the_sandbox_are_told_apart() -> None:
    with SandboxServer() as sandbox:
        bot = WebexSession("sandbox-bot", sandbox.api_url)
        admin = Directory(WebexSession("sandbox-calling", sandbox.api_url))
        people = People(admin, Directory(bot), ["nina@example.com"])
        access = Access(ACCESS.listed, Messaging(bot).me().org_id)
        found = {person.email.split("@")[0]: people.find(person.id) for person in sandbox.world.people.values()}
    assert found["alice"].roles == {"Full Administrator"}
    assert found["rita"].roles == {"Read-only Administrator"}
    assert found["leo"].roles == {"Location Administrator"}
    assert (found["nina"].roles, found["nina"].listed_as) == (frozenset(), {"nina@example.com"})
    assert access.decide(found["alice"], Permission.SETTINGS).allowed
    assert not access.decide(found["oscar"], None).allowed
    assert not access.decide(found["extensions"], None).allowed
