"""/sandbox: what no real Webex has. Faults on order, the calls that were made, people and their tokens."""

import secrets
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.sandbox.faults import Fault
from bot.sandbox.http import ApiError, json_object, world
from bot.sandbox.people import role_name
from bot.sandbox.records import Call, Grant, Person, Token
from bot.sandbox.representations import instant, person_json
from bot.sandbox.spaces import find_person


class TokenRequest(BaseModel):
    """A token to make for `person` (id or e-mail address), with these scopes or all that the person has.

    `expiresIn` is in seconds; without it the token does not expire.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str
    scopes: frozenset[str] | None = None
    expires_in: float | None = Field(default=None, alias="expiresIn")


def control() -> Blueprint:
    """Return the blueprint of /sandbox."""
    blueprint = Blueprint("control", __name__, url_prefix="/sandbox")
    blueprint.get("/health")(lambda: {"status": "ok"})
    blueprint.get("/people")(list_people)
    blueprint.post("/tokens")(create_token)
    blueprint.get("/faults")(list_faults)
    blueprint.post("/faults")(create_fault)
    blueprint.delete("/faults")(delete_faults)
    blueprint.get("/calls")(list_calls)
    blueprint.delete("/calls")(delete_calls)
    return blueprint


def list_people() -> ResponseReturnValue:
    """Answer GET /sandbox/people: the people and the bot, each with a token and the role in words."""
    with world().lock:
        tokens = {token.person_id: token.value for token in reversed(world().tokens.values())}
        people = [person for person in world().people.values() if person.type != "appuser"]
    return jsonify({"items": [_person_json(person, tokens.get(person.id)) for person in people]})


def create_token() -> ResponseReturnValue:
    """Answer POST /sandbox/tokens with a new token, and a refresh token that gives more like it."""
    try:
        wanted = TokenRequest.model_validate(json_object())
    except ValidationError as error:
        raise ApiError(400, str(error)) from error
    with world().lock:
        person = find_person(world(), wanted.person, wanted.person)
        token = _token(person, wanted)
        refresh_token = secrets.token_urlsafe(12)
        world().tokens[token.value] = token
        world().grants[refresh_token] = Grant(token)
    return jsonify({"token": token.value, "refreshToken": refresh_token, "scopes": sorted(token.scopes)})


def list_faults() -> ResponseReturnValue:
    """Answer GET /sandbox/faults: those that are not spent."""
    return jsonify({"items": [_fault_json(fault) for fault in world().faults.active()]})


def create_fault() -> ResponseReturnValue:
    """Answer POST /sandbox/faults: one more fault, with the fields of `Fault`."""
    try:
        fault = Fault.model_validate(json_object())
    except ValidationError as error:
        raise ApiError(400, str(error)) from error
    world().faults.add(fault)
    return jsonify(_fault_json(fault))


def delete_faults() -> ResponseReturnValue:
    """Answer DELETE /sandbox/faults: no more faults."""
    world().faults.clear()
    return "", 204


def list_calls() -> ResponseReturnValue:
    """Answer GET /sandbox/calls: the requests to the API, oldest first."""
    return jsonify({"items": [_call_json(call) for call in list(world().calls)]})


def delete_calls() -> ResponseReturnValue:
    """Answer DELETE /sandbox/calls: forget the requests so far."""
    world().calls.clear()
    return "", 204


def _person_json(person: Person, token: str | None) -> dict[str, Any]:
    roles = ", ".join(role_name(role) for role in sorted(person.roles))
    default = "Bot" if person.type == "bot" else "No administrator role"
    return person_json(person) | {"token": token, "role": roles or default}


def _token(person: Person, wanted: TokenRequest) -> Token:
    like = next(token for token in world().tokens.values() if token.person_id == person.id)
    expires = None if wanted.expires_in is None else world().now() + timedelta(seconds=wanted.expires_in)
    scopes = like.scopes if wanted.scopes is None else wanted.scopes
    return replace(like, value=secrets.token_urlsafe(12), scopes=scopes, expires=expires)


def _fault_json(fault: Fault) -> dict[str, Any]:
    return fault.model_dump(by_alias=True)


def _call_json(call: Call) -> dict[str, Any]:
    return asdict(call) | {"started": instant(call.started), "ended": instant(call.ended)}
