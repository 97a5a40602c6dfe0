"""Who may do what: the rules, one by one. tests/unit/test_access_properties.py has what holds for all of them."""

from dataclasses import replace

import pytest

from bot.access import ALLOWED, Access, Target
from bot.commands import all_commands
from bot.person import Person
from bot.policy import NOWHERE, ORGANIZATION, Grant, Permission, Place, Policy, Principals, Reach

ORG_US = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9vbmU"
ORG_EU = "Y2lzY29zcGFyazovL2V1L09SR0FOSVpBVElPTi9vbmU"
OTHER_ORG = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi90d28"
LYON_US = "Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OL2FiYy0x"
LYON_EU = "Y2lzY29zcGFyazovL2V1L0xPQ0FUSU9OL2FiYy0x"
LYON_UUID = "abc-1"
SPACE = "Y2lzY29zcGFyazovL3VzL1JPT00vb25l"

JANE = Person("P1", ORG_US, "jane@example.com", "Jane", listed_as=frozenset({"jane@example.com"}))
LYON = Place(LYON_US, "Lyon")
DENVER = Place("Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OL2RlZi0y", "Denver")
TO_JANE = Principals(emails=frozenset({"jane@example.com"}))
NAMES = frozenset({"display_name", "first_name", "last_name"})
AT_LYON = Reach(locations=frozenset({"Lyon"}))
NEEDS = {name: spec.permission for name, spec in all_commands().items()}
TOUCHES = {name: frozenset(spec.touches) for name, spec in all_commands().items()}


def granted(*permissions: str, to: Principals = TO_JANE, **limits: object) -> Grant:
    return Grant(to, frozenset(map(Permission, permissions)), **limits)


def access(*grants: Grant, **policy: str) -> Access:
    rules = Policy(grants, granted_by="The telephony team", **policy)
    return Access(lambda: rules, ORG_US, NEEDS, TOUCHES)


def allowed(rules: Access, command: str, target: Target | None = None, person: Person = JANE) -> bool:
    return rules.decide(person, command, target).allowed


def on(place: Place, *fields: str) -> Target:
    return Target(place, frozenset(fields))


def test_who_is_granted_nothing_may_do_nothing_that_needs_a_permission() -> None:
    stranger = replace(JANE, listed_as=frozenset())
    rules = access(granted(*Permission))
    for command, needed in NEEDS.items():
        assert allowed(rules, command, person=stranger) == (needed is None)
    assert rules.grants(stranger) == []


@pytest.mark.parametrize("permission", Permission)
def test_each_permission_includes_looking_and_nothing_else(permission: Permission) -> None:
    rules = access(granted(permission))
    for command, needed in NEEDS.items():
        assert allowed(rules, command) == (needed in (None, Permission.READ, permission)), command


def test_an_email_counts_only_where_webex_resolved_it_to_the_person() -> None:
    assert allowed(access(granted("read")), "extensions.list")
    assert not allowed(access(granted("read")), "extensions.list", person=replace(JANE, listed_as=frozenset()))


@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("jane@example.com", True),
        ("Jane@EXAMPLE.com", True),
        ("jane@sub.example.com", False),
        ("jane@badexample.com", False),
        ("jane@example.com.evil.org", False),
        ("example.com", True),
        ("", False),
    ],
)
def test_a_domain_is_all_that_stands_behind_the_at_sign(email: str, fits: bool) -> None:
    rules = access(granted("read", to=Principals(domains=frozenset({"example.com"}))))
    assert allowed(rules, "extensions.list", person=Person("P2", ORG_US, email)) == fits


def test_a_domain_is_for_the_own_organization_only() -> None:
    rules = access(granted("read", to=Principals(domains=frozenset({"example.com"}))))
    assert not allowed(rules, "extensions.list", person=Person("P2", OTHER_ORG, "jane@example.com"))


def test_the_members_of_a_space_are_granted_what_it_is_granted() -> None:
    rules = access(granted("read", to=Principals(spaces=frozenset({SPACE}))))
    assert allowed(rules, "extensions.list", person=Person("P2", ORG_US, spaces=frozenset({SPACE})))
    assert not allowed(rules, "extensions.list", person=Person("P2", ORG_US, spaces=frozenset({"other"})))


@pytest.mark.parametrize(
    ("role", "fits"),
    [
        ("Full Administrator", True),
        ("full administrator", True),
        ("FULL-ADMINISTRATOR", True),
        ("Administrator", False),
        ("Full Administrator 2", False),
        ("Read-only Administrator", False),
        ("", False),
    ],
)
def test_a_similar_role_is_another_role(role: str, fits: bool) -> None:
    rules = access(granted("settings", to=Principals(roles=frozenset({"Full Administrator"}))))
    assert allowed(rules, "mode.change", person=Person("P2", ORG_US, roles=frozenset({role}))) == fits


