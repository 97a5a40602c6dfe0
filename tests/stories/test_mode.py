"""The mode of the whole organization: shown, and changed only knowingly."""

from bot_at_work import BotAtWork
from people import Person

from cards.help import greeting_card

TICK_FIRST = "Tick this first, to say that you know what it does to the whole organization."


def test_the_mode_is_shown_with_what_it_means(alice: Person) -> None:
    """And with a warning before it is changed."""
    alice.says("mode")
    alice.sees("Standard", "every number and every prefix is in the E.164 form")
    alice.sees("The mode belongs to the whole organization", "Ask your PSTN provider first.")
    alice.sees_buttons("Change to enhanced")


def test_a_change_takes_a_tick(bot: BotAtWork, alice: Person) -> None:
    """Confirming alone is too quick for something that affects everybody."""
    alice.says("mode enhanced")
    alice.sees("Change the mode of the organization", "STANDARD", "ENHANCED")
    alice.sees("This affects every virtual extension and range of the organization at once.")
    alice.sees_on_card("I know that this affects the whole organization")
    alice.clicks("Confirm")
    alice.sees_mistake("acknowledged", TICK_FIRST)
    assert bot.services.calling.get_mode() == "STANDARD"
    alice.clicks("Confirm", acknowledged="true")
    alice.sees("Done: Changed the mode of the organization", "Read back from Webex")
    assert bot.services.calling.get_mode() == "ENHANCED"


def test_a_card_that_the_bot_does_not_remember_takes_the_tick_too(bot: BotAtWork, alice: Person) -> None:
    """Only what was really typed counts as typed."""
    alice.says("mode enhanced")
    plan_id = alice.plan_id()
    forgotten = bot.services.messaging.send(alice.room_id, "Hello", greeting_card(), None)
    alice.submits({"id": forgotten}, {"command": "plans.confirm", "with_target": plan_id})
    alice.sees_mistake("acknowledged", TICK_FIRST)
    assert bot.services.calling.get_mode() == "STANDARD"


def test_the_button_leads_to_the_same_plan_and_back(alice: Person) -> None:
    """Each mode offers the other one."""
    alice.says("mode")
    alice.clicks("Change to enhanced")
    alice.sees("Change the mode of the organization")
    alice.clicks("Confirm", acknowledged="true")
    alice.clicks("Show")
    alice.sees("Enhanced", "Calls carry special network signalling to the PSTN provider")
    alice.clicks("Change to standard")
    alice.sees("ENHANCED", "STANDARD")


def test_a_typed_confirmation_is_deliberate_enough(bot: BotAtWork, alice: Person) -> None:
    """Whoever types the plan's id has read the card."""
    alice.says("mode enhanced")
    alice.says(f"confirm {alice.plan_id()}")
    alice.sees("Done: Changed the mode of the organization")
    assert bot.services.calling.get_mode() == "ENHANCED"


def test_a_mode_that_is_set_already_needs_no_plan(alice: Person) -> None:
    """Nothing is asked for that would do nothing."""
    alice.says("mode standard")
    alice.sees("The mode is Standard already.", "Nothing needs to be done.")


def test_without_a_mode_the_present_one_is_shown(alice: Person) -> None:
    """With the button to change it."""
    alice.says("change mode")
    alice.sees("Standard")
    alice.sees_buttons("Change to enhanced")


def test_in_enhanced_mode_a_prefix_need_not_be_e164(alice: Person) -> None:
    """What is accepted is left to Webex, which knows the mode."""
    alice.says("mode enhanced")
    alice.clicks("Confirm", acknowledged="true")
    alice.says("add range")
    alice.clicks("Continue", name="Berlin", prefix="030555", patterns="5XXX")
    alice.sees("Add range Berlin", "030555", "Nothing has changed yet")
    alice.clicks("Confirm")
    alice.sees("Done: Added range Berlin")


def test_somebody_who_may_only_read_sees_it_and_no_button(rita: Person) -> None:
    """Settings are a permission of their own."""
    rita.says("mode")
    rita.sees("Standard")
    rita.sees_buttons()
    rita.says("mode enhanced")
    rita.sees(
        "Not allowed: change the mode",
        "You need the permission “settings”, to change the organization's mode",
        "The telephony team can give it to you",
    )
