"""A plan is confirmed once, by somebody who may, in time, and only while it still holds."""

import pytest
from bot_at_work import BotAtWork
from people import Person, card_of, visible

from bot.calling.requests import ExtensionFilter, ExtensionUpdate, NewExtension
from bot.context import Context
from bot.decide import confirm_plan
from bot.person import Person as AccessPerson
from bot.plans import PlanState

ADD = "add 5012 +14085550123 Jane Doe at Denver"


def extensions(bot: BotAtWork, extension: str) -> list[str]:
    """What Webex has under an extension: the phone numbers."""
    return [one.phone_number for one in bot.services.calling.all_extensions(ExtensionFilter(extension=extension))]


def test_nothing_changes_before_the_confirmation(bot: BotAtWork, alice: Person) -> None:
    """A plan is only shown."""
    alice.says(ADD)
    assert extensions(bot, "5012") == []


def test_only_the_id_of_the_plan_travels_in_the_card(alice: Person) -> None:
    """What would be changed is never taken from a card."""
    alice.says(ADD)
    data = [action["data"] for action in card_of(alice.answer)["actions"]]
    assert data == [
        {"command": "plans.confirm", "with_target": alice.plan_id()},
        {"command": "plans.cancel", "with_target": alice.plan_id()},
    ]


def test_the_confirmation_says_what_where_by_whom_and_when(bot: BotAtWork, alice: Person) -> None:
    """Everything that one would want to know of it later, with Webex's tracking id."""
    alice.says(ADD)
    alice.clicks("Confirm")
    alice.sees("Added virtual extension 5012", "Denver", "Alice Martin", " UTC", "ROUTER_")
    alice.sees_buttons("Show", "Undo")
    assert extensions(bot, "5012") == ["+14085550123"]


def test_the_card_of_a_confirmed_plan_keeps_no_live_button(alice: Person) -> None:
    """The confirmation takes the place of the plan."""
    alice.says(ADD)
    asked = alice.answer["id"]
    alice.clicks("Confirm")
    assert alice.answer["id"] == asked


def test_a_second_press_changes_nothing(bot: BotAtWork, alice: Person) -> None:
    """Clients may still show the old card: who presses there again sees what came of it, and can undo it."""
    alice.says(ADD)
    plan, plan_id = alice.answer, alice.plan_id()
    alice.clicks("Confirm", on=plan)
    for _ in range(2):
        alice.sees("Done: Added virtual extension 5012", "Alice Martin")
        alice.sees_buttons("Show", "Undo")
        alice.clicks("Confirm", on=plan)
    assert extensions(bot, "5012") == ["+14085550123"]
    alice.says(f"confirm {plan_id}")
    alice.sees("confirmed before, by Alice Martin", "This time nothing was changed")
    assert extensions(bot, "5012") == ["+14085550123"]


def test_a_second_press_does_not_hide_that_it_failed(bot: BotAtWork, alice: Person) -> None:
    """The only card that says why is in its place."""
    alice.says(ADD)
    plan = alice.answer
    bot.meets(method="POST", pattern="/virtualExtensions$", status=500, body={"trackingId": "ROUTER_1"}, count=1)
    for _ in range(2):
        alice.clicks("Confirm", on=plan)
        alice.sees("Not done", "ROUTER_1")
    assert extensions(bot, "5012") == []


def test_a_plan_can_be_confirmed_by_text(bot: BotAtWork, alice: Person) -> None:
    """The buttons are a convenience: the id is all that is needed, and the card loses its buttons too."""
    alice.says(ADD)
    plan, plan_id = alice.answer["id"], alice.plan_id()
    alice.says(f"confirm {plan_id.lower()}")
    alice.sees("Added virtual extension 5012")
    shown = next(message for message in alice.messages() if message["id"] == plan)
    assert "Confirm" not in [action["title"] for action in card_of(shown).get("actions", [])]
    assert extensions(bot, "5012") == ["+14085550123"]


def test_a_cancelled_plan_stays_cancelled(bot: BotAtWork, alice: Person) -> None:
    """Cancelling changes nothing, and cannot be taken back by confirming."""
    alice.says(ADD)
    plan, plan_id = alice.answer, alice.plan_id()
    alice.clicks("Cancel")
    alice.sees("Cancelled", "Alice Martin", "Nothing was changed")
    alice.clicks("Confirm", on=plan)
    alice.sees("Cancelled by Alice Martin")
    alice.says(f"confirm {plan_id}")
    alice.sees("Cancelled by Alice Martin")
    assert extensions(bot, "5012") == []


def test_a_plan_expires_after_fifteen_minutes(bot: BotAtWork, alice: Person) -> None:
    """What was checked then may not hold any more."""
    alice.says(ADD)
    bot.clock.pass_by(minutes=16)
    alice.clicks("Confirm")
    alice.sees("Expired", "A plan is kept for 15 minutes", "Nothing was changed", "Send the command again")
    assert extensions(bot, "5012") == []


