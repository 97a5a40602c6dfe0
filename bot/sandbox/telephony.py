"""The virtual extension API: which call of which path does what, and what the caller needs for it.

Source: Webex OpenAPI specification "Webex Cloud Calling", tag "Features: Virtual Extensions", and the neighbours a
client of these calls needs (locations, validation of extensions). Decisions where it is silent are marked [U].
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bot.sandbox import extension_calls, location_calls, range_calls
from bot.sandbox.access import (
    READ,
    READ_BY_ANY,
    WRITE,
    WRITE_ALL,
    WRITE_EXTENSION,
    Access,
    check_access,
)
from bot.sandbox.dialing import Rejection
from bot.sandbox.http import ApiError, numbering

EXTENSIONS = "/telephony/config/virtualExtensions"
RANGES = "/telephony/config/virtualExtensionRanges"
LOCATIONS = "/telephony/config/locations"
VALIDATE = "/actions/validateExtensions/invoke"

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Operation:
    """One call of the API; `access` None where the view checks it itself."""

    method: str
    path: str
    access: Access | None
    view: View


OPERATIONS = (
    Operation("GET", EXTENSIONS, READ, extension_calls.list_extensions),
    Operation("POST", EXTENSIONS, WRITE_EXTENSION, extension_calls.create_extension),
    Operation("GET", f"{EXTENSIONS}/<extension_id>", READ, extension_calls.get_extension),
    Operation("PUT", f"{EXTENSIONS}/<extension_id>", WRITE_EXTENSION, extension_calls.change_extension),
    Operation("DELETE", f"{EXTENSIONS}/<extension_id>", WRITE_EXTENSION, extension_calls.delete_extension),
    Operation("GET", f"{EXTENSIONS}/settings", READ, extension_calls.get_settings),
    Operation("PUT", f"{EXTENSIONS}/settings", WRITE_ALL, extension_calls.change_settings),
    Operation("POST", f"{EXTENSIONS}/actions/validateNumbers/invoke", WRITE, extension_calls.validate_numbers),
    Operation("GET", RANGES, READ, range_calls.list_ranges),
    Operation("POST", RANGES, WRITE, range_calls.create_range),
    Operation("GET", f"{RANGES}/<range_id>", READ, range_calls.get_range),
    Operation("PUT", f"{RANGES}/<range_id>", WRITE, range_calls.change_range),
    Operation("DELETE", f"{RANGES}/<range_id>", WRITE, range_calls.delete_range),
    Operation("POST", f"{RANGES}/actions/validate/invoke", WRITE, range_calls.validate_range),
    Operation("POST", f"/telephony/config{VALIDATE}", READ_BY_ANY, extension_calls.validate_extensions),
    Operation("POST", f"{LOCATIONS}/<location_id>{VALIDATE}", WRITE_ALL, extension_calls.validate_extensions_at),
    Operation("GET", LOCATIONS, READ_BY_ANY, location_calls.list_calling_locations),
    Operation("GET", "/locations", None, location_calls.list_locations),
)


def telephony() -> Blueprint:
    """Return the blueprint that serves the virtual extension API below `/v1`.

    It needs `bot.sandbox.http.install` on the application. A slash at the end of a path is accepted, for clients
    made from the older specification send one when they change a range.
    """
    blueprint = Blueprint("telephony", __name__, url_prefix="/v1")
    for operation in OPERATIONS:
        blueprint.add_url_rule(
            operation.path,
            endpoint=operation.view.__name__,
            view_func=_serve(operation),
            methods=[operation.method],
            strict_slashes=False,
        )
    return blueprint


def _serve(operation: Operation) -> View:
    def serve(**ids: str) -> ResponseReturnValue:
        if operation.access is not None:
            check_access(operation.access)
        try:
            return operation.view(numbering(), **ids)
        except Rejection as rejection:
            raise ApiError(rejection.status, str(rejection), rejection.code) from rejection

    return serve
