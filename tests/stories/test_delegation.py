"""Delegation: a person sees and does what the policy gives them at their places, as if there were nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from bot_at_work import BotAtWork, bot_at_work
from people import Message, Person, actions, card_of, fields, visible
from policies import ALONE, EVERYTHING, POLICY, grant_to

from bot.calling.requests import ExtensionFilter
from bot.sandbox.ids import named_id
from bot.sandbox.seed import LYON_ID
from bot.sandbox.server import SandboxServer

TELEPHONY = named_id("ROOM", "Telephony")
DENVER_ID = named_id("LOCATION", "Denver")
FRONT_RANGE_COURIERS = named_id("VIRTUAL_EXTENSION", "Denver/5001")
NAMES_AT_LYON = grant_to("nina@example.com", "change", 'locations = ["Lyon"]', "display_name first_name last_name")
OWN = "at the locations that you administer in Webex"


@pytest.fixture
def leo(bot: BotAtWork) -> Person:
    """Location administrator of Lyon, by the role and SCIM."""
    return Person(bot, "leo")


@pytest.fixture
def desk(sandbox: SandboxServer, database_url: str) -> Iterator[BotAtWork]:
    """A bot for whom Nina may change names at Lyon."""
    with bot_at_work(sandbox, database_url, f"{EVERYTHING}{NAMES_AT_LYON}{ALONE}") as working:
        yield working


def said(message: Message) -> str:
    """All the words of an answer, on the card and beside it."""
    return f"{visible(card_of(message))}\n{message['markdown']}"


def choices(message: Message, name: str) -> list[str]:
    field = next(one for one in fields(card_of(message)) if one["id"] == name)
    return [choice["title"] for choice in field["choices"]]


def commands(message: Message) -> set[str]:
    return {one["data"]["command"] for one in actions(card_of(message))}


def named(bot: BotAtWork, extension: str) -> list[str | None]:
    """The display names of those who have an extension."""
    found = bot.services.calling.all_extensions(ExtensionFilter(extension=extension))
    return [one.display_name for one in found]


# a location administrator


def test_the_form_of_a_refused_change_offers_the_own_place_only(bot: BotAtWork, leo: Person) -> None:
    """As the form of the command does, though it comes after a confirmation."""
    leo.says("add 4099 +33199000999 Test Person at Lyon")
    refused = {"errors": [{"description": "No.", "errorCode": "8361"}]}
    bot.meets(method="POST", pattern="/virtualExtensions$", status=400, body=refused, count=1)
    leo.clicks("Confirm")
    assert choices(leo.answer, "location") == ["Lyon"]


def test_undo_does_not_name_places_that_one_may_not_see(alice: Person, leo: Person) -> None:
    """Nor does the command that would do the same."""
    leo.says("delete 4002")
    leo.clicks("Confirm")
    alice.says("add 4002 +14085550777 Jane Doe at Denver")
    alice.clicks("Confirm")
    alice.sees("Done")
    leo.says("undo")
    leo.sees_buttons("Confirm", "Cancel")
    assert "Denver" not in said(leo.answer)


def test_a_list_shows_the_own_location_only_and_says_so(leo: Person) -> None:
    """Nothing of other places is shown, counted, or offered as a filter."""
    leo.says("extensions")
    leo.sees_rows("4001", "4002", "4003", "4004", "4005", "4006", "4007")
    leo.sees("only at Lyon · 7 in all")
    assert choices(leo.answer, "location") == ["Any location", "Lyon"]
    leo.says("ranges")
    leo.sees_rows("Paris")
    leo.sees("only at Lyon · 1, and no more")
    leo.says("locations")
    leo.sees("Lyon", "only those where you may look · 1, and no more")
    leo.does_not_see("Denver", "Munich", "Tokyo")


def test_a_list_without_limits_says_nothing_of_them(alice: Person) -> None:
    """Who may look everywhere is not told where."""
    for line in ("extensions", "ranges", "locations"):
        alice.says(line)
        alice.does_not_see("only at", "only those")


def test_a_limited_list_that_is_empty_says_where_it_looked(leo: Person) -> None:
    """What fits elsewhere is not there."""
    leo.says("extensions named Chris")
    leo.sees("No virtual extension found", "only at Lyon", "Nothing fits these filters: name Chris.")
    leo.says("org ranges")
    leo.sees("No range found", "only at Lyon")


@pytest.mark.parametrize(
    ("there", "nowhere"),
    [
        ("show 4101", "show 9999"),
        ("show +13035550152", "show +13035559999"),
        ("show Marcus Reed", "show Xavier Quux"),
        ("show 5001", "show 9999"),
        ("show 77024101", "show 77029999"),
        ("show 4101 at Denver", "show 4101 at Nowhere"),
        ("extensions at Denver", "extensions at Nowhere"),
        ("delete 4101", "delete 9999"),
        ("rename 4101 to Jane Roe", "rename 9999 to Jane Roe"),
        ("edit 4101", "edit 9999"),
        ("range Boulder", "range Nowhere"),
        ("delete range Boulder", "delete range Nowhere"),
        ("range Boulder add 7XXX", "range Nowhere add 7XXX"),
        ("add 5012 +14085550123 Jane Doe at Denver", "add 5012 +14085550123 Jane Doe at Nowhere"),
        ("add range Berlin +4930555 5XXX at Denver", "add range Berlin +4930555 5XXX at Nowhere"),
        ("check range Berlin +4930555 5XXX at Denver", "check range Berlin +4930555 5XXX at Nowhere"),
    ],
)
def test_what_is_elsewhere_looks_like_what_is_nowhere(leo: Person, there: str, nowhere: str) -> None:
    """Word by word, but for what was typed."""
    leo.says(there)
    found = said(leo.answer)
    leo.says(nowhere)
    missing = said(leo.answer)
    for one, other in zip(there.split(), nowhere.split(), strict=True):
        if one != other:
            found, missing = found.replace(one, "…"), missing.replace(other, "…")
    assert found == missing


def test_the_refusal_says_what_is_missing_and_for_what_one_has_it(leo: Person) -> None:
    """And who can give it."""
    leo.says("show 4101")
    leo.sees(
        "There is no virtual extension “4101” where you may do that.",
        "Is it elsewhere? You need the permission “read”, to look at "
        f"virtual extensions and ranges, for more than you have it: {OWN}. The telephony team can give it to you, "
        "in the bot's access policy.",
    )


@pytest.mark.parametrize("mistyped", ["4101", "4999"])
def test_a_mistyped_extension_is_no_refusal(bot: BotAtWork, leo: Person, mistyped: str) -> None:
    """Neither in what is said nor in the history, whether there is one at another location or not."""
    before = list(bot.services.store.history.links())
    leo.says(f"delete {mistyped}")
    leo.sees(f"There is no virtual extension “{mistyped}” where you may do that.")
    leo.does_not_see("Not allowed")
    assert list(bot.services.store.history.links()) == before


def test_an_id_of_elsewhere_is_one_that_is_not_there(leo: Person) -> None:
    """Whoever knows an id knows no more by it."""
    leo.says("extensions")
    for command in ("extensions.show", "extensions.delete", "extensions.change"):
        answers = []
        for target in (FRONT_RANGE_COURIERS, named_id("VIRTUAL_EXTENSION", "no such thing")):
            leo.submits(leo.answer, {"command": command, "with_target": target})
            leo.sees("This virtual extension is not there any more where you may do that.")
            answers.append(said(leo.answer))
        assert answers[0] == answers[1]


def test_adding_asks_for_the_location_with_only_the_own_one_to_choose(bot: BotAtWork, leo: Person) -> None:
    """Organization level, which would be taken otherwise, is not theirs."""
    leo.says("add 5012 +14085550123 Jane Doe")
    leo.sees_mistake("location", "Which location? Choose the one that it is to be at.")
    leo.sees_in_form(extension="5012", phone_number="+14085550123", display_name="Jane Doe")
    assert choices(leo.answer, "location") == ["Lyon"]
    leo.clicks("Continue", location="Lyon")
    leo.clicks("Confirm")
    leo.sees("5012", "Lyon")
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="5012"))
    assert [one.location_id for one in found] == [LYON_ID]


@pytest.mark.parametrize("place", ["at Denver", "at organization level"])
def test_adding_elsewhere_is_refused(bot: BotAtWork, leo: Person, place: str) -> None:
    """By text as by a form that was made by hand."""
    leo.says(f"add 5012 +14085550123 Jane Doe {place}")
    leo.sees("Not allowed: add an extension", "You need the permission “change”", OWN)
    inputs = {"command": "extensions.add", "extension": "5012", "phone_number": "+14085550123"}
    for where in ({"location": DENVER_ID}, {"level": "ORGANIZATION"}):
        leo.submits(leo.answer, {**inputs, "display_name": "Jane Doe", **where})
        leo.sees("Not allowed: add an extension")
    assert named(bot, "5012") == []


def test_at_the_own_location_everything_works(bot: BotAtWork, leo: Person) -> None:
    """Details offer what is allowed there, and a deletion is a plan like everybody's."""
    leo.says("show 4002")
    leo.sees_buttons("Edit", "Delete")
    leo.clicks("Delete")
    leo.clicks("Confirm")
    leo.sees("Anna Smith")
    assert named(bot, "4002") == []
    leo.says("delete range Paris")
    leo.sees_buttons("Confirm", "Cancel")


