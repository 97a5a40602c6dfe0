"""Who may do what: scopes, administrator roles, organizations, and a location administrator's locations."""

from collections.abc import Callable

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller, error_of

from bot.sandbox.seed import ORG_ID, OTHER_ORG_ID
from bot.sandbox.seed_numbers import location_id

LYON, DENVER = location_id("Lyon"), location_id("Denver")
READS = (EXTENSIONS, RANGES, f"{EXTENSIONS}/settings", "/telephony/config/locations", "/locations")
NUMBERS = f"{EXTENSIONS}/actions/validateNumbers/invoke"
RANGE = f"{RANGES}/actions/validate/invoke"
JANE = {"displayName": "Jane Doe", "phoneNumber": "+14085550123", "extension": "5012"}
CHANGES = (
    ("POST", EXTENSIONS, JANE),
    ("POST", RANGES, {"name": "Berlin", "prefix": "+4930555"}),
    ("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"}),
    ("POST", NUMBERS, {"phoneNumbers": ["+14085550123"]}),
    ("POST", RANGE, {"prefix": "+4930555"}),
)
CallerOf = Callable[[str], Caller]


def test_without_a_valid_token_nothing(caller_of: CallerOf) -> None:
    for path in READS:
        assert error_of(caller_of("nobody").send("GET", path))[0] == 401


@pytest.mark.parametrize("token", ["sandbox-alice", "sandbox-rita", "sandbox-calling"])
def test_full_and_read_only_administrators_read(caller_of: CallerOf, token: str) -> None:
    for path in READS:
        assert caller_of(token).send("GET", path).status_code == 200


@pytest.mark.parametrize("token", ["sandbox-nina", "sandbox-oscar", "sandbox-bot"])
def test_people_without_a_role_lack_the_scope(caller_of: CallerOf, token: str) -> None:
    caller = caller_of(token)
    assert error_of(caller.send("GET", EXTENSIONS))[::2] == (
        403,
        "Missing required scope: spark-admin:telephony_config_read",
    )
    for method, path, body in CHANGES:
        assert caller.send(method, path, body).status_code == 403


def test_a_read_only_administrator_changes_nothing(caller_of: CallerOf) -> None:
    rita = caller_of("sandbox-rita")
    for method, path, body in CHANGES:
        status, _, description = error_of(rita.send(method, path, body))
        assert status == 403
        assert "administrator roles: id_full_admin" in description


def test_a_location_administrator_is_not_named_for_reading(caller_of: CallerOf) -> None:
    leo = caller_of("sandbox-leo")
    assert leo.send("GET", EXTENSIONS).status_code == 403
    assert leo.send("GET", "/locations").status_code == 200


def test_a_location_administrator_changes_the_own_location(caller_of: CallerOf) -> None:
    leo = caller_of("sandbox-leo")
    extension = leo.add("5012", "+14085550123", location_id=LYON)
    leo.virtual.update_extension(extension, first_name="Jane")
    leo.virtual.delete_extension(extension)
    extension_range = leo.virtual.create_range("Berlin", "+4930555", location_id=LYON)
    leo.virtual.modify_range(extension_range, name="Spree")
    leo.virtual.delete_range(extension_range)
    assert leo.virtual.validate_range(name="Berlin", location_id=LYON).status == "OK"
    assert leo.send("POST", NUMBERS, {"phoneNumbers": []}).status_code == 200


@pytest.mark.parametrize("place", [{}, {"locationId": DENVER}])
def test_a_location_administrator_changes_nothing_elsewhere(caller_of: CallerOf, place: dict[str, str]) -> None:
    leo = caller_of("sandbox-leo")
    sentence = "Access denied. A location administrator can only make changes at the own location."
    for path, body in ((EXTENSIONS, JANE), (RANGES, {"name": "Berlin", "prefix": "+4930555"}), (RANGE, {})):
        assert error_of(leo.send("POST", path, {**body, **place})) == (403, None, sentence)


def test_a_location_administrator_does_not_reach_what_is_elsewhere(caller_of: CallerOf, admin: Caller) -> None:
    leo = caller_of("sandbox-leo")
    extension = next(admin.virtual.list_extensions(location_id=DENVER)).id
    extension_range = next(admin.virtual.list_range(location_id=DENVER)).id
    for path in (f"{EXTENSIONS}/{extension}", f"{RANGES}/{extension_range}"):
        assert leo.send("PUT", path, {}).status_code == 403
        assert leo.send("DELETE", path).status_code == 403


def test_a_location_administrator_does_not_change_the_mode_of_all(caller_of: CallerOf) -> None:
    leo = caller_of("sandbox-leo")
    assert leo.send("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"}).status_code == 403


def test_the_own_organization_may_be_named(admin: Caller) -> None:
    assert admin.send("GET", EXTENSIONS, orgId=ORG_ID).status_code == 200
    for path in READS:
        assert error_of(admin.send("GET", path, orgId=OTHER_ORG_ID))[0] == 403
    assert admin.send("POST", EXTENSIONS, JANE, orgId=OTHER_ORG_ID).status_code == 403
