"""What Webex says about numbers and ranges, entry by entry."""

import pytest
from card_reader import buttons, data, twin_words, values, words
from card_samples import ALL_VALID, LOCATIONS, MUNICH, RANGE_ASKED, RANGE_VERDICTS, VERDICTS
from card_schema import check_card

from bot.calling.models import Validation, ValidationEntry
from bot.command import Arguments
from cards.validation import numbers_form, numbers_result, range_result, range_validation_form

MEANINGS = {
    "VALID": ("Valid", "Can be used."),
    "DUPLICATE": ("In use", "Already in use: choose another one."),
    "DUPLICATE_IN_LIST": ("Repeated", "More than once in your list: take one away."),
    "INVALID": ("Invalid", "Not in a form that Webex accepts: correct it."),
    "LIMIT_EXCEEDED": ("Too many", "More than Webex takes (100 patterns in a range): take some away."),
    "ON_HOLD": ("ON_HOLD", "Webex gave a result that is new to this bot."),
}


@pytest.mark.parametrize("status", MEANINGS)
def test_every_status_has_a_word_and_says_what_to_do(status: str):
    entry = ValidationEntry(status=status, phone_number="+14085550123")
    card = numbers_result(Validation(status="ERRORS", entries=(entry,)), ("+14085550123",))
    for said in (words(card), twin_words(card)):
        for part in ("+14085550123", *MEANINGS[status]):
            assert part in said


def test_the_result_is_shown_entry_by_entry_with_what_webex_says():
    card = numbers_result(VERDICTS, ())
    assert "Not every number is valid" in words(card)
    for said in (words(card), twin_words(card)):
        assert "Already in use: choose another one. [Error 8363] DN is in use" in said
        assert "098765678" in said
    assert "Correct the numbers and type `check` and the numbers again." in card.markdown


def test_without_a_list_all_that_were_asked_are_valid():
    card = numbers_result(ALL_VALID, ("+14085550123", "+4930555010"))
    for said in (words(card), twin_words(card)):
        for part in ("All numbers are valid", "+14085550123", "+4930555010", "Valid"):
            assert part in said
    assert "Type `add 5012 +14085550123 Jane Doe` to use one." in card.markdown


def test_of_very_many_numbers_the_problems_come_first():
    valid = tuple(ValidationEntry(status="VALID", phone_number=f"+1408555{number:04}") for number in range(99))
    bad = ValidationEntry(status="INVALID", phone_number="12")
    card = numbers_result(Validation(status="ERRORS", entries=(*valid, bad)), ())
    check_card(card.content)
    assert words(card).index("Invalid") < words(card).index("Valid\n")
    assert "And 80 more, problems first. The message's text has them all." in words(card)
    assert "+14085550098" in card.markdown


def test_others_can_be_checked_from_the_result():
    card = numbers_result(ALL_VALID, ("+14085550123", "+4930555010"))
    assert values(card)["phone_numbers"] == "+14085550123\n+4930555010"
    assert data(card, "Check") == {"command": "numbers.validate"}


def test_a_range_result_names_the_part_that_is_wrong():
    card = range_result(RANGE_VERDICTS, RANGE_ASKED, LOCATIONS, may_add=True)
    for said in (words(card), twin_words(card)):
        assert "The range can't be used like this" in said
        for part in ("Name Berlin", "Prefix 4930", "Pattern 5XXX", "Invalid prefix length", "Repeated"):
            assert part in said
    assert "Type `check range Berlin +4930555 5XXX 6XXX at Munich` to check it again." in card.markdown
    assert "Add this range" not in buttons(card)
    assert values(card)["patterns"] == "5XXX\n6XXX"


def test_a_valid_range_can_be_added_at_once():
    card = range_result(ALL_VALID, RANGE_ASKED, LOCATIONS, may_add=True)
    assert data(card, "Add this range") == {
        "command": "ranges.add",
        "with_name": "Berlin",
        "with_prefix": "+4930555",
        "with_patterns": "5XXX 6XXX",
        "with_location": MUNICH.id,
    }
    assert "Type `add range Berlin +4930555 5XXX 6XXX at Munich` to add it." in card.markdown


def test_a_reader_is_not_offered_to_add_it():
    card = range_result(ALL_VALID, RANGE_ASKED, LOCATIONS, may_add=False)
    assert "Add this range" not in buttons(card)
    assert "add range" not in card.markdown


def test_an_existing_range_is_checked_again_as_such():
    asked = Arguments(target="RANGE", name="Berlin", prefix="+4930555")
    card = range_result(RANGE_VERDICTS, asked, LOCATIONS, may_add=True)
    assert data(card, "Check") == {"command": "ranges.validate", "with_target": "RANGE"}


def test_the_forms_say_that_a_check_changes_nothing():
    numbers = numbers_form(Arguments(phone_numbers=("12",)), {"phone_numbers": "That is too short."})
    assert values(numbers) == {"phone_numbers": "12"}
    assert "That is too short." in words(numbers)
    assert "type `check +14085550123 +4930555010`. A check changes nothing." in numbers.markdown
    asked = range_validation_form(Arguments(name="Berlin"), LOCATIONS)
    assert data(asked, "Check") == {"command": "ranges.validate"}
    assert "type `check range Berlin +4930555 5XXX`. A check changes nothing." in asked.markdown
