"""Each of the 14 operations, by wxc_sdk as it is published."""

import json
from functools import reduce
from operator import getitem

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller, error_of
from openapi import AMENDMENTS, DOCUMENT, Specification
from wxc_sdk.telephony.virtual_extensions import (
    VirtualExtensionLevel,
    VirtualExtensionMode,
    VirtualExtensionRangeAction,
    VirtualExtensionValidationStatus,
)

from bot.sandbox.ids import new_id
from bot.sandbox.seed_numbers import location_id

DENVER = location_id("Denver")


def test_a_virtual_extension_from_creation_to_deletion(admin: Caller) -> None:
    created = admin.add("5012", "+14085550123", first_name="Jane", last_name="Doe", location_id=DENVER)
    admin.virtual.update_extension(created, display_name="Jane Roe", last_name="Roe")

    found = admin.virtual.details_extension(created)
    assert (found.extension, found.phone_number, found.esn) == ("5012", "+14085550123", "77025012")
    assert (found.first_name, found.last_name, found.display_name) == ("Jane", "Roe", "Jane Roe")
    assert (found.level, found.location_name) == (VirtualExtensionLevel.location, "Denver")
    assert [each.id for each in admin.virtual.list_extensions(extension="5012")] == [created]

    admin.virtual.delete_extension(created)
    assert list(admin.virtual.list_extensions(extension="5012")) == []


def test_a_range_from_creation_to_deletion(admin: Caller) -> None:
    created = admin.virtual.create_range(
        "Berlin", "+4930555", patterns=["5XXX"], location_id=location_id("Munich")
    )
    admin.virtual.modify_range(created, name="Spree", patterns=["6XXX"], action=VirtualExtensionRangeAction.add)

    details = admin.virtual.details_range(created)
    assert (details.name, details.prefix, details.patterns) == ("Spree", "+4930555", ["5XXX", "6XXX"])
    assert (details.location_name, details.level, details.location_id) == ("Munich", None, None)
    listed = next(admin.virtual.list_range(name="Spree"))
    assert (listed.level, listed.location_id) == (VirtualExtensionLevel.location, location_id("Munich"))
    assert listed.patterns is None

    admin.virtual.delete_range(created)
    assert list(admin.virtual.list_range(name="Spree")) == []


def test_the_mode(admin: Caller) -> None:
    assert admin.virtual.get_extension_settings() == VirtualExtensionMode.standard
    admin.virtual.modify_extension_settings(VirtualExtensionMode.enhanced)
    assert admin.virtual.get_extension_settings() == VirtualExtensionMode.enhanced


def test_validation_of_numbers(admin: Caller) -> None:
    assert admin.virtual.validate_external_phone_number(["+14085550123"]).phone_number_status == []
    verdict = admin.virtual.validate_external_phone_number(["098765678", "+14085550123"])
    assert [each.state for each in verdict.phone_number_status] == [
        VirtualExtensionValidationStatus.invalid,
        VirtualExtensionValidationStatus.valid,
    ]


def test_validation_of_a_range(admin: Caller) -> None:
    assert (
        admin.virtual.validate_range(name="Berlin", prefix="+4930555", patterns=["5XXX"]).validation_status is None
    )
    verdict = admin.virtual.validate_range(prefix="100")
    assert [each.status for each in verdict.validation_status] == [VirtualExtensionValidationStatus.invalid]


def test_all_fourteen_operations_succeed_as_documented(admin: Caller, specification: Specification) -> None:
    specification.succeeded.clear()
    extension = admin.add("5012", "+14085550123")
    extension_range = admin.virtual.create_range("Berlin", "+4930555")
    admin.virtual.details_extension(extension)
    admin.virtual.details_range(extension_range)
    admin.virtual.update_extension(extension, first_name="Jane")
    admin.virtual.modify_range(extension_range, name="Spree")
    assert list(admin.virtual.list_extensions())
    assert list(admin.virtual.list_range())
    admin.virtual.validate_external_phone_number(["+14085550124"])
    admin.virtual.validate_range(prefix="+4930555")
    admin.virtual.modify_extension_settings(admin.virtual.get_extension_settings())
    admin.virtual.delete_extension(extension)
    admin.virtual.delete_range(extension_range)
    assert specification.succeeded == specification.operations()
    assert len(specification.succeeded) == 14


def test_an_empty_list_is_an_empty_object(admin: Caller) -> None:
    assert admin.send("GET", EXTENSIONS, extension="5012").json() == {}
    assert admin.send("GET", RANGES, name="Berlin").json() == {}


def test_a_range_may_be_changed_at_its_path_with_a_slash(admin: Caller) -> None:
    """Clients made from the specification of July 2026 and before do so."""
    paris = next(admin.virtual.list_range(name="Paris"))
    admin.virtual.modify_range(f"{paris.id}/", prefix="+3319901")
    assert admin.virtual.details_range(paris.id).prefix == "+3319901"


@pytest.mark.parametrize("path", [EXTENSIONS, RANGES])
def test_an_unknown_id_is_not_found(admin: Caller, path: str) -> None:
    kind = "VIRTUAL_EXTENSION" if path == EXTENSIONS else "VIRTUAL_EXTENSION_RANGE"
    for unknown in (new_id(kind), "nothing", "%C3%A9"):
        assert admin.send("GET", f"{path}/{unknown}").status_code == 404
        assert admin.send("DELETE", f"{path}/{unknown}").status_code == 404
        assert admin.send("PUT", f"{path}/{unknown}", {}).status_code == 404


def test_an_empty_id_means_the_collection(admin: Caller) -> None:
    """So a client must not build a path from one: reading gives the list, and deleting is not allowed."""
    assert "virtualExtensions" in admin.send("GET", f"{EXTENSIONS}/").json()
    assert error_of(admin.send("DELETE", f"{RANGES}/"))[0] == 405


def test_the_amendments_of_the_document_are_still_needed(specification: Specification) -> None:
    """A newer document may have been put right: then the amendment goes."""
    official = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for amendment in AMENDMENTS:
        assert reduce(getitem, amendment.place, official) != amendment.value, amendment.reason
        assert reduce(getitem, amendment.place, specification.document) != reduce(
            getitem, amendment.place, official
        )