@pytest.mark.parametrize("org_id", [OTHER_ORG, ""])
def test_people_of_other_organizations_are_refused_everything(org_id: str) -> None:
    stranger = replace(JANE, org_id=org_id)
    rules = access(granted(*Permission))
    for command in NEEDS:
        decision = rules.decide(stranger, command)
        assert (decision.allowed, decision.reason) == (
            False,
            "This bot answers only people of its own organization.",
        )
    assert rules.grants(stranger) == []
    assert rules.reach(stranger, "extensions.list") == NOWHERE


def test_an_unknown_organization_is_not_the_own_one() -> None:
    rules = replace(access(granted(*Permission)), org_id="")
    assert not allowed(rules, "help", person=replace(JANE, org_id=""))


def test_the_organization_is_the_same_in_every_cluster() -> None:
    assert allowed(access(), "help", person=replace(JANE, org_id=ORG_EU))


def test_bots_are_refused_everything() -> None:
    bot = replace(JANE, is_bot=True)
    for command in NEEDS:
        decision = access(granted(*Permission)).decide(bot, command)
        assert (decision.allowed, decision.reason) == (False, "This bot does not answer other bots.")


@pytest.mark.parametrize("named", ["Lyon", "lyon", LYON_US, LYON_EU, LYON_UUID, LYON_UUID.upper()])
def test_a_location_is_named_by_its_name_its_id_or_its_uuid(named: str) -> None:
    reach = Reach(locations=frozenset({named}))
    assert reach.includes(LYON)
    assert reach.includes(Place(LYON_EU, "Lyon"))
    assert not reach.includes(DENVER)
    assert not reach.includes(ORGANIZATION)


@pytest.mark.parametrize("named", ["", "Ly", "Lyon 2", "LOCATION", "1"])
def test_a_part_of_a_name_is_another_name(named: str) -> None:
    reach = Reach(locations=frozenset({named}))
    assert not reach.includes(LYON)
    assert not reach.includes(Place(LYON_US))
    assert not reach.includes(Place("", ""))


def test_a_location_whose_name_is_not_known_is_found_by_its_id_alone() -> None:
    assert not AT_LYON.includes(Place(LYON_US))
    assert Reach(locations=frozenset({LYON_UUID})).includes(Place(LYON_US))


def test_the_organization_level_is_a_place_of_its_own() -> None:
    at_organization = Reach(organization=True)
    assert at_organization.includes(ORGANIZATION)
    assert not at_organization.includes(LYON)
    assert Reach(everywhere=True).includes(ORGANIZATION)
    assert (at_organization | AT_LYON).includes(ORGANIZATION)
    assert (at_organization | AT_LYON).includes(LYON)
    assert not (at_organization | AT_LYON).includes(DENVER)


def test_a_permission_is_for_the_places_that_it_was_given_for() -> None:
    rules = access(granted("change", reach=AT_LYON), granted("read"))
    assert allowed(rules, "extensions.change", on(LYON, "extension"))
    assert not allowed(rules, "extensions.change", on(DENVER, "extension"))
    assert not allowed(rules, "extensions.change", on(ORGANIZATION, "extension"))
    assert allowed(rules, "extensions.show", on(DENVER))


def test_own_locations_are_those_that_the_person_administers() -> None:
    rules = access(granted("change", reach=NOWHERE, own_locations=True))
    leo = replace(JANE, own_locations=frozenset({LYON_UUID}))
    assert allowed(rules, "extensions.change", on(LYON, "extension"), leo)
    assert not allowed(rules, "extensions.change", on(DENVER, "extension"), leo)
    assert rules.reach(leo, "extensions.change") == Reach(locations=frozenset({LYON_UUID}))


def test_who_administers_no_location_is_offered_nothing() -> None:
    rules = access(granted("change", reach=NOWHERE, own_locations=True))
    assert not allowed(rules, "extensions.change")
    assert not allowed(rules, "extensions.list")


def test_own_locations_of_another_grant_do_not_widen_this_one() -> None:
    leo = replace(JANE, own_locations=frozenset({LYON_UUID}))
    rules = access(granted("read", reach=NOWHERE, own_locations=True), granted("change", reach=NOWHERE))
    assert not allowed(rules, "extensions.change", on(LYON, "extension"), leo)


def test_fields_limit_what_may_be_touched() -> None:
    rules = access(granted("change", fields=NAMES))
    assert allowed(rules, "extensions.change", on(LYON, "display_name", "last_name"))
    assert not allowed(rules, "extensions.change", on(LYON, "display_name", "phone_number"))
    assert rules.fields(JANE, "extensions.change", LYON) == NAMES


