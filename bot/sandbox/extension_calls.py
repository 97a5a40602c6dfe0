"""The calls of the virtual extension API about single extensions, about numbers, and about the mode.

[U] The documentation does not say whether a filter matches whole values or parts. Decided here: `extension` and
`phoneNumber` match whole, `name` and `locationName` match parts without regard to case; `name` looks at the first,
the last and the display name.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, jsonify, request

from bot.sandbox.access import check_location
from bot.sandbox.bodies import ExtensionChanges, Extensions, NewExtension, PhoneNumbers, Settings, read_body
from bot.sandbox.dialing import Finding
from bot.sandbox.http import pages
from bot.sandbox.ids import new_id
from bot.sandbox.numbering import Extension, Numbering, level_of
from bot.sandbox.parameters import contains, descending, id_of, location_at, one_of, present, switched_on

KIND = "VIRTUAL_EXTENSION"


@dataclass(frozen=True)
class _Filter:
    """The filters of a list; "" lets everything pass."""

    extension: str = ""
    phone_number: str = ""
    name: str = ""
    location_name: str = ""
    location_id: str = ""
    organization_only: bool = False

    def accepts(self, extension: Extension) -> bool:
        """Return whether the virtual extension passes all filters."""
        location = extension.location
        names = (extension.first_name, extension.last_name, extension.display_name)
        return (
            self.extension in {"", extension.extension}
            and self.phone_number in {"", extension.phone_number}
            and any(contains(name or "", self.name) for name in names)
            and contains(location.name if location else "", self.location_name)
            and self.location_id in {"", location.id if location else None}
            and not (self.organization_only and location)
        )


def list_extensions(numbering: Numbering) -> Response:
    """GET /telephony/config/virtualExtensions"""
    wanted = _filter()
    down = descending(request.args.get("order", ""))
    everything = numbering.listed_extensions()
    # Long lists are read page by page: the 5,000 of a benchmark would be looked through fifty times.
    found = everything if wanted == _Filter() else tuple(filter(wanted.accepts, everything))
    page, headers = pages(found[::-1] if down else found, default=10)
    response = jsonify({"virtualExtensions": [_shown(extension) for extension in page]} if page else {})
    response.headers.update(headers)
    return response


def _filter() -> _Filter:
    one_of("locationName", "locationId", "orgLevelOnly")
    return _Filter(
        extension=request.args.get("extension", ""),
        phone_number=request.args.get("phoneNumber", ""),
        name=request.args.get("name", ""),
        location_name=request.args.get("locationName", ""),
        location_id=id_of("LOCATION", request.args.get("locationId", "")),
        organization_only=switched_on("orgLevelOnly"),
    )


def _shown(extension: Extension) -> dict[str, Any]:
    location = extension.location
    return present(
        id=extension.id,
        extension=extension.extension,
        routingPrefix=location and location.routing_prefix,
        esn=extension.esn,
        phoneNumber=extension.phone_number,
        firstName=extension.first_name,
        lastName=extension.last_name,
        level=level_of(location),
        locationId=location and location.id,
        locationName=location and location.name,
        displayName=extension.display_name,
    )


def create_extension(numbering: Numbering) -> tuple[Response, int]:
    """POST /telephony/config/virtualExtensions"""
    body = read_body(NewExtension)
    location = location_at(numbering, body.location_id)
    check_location(location)
    created = Extension(
        id=new_id(KIND),
        extension=body.extension,
        phone_number=body.phone_number,
        display_name=body.display_name,
        first_name=body.first_name or None,
        last_name=body.last_name or None,
        location=location,
    )
    numbering.add_extension(created)
    return jsonify({"id": created.id}), 201


def get_extension(numbering: Numbering, extension_id: str) -> Response:
    """GET /telephony/config/virtualExtensions/{extensionId}"""
    return jsonify(_shown(_extension(numbering, extension_id)))


def change_extension(numbering: Numbering, extension_id: str) -> tuple[str, int]:
    """PUT /telephony/config/virtualExtensions/{extensionId}

    [U] An empty name clears it, the display name too; an empty number or extension is refused.
    """
    found = _extension(numbering, extension_id)
    check_location(found.location)
    changes = read_body(ExtensionChanges).model_dump(exclude_unset=True)
    names = {field: value or None for field, value in changes.items() if field.endswith("_name")}
    numbering.change_extension(found.id, lambda before: replace(before, **{**changes, **names}))
    return "", 204


def delete_extension(numbering: Numbering, extension_id: str) -> tuple[str, int]:
    """DELETE /telephony/config/virtualExtensions/{extensionId}"""
    found = _extension(numbering, extension_id)
    check_location(found.location)
    numbering.delete_extension(found.id)
    return "", 204


def _extension(numbering: Numbering, extension_id: str) -> Extension:
    return numbering.extension(id_of(KIND, extension_id))


def get_settings(numbering: Numbering) -> Response:
    """GET /telephony/config/virtualExtensions/settings"""
    return jsonify({"mode": numbering.mode})


def change_settings(numbering: Numbering) -> tuple[str, int]:
    """PUT /telephony/config/virtualExtensions/settings"""
    numbering.set_mode(read_body(Settings).mode)
    return "", 204


def validate_numbers(numbering: Numbering) -> Response:
    """POST /telephony/config/virtualExtensions/actions/validateNumbers/invoke

    An entry per number, those that are valid too, but no list where all are.
    """
    numbers = read_body(PhoneNumbers).phone_numbers
    return _verdict("phoneNumberStatus", "phoneNumber", numbers, numbering.check_phone_numbers(numbers))


def validate_extensions(numbering: Numbering) -> Response:
    """POST /telephony/config/actions/validateExtensions/invoke: conflicts at organization level only."""
    extensions = read_body(Extensions).extensions
    return _verdict("extensionStatus", "extension", extensions, numbering.check_extensions(extensions, None))


def validate_extensions_at(numbering: Numbering, location_id: str) -> Response:
    """POST /telephony/config/locations/{locationId}/actions/validateExtensions/invoke"""
    location = numbering.location(id_of("LOCATION", location_id))
    extensions = read_body(Extensions).extensions
    return _verdict("extensionStatus", "extension", extensions, numbering.check_extensions(extensions, location))


def _verdict(key: str, part: str, values: tuple[str, ...], findings: list[Finding | None]) -> Response:
    if not any(findings):
        return jsonify({"status": "OK"})
    entries = [_entry(part, value, finding) for value, finding in zip(values, findings, strict=True)]
    return jsonify({"status": "ERRORS", key: entries})


def _entry(part: str, value: str, finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {part: value, "state": "VALID"}
    return {part: value, "state": finding.status, "errorCode": finding.code, "message": finding.message}
