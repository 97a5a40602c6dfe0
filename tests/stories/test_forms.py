"""What is wrong with a form comes back in the form, at its field, with everything kept that was typed."""

from typing import Any

import pytest
from bot_at_work import BotAtWork
from people import Person, card_of, fields

GOOD = {"extension": "5012", "phone_number": "+14085550123", "display_name": "Jane Doe"}
EVERY_NUMBER_IS = {
    "INVALID": "Webex does not accept this number. Write it with + and the country code, such as +14085550123.",
    "DUPLICATE": "This number is already in use. Choose another one.",
    "DUPLICATE_IN_LIST": "This number is given more than once. Leave one out.",
}


def verdict(state: str, message: str = "") -> dict[str, Any]:
    """What Webex would answer to the check of a number."""
    entry = {"phoneNumber": "+14085550123", "state": state, "errorCode": "8362", "message": message}
    return {"status": "ERRORS", "phoneNumberStatus": [entry]}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("extension", "", "The extension is missing. It has 2 to 10 digits, such as 5012."),
        ("extension", "5", "“5” is not an extension. An extension has 2 to 10 digits, such as 5012."),
        ("extension", "50A2", "“50A2” is not an extension."),
        (
            "extension",
            "5001",
            "5001 is already taken here, by John Smith (+442079460101). Choose another extension.",
        ),
        ("phone_number", "", "The phone number is missing. Write it with + and the country code"),
        ("phone_number", "408 555 0123", "“408 555 0123” is not a phone number in E.164."),
        ("phone_number", "+1800FLOWERS", "“+1800FLOWERS” is not a phone number in E.164."),
        ("phone_number", "+1408555", "+1408555 is too long or too short for its country."),
        ("phone_number", "+442079460101", "This number is already in use. Choose another one."),
        ("display_name", " ", "The display name is missing. Write the name that people see"),
        ("display_name", "x" * 101, "The name is longer than 100 characters. Shorten it."),
        ("first_name", "Jane<b>", "A name can't hold the character '<'. Leave it out."),
        ("last_name", 'Doe"', "A name can't hold the character '\"'. Leave it out."),
    ],
)
def test_a_wrong_value_is_marked_at_its_field(alice: Person, field: str, typed: str, sentence: str) -> None:
    """The sentence says what is wrong and what to write, and the other fields keep what they held."""
    alice.says("add")
    form = alice.answer["id"]
    alice.clicks("Continue", **{**GOOD, field: typed})
    alice.sees_mistake(field, sentence)
    alice.sees_on_card("Not yet", "Nothing was changed. Mend what is marked below.")
    alice.sees_in_form(**{**GOOD, field: typed.strip()})
    assert alice.answer["id"] == form


def test_all_that_is_wrong_is_said_at_once(alice: Person) -> None:
    """Nobody wants to mend a form one error at a time."""
    alice.says("add")
    alice.clicks("Continue", extension="x", phone_number="12", display_name="", first_name="<")
    alice.sees_mistake("extension", "“x” is not an extension.")
    alice.sees_mistake("phone_number", "“12” is not a phone number in E.164.")
    alice.sees_mistake("display_name", "The display name is missing.")
    alice.sees_mistake("first_name", "A name can't hold the character '<'.")
    alice.sees_in_form(extension="x", phone_number="12", first_name="<")


def test_all_that_webex_finds_is_said_at_once_too(alice: Person) -> None:
    """A number in use and an extension that is taken are found by different calls."""
    alice.says("add")
    alice.clicks("Continue", extension="5001", phone_number="+13125550103", display_name="Jane Doe")
    alice.sees_mistake("extension", "5001 is already taken here, by John Smith")
    alice.sees_mistake("phone_number", "This number is already in use.")


def test_a_mended_form_goes_on(alice: Person) -> None:
    """One field is corrected, and nothing typed again."""
    alice.says("add")
    alice.clicks("Continue", **{**GOOD, "extension": "5001"}, location="Lyon", first_name="Jane")
    alice.sees("Add virtual extension 5001 Jane Doe", "5001 exists at Denver too")
    alice.says("add")
    alice.clicks("Continue", **{**GOOD, "extension": "4001"}, location="Lyon", first_name="Jane")
    alice.sees_mistake("extension", "4001 is already taken here, by Camille Martin")
    alice.clicks("Continue", extension="5012")
    alice.sees("Add virtual extension 5012 Jane Doe", "First name", "Lyon")


def test_a_typed_line_that_is_wrong_opens_the_form_too(alice: Person) -> None:
    """The form is quicker to mend than a line is to type again."""
    alice.says("add 5001 +14085550123 Jane Doe")
    alice.sees_mistake("extension", "5001 is already taken here, by John Smith")
    alice.sees_in_form(extension="5001", phone_number="+14085550123", display_name="Jane Doe")
    alice.clicks("Continue", extension="5012")
    alice.sees("Add virtual extension 5012 Jane Doe")


def test_an_unknown_location_can_be_written_anew(alice: Person) -> None:
    """What was typed stays, with the known locations beside it."""
    alice.says("add 5012 +14085550123 Jane Doe at Paris")
    alice.sees_mistake(
        "location", "There is no location “Paris” with Webex Calling.", "Denver, Lyon, Munich, Tokyo"
    )
    alice.sees_in_form(location="Paris", display_name="Jane Doe")
    alice.clicks("Continue", location="Munich")
    alice.sees("Add virtual extension 5012 Jane Doe", "Munich")