def test_fields_of_several_grants_are_taken_together() -> None:
    rules = access(
        granted("change", fields=NAMES), granted("change", fields=frozenset({"phone_number"}), reach=AT_LYON)
    )
    assert allowed(rules, "extensions.change", on(LYON, "display_name", "phone_number"))
    assert not allowed(rules, "extensions.change", on(DENVER, "display_name", "phone_number"))
    assert rules.fields(JANE, "extensions.change", LYON) == NAMES | {"phone_number"}
    assert rules.fields(JANE, "extensions.change", DENVER) == NAMES


def test_fields_of_another_permission_do_not_count() -> None:
    rules = access(granted("change", fields=NAMES), granted("delete", "read"))
    assert not allowed(rules, "extensions.change", on(LYON, "phone_number"))
    assert rules.fields(JANE, "extensions.delete", LYON) is None


def test_looking_is_not_limited_to_fields() -> None:
    assert allowed(access(granted("change", fields=NAMES)), "extensions.show", on(LYON, "phone_number"))


def test_what_needs_more_than_the_granted_fields_is_not_offered() -> None:
    rules = access(granted("change", "delete", "settings", fields=NAMES))
    for command in ("extensions.add", "extensions.delete", "ranges.add", "ranges.delete", "mode.change"):
        assert not allowed(rules, command), command
        assert rules.reach(JANE, command) == NOWHERE
    assert allowed(rules, "extensions.change")


def test_several_grants_together_may_be_enough_to_add() -> None:
    numbers = granted("change", fields=frozenset({"extension", "phone_number"}), reach=AT_LYON)
    rules = access(granted("change", fields=NAMES), numbers)
    assert allowed(rules, "extensions.add", on(LYON))
    assert not allowed(rules, "extensions.add", on(DENVER))


def test_more_than_one_change_needs_the_permission_for_bulk_as_well() -> None:
    parts = [("extensions.change", on(LYON, "extension")), ("extensions.delete", on(LYON, "extension"))]
    assert access(granted("change", "delete")).decide_all(JANE, parts[:1]) == ALLOWED
    assert access(granted("change", "delete", "bulk")).decide_all(JANE, parts) == ALLOWED
    assert "“bulk”" in access(granted("change", "delete")).decide_all(JANE, parts).reason
    assert "“delete”" in access(granted("change", "bulk")).decide_all(JANE, parts).reason
    elsewhere = access(granted("change", "delete"), granted("bulk", reach=Reach(organization=True)))
    assert "“bulk”" in elsewhere.decide_all(JANE, parts).reason


def test_help_needs_no_permission_and_is_everywhere() -> None:
    rules = access()
    assert rules.decide(JANE, "help", on(LYON)) == ALLOWED
    assert rules.reach(JANE, "whoami").everywhere
    assert rules.fields(JANE, "help", LYON) is None
    assert rules.refusal(JANE, "help") == ""


def test_the_refusal_says_what_is_missing_and_who_can_give_it() -> None:
    assert access().decide(JANE, "extensions.change").reason == (
        "You need the permission “change”, to add and change virtual extensions and ranges. "
        "The telephony team can give it to you, in the bot's access policy."
    )
    assert access().decide(JANE, "mode.change").reason == (
        "You need the permission “settings”, to change the organization's mode. "
        "The telephony team can give it to you, in the bot's access policy."
    )


def test_the_refusal_says_for_what_one_has_the_permission_already_and_nothing_of_the_target() -> None:
    rules = access(
        granted("change", reach=AT_LYON, fields=NAMES),
        granted("change", reach=Reach(organization=True), own_locations=True),
    )
    reason = (
        "You need the permission “change”, to add and change virtual extensions and ranges, for more than you "
        "have it: at Lyon, only for display name, first name, last name; at organization level, the locations "
        "that you administer in Webex. The telephony team can give it to you, in the bot's access policy."
    )
    assert rules.decide(JANE, "extensions.change", on(DENVER, "extension")).reason == reason
    assert rules.decide(JANE, "ranges.change", on(DENVER, "name")).reason == reason
    assert rules.refusal(JANE, "extensions.change") == reason


def test_a_policy_that_cannot_be_read_lets_nobody_do_anything_and_says_so() -> None:
    rules = access(problem="access.toml: It is not TOML.")
    assert allowed(rules, "help")
    for command, needed in NEEDS.items():
        assert allowed(rules, command) == (needed is None)
    assert rules.decide(JANE, "extensions.change").reason == (
        "The bot's access policy can't be read, so that nobody may add and change virtual extensions and ranges "
        "now. The people who run this bot can mend it: `extbot doctor` says what is wrong."
    )


def test_the_policy_is_asked_anew_for_every_decision() -> None:
    policies = [Policy((granted("read"),)), Policy()]
    rules = Access(lambda: policies[0], ORG_US, NEEDS)
    assert allowed(rules, "extensions.list")
    del policies[0]
    assert not allowed(rules, "extensions.list")


def test_an_unknown_command_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        access().decide(JANE, "no.such.command")
