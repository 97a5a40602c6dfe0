"""The validate calls: HTTP 200 whatever they find, and an entry for each thing they find."""

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller

from bot.sandbox.ids import new_id
from bot.sandbox.seed_numbers import location_id

LYON, DENVER = location_id("Lyon"), location_id("Denver")
NUMBERS = f"{EXTENSIONS}/actions/validateNumbers/invoke"
RANGE = f"{RANGES}/actions/validate/invoke"
HERE = "/telephony/config/actions/validateExtensions/invoke"


def states(answer: dict[str, object]) -> list[tuple[str, int | None]]:
    return [(each["state"], each.get("errorCode")) for each in answer["phoneNumberStatus"]]


def test_numbers_that_all_pass_have_no_list(admin: Caller) -> None:
    for numbers in (["+14085550123", "+4961007739001"], []):
        assert admin.send("POST", NUMBERS, {"phoneNumbers": numbers}).json() == {"status": "OK"}


def test_every_number_has_an_entry_in_order(admin: Caller) -> None:
    numbers = ["098765678", "+14085550123", "+442079460101", "+14085550123", "+33199000001"]
    answer = admin.send("POST", NUMBERS, {"phoneNumbers": numbers}).json()
    assert answer["status"] == "ERRORS"
    assert [each["phoneNumber"] for each in answer["phoneNumberStatus"]] == numbers
    assert states(answer) == [
        ("INVALID", 8362),
        ("VALID", None),
        ("DUPLICATE", 8363),
        ("DUPLICATE_IN_LIST", 8360),
        ("DUPLICATE", 8363),
    ]
    assert (
        answer["phoneNumberStatus"][2]["message"]
        == "[Error 8363] The phone number is already in use: +442079460101."
    )


def test_numbers_have_to_be_given(admin: Caller) -> None:
    assert admin.send("POST", NUMBERS, {}).status_code == 400
    assert admin.send("POST", NUMBERS, {"phoneNumbers": "+14085550123"}).status_code == 400


def findings(admin: Caller, **parts: object) -> list[tuple[str, str, str, str]]:
    """What the validation of a range found: (part, value, status, error code), or [] where it passed."""
    answer = admin.send("POST", RANGE, parts).json()
    entries = answer.get("virtualExtensionRangeValidationStatus", [])
    assert answer["status"] == ("ERRORS" if entries else "OK")
    named = [(part, entry) for entry in entries for part in ("name", "prefix", "pattern") if part in entry]
    return [(part, entry[part], entry["status"], entry["errorCode"]) for part, entry in named]


def test_a_range_that_passes_has_no_list(admin: Caller) -> None:
    answer = admin.send("POST", RANGE, {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX"]})
    assert answer.json() == {"status": "OK"}
    assert findings(admin) == []


def test_every_part_that_fails_has_an_entry(admin: Caller) -> None:
    patterns = ["5XXX", "21XX", "5XXX", "X5"]
    assert findings(admin, name="Suppliers", prefix="100", patterns=patterns, locationId=LYON) == [
        ("name", "Suppliers", "DUPLICATE", "27850"),
        ("prefix", "100", "INVALID", "27851"),
        ("pattern", "21XX", "DUPLICATE", "27853"),
        ("pattern", "5XXX", "DUPLICATE_IN_LIST", "27855"),
        ("pattern", "X5", "INVALID", "27852"),
    ]


def test_a_prefix_that_is_not_e164_is_one_entry(admin: Caller) -> None:
    assert findings(admin, prefix="100", patterns=["5XXX"]) == [("prefix", "100", "INVALID", "27851")]


def test_more_than_a_hundred_patterns_are_one_entry(admin: Caller) -> None:
    patterns = [f"{number}X" for number in range(100, 201)]
    assert findings(admin, patterns=patterns) == [("pattern", "200X", "LIMIT_EXCEEDED", "27854")]


def test_patterns_are_checked_at_the_level_named(admin: Caller) -> None:
    assert findings(admin, patterns=["21XX"]) == []
    assert findings(admin, patterns=["21XX"], locationId=LYON) == [("pattern", "21XX", "DUPLICATE", "27853")]


def test_a_range_does_not_clash_with_itself(admin: Caller) -> None:
    paris = next(admin.virtual.list_range(name="Paris"))
    assert findings(admin, name="Paris", patterns=["21XX"], rangeId=paris.id) == []
    assert findings(admin, name="Kyoto", rangeId=paris.id) == [("name", "Kyoto", "DUPLICATE", "27850")]


@pytest.mark.parametrize(("kind", "status"), [("VIRTUAL_EXTENSION_RANGE", 404), ("VIRTUAL_EXTENSION", 400)])
def test_the_id_of_the_range_has_to_be_one(admin: Caller, kind: str, status: int) -> None:
    assert admin.send("POST", RANGE, {"rangeId": new_id(kind)}).status_code == status


def test_extensions_are_checked_at_organization_level(admin: Caller) -> None:
    answer = admin.api.telephony.validate_extensions(["5012", "4001"])
    assert (answer.status, answer.extension_status) == ("OK", None)
    answer = admin.send("POST", HERE, {"extensions": ["5001", "5012", "5012", "911", "x"]}).json()
    assert answer["status"] == "ERRORS"
    assert [(each["extension"], each["state"], each.get("errorCode")) for each in answer["extensionStatus"]] == [
        ("5001", "DUPLICATE", 59475),
        ("5012", "VALID", None),
        ("5012", "DUPLICATE_IN_LIST", 9498),
        ("911", "INVALID", 4911),
        ("x", "INVALID", 4910),
    ]


def test_extensions_are_checked_at_a_location(admin: Caller) -> None:
    answer = admin.api.telephony.location.validate_extensions(LYON, ["4001", "5001"])
    assert [each.state for each in answer.extension_status] == ["DUPLICATE", "VALID"]
    answer = admin.api.telephony.location.validate_extensions(DENVER, ["4001"])
    assert answer.status == "OK"
