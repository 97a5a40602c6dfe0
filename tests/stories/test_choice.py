"""Where several things fit, one is chosen, and the command goes on with everything that was typed."""

import pytest
from bot_at_work import BotAtWork
from people import Person

from bot.calling.requests import NewExtension, NewRange


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("show 5001", ("5001", "5001")),
        ("show smith", ("4002", "5001")),
        ("show Chris Taylor", ("4101", "5003")),
    ],
)
def test_the_choice_shows_what_tells_them_apart(alice: Person, line: str, rows: tuple[str, ...]) -> None:
    """Name, number and place are on the card, and a line that needs no choice is given."""
    alice.says(line)
    alice.sees("More than one virtual extension fits.")
    alice.sees_rows(*rows)
    alice.sees_buttons("Show")
    assert "Type your line again with the phone number" in alice.answer["markdown"]


def test_the_chosen_one_is_shown_in_place(alice: Person) -> None:
    """The question is answered, so it does not stay."""
    alice.says("show smith")
    asked = alice.answer["id"]
    alice.clicks("Show", target="5001 · John Smith · Organization")
    alice.sees("5001 · John Smith", "Everybody in the organization dials 5001.")
    assert alice.answer["id"] == asked


@pytest.mark.parametrize(
    ("line", "choice", "plan"),
    [
        ("change smith number +14085550123", "4002 · Anna Smith · Lyon", "+14085550123"),
        ("change 5001 number +14085550123", "5001 · John Smith · Organization", "+14085550123"),
        ("rename Chris Taylor to Jane Roe", "4101 · Chris Taylor · Denver", "Jane Roe"),
        ("move 5001 to 5013", "5001 · Front Range Couriers · Denver", "5013"),
    ],
)
def test_a_change_goes_on_with_its_new_value(alice: Person, line: str, choice: str, plan: str) -> None:
    """What was typed is not asked for again."""
    alice.says(line)
    alice.clicks("Continue", target=choice)
    alice.sees("Change virtual extension", plan, choice.split(" · ")[1], "Nothing has changed yet")


def test_the_choice_can_lead_to_a_form(alice: Person) -> None:
    """Of the one that was chosen."""
    alice.says("edit 5001")
    alice.clicks("Continue", target="5001 · Front Range Couriers · Denver")
    alice.sees_in_form(extension="5001", phone_number="+13035550151", display_name="Front Range Couriers")


def test_an_error_after_the_choice_is_about_the_one_that_was_chosen(alice: Person) -> None:
    """The form that comes back is that of the chosen one."""
    alice.says("change 5001 number +13125550103")
    alice.clicks("Continue", target="5001 · Front Range Couriers · Denver")
    alice.sees("Edit 5001 · Front Range Couriers")
    alice.sees_mistake("phone_number", "This number is already in use.")


def test_a_choice_of_very_many_says_how_many_there_are(bot: BotAtWork, alice: Person) -> None:
    """Ten fit on a card: the rest is not kept secret."""
    for extension in range(6001, 6013):
        new = NewExtension(
            display_name="Front Desk", phone_number=f"+1408555{extension}", extension=str(extension)
        )
        bot.services.calling.create_extension(new)
    alice.says("show front desk")
    alice.sees_rows(*(str(extension) for extension in range(6001, 6011)))
    assert "Only the first 10 of 12 are shown." in alice.answer["markdown"]


def test_ranges_are_chosen_in_the_same_way(bot: BotAtWork, alice: Person) -> None:
    """A part of a name may fit several."""
    for name, pattern in (("Berlin East", "51XX"), ("Berlin West", "52XX")):
        bot.services.calling.create_range(NewRange(name=name, prefix="+4930555", patterns=(pattern,)))
    alice.says("range Berlin add 53XX")
    alice.sees("Which Berlin do you mean?", "More than one range fits.")
    alice.sees_rows("Berlin East", "Berlin West")
    alice.clicks("Continue", target="Berlin West · +4930555 · Organization")
    alice.sees("Change range Berlin West", "52XX, 53XX")
