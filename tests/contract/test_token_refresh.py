"""Refreshing access tokens at the sandbox's /access_token, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from account import Account

from bot.calling.authorization import Authorization, Grant
from bot.errors import Refused, Unreachable
from bot.sandbox.faults import Fault
from bot.sandbox.records import Lifetimes
from bot.sandbox.server import SandboxServer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

REFRESH_TOKEN = "sandbox-refresh"


def refresh(sandbox: SandboxServer, refresh_token: str = REFRESH_TOKEN) -> Grant:
    authorization = Authorization(sandbox.api_url, "client", "secret", lambda: NOW, sleep=lambda _: None)
    return authorization.refresh(refresh_token)


@pytest.mark.parametrize("access", [timedelta(days=14), timedelta(hours=1)])
def test_a_refresh_token_gives_an_access_token_with_its_life(sandbox: SandboxServer, access: timedelta) -> None:
    sandbox.world.lifetimes = Lifetimes(access=access)
    grant = refresh(sandbox)
    assert (grant.expires_at, grant.refresh_expires_at) == (NOW + access, NOW + timedelta(days=90))
    with Account(sandbox.api_url, grant.access_token) as app:
        assert app.me()["displayName"] == "Calling"


def test_a_rotated_refresh_token_is_gone_on_with(sandbox: SandboxServer) -> None:
    sandbox.world.lifetimes = Lifetimes(rotating=True)
    second = refresh(sandbox)
    assert refresh(sandbox, second.refresh_token).access_token != second.access_token
    with pytest.raises(Refused):
        refresh(sandbox)


def test_a_refresh_token_that_is_not_known_is_refused(sandbox: SandboxServer) -> None:
    with pytest.raises(Refused) as caught:
        refresh(sandbox, "unknown")
    assert str(caught.value) == "POST /access_token: 400"
    assert caught.value.call.tracking_id


def test_a_lost_answer_is_asked_for_again(sandbox: SandboxServer) -> None:
    sandbox.world.faults.add(Fault(path="/v1/access_token", drop="after", count=1))
    assert refresh(sandbox).access_token


def test_a_gateway_that_answers_in_html_is_no_refusal(sandbox: SandboxServer) -> None:
    sandbox.world.faults.add(Fault(path="/v1/access_token", status=502, body="<html>Bad gateway</html>"))
    with pytest.raises(Unreachable):
        refresh(sandbox)