def test_another_persons_plan_for_elsewhere_cannot_be_decided_on(
    bot: BotAtWork, alice: Person, leo: Person
) -> None:
    """Its id tells nothing about what it would change."""
    alice.says("delete 4101")
    plan = alice.plan_id()
    for line in (f"confirm {plan}", f"cancel {plan}"):
        leo.says(line)
        leo.sees("Not allowed", "There is no such plan that you may decide on.")
        leo.does_not_see("Chris Taylor", "4101", "Denver")
    assert named(bot, "4101") == ["Chris Taylor"]


def test_warnings_do_not_name_places_that_one_may_not_see(alice: Person, leo: Person) -> None:
    """5001 is at Denver and at organization level."""
    leo.says("add 5001 +14085550123 Jane Doe at Lyon")
    leo.sees_buttons("Confirm", "Cancel")
    leo.does_not_see("Denver", "organization level", "exists at")
    alice.says("add 5001 +14085550123 Jane Doe at Lyon")
    alice.sees("5001 exists at Denver too", "5001 exists at organization level too")


def test_a_check_says_of_a_range_elsewhere_only_that_the_value_is_taken(leo: Person) -> None:
    """Webex's answer holds for the whole organization; whose it is and where stays unsaid."""
    leo.says("check +13035550152")
    leo.does_not_see("Chris Taylor", "Denver", "4101")
    leo.says("check range Boulder +1720555 71XX at Lyon")
    leo.sees("The range can't be used like this", "Name Boulder")
    leo.does_not_see("Denver")


