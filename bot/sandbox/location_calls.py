"""The two lists of locations: those with Webex Calling, and all (here the same ones)."""

from typing import Any

from flask import Response, jsonify, request

from bot.sandbox.access import check_location_list
from bot.sandbox.http import ApiError, caller, pages
from bot.sandbox.locations import Location
from bot.sandbox.numbering import Numbering
from bot.sandbox.parameters import contains, id_of

_ORDERS = {"": False, "name-asc": False, "name-desc": True}


def list_calling_locations(numbering: Numbering) -> Response:
    """GET /telephony/config/locations"""
    order = request.args.get("order", "")
    if order not in _ORDERS:
        raise ApiError(400, f"Invalid value for the query parameter order: {order}")
    page, headers = pages(_named(numbering, descending=_ORDERS[order]))
    response = jsonify({"locations": [_calling(location) for location in page]})
    response.headers.update(headers)
    return response


def _named(numbering: Numbering, *, descending: bool = False) -> list[Location]:
    wanted = request.args.get("name", "")
    found = [location for location in numbering.locations() if contains(location.name, wanted)]
    return sorted(found, key=lambda location: location.name.casefold(), reverse=descending)


def _calling(location: Location) -> dict[str, Any]:
    """Return a location with Webex Calling; the main number is null where none is set."""
    return {
        "id": location.id,
        "name": location.name,
        "routingPrefix": location.routing_prefix,
        "outsideDialDigit": "0",
        "enforceOutsideDialDigit": False,
        "callingLineId": {"name": location.calling_line_name, "phoneNumber": location.calling_line_number},
        "e911SetupRequired": False,
    }


def list_locations(numbering: Numbering) -> Response:
    """GET /locations"""
    check_location_list()
    wanted = id_of("LOCATION", request.args.get("id", ""))
    found = [location for location in _named(numbering) if wanted in {"", location.id}]
    page, headers = pages(found, default=500)
    response = jsonify({"items": [_location(location) for location in page]})
    response.headers.update(headers)
    return response


def _location(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "name": location.name,
        "orgId": caller().org_id,
        "timeZone": location.time_zone,
        "preferredLanguage": location.language,
        "address": {
            "address1": location.street,
            "city": location.city,
            "postalCode": location.postal_code,
            "country": location.country,
        },
        "latitude": location.latitude,
        "longitude": location.longitude,
    }
