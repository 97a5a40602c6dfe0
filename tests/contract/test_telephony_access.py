"""Who may do what: scopes, administrator roles, organizations, and a location administrator's locations."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller, error_of

from bot.sandbox.ids import new_id
from bot.sandbox.seed import ORG_ID, OTHER_ORG_ID
from bot.sandbox.seed_numbers import location_id
from bot.sandbox.server import SandboxServer

LYON, DENVER = location_id("Lyon"), location_id("Denver")
READS = (EXTENSIONS, RANGES, f"{EXTENSIONS}/settings", "/telephony/config/locations", "/locations")
NUMBERS = f"{EXTENSIONS}/actions/validateNumbers/invoke"
RANGE = f"{RANGES}/actions/validate/invoke"
JANE = {"displayName": "Jane Doe", "phoneNumber": "+14085550123", "extension": "5012"}
READ, WRITE, CONTACTS = (
    "spark-admin:telephony_config_read",
    "spark-admin:telephony_config_write",
    "identity:contacts_rw",
)
CHANGES = (
    ("POST", EXTENSIONS, JANE),
    ("POST", RANGES, {"name": "Berlin", "prefix": "+4930555"}),
    ("PUT", f"{EXTENSIONS}/settings", {"mode": "ENHANCED"}),
    ("POST", NUMBERS, {"phoneNumbers": ["+14085550123"]}),
    ("POST", RANGE, {"prefix": "+4930555"}),
)
ONE_EXTENSION = f"{EXTENSIONS}/{new_id('VIRTUAL_EXTENSION')}"
ONE_RANGE = f"{RANGES}/{new_id('VIRTUAL_EXTENSION_RANGE')}"
HERE = "/actions/validateExtensions/invoke"
SCOPES = (
    ("GET", EXTENSIONS, READ),
    ("GET", ONE_EXTENSION, READ),
    ("GET", f"{EXTENSIONS}/settings", READ),
    ("GET", RANGES, READ),
    ("GET", ONE_RANGE, READ),
    ("GET", "/telephony/config/locations", READ),
    ("POST", f"/telephony/config{HERE}", READ),
    *((method, path, WRITE) for method, path, _ in CHANGES),
    *((method, ONE_EXTENSION, WRITE) for method in ("PUT", "DELETE")),
    *((method, ONE_RANGE, WRITE) for method in ("PUT", "DELETE")),
    ("POST", f"/telephony/config/locations/{LYON}{HERE}", WRITE),
    ("POST", EXTENSIONS, CONTACTS),
    ("PUT", ONE_EXTENSION, CONTACTS),
    ("DELETE", ONE_EXTENSION, CONTACTS),
)
CallerOf = Callable[[str], Caller]


def test_without_a_valid_token_nothing(caller_of: CallerOf) -> None:
    for path in READS:
        assert error_of(caller_of("nobody").send("GET", path))[0] == 401


@pytest.mark.parametrize("token", ["sandbox-alice", "sandbox-rita", "sandbox-calling"])
def test_full_and_read_only_administrators_read(caller_of: CallerOf, token: str) -> None:
    for path in READS:
        assert caller_of(token).send("GET", path).status_code == 200


@pytest.mark.parametrize(("method", "path", "scope"), SCOPES)
def test_a_missing_scope_is_named(
    sandbox: SandboxServer, caller_of: CallerOf, method: str, path: str, scope: str
) -> None:
    calling = sandbox.world.tokens["sandbox-calling"]
    sandbox.world.tokens["narrow"] = replace(calling, value="narrow", scopes=calling.scopes - {scope})
    body = None if method in {"GET", "DELETE"} else {}
    refused = caller_of("narrow").send(method, path, body)
    assert error_of(refused) == (403, None, f"Missing required scope: {scope}")


def test_ranges_and_validation_do_not_need_the_scope_of_contacts(
    sandbox: SandboxServer, caller_of: CallerOf
) -> None:
    calling = sandbox.world.tokens["sandbox-calling"]
    sandbox.world.tokens["narrow"] = replace(calling, value="narrow", scopes=calling.scopes - {CONTACTS})
    for method, path, body in CHANGES[1:]:
        assert caller_of("narrow").send(method, path, body).ok


def test_any_of_three_scopes_lists_all_locations(sandbox: SandboxServer, caller_of: CallerOf) -> None:
    calling = sandbox.world.tokens["sandbox-calling"]
    for scope, status in (("people_read", 200), ("locations_read", 200), ("telephony_config_read", 403)):
        scopes = frozenset({f"spark-admin:{scope}"})
        sandbox.world.tokens[scope] = replace(calling, value=scope, scopes=scopes)
        assert caller_of(scope).send("GET", "/locations").status_code == status


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
    for path in (EXTENSIONS, RANGES, f"{EXTENSIONS}/settings"):
        assert leo.send("GET", path).status_code == 403
    for path in ("/locations", "/telephony/config/locations"):
        assert leo.send("GET", path).status_code == 200


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