def test_a_check_is_for_a_place_that_one_may_see(leo: Person) -> None:
    """Which patterns are taken at organization level is not theirs to know."""
    leo.says("check range Berlin +4930555 81XX")
    leo.sees_mistake("location", "Which location?")
    assert choices(leo.answer, "location") == ["Lyon"]
    leo.clicks("Check", location="Lyon")
    leo.sees("The range is valid")
    leo.submits(
        leo.answer,
        {"command": "ranges.validate", "name": "Berlin", "prefix": "+4930555", "level": "ORGANIZATION"},
    )
    leo.sees("Not allowed: check a range")


def test_a_location_administrator_without_a_location_is_offered_nothing(
    sandbox: SandboxServer, leo: Person
) -> None:
    """The role alone gives nothing, where Webex does not say for which location it is."""
    calling = sandbox.world.tokens["sandbox-calling"]
    scopes = calling.scopes - {"identity:people_read"}
    sandbox.world.tokens["sandbox-calling"] = replace(calling, scopes=scopes)
    for line in ("extensions", "add 5012 +14085550123 Jane Doe", "delete 4001"):
        leo.says(line)
        leo.sees("Not allowed", "The telephony team can give it to you")
    leo.says("help")
    leo.does_not_see("extensions")


def test_whoami_and_help_show_a_location_administrator_what_is_theirs(leo: Person) -> None:
    """Where it is limited to is said, too."""
    leo.says("whoami")
    leo.sees("Leo Laurent", f"read, change, delete {OWN}", "you are Location Administrator in Webex")
    leo.says("help")
    leo.sees("extensions", "add 5012 +14085550123 Jane Doe at Denver", "delete 5012", "confirm 7F3K")
    leo.does_not_see("mode enhanced")


