"""Changing a virtual extension: a typed line, or its form with what it is now."""

import pytest
from bot_at_work import BotAtWork
from people import Person

from bot.calling.models import Extension
from bot.calling.requests import ExtensionFilter


def now(bot: BotAtWork, extension: str) -> Extension:
    """The only extension of that number, as Webex has it."""
    (found,) = bot.services.calling.all_extensions(ExtensionFilter(extension=extension))
    return found


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("change 5003 number +14085550123", "+13125550103", "+14085550123"),
        ("change 5003 number +1 (408) 555-0123", "+13125550103", "+14085550123"),
        ("move 5003 to 5013", "5003", "5013"),
        ("rename 5003 to Jane Roe", "Chris Taylor", "Jane Roe"),
        ("change 5003 first name Christina", "Chris", "Christina"),
        ("change 5003 last name Tailor", "Taylor", "Tailor"),
    ],
)
def test_each_value_can_be_changed_by_a_line(alice: Person, line: str, before: str, after: str) -> None:
    """The plan shows it before and after, and the confirmation repeats it."""
    alice.says(line)
    alice.sees("Change virtual extension 5003 Chris Taylor", before, after)
    alice.clicks("Confirm")
    alice.sees("Done: Changed virtual extension 5003 Chris Taylor", before, after, "Read back from Webex")


def test_only_what_differs_is_shown_and_sent(bot: BotAtWork, alice: Person) -> None:
    """What was not mentioned stays as it is."""
    alice.says("change 5003 number +14085550123")
    alice.does_not_see("First name", "Last name", "Display name")
    alice.clicks("Confirm")
    changed = now(bot, "5003")
    assert (changed.phone_number, changed.display_name) == ("+14085550123", "Chris Taylor")


def test_several_values_change_in_one_plan(bot: BotAtWork, alice: Person) -> None:
    """One line, one confirmation."""
    alice.says("change 5003 extension 5013 number +14085550123")
    alice.sees("5003", "5013", "+13125550103", "+14085550123")
    alice.clicks("Confirm")
    assert now(bot, "5013").phone_number == "+14085550123"


def test_a_rename_warns_that_first_and_last_name_stay(alice: Person) -> None:
    """Directories sort and find by those."""
    alice.says("rename 5003 to Jane Roe")
    alice.sees("Please note", "Only the display name changes. First and last name stay “Chris Taylor”")


def test_a_rename_needs_no_warning_where_there_are_no_such_names(bot: BotAtWork, alice: Person) -> None:
    """A warning that does not apply teaches people to overlook warnings."""
    alice.says("edit 5006")
    alice.clicks("Continue", first_name="", display_name="Freight Desk")
    alice.does_not_see("Please note")
    alice.clicks("Confirm")
    assert not now(bot, "5006").first_name
    alice.says("rename 5006 to Harbour Desk")
    alice.does_not_see("Please note")


def test_the_form_holds_the_present_values(bot: BotAtWork, alice: Person) -> None:
    """One changes what one wants, the rest is left alone."""
    alice.says("edit 4002")
    alice.sees("Edit 4002 · Anna Smith")
    alice.sees_on_card("At Lyon. Webex can't move it to another location.")
    alice.sees_in_form(extension="4002", phone_number="+33199000202", display_name="Anna Smith", last_name="Smith")
    alice.clicks("Continue", last_name="Schmidt", display_name="Anna Schmidt")
    alice.sees("Change virtual extension 4002 Anna Smith", "Schmidt", "Anna Schmidt")
    alice.does_not_see("Please note")
    alice.clicks("Confirm")
    assert now(bot, "4002").last_name == "Schmidt"


def test_a_form_that_changes_nothing_says_so(alice: Person) -> None:
    """No plan is made of nothing."""
    alice.says("edit 4002")
    alice.clicks("Continue")
    alice.sees("That is how it is already: nothing would change. Change at least one of the values.")
    alice.sees_in_form(extension="4002")


def test_a_line_that_changes_nothing_says_so(alice: Person) -> None:
    """The same by text."""
    alice.says("change 5003 number +13125550103")
    alice.sees("That is how it is already: nothing would change.")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("extension", "4003", "4003 is already taken here, by François Élie (+33199000203)."),
        ("phone_number", "+13125550103", "This number is already in use. Choose another one."),
        ("phone_number", "12", "“12” is not a phone number in E.164."),
        ("display_name", "", "The display name is missing."),
        ("phone_number", "", "The phone number is missing."),
    ],
)
def test_what_is_wrong_is_marked_in_the_form(alice: Person, field: str, typed: str, sentence: str) -> None:
    """The form of an existing extension keeps what was typed, like that of a new one."""
    alice.says("edit 4002")
    alice.clicks("Continue", **{"last_name": "Schmidt", field: typed})
    alice.sees_mistake(field, sentence)
    alice.sees_in_form(last_name="Schmidt", **{field: typed})


def test_a_line_with_a_number_in_use_opens_the_form(alice: Person) -> None:
    """With the extension's present values, and the number that was typed marked."""
    alice.says("change 4002 number +13125550103")
    alice.sees("Edit 4002 · Anna Smith")
    alice.sees_mistake("phone_number", "This number is already in use. Choose another one.")
    alice.sees_in_form(phone_number="+13125550103", display_name="Anna Smith")
    alice.clicks("Continue", phone_number="+14085550123")
    alice.sees("Change virtual extension 4002 Anna Smith", "+14085550123")


def test_a_move_to_an_extension_of_another_level_is_pointed_out(alice: Person) -> None:
    """Allowed, and easily confused."""
    alice.says("move 4002 to 5003")
    alice.sees(
        "Please note", "5003 exists at organization level too: what people reach depends on where they dial."
    )


def test_an_extension_is_changed_by_its_esn(alice: Person) -> None:
    """Whatever tells which one is meant will do."""
    alice.says("rename 77014002 to Anna Schmidt")
    alice.sees("Change virtual extension 4002 Anna Smith", "Lyon")


def test_an_extension_that_is_not_there_can_not_be_changed(alice: Person) -> None:
    """The sentence says how to find what there is."""
    alice.says("rename 5099 to Jane Roe")
    alice.sees("There is no virtual extension “5099”.", "to see them all, or")


def test_somebody_who_may_only_read_can_not_open_the_form(rita: Person) -> None:
    """A form that could not be sent would be a trap."""
    rita.says("edit 5003")
    rita.sees(
        "Not allowed: change an extension",
        "You need the permission “change”, to add and change virtual extensions and ranges",
    )
