"""The rules of virtual extension ranges: names, prefixes, patterns, and changing one."""

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller, error_of

from bot.sandbox.ids import new_id
from bot.sandbox.seed_numbers import location_id

MUNICH, TOKYO = location_id("Munich"), location_id("Tokyo")
BERLIN = {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX", "6XXX"]}


@pytest.fixture
def berlin(admin: Caller) -> str:
    return admin.virtual.create_range("Berlin", "+4930555", ["5XXX", "6XXX"], location_id=MUNICH)


def patterns_of(admin: Caller, range_id: str) -> list[str]:
    return admin.virtual.details_range(range_id).patterns


def many(count: int, first: int = 100) -> list[str]:
    return [f"{number}X" for number in range(first, first + count)]


def test_list_and_details_differ_as_documented(admin: Caller, berlin: str) -> None:
    listed = admin.send("GET", RANGES, name="Berlin").json()["virtualExtensionRanges"][0]
    assert set(listed) == {"id", "name", "prefix", "level", "locationId", "locationName"}
    details = admin.send("GET", f"{RANGES}/{berlin}").json()
    assert set(details) == {"id", "name", "prefix", "patterns", "locationName"}


def test_at_organization_level_there_is_no_location(admin: Caller) -> None:
    created = admin.virtual.create_range("Berlin", "+4930555")
    listed = admin.send("GET", RANGES, name="Berlin").json()["virtualExtensionRanges"][0]
    assert listed == {"id": created, "name": "Berlin", "prefix": "+4930555", "level": "ORGANIZATION"}
    assert admin.send("GET", f"{RANGES}/{created}").json()["patterns"] == []


@pytest.mark.parametrize("missing", ["name", "prefix"])
def test_a_required_field_is_named_when_it_is_missing(admin: Caller, missing: str) -> None:
    body = {name: value for name, value in BERLIN.items() if name != missing}
    refused = admin.send("POST", RANGES, body)
    assert error_of(refused) == (400, 25008, f"[Error 25008] Missing Mandatory field name: {missing}")


def test_a_name_is_unique_in_the_organization(admin: Caller, berlin: str) -> None:
    refused = admin.send("POST", RANGES, {**BERLIN, "name": "Paris"})
    sentence = "[Error 27850] Virtual Extension Range already exists with name: Paris"
    assert error_of(refused) == (409, 27850, sentence)
    assert error_of(admin.send("PUT", f"{RANGES}/{berlin}", {"name": "Paris"})) == (409, 27850, sentence)
    assert admin.send("PUT", f"{RANGES}/{berlin}", {"name": "BERLIN"}).status_code == 204


@pytest.mark.parametrize("prefix", ["100", "+", "+0123", "+49 30", "+49X", "+123456789012345"])
def test_in_standard_mode_a_prefix_starts_like_e164(admin: Caller, prefix: str) -> None:
    refused = admin.send("POST", RANGES, {"name": "Berlin", "prefix": prefix})
    assert error_of(refused) == (400, 27851, f"[Error 27851] The prefix is not a valid E.164 prefix: {prefix}.")


def test_in_enhanced_mode_a_prefix_is_any_number(admin: Caller) -> None:
    admin.send("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"})
    created = admin.virtual.create_range("Berlin", "100", ["5XXX"])
    assert admin.virtual.details_range(created).prefix == "100"


def test_two_ranges_may_have_the_same_prefix(admin: Caller, berlin: str) -> None:
    assert admin.virtual.create_range("Spree", "+4930555", ["7XXX"], location_id=MUNICH) != berlin


@pytest.mark.parametrize("pattern", ["", "XXXX", "5", "5X5X", "5xxx", "5 XX", "X5", "1234567890X", "5012"])
def test_a_pattern_is_digits_and_then_x(admin: Caller, pattern: str) -> None:
    refused = admin.send("POST", RANGES, {**BERLIN, "patterns": ["5XXX", pattern]})
    assert error_of(refused) == (400, 27852, f"[Error 27852] The pattern must be digits followed by X: {pattern}.")


def test_prefix_and_pattern_together_are_no_longer_than_a_phone_number(admin: Caller) -> None:
    admin.virtual.create_range("Spree", "+49305551234", ["5XXX"])
    refused = admin.send("POST", RANGES, {**BERLIN, "prefix": "+493055512345", "patterns": ["6XXX"]})
    assert error_of(refused)[:2] == (400, 27856)