# a grant for some fields


def test_a_grant_for_names_lets_names_be_changed(desk: BotAtWork) -> None:
    """At the location that it is for."""
    nina = Person(desk, "nina")
    nina.says("rename 4002 to Anna Roe")
    nina.clicks("Confirm")
    nina.sees("Anna Roe")
    assert named(desk, "4002") == ["Anna Roe"]
    nina.says("rename 4101 to Anna Roe")
    nina.sees("There is no virtual extension “4101” where you may do that.")
    assert named(desk, "4101") == ["Chris Taylor"]


def test_a_grant_for_names_draws_only_their_inputs(desk: BotAtWork) -> None:
    """A form offers what may be changed."""
    nina = Person(desk, "nina")
    nina.says("show 4002")
    nina.sees_buttons("Edit")
    nina.clicks("Edit")
    assert [field["id"] for field in fields(card_of(nina.answer))] == ["display_name", "first_name", "last_name"]
    nina.does_not_see("number +14085550123")
    nina.clicks("Continue", first_name="Annabel")
    nina.sees_buttons("Confirm", "Cancel")


def test_a_grant_for_names_is_for_nothing_else(desk: BotAtWork) -> None:
    """Neither by text nor by a submission that was made by hand, nor along with a name."""
    nina = Person(desk, "nina")
    for line in (
        "change 4002 number +14085550123",
        "move 4002 to 4099",
        "delete 4002",
        "add 5012 +14085550123 Jane Doe at Lyon",
        "rename range Paris to Spree",
        "delete range Paris",
        "mode enhanced",
    ):
        nina.says(line)
        nina.sees("Not allowed")
    nina.sees("You need the permission “settings”")
    nina.says("change 4002 number +14085550123")
    nina.sees("“change”", "for more than you have it: at Lyon, only for display name, first name, last name.")
    target = named_id("VIRTUAL_EXTENSION", "Lyon/4002")
    for inputs in ({"phone_number": "+14085550123"}, {"display_name": "Anna Roe", "extension": "4099"}):
        nina.submits(nina.answer, {"command": "extensions.change", "with_target": target, **inputs})
        nina.sees("Not allowed: change an extension")
    assert named(desk, "4002") == ["Anna Smith"]
    assert named(desk, "4099") == []


def test_what_needs_more_than_the_granted_fields_is_not_offered(desk: BotAtWork) -> None:
    """Neither in lists nor in help."""
    nina = Person(desk, "nina")
    nina.says("extensions")
    nina.sees_rows("4001", "4002", "4003", "4004", "4005", "4006", "4007")
    assert "extensions.add" not in commands(nina.answer)
    nina.says("help")
    nina.sees("change 5012 number +14085550123")
    nina.does_not_see("add 5012", "delete 5012", "add range", "mode enhanced")
    nina.says("whoami")
    nina.sees("read, change at Lyon, only for display name, first name, last name")
    nina.sees("nina@example.com is named in the bot's access policy")
    nina.says("mode")
    assert "mode.change" not in commands(nina.answer)


