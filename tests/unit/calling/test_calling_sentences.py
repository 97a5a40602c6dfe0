"""What people read about a failed call, and at which field."""

import pytest

from bot.calling.errors import explain, failure
from bot.errors import FailedCall, Invalid

EXTENSIONS = "/telephony/config/virtualExtensions"
EXTENSION = "/telephony/config/virtualExtensions/{extensionId}"
RANGES = "/telephony/config/virtualExtensionRanges"
HOW_TO_WRITE_NUMBERS = "Write it with + and the country code, for example +14085550123."
LACKING = "Webex did not allow this: the bot's access lacks a scope or an administrator role."


def ask_for(what: str) -> str:
    return f"Ask the people who run the bot to check {what}; `extbot doctor` helps."


def told(call: FailedCall) -> tuple[str | None, str]:
    """The field to mend, and what a person reads."""
    said = explain(failure(call))
    return said.field, str(said)


@pytest.mark.parametrize(
    ("code", "field", "sentence"),
    [
        ("27850", "name", "Another range already has this name. Choose another name."),
        (
            "27854",
            "patterns",
            "A range holds at most 100 patterns. Remove some, or put the rest into another range.",
        ),
        ("59475", "extension", "Another virtual extension already has this extension. Choose another extension."),
        ("9495", "extension", "This extension is already in use. Choose another extension."),
        ("9498", "extension", "This extension is given more than once. Give each extension once."),
        ("4910", "extension", "An extension consists of digits only. Write it with the digits 0 to 9."),
        ("4911", "extension", "An extension can't be an emergency number. Choose another extension."),
        ("8360", "phone_number", "This phone number is given more than once. Give each number once."),
        ("8361", "phone_number", "This phone number is not available. Choose another phone number."),
        (
            "8362",
            "phone_number",
            f"Webex does not accept this phone number. {HOW_TO_WRITE_NUMBERS}",
        ),
        ("8363", "phone_number", "This phone number is already in use. Choose another phone number."),
        ("25008", None, "Something that Webex requires is missing. Fill it in and try again."),
    ],
)
def test_known_codes_have_their_field_and_sentence(code: str, field: str | None, sentence: str) -> None:
    assert told(FailedCall("POST", EXTENSIONS, 400, code)) == (field, sentence)


@pytest.mark.parametrize(
    ("path", "message", "field"),
    [
        (EXTENSIONS, "displayName is required", "display_name"),
        (EXTENSIONS, "Invalid phoneNumber", "phone_number"),
        (EXTENSION, "The extension is too long", "extension"),
        (EXTENSION, "firstName must not be longer than 30 characters", "first_name"),
        (EXTENSIONS, "Virtual extension not allowed", None),
        (EXTENSIONS, "extension and phoneNumber clash", None),
        (EXTENSIONS, "locationId does not exist", "location"),
        (EXTENSIONS, "name is odd", None),
        (RANGES, "Virtual Extension Range already exists with name: Sales", "name"),
        (RANGES, "Invalid prefix length", "prefix"),
        (RANGES, "Missing Mandatory field name: prefix", "prefix"),
        (RANGES, "Duplicate patterns for virtual extension range", "patterns"),
        (RANGES, "location name unknown", "location"),
    ],
)
def test_a_field_is_guessed_only_where_the_text_names_one(path: str, message: str, field: str | None) -> None:
    found, sentence = told(FailedCall("POST", path, 400, message=message))
    assert found == field
    assert sentence == f"Webex did not accept this: {message}. Correct it and try again."


def test_a_read_has_no_field() -> None:
    assert told(FailedCall("GET", EXTENSIONS, 400, message="Invalid phoneNumber"))[0] is None


@pytest.mark.parametrize(
    ("call", "sentence", "hint"),
    [
        (
            FailedCall("GET", EXTENSIONS),
            "Webex can't be reached just now.",
            "Try again in a minute; status.webex.com shows outages.",
        ),
        (
            FailedCall("POST", EXTENSIONS, 502, outcome_unknown=True),
            "Webex did not answer, so it is not known whether the change was made.",
            "Look at what is there now before you try again.",
        ),
        (
            FailedCall("GET", EXTENSIONS, 429),
            "Webex is getting too many requests just now.",
            "Try again in a minute.",
        ),
        (
            FailedCall("GET", EXTENSIONS, 429, seconds=600),
            "Webex is getting too many requests just now.",
            "Try again in 10 minutes.",
        ),
        (
            FailedCall("GET", EXTENSION, 404),
            "Webex does not know it, or not any more.",
            "List what there is, and try again from there.",
        ),
        (
            FailedCall("GET", EXTENSIONS, 401),
            "Webex no longer accepts one of the bot's access tokens.",
            "Ask the people who run the bot to renew it; `extbot doctor` says which one.",
        ),
        (
            FailedCall("GET", EXTENSIONS, 403),
            LACKING,
            ask_for("the scope spark-admin:telephony_config_read"),
        ),
        (
            FailedCall("PUT", EXTENSION, 403),
            LACKING,
            ask_for("the scope spark-admin:telephony_config_write and identity:contacts_rw"),
        ),
        (
            FailedCall("POST", RANGES, 403),
            LACKING,
            ask_for("the scope spark-admin:telephony_config_write"),
        ),
        (
            FailedCall("POST", "/messages", 403),
            LACKING,
            ask_for("its scopes and roles"),
        ),
        (
            FailedCall("POST", EXTENSIONS, 400),
            "Webex did not accept this.",
            "Check what you wrote and try again.",
        ),
        (
            FailedCall("PUT", EXTENSION, 423),
            "Something else has this already, or is changing it.",
            "Look at what is there now.",
        ),
    ],
)
def test_every_failure_says_what_is_wrong_and_what_next(call: FailedCall, sentence: str, hint: str) -> None:
    told = explain(failure(call))
    assert (told.sentence, told.hint) == (sentence, hint)


def test_an_id_that_is_none_is_told_before_anything_is_sent() -> None:
    told = explain(Invalid(FailedCall("GET", EXTENSION, message="malformed id")))
    assert (told.sentence, told.hint) == (
        "This holds an id that is not one of Webex's.",
        "Start again from a list.",
    )


def test_a_conflict_is_told_at_its_field() -> None:
    told = explain(failure(FailedCall("POST", RANGES, 409, "27850")))
    assert (told.sentence, told.hint, told.field) == (
        "Another range already has this name.",
        "Choose another name.",
        "name",
    )