def test_a_plan_can_be_confirmed_just_before_it_expires(bot: BotAtWork, alice: Person) -> None:
    """Fourteen minutes are in time."""
    alice.says(ADD)
    bot.clock.pass_by(minutes=14)
    alice.clicks("Confirm")
    assert extensions(bot, "5012") == ["+14085550123"]


def test_another_persons_press_without_the_right_changes_nothing(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """Anybody in a space sees the buttons: the right of the one who presses is what counts."""
    alice.says(ADD, in_space="Telephony")
    plan = alice.answer
    rita.room_id = alice.room_id
    rita.clicks("Confirm", on=plan)
    rita.sees("Not allowed", "You need the permission “change”, to add and change virtual extensions and ranges")
    assert extensions(bot, "5012") == []
    alice.clicks("Confirm", on=plan)
    alice.sees("Added virtual extension 5012")


def test_a_target_that_changed_in_between_is_left_alone(bot: BotAtWork, alice: Person) -> None:
    """Somebody else was faster: both versions are shown, and nothing is changed."""
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))[0]
    alice.says("rename 5003 to Jane Roe")
    bot.services.calling.update_extension(found.id, ExtensionUpdate(display_name="Somebody Else"))
    alice.clicks("Confirm")
    alice.sees("Changed in between", "Somebody Else", found.label, "Nothing was changed by the plan")
    assert bot.services.calling.get_extension(found.id).display_name == "Somebody Else"


def test_a_plan_that_was_overtaken_is_never_said_to_have_been_confirmed(bot: BotAtWork, alice: Person) -> None:
    """A second press gets the same answer as the first."""
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))[0]
    alice.says("rename 5003 to Jane Roe")
    plan = alice.answer
    bot.services.calling.update_extension(found.id, ExtensionUpdate(display_name="Somebody Else"))
    for _ in range(2):
        alice.clicks("Confirm", on=plan)
        alice.sees("Changed in between", "Somebody Else", "Nothing was changed by the plan")
        alice.does_not_see("confirmed before")


def test_a_late_press_does_not_stop_a_plan_that_is_being_applied(bot: BotAtWork, alice: Person) -> None:
    """What is half applied looks changed in between: the plan must go on as what it is."""
    alice.says("rename 5003 to Jane Roe")
    open_plan = bot.services.store.find_plan(alice.plan_id())
    assert open_plan is not None
    alice.clicks("Confirm")
    late = Context(bot.services, AccessPerson("late"), open_plan.room_id, "a-late-event")
    confirm_plan(late, open_plan)
    decided = bot.services.store.find_plan(open_plan.id)
    assert decided is not None
    assert (decided.state, decided.decided_name) == (PlanState.APPLIED, "Alice Martin")


def test_a_target_that_was_deleted_in_between_is_said_to_be_gone(bot: BotAtWork, alice: Person) -> None:
    """A deletion is such a change as well."""
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))[0]
    alice.says("rename 5003 to Jane Roe")
    bot.services.calling.delete_extension(found.id)
    alice.clicks("Confirm")
    alice.sees("Changed in between", "It is not there any more")


def test_an_extension_that_was_taken_in_between_is_not_added_twice(bot: BotAtWork, alice: Person) -> None:
    """For something new, the change in between is that it exists."""
    alice.says("add 5012 +14085550123 Jane Doe")
    bot.services.calling.create_extension(
        NewExtension(display_name="Quick Other", phone_number="+14085550188", extension="5012")
    )
    alice.clicks("Confirm")
    alice.sees("Changed in between", "Quick Other")
    assert extensions(bot, "5012") == ["+14085550188"]


@pytest.mark.parametrize("plan_id", ["7F3K", "ZZZZ"])
def test_a_plan_that_is_not_there_gets_a_clear_answer(alice: Person, plan_id: str) -> None:
    """A guessed or mistyped id tells nothing."""
    alice.says(f"confirm {plan_id}")
    alice.sees("There is no such plan", "The id is on the card of the plan")


def test_a_change_that_webex_refuses_on_confirmation_comes_back_in_the_form(bot: BotAtWork, alice: Person) -> None:
    """What was checked can still fail: at its field, with what was typed, and Webex's tracking id."""
    alice.says(ADD)
    bot.meets(
        method="POST", pattern="/virtualExtensions$", status=409, count=1,
        body={"message": "x", "errors": [{"description": "[Error 8363] DN is in use", "errorCode": 8363}],
              "trackingId": "ROUTER_refused"},
    )  # fmt: skip
    alice.clicks("Confirm")
    alice.sees("This phone number is already in use", "ROUTER_refused")
    alice.sees_in_form(extension="5012", phone_number="+14085550123", display_name="Jane Doe")
    assert "Done:" not in visible(card_of(alice.answer))
    assert extensions(bot, "5012") == []