def test_the_picker_of_places_has_those_where_all_fields_are_granted(
    sandbox: SandboxServer, database_url: str
) -> None:
    """Names at Lyon and everything at Denver: new extensions are for Denver."""
    everything = grant_to("nina@example.com", "change", 'locations = ["Denver"]')
    with bot_at_work(sandbox, database_url, f"{NAMES_AT_LYON}{everything}{ALONE}") as bot:
        nina = Person(bot, "nina")
        nina.says("add 5012 +14085550123 Jane Doe")
        assert choices(nina.answer, "location") == ["Denver"]
        nina.says("add 5012 +14085550123 Jane Doe at Lyon")
        nina.sees("Not allowed: add an extension", "There is no location “Lyon”")
        nina.says("extensions")
        nina.sees("only at Denver, Lyon")


# places


def test_several_places_are_one_list_with_pages(sandbox: SandboxServer, database_url: str) -> None:
    """Webex filters by one location: what is more than that is cut here, and pages count what is seen."""
    where = 'locations = ["lyon", "DENVER"]'
    with bot_at_work(sandbox, database_url, grant_to("nina@example.com", "read", where)) as bot:
        nina = Person(bot, "nina")
        nina.says("extensions")
        nina.sees_rows("4001", "4002", "4003", "4004", "4005", "4006", "4007", "4101", "4102", "4103")
        nina.sees("only at Denver, Lyon · 1 to 10, and there are more")
        nina.clicks("Next")
        nina.sees_rows("4104", "4105", "4106", "5001")
        nina.sees("only at Denver, Lyon · 11 to 14, the last ones")
        nina.says("ranges")
        nina.sees_rows("Boulder", "Paris")
        nina.says("extensions at Denver named Chris")
        nina.sees_rows("4101")
        nina.says("show Chris Taylor")
        nina.sees("4101")
        nina.sees_buttons()


def test_the_organization_level_is_a_place_like_others(sandbox: SandboxServer, database_url: str) -> None:
    """Who has it has no location by it."""
    where = "organization_level = true"
    policy = f"{grant_to('nina@example.com', 'change', where)}{ALONE}"
    with bot_at_work(sandbox, database_url, policy) as bot:
        nina = Person(bot, "nina")
        nina.says("ranges")
        nina.sees_rows("London", "Suppliers")
        nina.sees("only at organization level · 2 in all")
        nina.says("show 5001")
        nina.sees("John Smith")
        nina.says("locations")
        nina.sees("No location found", "There is none where you may look, or the list ended before.")
        nina.says("add 5012 +14085550123 Jane Doe")
        nina.sees_buttons("Confirm", "Cancel")
        nina.says("add 5012 +14085550123 Jane Doe at Lyon")
        nina.sees("Not allowed: add an extension", "for more than you have it: at organization level.")


def test_a_location_that_is_no_more_is_a_place_where_nothing_can_be_added(
    sandbox: SandboxServer, database_url: str
) -> None:
    """The form asks for a name, there being none to choose."""
    where = 'locations = ["Paris"]'
    with bot_at_work(sandbox, database_url, grant_to("nina@example.com", "change", where)) as bot:
        nina = Person(bot, "nina")
        nina.says("extensions")
        nina.sees("No virtual extension found", "only at no location")
        nina.says("add 5012 +14085550123 Jane Doe")
        nina.sees_mistake("location", "Which location?")
        nina.clicks("Continue", location="Lyon")
        nina.sees("Not allowed: add an extension")


# whom a grant is for


def granted_to(principals: str) -> str:
    return f'[[grants]]\n{principals}\npermissions = ["read"]\neverywhere = true\n'


