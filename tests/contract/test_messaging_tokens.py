"""Access tokens: refreshing, codes, expiry, and tokens made to order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from account import Account

from bot.sandbox.records import Lifetimes
from bot.sandbox.server import SandboxServer

CLIENT = {"client_id": "C1", "client_secret": "secret"}


def test_a_refresh_token_gives_an_access_token(alice: Account) -> None:
    answer = _grant(alice, grant_type="refresh_token", refresh_token="sandbox-refresh")
    assert answer.status_code == 200
    token = answer.json()
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (1_209_600, 7_776_000)
    assert (token["refresh_token"], token["token_type"]) == ("sandbox-refresh", "Bearer")
    with Account(alice.api_url, token["access_token"]) as app:
        assert app.me()["displayName"] == "Calling"


def test_an_authorization_code_is_good_for_once(alice: Account) -> None:
    form = {"grant_type": "authorization_code", "code": "sandbox-code", "redirect_uri": "http://127.0.0.1"}
    first, second = _grant(alice, **form), _grant(alice, **form)
    assert (first.status_code, second.status_code) == (200, 400)
    again = _grant(alice, grant_type="refresh_token", refresh_token=first.json()["refresh_token"])
    assert again.status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "refresh_token", "refresh_token": "wrong"},
        {"grant_type": "refresh_token"},
        {"grant_type": "client_credentials"},
        {"grant_type": "authorization_code", "code": "sandbox-code"},  # RFC 6749, 4.1.3: without redirect_uri
        {"grant_type": "refresh_token", "refresh_token": "sandbox-refresh", "client_secret": ""},
    ],
)
def test_a_grant_that_is_not_valid_is_refused(alice: Account, form: dict[str, str]) -> None:
    refused = _grant(alice, **form)
    assert refused.status_code == 400
    assert refused.json()["trackingId"]


def test_a_wrong_client_secret_is_refused_though_the_refresh_token_is_good(alice: Account) -> None:
    """RFC 6749, 5.2: invalid_client. The refresh token is good as before."""
    form = {"grant_type": "refresh_token", "refresh_token": "sandbox-refresh"}
    refused = _grant(alice, **form, client_secret="another")
    assert (refused.status_code, "invalid_client" in refused.json()["message"]) == (401, True)
    assert _grant(alice, **form).status_code == 200


def test_tokens_are_made_to_order(control: Account, alice: Account) -> None:
    made = control.post("/tokens", person="alice@example.com", scopes=["spark:rooms_read"]).json()
    with Account(alice.api_url, made["token"]) as narrow:
        assert narrow.get("/rooms").status_code == 200
        assert narrow.get("/memberships").status_code == 403
    refreshed = _grant(alice, grant_type="refresh_token", refresh_token=made["refreshToken"])
    assert refreshed.json()["scope"] == "spark:rooms_read"


def test_a_token_expires(control: Account, alice: Account) -> None:
    gone = control.post("/tokens", person="alice@example.com", expiresIn=0).json()["token"]
    brief = control.post("/tokens", person="alice@example.com", expiresIn=3600).json()["token"]
    with Account(alice.api_url, gone) as late, Account(alice.api_url, brief) as early:
        assert late.get("/people/me").status_code == 401
        lasts = early.get("/authorizations/tokenExpiry").json()["exp"]
    assert lasts < alice.get("/authorizations/tokenExpiry").json()["exp"]


@pytest.mark.parametrize("body", [{}, {"person": "alice@example.com", "colour": "red"}])
def test_a_token_needs_a_person(control: Account, body: dict[str, str]) -> None:
    assert control.post("/tokens", **body).status_code == 400
    assert control.post("/tokens", person="nobody@example.com").status_code == 404


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_what_was_granted_ends_in_its_time() -> None:
    """Access tokens of an hour; a refresh renews the refresh token, which ends when nobody uses it."""
    clock = Clock()
    with SandboxServer(clock=clock) as sandbox, Account(sandbox.api_url, "") as account:
        sandbox.world.lifetimes = Lifetimes(access=timedelta(hours=1))
        token = _refresh(account, "sandbox-refresh").json()
        assert token["expires_in"] == 3600
        with Account(sandbox.api_url, token["access_token"]) as app:
            assert app.get("/people/me").status_code == 200
            clock.now += timedelta(hours=1)
            assert app.get("/people/me").status_code == 401
        for days, status in ((80, 200), (80, 200), (90, 400)):
            clock.now += timedelta(days=days)
            assert _refresh(account, token["refresh_token"]).status_code == status


def test_refresh_tokens_can_rotate(sandbox: SandboxServer, alice: Account) -> None:
    """Webex does not, as far as is known; whoever keeps what comes back need not care."""
    sandbox.world.lifetimes = Lifetimes(rotating=True)
    second = _refresh(alice, "sandbox-refresh").json()["refresh_token"]
    assert second != "sandbox-refresh"
    assert [_refresh(alice, each).status_code for each in ("sandbox-refresh", second)] == [400, 200]


def _refresh(account: Account, refresh_token: str) -> requests.Response:
    return _grant(account, grant_type="refresh_token", refresh_token=refresh_token)


def _grant(account: Account, **form: Any) -> requests.Response:
    return requests.post(f"{account.api_url}/access_token", data=CLIENT | form, timeout=30)
