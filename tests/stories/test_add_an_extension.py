"""Adding a virtual extension: from a line of text, or by the form."""

from bot_at_work import BotAtWork
from people import Person

from bot.calling.requests import ExtensionFilter

ADD = "add 5012 +14085550123 Jane Doe at Denver"


def test_a_typed_line_becomes_a_plan_and_a_confirmed_change(alice: Person) -> None:
    """The story of the README: write a line, see what would change, confirm, look it up."""
    alice.says(ADD)
    alice.sees("Add virtual extension 5012", "+14085550123", "Jane Doe", "Denver", "Nothing has changed yet")
    alice.sees_buttons("Confirm", "Cancel")

    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012", "Read back from Webex", "Alice Martin", "Denver")

    alice.says("show 5012")
    alice.sees("Jane Doe", "+14085550123", "Denver")


def test_the_form_does_the_same(bot: BotAtWork, alice: Person) -> None:
    """Everything that the API takes has an input."""
    alice.says("add")
    alice.sees("Add a virtual extension")
    alice.sees_on_card("A short extension for an external phone number.")
    alice.clicks(
        "Continue",
        extension="5012",
        phone_number="+1 (408) 555-0123",
        display_name="Jane Doe",
        first_name="Jane",
        last_name="Doe",
        location="Denver",
    )
    alice.sees("Add virtual extension 5012 Jane Doe", "+14085550123", "First name", "Last name", "Denver")
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012 Jane Doe")
    made = bot.services.calling.all_extensions(ExtensionFilter(extension="5012"))[0]
    assert (made.first_name, made.last_name, made.location_name) == ("Jane", "Doe", "Denver")


def test_without_a_location_everybody_can_dial_it(alice: Person) -> None:
    """Organization level is what the API takes for no location."""
    alice.says("add 5012 +14085550123 Jane Doe")
    alice.sees("Where", "Organization")
    alice.clicks("Confirm")
    alice.clicks("Show")
    alice.sees("Everybody in the organization dials 5012.")


def test_what_is_missing_is_asked_for_in_the_form_that_holds_the_rest(alice: Person) -> None:
    """Nobody types anything twice, and what is missing is named."""
    alice.says("add 5012 Jane Doe at Denver")
    alice.sees("Add a virtual extension")
    alice.sees_in_form(extension="5012", display_name="Jane Doe", phone_number="")
    alice.sees_mistake("phone_number", "The phone number is missing.")
    alice.does_not_see("The display name is missing.")
    alice.clicks("Continue", phone_number="+14085550123")
    alice.sees("Add virtual extension 5012 Jane Doe", "Denver")


def test_the_same_extension_at_another_level_is_allowed_and_pointed_out(alice: Person) -> None:
    """It is a common trap: what people reach depends on where they are."""
    alice.says("add 4001 +14085550123 Jane Doe at Denver")
    alice.sees("Please note", "4001 exists at Lyon too: what people reach depends on where they dial.")
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 4001 Jane Doe")


def test_names_keep_their_letters(alice: Person) -> None:
    """Apostrophes, accents and other scripts arrive in Webex as they were typed."""
    alice.says("add 5012 +14085550123 Zoë O'Brien-Łuk 佐藤")
    alice.sees("Zoë O'Brien-Łuk 佐藤")
    alice.clicks("Confirm")
    alice.says("show 5012")
    alice.sees("5012 · Zoë O'Brien-Łuk 佐藤")


def test_what_only_webex_knows_comes_back_in_the_form(alice: Person) -> None:
    """No call of the API checks an extension beforehand: the refusal of the confirmed plan says what to mend."""
    alice.says("add 911 +14085550123 Jane Doe")
    alice.clicks("Confirm")
    alice.sees_mistake(
        "extension", "An extension can't be an emergency number. Choose another extension.", "ROUTER_"
    )
    alice.sees_in_form(extension="911", phone_number="+14085550123", display_name="Jane Doe")
    alice.clicks("Continue", extension="5012")
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012 Jane Doe")


def test_what_a_typed_line_lacks_is_named(alice: Person) -> None:
    """At its field, and in the text; what was given is kept."""
    alice.says("add 5012")
    alice.sees_mistake("phone_number", "The phone number is missing. Write it with + and the country code")
    alice.sees_mistake("display_name", "The display name is missing.")
    alice.sees_in_form(extension="5012")
    alice.says("add")
    alice.does_not_see("is missing")


def test_a_number_without_its_country_code_is_guessed_aloud_only(alice: Person) -> None:
    """Nothing is planned with the guess."""
    alice.says("add 5012 408-555-0124 Jane Doe at Denver")
    alice.sees_mistake(
        "phone_number",
        "“408-555-0124” is not a phone number in E.164. Write it with + and the country code: +14085550124, if it "
        "is a number of the USA or Canada.",
    )
    alice.says("add 5012 0142685300 Jane Doe at Lyon")
    alice.sees_mistake("phone_number", "Write it with + and the country code, for example +14085550123.")