def test_a_grant_to_a_domain_is_for_the_own_organization(sandbox: SandboxServer, database_url: str) -> None:
    """Oscar has an e-mail of the other domain, and is of the other organization."""
    policy = granted_to('domains = ["Example.com", "example.org"]')
    with bot_at_work(sandbox, database_url, policy) as bot:
        nina, oscar = Person(bot, "nina"), Person(bot, "oscar")
        nina.says("show 4101")
        nina.sees("Chris Taylor")
        nina.says("whoami")
        nina.sees("read", "example.com is named in the bot's access policy")
        oscar.says("show 4101")
        oscar.sees("This bot answers only people of its own organization")
        bot.goes_by(granted_to('domains = ["example.net"]'))
        nina.says("show 4101")
        nina.sees("Not allowed")


def test_a_grant_to_a_space_is_for_its_members_while_they_are_there(
    sandbox: SandboxServer, database_url: str
) -> None:
    """Who leaves the space is refused at the latest after five minutes."""
    with bot_at_work(sandbox, database_url, granted_to(f'spaces = ["{TELEPHONY}"]')) as bot:
        nina = Person(bot, "nina")
        nina.says("show 4101")
        nina.sees("Chris Taylor")
        nina.says("whoami")
        nina.sees("you are in a space that the bot's access policy names")
        _leaves(sandbox, "nina")
        bot.clock.pass_by(minutes=5, seconds=1)
        nina.says("show 4101")
        nina.sees("Not allowed", "You need the permission “read”")


def _leaves(sandbox: SandboxServer, name: str) -> None:
    membership = sandbox.world.membership_of(named_id("PEOPLE", name), TELEPHONY)
    assert membership
    sandbox.world.remove_membership(membership)


def test_whoami_shows_the_id_of_the_space_for_the_policy(alice: Person) -> None:
    """It is what `spaces` of access.toml want."""
    alice.says("whoami", in_space="Telephony")
    alice.sees("This space", TELEPHONY)


# a policy that changes


def test_who_is_removed_from_the_policy_cannot_confirm(desk: BotAtWork) -> None:
    """The plan was allowed when it was made; what counts is the moment of the click."""
    nina = Person(desk, "nina")
    nina.says("rename 4002 to Anna Roe")
    plan, name = nina.answer, nina.plan_id()
    desk.goes_by(f"{EVERYTHING}{ALONE}")
    nina.clicks("Confirm", on=plan)
    nina.sees("Not allowed", "You need the permission “change”")
    nina.says(f"confirm {name}")
    nina.sees("Not allowed")
    assert named(desk, "4002") == ["Anna Smith"]
    desk.goes_by(f"{EVERYTHING}{NAMES_AT_LYON}{ALONE}")
    nina.clicks("Confirm", on=plan)
    assert named(desk, "4002") == ["Anna Roe"]


@pytest.mark.parametrize(
    "broken", ["", "[[grants]", POLICY[:-20] + "x = ", POLICY.replace("permissions", "permits")]
)
def test_with_a_policy_that_cannot_be_read_nobody_may_change_anything(
    bot: BotAtWork, alice: Person, broken: str
) -> None:
    """Not even what was planned before; it is said, and a mended policy counts at once."""
    alice.says("delete 5003")
    plan = alice.answer
    bot.goes_by(broken)
    alice.clicks("Confirm", on=plan)
    alice.sees(
        "Not allowed",
        "The bot's access policy can't be read, so that nobody may delete virtual extensions and ranges now. "
        "The people who run this bot can mend it:",
    )
    alice.says("extensions")
    alice.sees("Not allowed", "nobody may look at virtual extensions and ranges now")
    alice.says("help")
    alice.sees("nothing but help")
    assert named(bot, "5003") == ["Chris Taylor"]
    bot.goes_by(POLICY)
    alice.clicks("Confirm", on=plan)
    assert named(bot, "5003") == []
