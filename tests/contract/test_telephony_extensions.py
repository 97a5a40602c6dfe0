"""The rules of virtual extensions: levels, numbers, uniqueness, and changing one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from calling_caller import EXTENSIONS, Caller, error_of

from bot.sandbox.ids import new_id
from bot.sandbox.seed_numbers import location_id

DENVER, LYON = location_id("Denver"), location_id("Lyon")
JANE = {"displayName": "Jane Doe", "phoneNumber": "+14085550123", "extension": "5012"}


def test_the_same_extension_may_be_at_both_levels_and_at_two_locations(admin: Caller) -> None:
    admin.add("5012", "+14085550123")
    admin.add("5012", "+14085550124", location_id=DENVER)
    admin.add("5012", "+14085550125", location_id=LYON)
    found = admin.virtual.list_extensions(extension="5012")
    assert sorted(each.esn for each in found) == ["5012", "77015012", "77025012"]


def test_an_extension_is_unique_within_its_level(admin: Caller) -> None:
    for place in ({}, {"locationId": DENVER}):
        assert admin.send("POST", EXTENSIONS, {**JANE, **place}).status_code == 201
        refused = admin.send("POST", EXTENSIONS, {**JANE, **place, "phoneNumber": "+14085550129"})
        sentence = "The extension is not available. It is already assigned to a virtual extension."
        assert error_of(refused) == (409, 59475, f"[Error 59475] {sentence}")


def test_a_phone_number_is_unique_within_its_level(admin: Caller) -> None:
    for place in ({}, {"locationId": DENVER}):
        assert admin.send("POST", EXTENSIONS, {**JANE, **place}).status_code == 201
        refused = admin.send("POST", EXTENSIONS, {**JANE, **place, "extension": "5999"})
        assert error_of(refused) == (409, 8363, "[Error 8363] The phone number is already in use: +14085550123.")


@pytest.mark.parametrize("missing", ["displayName", "phoneNumber", "extension"])
@pytest.mark.parametrize("empty", [True, False])
def test_a_required_field_is_named_when_it_is_missing(admin: Caller, missing: str, *, empty: bool) -> None:
    body = {name: value for name, value in JANE.items() if name != missing} | ({missing: ""} if empty else {})
    refused = admin.send("POST", EXTENSIONS, body)
    assert error_of(refused) == (400, 25008, f"[Error 25008] Missing Mandatory field name: {missing}")


@pytest.mark.parametrize(
    ("extension", "code"),
    [("5", 4912), ("12345678901", 4912), ("50 12", 4910), ("5O12", 4910), ("٥٠١٢", 4910), ("112", 4911)],
)
def test_an_extension_is_two_to_ten_digits_and_no_emergency_number(
    admin: Caller, extension: str, code: int
) -> None:
    status, found, description = error_of(admin.send("POST", EXTENSIONS, {**JANE, "extension": extension}))
    assert (status, found) == (400, code)
    assert description.startswith(f"[Error {code}] Invalid extension.  The extension ")


@pytest.mark.parametrize("extension", ["50", "5012345678"])
def test_the_shortest_and_the_longest_extension(admin: Caller, extension: str) -> None:
    assert admin.virtual.details_extension(admin.add(extension, "+14085550123")).extension == extension


@pytest.mark.parametrize(
    "number",
    ["098765678", "4085550123", "+1 408 555 0123", "+1408555", "+1408FLOWERS", "+99955501234", "+1022997098"],
)
def test_in_standard_mode_a_phone_number_is_e164(admin: Caller, number: str) -> None:
    refused = admin.send("POST", EXTENSIONS, {**JANE, "phoneNumber": number})
    assert error_of(refused) == (
        400,
        8362,
        f"[Error 8362] The phone number is not a valid E.164 number: {number}.",
    )


def test_in_enhanced_mode_a_phone_number_is_any_number(admin: Caller) -> None:
    admin.send("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"})
    created = admin.add("5012", "098765678")
    assert admin.virtual.details_extension(created).phone_number == "098765678"
    assert admin.send("POST", EXTENSIONS, {**JANE, "extension": "5013", "phoneNumber": "none"}).status_code == 400


def test_what_is_there_stays_when_the_mode_changes_back(admin: Caller) -> None:
    admin.send("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"})
    created = admin.add("5012", "098765678")
    admin.send("PUT", f"{EXTENSIONS}/settings", {"mode": "STANDARD"})
    admin.virtual.update_extension(created, first_name="Jane")
    assert admin.virtual.details_extension(created).phone_number == "098765678"


def test_an_unknown_mode_is_refused(admin: Caller) -> None:
    status, code, description = error_of(admin.send("PUT", f"{EXTENSIONS}/settings", {"mode": "FAST"}))
    assert (status, code) == (400, 25009)
    assert description.startswith("[Error 25009] Invalid value for field mode: ")


def test_a_change_leaves_what_it_does_not_name(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123", first_name="Jane", last_name="Doe", location_id=DENVER)
    before = admin.send("GET", f"{EXTENSIONS}/{created}").json()
    assert admin.send("PUT", f"{EXTENSIONS}/{created}", {"extension": "5014"}).status_code == 204
    assert admin.send("GET", f"{EXTENSIONS}/{created}").json() == {
        **before,
        "extension": "5014",
        "esn": "77025014",
    }


def test_empty_names_are_cleared(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123", first_name="Jane", last_name="Doe")
    admin.send("PUT", f"{EXTENSIONS}/{created}", {"firstName": "", "lastName": "", "displayName": ""})
    left = admin.send("GET", f"{EXTENSIONS}/{created}").json()
    assert set(left) == {"id", "extension", "esn", "phoneNumber", "level"}


def test_number_and_extension_can_not_be_emptied(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123")
    for field in ("extension", "phoneNumber"):
        assert admin.send("PUT", f"{EXTENSIONS}/{created}", {field: ""}).status_code == 400


@pytest.mark.parametrize("value", [None, 5012, ["5012"]])
def test_a_field_of_the_wrong_type_is_named(admin: Caller, value: object) -> None:
    status, code, description = error_of(admin.send("POST", EXTENSIONS, {**JANE, "extension": value}))
    assert (status, code) == (400, 25009)
    assert description.startswith("[Error 25009] Invalid value for field extension: ")


def test_a_change_does_not_move_to_another_location(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123", location_id=DENVER)
    assert admin.send_unchecked("PUT", f"{EXTENSIONS}/{created}", {"locationId": LYON}).status_code == 204
    assert admin.virtual.details_extension(created).location_id == DENVER


def test_a_refused_change_changes_nothing(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123")
    taken = {"displayName": "Jane Roe", "extension": "5001"}
    assert error_of(admin.send("PUT", f"{EXTENSIONS}/{created}", taken))[:2] == (409, 59475)
    assert admin.virtual.details_extension(created).display_name == "Test 5012"


@pytest.mark.parametrize("kind", ["VIRTUAL_LINE", "VIRTUAL_EXTENSION_RANGE"])
def test_the_id_of_something_else_is_of_the_wrong_type(admin: Caller, kind: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        refused = admin.send(method, f"{EXTENSIONS}/{new_id(kind)}", {} if method == "PUT" else None)
        assert error_of(refused) == (400, None, "Wrong type of Webex ID provided")


def test_an_unknown_location_is_not_found(admin: Caller) -> None:
    assert admin.send("POST", EXTENSIONS, {**JANE, "locationId": new_id("LOCATION")}).status_code == 404
    assert admin.send("POST", EXTENSIONS, {**JANE, "locationId": new_id("PEOPLE")}).status_code == 400


def test_a_deleted_virtual_extension_is_gone(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123")
    assert admin.send("DELETE", f"{EXTENSIONS}/{created}").status_code == 204
    assert admin.send("DELETE", f"{EXTENSIONS}/{created}").status_code == 404
    assert admin.add("5012", "+14085550123") != created


def test_a_hundred_creations_at_once(admin: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda index: admin.add(f"{6000 + index}", f"+1408555{1000 + index}"), range(100)))
    assert len(ids) == 100
    assert ids <= {each.id for each in admin.virtual.list_extensions(max=1000)}


def test_of_a_hundred_who_want_the_same_extension_one_gets_it(admin: Caller) -> None:
    def create(index: int) -> int:
        return admin.send("POST", EXTENSIONS, {**JANE, "phoneNumber": f"+1408555{1000 + index}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(create, range(100)))
    assert statuses == [201] + [409] * 99
