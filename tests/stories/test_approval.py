"""Approval by a second person: what the policy says needs it is done by two, or not at all."""

import pytest
from bot_at_work import BotAtWork, bot_at_work
from confirmed_plans import extension
from people import Person
from policies import AT_OWN_LOCATIONS, EVERYTHING, LOOKING, SECOND_PERSON, grant_to

from bot.approvals import expire_plans
from bot.calling.requests import RangeFilter
from bot.plans import Change, Kind, Plan, PlannedChange, PlanState, Thing
from bot.sandbox.ids import named_id
from bot.sandbox.server import SandboxServer

DIRECT = f'granted_by = "The telephony team"\n{EVERYTHING}{LOOKING}{AT_OWN_LOCATIONS}{SECOND_PERSON}'
ALICE = named_id("PEOPLE", "alice")
IN_SPACE = f'{DIRECT}\n[approval]\nspace = "{named_id("ROOM", "Telephony")}"'


@pytest.fixture
def rita(bot: BotAtWork) -> Person:
    """She may approve, and has written to the bot before."""
    rita = Person(bot, "rita")
    rita.meets_the_bot()
    return rita


def asks_for_the_mode(alice: Person) -> str:
    """Alice wants another mode, and asks for the approval of it."""
    alice.says("mode enhanced")
    alice.sees("Then a second person has to approve it.")
    alice.sees_buttons("Ask for approval", "Cancel")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval", acknowledged="true")
    return plan_id


def mode(bot: BotAtWork) -> str:
    return bot.services.calling.get_mode()


