"""Checks that change nothing: what Webex says of numbers and of a range, entry by entry."""

import pytest
from people import Person

MANY = " ".join(f"{number}XX" for number in range(100, 201))


def entries(person: Person) -> list[str]:
    """The rows of the answer in text."""
    return [line.replace("**", "") for line in person.answer["markdown"].splitlines() if line.startswith("- ")]


def test_good_numbers_are_all_named(alice: Person) -> None:
    """Webex sends no list where all are valid: the bot names them all the same."""
    alice.says("check +14085550123 +49 30 55501")
    alice.sees("All numbers are valid", "2 numbers", "+14085550123", "+493055501", "Valid", "Can be used.")


def test_each_number_has_its_verdict(alice: Person) -> None:
    """In the order in which they were given, with what to do about it."""
    alice.says("check +14085550123 +13125550103 +14085550123 +33199000001 +1408")
    alice.sees("Not every number is valid", "5 numbers")
    starts = [entry.split(" · ")[1:3] for entry in entries(alice)]
    assert [(word, sentence.split(":")[0]) for word, sentence in starts] == [
        ("Valid", "Can be used."),
        ("In use", "Already in use"),
        ("Repeated", "More than once in your list"),
        ("In use", "Already in use"),
        ("Invalid", "Not in a form that Webex accepts"),
    ]
    alice.sees("choose another one.", "take one away.", "correct it.")


def test_a_number_may_be_written_with_punctuation(alice: Person) -> None:
    """Webex is asked in E.164."""
    alice.says("check +1 (312) 555-0103")
    alice.sees("+13125550103", "In use")


def test_others_can_be_checked_from_the_card(alice: Person) -> None:
    """The form holds those that were checked, and takes spaces, commas and lines."""
    alice.says("check +13125550103")
    alice.sees_in_form(phone_numbers="+13125550103")
    alice.clicks("Check", phone_numbers="+14085550123, +14085550124\n+14085550125")
    alice.sees("All numbers are valid", "3 numbers", "+14085550125")


def test_without_numbers_the_form_asks_for_them(alice: Person) -> None:
    """A check is offered, not refused."""
    alice.says("check numbers")
    alice.sees("Check phone numbers")
    alice.clicks("Check", phone_numbers="+14085550123")
    alice.sees("All numbers are valid")


def test_a_good_range_can_be_added_at_once(alice: Person) -> None:
    """The way from the check to the plan is one press."""
    alice.says("check range Berlin +4930555 5XXX at Munich")
    alice.sees("The range is valid", "Berlin · +4930555 · 5XXX")
    alice.clicks("Add this range")
    alice.sees("Add range Berlin", "+4930555", "5XXX", "Munich", "Nothing has changed yet")


@pytest.mark.parametrize(
    ("line", "entry", "word"),
    [
        ("check range London +4930555 5XXX", "Name London", "In use"),
        ("check range Berlin +4930555 81XX", "Pattern 81XX", "In use"),
        ("check range Berlin +4930555 5XXX 5XXX", "Pattern 5XXX", "Repeated"),
        ("check range Berlin +4930555 1234567890XX", "Pattern 1234567890XX", "Invalid"),
        (f"check range Berlin +4930555 {MANY}", "Pattern 200XX", "Too many"),
    ],
)
def test_each_part_of_a_range_has_its_verdict(alice: Person, line: str, entry: str, word: str) -> None:
    """Only what is wrong is listed, with the part that it is."""
    alice.says(line)
    alice.sees("The range can't be used like this", entry, word)
    assert len(entries(alice)) == 1


def test_several_parts_are_judged_at_once(alice: Person) -> None:
    """And corrected in the form on the same card."""
    alice.says("check range London +4930555 81XX 5XXX")
    assert [entry.split(" · ")[:2] for entry in entries(alice)] == [
        ["- Name London", "In use"],
        ["- Pattern 81XX", "In use"],
    ]
    alice.sees_in_form(name="London", prefix="+4930555", patterns="81XX\n5XXX")
    alice.clicks("Check", name="Berlin", patterns="5XXX")
    alice.sees("The range is valid")


def test_a_prefix_that_is_not_e164_is_refused_by_webex(alice: Person) -> None:
    """In standard mode."""
    alice.says("check range")
    alice.sees("Check a range")
    alice.clicks("Check", name="Berlin", prefix="030555", patterns="5XXX")
    alice.sees("The range can't be used like this", "Prefix 030555", "Invalid")


def test_patterns_for_an_existing_range_are_checked_for_that_range(alice: Person) -> None:
    """Its own name is in use by itself, which is no obstacle, on the card as by text."""
    alice.says("check range London 83XX")
    alice.sees("The range is valid")
    alice.does_not_see("Add this range")
    alice.clicks("Check", name="Thames", patterns="84XX")
    alice.sees("The range is valid", "Thames")
    alice.does_not_see("Add this range")


def test_an_unknown_location_is_marked_in_the_form(alice: Person) -> None:
    """A check of the wrong place would mislead."""
    alice.says("check range Berlin +4930555 5XXX at Paris")
    alice.sees_mistake("location", "There is no location “Paris” with Webex Calling.")


def test_somebody_who_may_only_read_may_check_and_is_not_offered_to_add(rita: Person) -> None:
    """A check changes nothing."""
    rita.says("check range Berlin +4930555 5XXX")
    rita.sees("The range is valid")
    rita.sees_on_card("A check changes nothing.")
    rita.does_not_see("Add this range")
