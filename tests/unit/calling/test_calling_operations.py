"""Every operation: what goes out, what comes back."""

import json
from collections.abc import Callable
from typing import TypeVar

import httpx
import pytest
from scripted_calling import EXTENSION_ID, LOCATION_ID, ORG_ID, RANGE_ID, Script, answered, client_of

from bot.calling.client import CallingClient
from bot.calling.models import Validation, ValidationEntry
from bot.calling.requests import (
    Done,
    ExtensionFilter,
    ExtensionUpdate,
    NewExtension,
    NewRange,
    RangeCheck,
    RangeFilter,
    RangeUpdate,
)
from bot.errors import Invalid
from bot.telephony import Mode, Order, PatternAction

T = TypeVar("T")

EXTENSIONS = "/v1/telephony/config/virtualExtensions"
RANGES = "/v1/telephony/config/virtualExtensionRanges"


def ask(answer: httpx.Response, call: Callable[[CallingClient], T]) -> tuple[T, httpx.Request]:
    script = Script([answer])
    client = client_of(script, org_id=ORG_ID)
    result = call(client)
    client.close()
    assert script.requests[0].headers["Authorization"] == "Bearer secret"
    assert script.requests[0].url.params["orgId"] == ORG_ID
    assert len(script.requests) == 1
    return result, script.requests[0]


def query_of(request: httpx.Request) -> dict[str, str]:
    return {name: value for name, value in request.url.params.items() if name != "orgId"}


CHANGES: list[tuple[Callable[[CallingClient], Done], str, object, str | None]] = [
    (
        lambda c: c.create_extension(
            NewExtension(
                display_name="Jane Doe",
                phone_number="+14085550123",
                extension="5012",
                first_name="",
                location_id=LOCATION_ID,
            )
        ),
        f"POST {EXTENSIONS}",
        {
            "displayName": "Jane Doe",
            "phoneNumber": "+14085550123",
            "extension": "5012",
            "firstName": "",
            "locationId": LOCATION_ID,
        },
        "new-id",
    ),
    (
        lambda c: c.update_extension(EXTENSION_ID, ExtensionUpdate(last_name="Roe")),
        f"PUT {EXTENSIONS}/{EXTENSION_ID}",
        {"lastName": "Roe"},
        None,
    ),
    (lambda c: c.delete_extension(EXTENSION_ID), f"DELETE {EXTENSIONS}/{EXTENSION_ID}", None, None),
    (
        lambda c: c.create_range(NewRange(name="Berlin", prefix="+4930555", patterns=("5XXX", "6XXX"))),
        f"POST {RANGES}",
        {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX", "6XXX"]},
        "new-id",
    ),
    (
        lambda c: c.update_range(RANGE_ID, RangeUpdate(patterns=("7XXX",), action=PatternAction.ADD)),
        f"PUT {RANGES}/{RANGE_ID}",
        {"patterns": ["7XXX"], "action": "ADD"},
        None,
    ),
    (lambda c: c.delete_range(RANGE_ID), f"DELETE {RANGES}/{RANGE_ID}", None, None),
    (lambda c: c.set_mode(Mode.ENHANCED), f"PUT {EXTENSIONS}/settings", {"mode": "ENHANCED"}, None),
]


@pytest.mark.parametrize(("change", "line", "body", "new_id"), CHANGES, ids=[case[1] for case in CHANGES])
def test_a_change_sends_what_is_given_and_tells_the_tracking_id(
    change: Callable[[CallingClient], Done], line: str, body: object, new_id: str | None
) -> None:
    answer = answered(201, {"id": new_id}) if new_id else httpx.Response(204, headers={"TrackingID": "ROUTER_1"})
    done, request = ask(answer, change)
    assert done == Done(new_id, "ROUTER_1")
    assert f"{request.method} {request.url.path}" == line
    assert (json.loads(request.content) if request.content else None) == body


def test_an_extension_is_read_with_every_field() -> None:
    sent = {
        "id": EXTENSION_ID,
        "extension": "5001",
        "routingPrefix": "4321",
        "esn": "43215001",
        "phoneNumber": "+14085550123",
        "firstName": "Jane",
        "lastName": "Doe",
        "displayName": "Jane Doe",
        "level": "LOCATION",
        "locationId": LOCATION_ID,
        "locationName": "Denver",
    }
    extension, request = ask(answered(json=sent), lambda c: c.get_extension(EXTENSION_ID))
    assert request.url.path == f"{EXTENSIONS}/{EXTENSION_ID}"
    assert extension.model_dump(by_alias=True) == sent


@pytest.mark.parametrize(
    "sent",
    [
        {"id": EXTENSION_ID},
        {"id": EXTENSION_ID, "displayName": None, "phoneNumber": None, "level": None, "esn": None},
        {"id": EXTENSION_ID, "extension": 5001, "level": "GALAXY", "surprise": {"deep": [1]}},
    ],
)
def test_what_is_missing_null_or_new_does_not_break_reading(sent: dict[str, object]) -> None:
    extension, _ = ask(answered(json=sent), lambda c: c.get_extension(EXTENSION_ID))
    assert extension.display_name is None
    assert extension.level == (sent.get("level") or "")


def test_every_filter_of_extensions_is_sent() -> None:
    filters = ExtensionFilter(
        extension="5001",
        phone_number="+14085550123",
        name="Doe",
        location_name="Denver",
        location_id=LOCATION_ID,
        org_level_only=True,
        order=Order.DSC,
    )
    page, request = ask(answered(json={}), lambda c: c.list_extensions(filters, start=20, max_items=5))
    assert page.items == ()
    assert query_of(request) == {
        "start": "20",
        "max": "6",
        "extension": "5001",
        "phoneNumber": "+14085550123",
        "name": "Doe",
        "locationName": "Denver",
        "locationId": LOCATION_ID,
        "orgLevelOnly": "true",
        "order": "DSC",
    }


def test_every_filter_of_ranges_is_sent_and_an_empty_one_as_empty() -> None:
    filters = RangeFilter(name="", prefix="+49", location_id=LOCATION_ID, org_level_only=False, order="name")
    _, request = ask(answered(json={"virtualExtensionRanges": None}), lambda c: c.list_ranges(filters))
    assert query_of(request) == {
        "start": "0",
        "max": "11",
        "name": "",
        "prefix": "+49",
        "locationId": LOCATION_ID,
        "orgLevelOnly": "false",
        "order": "name",
    }


def test_a_range_is_read_from_its_details() -> None:
    sent = {"id": RANGE_ID, "name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX"], "locationName": "Munich"}
    found, request = ask(answered(json=sent), lambda c: c.get_range(RANGE_ID))
    assert request.url.path == f"{RANGES}/{RANGE_ID}"
    assert found.patterns == ("5XXX",)


