"""An undo of what somebody has changed since, or of what is in the way of it now."""

from bot_at_work import BotAtWork
from confirmed_plans import ADD, does, extension, present, range_named, values
from people import Person

from bot.calling.requests import ExtensionUpdate, NewExtension, RangeUpdate
from bot.telephony import PatternAction


def test_what_has_changed_since_is_shown_in_three_versions(bot: BotAtWork, alice: Person) -> None:
    """And it is asked. Who wants it anyway sees the plan, and confirms it like every other."""
    before = present(bot, "5003")
    done = does(alice, "rename 5003 to Jane Roe")
    bot.services.calling.update_extension(before.id, ExtensionUpdate(display_name="Somebody Else"))
    alice.clicks("Undo")
    alice.sees(f"It is not as plan {done} left it", before.label, "Jane Roe", "Somebody Else")
    alice.sees("Undoing the plan takes back what has changed since, too. Do you want to undo it anyway?")
    assert f"`undo {done} anyway`" in alice.answer["markdown"]
    alice.sees_buttons("Undo anyway", "Leave it")
    alice.clicks("Undo anyway")
    alice.sees("Change virtual extension 5003 Somebody Else", f"Undoes plan {done}", before.label)
    assert present(bot, "5003").display_name == "Somebody Else"
    alice.clicks("Confirm")
    alice.sees("Done: Changed virtual extension 5003")
    assert present(bot, "5003") == before


def test_what_has_changed_since_can_be_undone_by_text_too(bot: BotAtWork, alice: Person) -> None:
    """Without the last word it is asked again."""
    done = does(alice, ADD)
    bot.services.calling.update_extension(present(bot, "5012").id, ExtensionUpdate(display_name="Somebody Else"))
    for _ in range(2):
        alice.says(f"undo {done}")
        alice.sees("(not there)", "Jane Doe", "Somebody Else")
    alice.says(f"undo {done} anyway")
    alice.sees("Delete virtual extension 5012 Somebody Else", "Whoever dials 5012")
    alice.clicks("Confirm")
    assert extension(bot, "5012") is None


def test_what_has_changed_since_can_be_left(bot: BotAtWork, alice: Person) -> None:
    """Then nothing is changed."""
    does(alice, ADD)
    bot.services.calling.update_extension(present(bot, "5012").id, ExtensionUpdate(display_name="Somebody Else"))
    alice.clicks("Undo")
    alice.clicks("Leave it")
    alice.sees("Cancelled", "Nothing was changed")
    assert present(bot, "5012").display_name == "Somebody Else"


def test_a_range_that_has_changed_since_gets_exactly_its_patterns_again(bot: BotAtWork, alice: Person) -> None:
    """What was added in between goes too, as the three versions have shown."""
    before = range_named(bot, "London")
    assert before is not None
    does(alice, "range London add 7XXX")
    bot.services.calling.update_range(before.id, RangeUpdate(patterns=("6XXX",), action=PatternAction.ADD))
    alice.clicks("Undo")
    alice.sees("Patterns", "7XXX", "6XXX")
    alice.clicks("Undo anyway")
    alice.clicks("Confirm")
    assert range_named(bot, "London") == before


def test_what_was_deleted_since_can_be_made_anew_as_it_was_before(bot: BotAtWork, alice: Person) -> None:
    """The way back begins at the present, and the present is that there is nothing."""
    before = present(bot, "5003")
    does(alice, "rename 5003 to Jane Roe")
    bot.services.calling.delete_extension(before.id)
    alice.clicks("Undo")
    alice.sees(before.label, "Jane Roe", "(not there)")
    alice.clicks("Undo anyway")
    alice.sees("Add virtual extension 5003", "It gets a new id in Webex.")
    alice.clicks("Confirm")
    assert values(present(bot, "5003")) == values(before)


def test_what_is_as_before_already_needs_no_undo(bot: BotAtWork, alice: Person) -> None:
    """Somebody has done it by hand."""
    before = present(bot, "5003")
    does(alice, "rename 5003 to Jane Roe")
    original = ExtensionUpdate(
        display_name=before.display_name, first_name=before.first_name, last_name=before.last_name
    )
    bot.services.calling.update_extension(before.id, original)
    alice.clicks("Undo")
    alice.sees("Everything is as it was before plan", "There is nothing to undo")


def test_an_extension_that_was_taken_since_is_in_the_way(bot: BotAtWork, alice: Person) -> None:
    """The checks of an addition hold for the undo of a deletion."""
    does(alice, "add 5012 +14085550123 Jane Doe")
    does(alice, "delete 5012")
    bot.services.calling.create_extension(
        NewExtension(display_name="Quick Other", phone_number="+14085550123", extension="5012")
    )
    alice.clicks("Undo")
    alice.sees("can't be undone as things are", "already taken here, by Quick Other", "already in use")


def test_a_change_between_the_undo_and_its_confirmation_stops_it(bot: BotAtWork, alice: Person) -> None:
    """As for every plan."""
    does(alice, ADD)
    alice.clicks("Undo")
    bot.services.calling.update_extension(present(bot, "5012").id, ExtensionUpdate(display_name="Somebody Else"))
    alice.clicks("Confirm")
    alice.sees("Changed in between", "Somebody Else")
    assert extension(bot, "5012")
