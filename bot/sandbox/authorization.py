"""/access_token and /authorizations/tokenExpiry."""

import secrets
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from bot.sandbox.http import ApiError, caller, world
from bot.sandbox.records import Grant, Token
from bot.sandbox.seed import CLIENT_SECRET

# A bot's token never expires; what Webex answers for it is unconfirmed, so it gets a time that nobody reaches.
_NEVER = timedelta(days=36_500)


def authorization() -> Blueprint:
    """Return the blueprint of /access_token and /authorizations/tokenExpiry."""
    blueprint = Blueprint("authorization", __name__, url_prefix="/v1")
    blueprint.post("/access_token")(create_access_token)
    blueprint.get("/authorizations/tokenExpiry")(get_expiry)
    return blueprint


def create_access_token() -> ResponseReturnValue:
    """Answer POST /access_token: a new access token for a refresh token or an authorization code, in a form."""
    kinds = {"refresh_token": ("refresh_token",), "authorization_code": ("code", "redirect_uri")}
    field, *others = kinds.get(request.form.get("grant_type", ""), ("",))
    if not all(request.form.get(name) for name in ("client_id", "client_secret", field, *others)):
        needed = "grant_type, client_id, client_secret, and refresh_token or code and redirect_uri, are required."
        raise ApiError(400, needed)
    if request.form["client_secret"] != CLIENT_SECRET:
        raise ApiError(401, "invalid_client: the client_id is not known, or the client_secret is not its secret.")
    with world().lock:
        granted = world().grants.get(request.form[field])
        if granted is None or (granted.expires is not None and granted.expires <= world().now()):
            raise ApiError(400, f"invalid_grant: the {field} is not valid, or has expired.")
        return jsonify(_token_json(_new_token(granted.token), _refresh_token(field, granted)))


def get_expiry() -> ResponseReturnValue:
    """Answer GET /authorizations/tokenExpiry: when the token of the request expires, in milliseconds."""
    token = world().tokens[caller().token]
    expires = token.expires or world().now() + _NEVER
    return jsonify({"exp": int(expires.timestamp() * 1000)})


def _new_token(like: Token) -> Token:
    token = replace(like, value=secrets.token_urlsafe(24), expires=world().now() + world().lifetimes.access)
    world().tokens[token.value] = token
    return token


def _refresh_token(field: str, granted: Grant) -> str:
    """The refresh token to go on with. To use it is to renew it: its time begins again."""
    given = request.form[field]
    keeps = field == "refresh_token" and not world().lifetimes.rotating
    refresh_token = given if keeps else secrets.token_urlsafe(24)
    del world().grants[given]
    world().grants[refresh_token] = replace(granted, expires=world().now() + world().lifetimes.refresh)
    return refresh_token


def _token_json(token: Token, refresh_token: str) -> dict[str, str | int]:
    return {
        "access_token": token.value,
        "expires_in": int(world().lifetimes.access.total_seconds()),
        "refresh_token": refresh_token,
        "refresh_token_expires_in": int(world().lifetimes.refresh.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(sorted(token.scopes)),
    }