def test_a_pattern_is_unique_within_its_level(admin: Caller, berlin: str) -> None:
    body = {"name": "Spree", "prefix": "+4930556", "patterns": ["7XXX", "5XXX"]}
    refused = admin.send("POST", RANGES, {**body, "locationId": MUNICH})
    sentence = "[Error 27853] The pattern is already in a virtual extension range: 5XXX."
    assert error_of(refused) == (409, 27853, sentence)
    assert admin.send("POST", RANGES, body).status_code == 201
    assert admin.send("POST", RANGES, {**body, "name": "Sumida", "locationId": TOKYO}).status_code == 201
    assert patterns_of(admin, berlin) == ["5XXX", "6XXX"]


def test_a_pattern_is_once_in_the_list(admin: Caller) -> None:
    assert error_of(admin.send("POST", RANGES, {**BERLIN, "patterns": ["5XXX", "5XXX"]}))[:2] == (400, 27855)


def test_a_hundred_patterns_are_the_most(admin: Caller) -> None:
    assert error_of(admin.send("POST", RANGES, {**BERLIN, "patterns": many(101)}))[:2] == (400, 27854)
    created = admin.virtual.create_range("Berlin", "+4930555", many(100))
    assert len(patterns_of(admin, created)) == 100


def test_the_limit_is_of_the_range_and_not_of_the_request(admin: Caller) -> None:
    created = admin.virtual.create_range("Berlin", "+4930555", many(30))
    refused = admin.send("PUT", f"{RANGES}/{created}", {"patterns": many(71, 200), "action": "ADD"})
    assert error_of(refused)[:2] == (400, 27854)
    assert (
        admin.send("PUT", f"{RANGES}/{created}", {"patterns": many(30, 200), "action": "ADD"}).status_code == 204
    )
    assert patterns_of(admin, created) == many(30) + many(30, 200)


@pytest.mark.parametrize(
    ("action", "given", "left"),
    [
        ("ADD", ["7XXX"], ["5XXX", "6XXX", "7XXX"]),
        ("REMOVE", ["5XXX"], ["6XXX"]),
        ("REMOVE", ["5XXX", "6XXX"], []),
        ("REPLACE", ["7XXX", "6XXX"], ["7XXX", "6XXX"]),
        ("REPLACE", [], []),
    ],
)
def test_the_actions(admin: Caller, berlin: str, action: str, given: list[str], left: list[str]) -> None:
    assert admin.send("PUT", f"{RANGES}/{berlin}", {"patterns": given, "action": action}).status_code == 204
    assert patterns_of(admin, berlin) == left


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"patterns": ["7XXX"]}, 400, 25008),
        ({"patterns": ["7XXX"], "action": "MERGE"}, 400, 25009),
        ({"patterns": "7XXX", "action": "ADD"}, 400, 25009),
        ({"patterns": ["5XXX"], "action": "ADD"}, 409, 27853),
        ({"patterns": ["7XXX"], "action": "REMOVE"}, 400, 27858),
        ({"patterns": ["7X7X"], "action": "ADD"}, 400, 27852),
        ({"patterns": ["8XX"], "action": "ADD"}, 409, 27853),
        ({"name": ""}, 400, 27857),
        ({"prefix": "100"}, 400, 27851),
        ({"name": "Spree", "prefix": "100"}, 400, 27851),
    ],
)
def test_a_refused_change_changes_nothing(
    admin: Caller, berlin: str, change: dict[str, object], status: int, code: int
) -> None:
    before = admin.send("GET", f"{RANGES}/{berlin}").json()
    assert error_of(admin.send("PUT", f"{RANGES}/{berlin}", change))[:2] == (status, code)
    assert admin.send("GET", f"{RANGES}/{berlin}").json() == before


def test_a_new_prefix_has_to_fit_the_patterns(admin: Caller, berlin: str) -> None:
    assert error_of(admin.send("PUT", f"{RANGES}/{berlin}", {"prefix": "+493055512345"}))[:2] == (400, 27856)
    assert admin.send("PUT", f"{RANGES}/{berlin}", {"prefix": "+4930556"}).status_code == 204


@pytest.mark.parametrize("kind", ["VIRTUAL_LINE", "VIRTUAL_EXTENSION"])
def test_the_id_of_something_else_is_of_the_wrong_type(admin: Caller, kind: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        refused = admin.send(method, f"{RANGES}/{new_id(kind)}", {} if method == "PUT" else None)
        assert error_of(refused) == (400, None, "Wrong type of Webex ID provided")
