"""The calls of the virtual extension API about ranges.

[U] Decided here, where the documentation is silent: `name` matches parts without regard to case, `prefix` matches
whole, and `order` is a field (`name`, `prefix`), a direction (`ASC`, `DSC`), or both (`prefix-DSC`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from bot.sandbox.access import check_location
from bot.sandbox.bodies import NewRange, RangeChanges, RangeCheck, read_body
from bot.sandbox.dialing import Finding
from bot.sandbox.http import pages
from bot.sandbox.ids import new_id
from bot.sandbox.numbering import Numbering, level_of
from bot.sandbox.parameters import contains, descending, id_of, location_at, one_of, present, switched_on
from bot.sandbox.ranges import Range, RangeParts

KIND = "VIRTUAL_EXTENSION_RANGE"

_FIELD = re.compile(r"(name|prefix)[- ]?", re.IGNORECASE)


@dataclass(frozen=True)
class _Filter:
    """The filters of a list; "" lets everything pass."""

    name: str
    prefix: str
    location_id: str
    organization_only: bool

    def accepts(self, each: Range) -> bool:
        """Return whether the range passes all filters."""
        return (
            contains(each.name, self.name)
            and self.prefix in {"", each.prefix}
            and self.location_id in {"", each.location.id if each.location else None}
            and not (self.organization_only and each.location)
        )


def list_ranges(numbering: Numbering) -> Response:
    """GET /telephony/config/virtualExtensionRanges: without patterns."""
    found = _ordered(filter(_filter().accepts, numbering.ranges()), request.args.get("order", ""))
    page, headers = pages(found, default=10)
    response = jsonify({"virtualExtensionRanges": [_listed(each) for each in page]} if page else {})
    response.headers.update(headers)
    return response


def _filter() -> _Filter:
    one_of("locationId", "orgLevelOnly")
    return _Filter(
        name=request.args.get("name", ""),
        prefix=request.args.get("prefix", ""),
        location_id=id_of("LOCATION", request.args.get("locationId", "")),
        organization_only=switched_on("orgLevelOnly"),
    )


def _ordered(ranges: Iterable[Range], order: str) -> list[Range]:
    by_prefix = order.lower().startswith("prefix")
    direction = _FIELD.sub("", order, count=1)
    return sorted(
        ranges,
        key=lambda each: (each.prefix if by_prefix else "", each.name.casefold(), each.id),
        reverse=descending(direction),
    )


def _listed(each: Range) -> dict[str, Any]:
    return present(
        id=each.id,
        name=each.name,
        prefix=each.prefix,
        level=level_of(each.location),
        locationId=each.location and each.location.id,
        locationName=each.location and each.location.name,
    )


def create_range(numbering: Numbering) -> tuple[Response, int]:
    """POST /telephony/config/virtualExtensionRanges"""
    body = read_body(NewRange)
    location = location_at(numbering, body.location_id)
    check_location(location)
    created = Range(new_id(KIND), body.name, body.prefix, body.patterns, location)
    numbering.add_range(created)
    return jsonify({"id": created.id}), 201


def get_range(numbering: Numbering, range_id: str) -> Response:
    """GET /telephony/config/virtualExtensionRanges/{extensionRangeId}: without level and location id."""
    found = _range(numbering, range_id)
    location_name = found.location and found.location.name
    details = present(id=found.id, name=found.name, prefix=found.prefix, locationName=location_name)
    return jsonify({**details, "patterns": found.patterns})


def change_range(numbering: Numbering, range_id: str) -> tuple[str, int]:
    """PUT /telephony/config/virtualExtensionRanges/{extensionRangeId}"""
    found = _range(numbering, range_id)
    check_location(found.location)
    body = read_body(RangeChanges)
    numbering.change_range(found.id, RangeParts(body.name, body.prefix, body.patterns), body.action)
    return "", 204


def delete_range(numbering: Numbering, range_id: str) -> tuple[str, int]:
    """DELETE /telephony/config/virtualExtensionRanges/{extensionRangeId}"""
    found = _range(numbering, range_id)
    check_location(found.location)
    numbering.delete_range(found.id)
    return "", 204


def validate_range(numbering: Numbering) -> Response:
    """POST /telephony/config/virtualExtensionRanges/actions/validate/invoke: entries only for what is wrong."""
    body = read_body(RangeCheck)
    present_range = _range(numbering, body.range_id) if body.range_id else None
    location = present_range.location if present_range else location_at(numbering, body.location_id)
    check_location(location)
    parts = RangeParts(body.name, body.prefix, body.patterns)
    findings = numbering.check_range(parts, location, present_range.id if present_range else None)
    if not findings:
        return jsonify({"status": "OK"})
    entries = [_entry(finding) for finding in findings]
    return jsonify({"status": "ERRORS", "virtualExtensionRangeValidationStatus": entries})


def _entry(finding: Finding) -> dict[str, str]:
    """Return an entry of the validation; its error code is text, as documented."""
    return {
        finding.part: finding.value,
        "errorCode": str(finding.code),
        "message": finding.message,
        "status": finding.status,
    }


def _range(numbering: Numbering, range_id: str) -> Range:
    return numbering.range(id_of(KIND, range_id))
