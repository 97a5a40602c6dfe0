"""What every endpoint of the sandbox shares: who calls, how errors look, how lists are cut into pages."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from bot.sandbox.numbering import Numbering
from bot.sandbox.records import Kind, Person, Role, Token
from bot.sandbox.world import World

_T = TypeVar("_T")

UNAUTHORIZED = "The request requires a valid access token set in the Authorization request header."
NOT_FOUND = "The requested resource could not be found."

WORLD = "sandbox.world"
NUMBERING = "sandbox.numbering"
"""Where the WSGI environment of a request has what its endpoint works on."""


@dataclass(frozen=True)
class Caller:
    """Who sent the request: the person behind the bearer token, and what the token allows."""

    token: str
    person_id: str
    org_id: str
    kind: Kind
    roles: frozenset[Role]
    scopes: frozenset[str]
    location_ids: frozenset[str]


class ApiError(Exception):
    """An answer that is an error. `code` is the error code that Calling adds to its errors."""

    def __init__(self, status: int, message: str, code: int | str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def install(app: Flask) -> None:
    """Give `app` a tracking id for every answer, and Webex's form of errors."""
    app.before_request(_begin)
    app.after_request(_track)
    app.register_error_handler(ApiError, lambda error: _render(error.status, error.message, error.code))
    app.register_error_handler(404, lambda _: _render(404, NOT_FOUND))
    app.register_error_handler(
        HTTPException, lambda error: _render(error.code or 500, error.description or error.name)
    )


def world() -> World:
    """Return the world that the current request works on."""
    return cast(World, request.environ[WORLD])


def numbering() -> Numbering:
    """Return the numbering that the current request works on."""
    return cast(Numbering, request.environ[NUMBERING])


def caller() -> Caller:
    """Return who sent the current request.

    Raises ApiError 401 where the token is missing, unknown or expired.
    """
    token = world().valid_token(_bearer())
    if token is None:
        raise ApiError(401, UNAUTHORIZED)
    return _caller(token, world().people[token.person_id])


def require(*scopes: str, roles: Collection[Role] | None = None) -> Caller:
    """Return who sent the current request, whose token has all of `scopes` and who has one of `roles`.

    Raises ApiError 401 where there is no valid token, 403 naming the scope or role that is missing.
    """
    found = caller()
    missing = [scope for scope in scopes if scope not in found.scopes]
    if missing:
        raise ApiError(403, f"Missing required scope: {missing[0]}")
    if roles is not None and found.roles.isdisjoint(roles):
        wanted = ", ".join(sorted(role.value for role in roles))
        raise ApiError(403, f"Access denied. The caller needs one of these administrator roles: {wanted}")
    return found


def json_object() -> dict[str, Any]:
    """Return the JSON object in the body of the current request.

    Raises ApiError 400 where the body is no JSON object.
    """
    value = request.get_json(force=True, silent=True)
    if not isinstance(value, dict):
        raise ApiError(400, "The request body must be a JSON object.")
    return value


def whole_number(name: str, default: int, least: int = 0) -> int:
    """Return the query parameter `name` as a number.

    Raises ApiError 400 where it is no number, or less than `least`.
    """
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise ApiError(400, f"Invalid value for the query parameter {name}: {text}")
    return int(text)


def pages(items: Sequence[_T], *, default: int = 100, largest: int = 1000) -> tuple[list[_T], dict[str, str]]:
    """Return the page that `start` and `max` of the request ask for, and the headers to send with it.

    A `max` above `largest` is clipped silently, as in Webex. The headers hold `Link` where there is a next page.
    Raises ApiError 400 where `start` or `max` is no number.
    """
    start = whole_number("start", 0)
    size = min(whole_number("max", default, least=1), largest)
    more = start + size < len(items)
    return list(items[start : start + size]), next_link(start=start + size, max=size) if more else {}


def next_link(**changed: str | int) -> dict[str, str]:
    """Return the `Link` header (RFC 5988) to the current request with these query parameters changed."""
    query = urlencode({**request.args.to_dict(), **changed})
    return {"Link": f'<{request.base_url}?{query}>; rel="next"'}


def _bearer() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _caller(token: Token, person: Person) -> Caller:
    return Caller(
        token.value, person.id, person.org_id, token.kind, person.roles, token.scopes, person.location_ids
    )


def _begin() -> None:
    g.tracking_id = f"ROUTER_{uuid.uuid4()}"


def _track(response: Response) -> Response:
    response.headers["trackingId"] = g.tracking_id
    return response


def _render(status: int, message: str, code: int | str | None = None) -> Response:
    error: dict[str, Any] = {"description": message}
    if code is not None:
        error["errorCode"] = code
    response = jsonify({"message": message, "errors": [error], "trackingId": g.tracking_id})
    response.status_code = status
    return response