def test_locations_are_listed_by_name_and_order() -> None:
    sent = {"locations": [{"id": LOCATION_ID, "name": "Lyon", "routingPrefix": "71"}]}
    found, request = ask(answered(json=sent), lambda c: c.list_locations("Ly", "name-asc"))
    assert [(place.name, place.routing_prefix) for place in found] == [("Lyon", "71")]
    assert query_of(request) == {"name": "Ly", "order": "name-asc", "start": "0", "max": "100"}


@pytest.mark.parametrize("sent", ["STANDARD", "ENHANCED", "TELEPATHIC"])
def test_the_mode_is_read_whatever_it_is(sent: str) -> None:
    assert ask(answered(json={"mode": sent}), lambda c: c.get_mode())[0] == sent


def test_numbers_have_their_verdict_in_state() -> None:
    sent = {
        "status": "ERRORS",
        "phoneNumberStatus": [
            {"phoneNumber": "098765678", "state": "INVALID", "errorCode": 8362, "message": "DN is invalid"},
            {"phoneNumber": "+14085550123", "state": "VALID"},
        ],
    }
    found, request = ask(answered(json=sent), lambda c: c.validate_numbers(["098765678", "+14085550123"]))
    assert f"{request.method} {request.url.path}" == f"POST {EXTENSIONS}/actions/validateNumbers/invoke"
    assert json.loads(request.content) == {"phoneNumbers": ["098765678", "+14085550123"]}
    assert found == Validation(
        status="ERRORS",
        entries=(
            ValidationEntry(
                status="INVALID", phone_number="098765678", error_code="8362", message="DN is invalid"
            ),
            ValidationEntry(status="VALID", phone_number="+14085550123"),
        ),
    )


def test_the_parts_of_a_range_have_their_verdict_in_status() -> None:
    sent = {
        "status": "ERRORS",
        "virtualExtensionRangeValidationStatus": [{"name": "Berlin", "errorCode": "27850", "status": "DUPLICATE"}],
    }
    check = RangeCheck(name="Berlin", prefix="+4930555", patterns=("5XXX",), range_id=RANGE_ID)
    found, request = ask(answered(json=sent), lambda c: c.validate_range(check))
    assert request.url.path == f"{RANGES}/actions/validate/invoke"
    assert json.loads(request.content)["rangeId"] == RANGE_ID
    assert not found.passed
    assert [(entry.name, entry.status, entry.passed) for entry in found.entries] == [
        ("Berlin", "DUPLICATE", False)
    ]


def test_a_validation_that_passed_has_no_entries() -> None:
    found, _ = ask(answered(json={"status": "OK"}), lambda c: c.validate_numbers(["+14085550123"]))
    assert found.passed
    assert found.entries == ()


@pytest.mark.parametrize("bad", ["", "settings", "../../people/me", "a" * 600, f"{EXTENSION_ID}\n", "x?y" * 9])
def test_no_path_is_built_from_an_id_that_is_none(bad: str) -> None:
    script = Script([answered(json={"id": "reached"})])
    client = client_of(script)
    for call in (client.get_extension, client.delete_extension, client.get_range, client.delete_range):
        with pytest.raises(Invalid) as caught:
            call(bad)
        assert "extension" in caught.value.call.path
    with pytest.raises(Invalid):
        client.list_extensions(ExtensionFilter(location_id=bad))
    with pytest.raises(Invalid):
        client.validate_range(RangeCheck(range_id=bad))
    assert script.requests == []