def test_two_people_change_the_mode_in_the_approvers_space(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """The approvers decide in their space; who asked is told in theirs, and no button is left to decide."""
    bot.goes_by(IN_SPACE)
    plan_id = asks_for_the_mode(alice)
    alice.sees("Waiting for approval", "The approvers are asked", "Nothing has changed yet")
    alice.sees_buttons("Cancel")
    assert mode(bot) == "STANDARD"
    rita.opens("Telephony")
    rita.sees(
        "Alice Martin asks for your approval", "every virtual extension and range of the organization", "ENHANCED"
    )
    rita.clicks("Approve")
    rita.sees("Done: Changed the mode", "Alice Martin", "Rita Okafor")
    assert mode(bot) == "ENHANCED"
    alice.sees("Done: Changed the mode", "Rita Okafor")
    for person in (alice, rita):
        person.sees_no_decision_left(plan_id)
    alice.says(f"history plan {plan_id}")
    alice.sees("approved by Rita Okafor", "Alice Martin")


def test_without_a_space_each_approver_is_asked_directly(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """By text as well as by button."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    rita.sees("Alice Martin asks for your approval")
    rita.says(f"approve {plan_id}")
    rita.sees("Done: Changed the mode")
    alice.sees("Done: Changed the mode", "Rita Okafor")
    alice.sees_no_decision_left(plan_id)
    rita.sees_no_decision_left(plan_id)
    assert mode(bot) == "ENHANCED"


def test_nobody_approves_their_own_plan(bot: BotAtWork, alice: Person) -> None:
    """Neither by text nor by a submission made by hand, though they may approve what others ask for."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    alice.says(f"approve {plan_id}")
    alice.sees("Not allowed", "You asked for this plan yourself: a second person has to approve it.")
    alice.submits(alice.answer, {"command": "plans.approve", "with_target": plan_id})
    alice.sees("You asked for this plan yourself")
    alice.says(f"confirm {plan_id}")
    alice.sees("Waiting for approval")
    assert mode(bot) == "STANDARD"


def test_a_plan_that_nobody_confirmed_is_not_approved(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Whoever asked for it has to want it."""
    bot.goes_by(DIRECT)
    alice.says("mode enhanced")
    rita.says(f"approve {alice.plan_id()}")
    rita.sees("This plan does not wait for an approval")
    assert mode(bot) == "STANDARD"


def test_a_rejection_says_why(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """By text, with the reason behind the word because."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    rita.says(f"reject {plan_id} because the provider can't do it")
    rita.sees("Rejected by Rita Okafor", "The reason: the provider can't do it")
    alice.sees("Rejected by Rita Okafor", "The reason: the provider can't do it", "Nothing was changed")
    alice.sees_no_decision_left(plan_id)
    rita.says(f"approve {plan_id}")
    rita.sees("Rejected by Rita Okafor")
    assert mode(bot) == "STANDARD"


def test_a_rejection_by_button_takes_the_reason_from_the_card(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """What is typed there is shown as text, whatever it is."""
    bot.goes_by(IN_SPACE)
    asks_for_the_mode(alice)
    rita.opens("Telephony")
    rita.clicks("Reject", reason="**No**, <@all>!")
    rita.sees("Rejected by Rita Okafor", "No, <@all>!")
    alice.sees("Rejected by Rita Okafor", "No, <@all>!")


def test_deleting_a_range_needs_it_and_deleting_an_extension_does_not(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """The default of the policy."""
    bot.goes_by(DIRECT)
    alice.says("delete 5003")
    alice.sees_buttons("Confirm", "Cancel")
    alice.says("delete range London")
    alice.sees_buttons("Ask for approval", "Cancel")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval")
    assert bot.services.calling.all_ranges(RangeFilter(name="London"))
    rita.says(f"approve {plan_id}")
    alice.sees("Done: Deleted range London")
    assert not bot.services.calling.all_ranges(RangeFilter(name="London"))


@pytest.mark.parametrize(("many", "state"), [(10, PlanState.APPLIED), (11, PlanState.AWAITING)])
def test_a_plan_of_more_than_ten_changes_needs_it(
    bot: BotAtWork, alice: Person, many: int, state: PlanState
) -> None:
    """However harmless each of them is."""
    bot.goes_by(DIRECT)
    alice.meets_the_bot()
    plan_id = stored(bot, alice, many)
    alice.says(f"confirm {plan_id}")
    found = bot.services.store.find_plan(plan_id)
    assert found is not None
    assert found.state is state
    assert (extension(bot, "6000") is not None) == (state is PlanState.APPLIED)


def stored(bot: BotAtWork, alice: Person, many: int) -> str:
    """A plan of Alice's to add that many extensions."""
    changes = tuple(PlannedChange(adding(number)) for number in range(many))
    plan = Plan("", PlanState.PROPOSED, ALICE, "Alice Martin", alice.room_id, bot.clock(), changes)
    return bot.services.store.add_plan(plan).id


def adding(number: int) -> Change:
    image = {
        "extension": str(6000 + number),
        "phoneNumber": f"+1408555{6000 + number}",
        "displayName": f"Phone {number}",
        "firstName": "",
        "lastName": "",
    }
    return Change(Kind.CREATE, Thing.EXTENSION, f"{6000 + number} Phone {number}", None, image)


def test_an_approval_expires_after_a_day(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """All who were shown it are told, and it can't be approved any more."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    bot.clock.pass_by(hours=23)
    expire_plans(bot.services)
    alice.sees("Waiting for approval")
    bot.clock.pass_by(hours=2)
    expire_plans(bot.services)
    for person in (alice, rita):
        person.sees("Expired", "Nobody approved it within 24 hours. Nothing was changed.")
        person.sees_no_decision_left(plan_id)
    rita.says(f"approve {plan_id}")
    rita.sees("Expired")
    assert mode(bot) == "STANDARD"
    alice.says(f"history plan {plan_id}")
    alice.sees("Expired: Change the mode")


def test_a_plan_that_is_not_confirmed_in_time_loses_its_buttons(bot: BotAtWork, alice: Person) -> None:
    """A quarter of an hour, and the worker tidies up."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    bot.clock.pass_by(minutes=16)
    expire_plans(bot.services)
    alice.sees("Expired", "A plan is kept for 15 minutes")
    alice.sees_no_decision_left(plan_id)


def test_an_approval_outlives_a_restart_of_the_bot(sandbox: SandboxServer, database_url: str) -> None:
    """What waits is in the database."""
    with bot_at_work(sandbox, database_url, IN_SPACE) as bot:
        plan_id = asks_for_the_mode(Person(bot, "alice"))
    with bot_at_work(sandbox, database_url, IN_SPACE) as bot:
        bot.clock.pass_by(hours=20)
        rita = Person(bot, "rita")
        rita.says(f"approve {plan_id}")
        rita.sees("Done: Changed the mode")
        assert mode(bot) == "ENHANCED"


def test_who_has_lost_the_permission_gets_no_approval(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Who asks has to be allowed when it is done, not only when it was asked."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    bot.goes_by(DIRECT.replace('"settings", ', ""))
    rita.says(f"approve {plan_id}")
    rita.sees("Not allowed", "Alice Martin may not do this any more, so that it can't be approved. Reject it.")
    assert mode(bot) == "STANDARD"


def test_what_has_changed_while_it_waited_is_not_done(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """It was approved as it was shown."""
    bot.goes_by(DIRECT)
    alice.says("delete range London")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval")
    alice.says("range London add 83XX")
    alice.clicks("Confirm")
    rita.says(f"approve {plan_id}")
    rita.sees("Changed in between", "Nothing was changed by the plan")
    alice.sees("Changed in between")
    assert bot.services.calling.all_ranges(RangeFilter(name="London"))


def test_an_approver_of_another_place_may_not(bot: BotAtWork, alice: Person, nina: Person) -> None:
    """Nor are they asked."""
    bot.goes_by(DIRECT + grant_to("nina@example.com", "approve", 'locations = ["Lyon"]'))
    nina.meets_the_bot()
    plan_id = asks_for_the_mode(alice)
    nina.does_not_see(plan_id)
    nina.says(f"approve {plan_id}")
    nina.sees("Not allowed", "You need the permission “approve”", "for more than you have it: at Lyon")
    nina.does_not_see("ENHANCED")
    assert mode(bot) == "STANDARD"


def test_who_asked_can_withdraw(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """The approvers' cards show it."""
    bot.goes_by(DIRECT)
    plan_id = asks_for_the_mode(alice)
    alice.clicks("Cancel")
    alice.sees("Cancelled by Alice Martin")
    rita.sees("Cancelled by Alice Martin")
    rita.sees_no_decision_left(plan_id)
    rita.says(f"approve {plan_id}")
    rita.sees("Cancelled by Alice Martin")
    assert mode(bot) == "STANDARD"


def test_the_policy_as_it_is_at_the_confirmation_counts(bot: BotAtWork, alice: Person) -> None:
    """The card still says Confirm: now it asks for the approval."""
    alice.says("delete range London")
    bot.goes_by(DIRECT)
    alice.clicks("Confirm")
    alice.sees("Waiting for approval")
    assert bot.services.calling.all_ranges(RangeFilter(name="London"))


def test_where_nobody_may_approve_nothing_waits_in_vain(bot: BotAtWork, alice: Person) -> None:
    """Alice may approve, but not her own."""
    bot.goes_by(f'granted_by = "The telephony team"\n{EVERYTHING}')
    alice.says("delete range London")
    alice.clicks("Ask for approval")
    alice.sees(
        "A second person has to approve this, and there is nobody who may.",
        "The telephony team can give somebody the permission “approve”",
    )


def test_to_undo_it_needs_an_approval_too(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """The way back goes the same way."""
    bot.goes_by(DIRECT)
    rita.says(f"approve {asks_for_the_mode(alice)}")
    alice.clicks("Undo")
    alice.sees_buttons("Ask for approval", "Cancel")
    plan_id = alice.plan_id()
    alice.says(f"confirm {plan_id}")
    assert mode(bot) == "ENHANCED"
    rita.says(f"approve {plan_id}")
    assert mode(bot) == "STANDARD"


def test_a_space_that_cannot_be_written_to_does_not_lose_the_plan(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """It waits, and can be approved by its id."""
    bot.goes_by(IN_SPACE)
    alice.says("delete range London")
    plan_id = alice.plan_id()
    bot.meets(method="POST", pattern="/messages$", status=403, count=1)
    alice.clicks("Ask for approval")
    alice.sees("Waiting for approval", "The approvers could not be asked: tell one of them")
    rita.says(f"approve {plan_id}")
    rita.sees("Done: Deleted range London")


def test_one_approver_who_cannot_be_asked_keeps_no_other_from_being_asked(
    bot: BotAtWork, alice: Person, rita: Person, nina: Person
) -> None:
    """Whoever comes first."""
    bot.goes_by(DIRECT + grant_to("nina@example.com", "read approve"))
    nina.meets_the_bot()
    alice.says("delete range London")
    bot.meets(method="POST", path="/v1/messages", status=500, count=1)
    alice.clicks("Ask for approval")
    alice.sees("The approvers are asked")
    asked = ["asks for your approval" in one.answer["markdown"] for one in (nina, rita)]
    assert sorted(asked) == [False, True]


def test_who_may_approve_as_one_of_a_space_is_asked_once(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Be they named besides or not."""
    space = named_id("ROOM", "Telephony")
    of_space = f'[[grants]]\nspaces = ["{space}"]\npermissions = ["approve"]\neverywhere = true\n'
    bot.goes_by(DIRECT + of_space)
    before = len(rita.messages())
    asks_for_the_mode(alice)
    rita.sees("Alice Martin asks for your approval")
    assert len(rita.messages()) == before + 1
    bot.goes_by(f"{EVERYTHING}{of_space}")
    alice.says("delete range London")
    alice.clicks("Ask for approval")
    rita.sees("Alice Martin asks for your approval", "London")