def test_a_location_and_the_organization_level_can_not_both_be_meant(alice: Person) -> None:
    """A change is never made of half of what was said."""
    alice.says("add 5012 +14085550123 Jane Doe at Denver organization level")
    alice.sees_mistake("location", "Nothing is at a location and at organization level at once.")


def test_location_level_needs_a_location(alice: Person) -> None:
    """It is asked for, not guessed."""
    alice.says("add 5012 +14085550123 Jane Doe location level")
    alice.sees_mistake("location", "Which location? Name one, or choose organization level.")
    alice.clicks("Continue", location="Lyon")
    alice.sees("Add virtual extension 5012 Jane Doe", "Lyon")


@pytest.mark.parametrize(("state", "sentence"), EVERY_NUMBER_IS.items())
def test_each_verdict_of_webex_has_its_sentence(bot: BotAtWork, alice: Person, state: str, sentence: str) -> None:
    """The words of the API never reach a person bare."""
    bot.meets(method="POST", pattern="validateNumbers", status=200, body=verdict(state))
    alice.says("add 5012 +14085550123 Jane Doe")
    alice.sees_mistake("phone_number", sentence)


def test_a_verdict_that_is_new_to_the_bot_is_passed_on(bot: BotAtWork, alice: Person) -> None:
    """Webex may learn to say more: its own words are better than none."""
    bot.meets(method="POST", pattern="validateNumbers", status=200, body=verdict("RESERVED", "It is reserved."))
    alice.says("add 5012 +14085550123 Jane Doe")
    alice.sees_mistake("phone_number", "This number can't be used. Webex says: It is reserved.")


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            403,
            {"trackingId": "ROUTER_1"},
            "the bot's access lacks a scope or an administrator role. Ask the people",
        ),
        (
            400,
            {"message": "Try later.", "trackingId": "ROUTER_1"},
            "Webex did not accept this: Try later. Correct it",
        ),
    ],
)
def test_what_webex_refuses_as_a_whole_is_said_above_the_form(
    bot: BotAtWork, alice: Person, status: int, body: dict[str, Any], sentence: str
) -> None:
    """No field is to blame: everything is kept, with the id that the support asks for."""
    alice.says("add")
    bot.meets(method="POST", pattern="validateNumbers", status=status, body=body)
    alice.clicks("Continue", **GOOD)
    alice.sees(sentence, "Webex tracking id ROUTER_1.")
    alice.sees_in_form(**GOOD)


def test_an_outage_leaves_the_form_as_it_is(bot: BotAtWork, alice: Person) -> None:
    """It can be sent again in a minute."""
    alice.says("edit 4002")
    form = alice.answer
    bot.meets(path="/v1/telephony", status=500)
    alice.clicks("Continue", last_name="Schmidt")
    alice.sees("Webex can't be reached just now.", "Try again in a minute")
    assert form["id"] in [message["id"] for message in alice.messages()]


def test_a_button_opens_the_form_in_older_clients_too(alice: Person) -> None:
    """Those send the choice of row of the list along with every button."""
    alice.says("extensions at Lyon")
    row = next(field["value"] for field in fields(card_of(alice.answer)) if field["id"] == "target")
    alice.submits(alice.answer, {"command": "extensions.add", "target": row})
    alice.sees("Add a virtual extension")
    alice.does_not_see("is missing", "Not yet")


def test_an_empty_form_is_sent_back_with_what_it_needs(alice: Person) -> None:
    """Not every client holds it back."""
    alice.says("add")
    alice.clicks("Continue")
    alice.sees_mistake("extension", "The extension is missing.")
    alice.sees_mistake("phone_number", "The phone number is missing.")
    alice.sees_mistake("display_name", "The display name is missing.")


@pytest.mark.parametrize(
    "inputs",
    [
        {"command": "plans.cancel", "with_target": "\x00"},
        {"command": "extensions.list", "with_prefix": "x" * 4_000, "topic": "x" * 4_000},
        {"command": "extensions.list", "name": "x" * 4_000},
        {"command": "extensions.add", "extension": "5" * 4_000, "display_name": "x" * 4_000},
        {"command": "ranges.change", "with_target": "London", "action": "ADD", "patterns": "5 " * 1_900},
    ],
)
def test_what_no_card_sends_is_answered_as_well(alice: Person, inputs: dict[str, str]) -> None:
    """Anybody can send a submission by hand: it gets an answer that fits on a card."""
    alice.says("help")
    alice.submits(alice.answer, inputs)
    alice.does_not_see("What you can type", "Something went wrong")


def test_a_form_that_somebody_may_not_send_is_refused(alice: Person, rita: Person) -> None:
    """The form of one is not the permission of another."""
    alice.says("add", in_space="Telephony")
    form = alice.answer
    rita.room_id = alice.room_id
    rita.clicks("Continue", on=form, **GOOD)
    rita.sees("Not allowed", "You need the permission “change”, to add and change virtual extensions and ranges")
