"""Refreshing access tokens: what is sent, what is read, what is repeated."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from drip import Drip
from shared_time import PassingTime

from bot.calling.authorization import LONGEST_LIFE, PATIENCE, SHORT_LIFE, Authorization, Grant
from bot.calling.errors import explain
from bot.calling.mending import explain_to_operator
from bot.errors import Invalid, RateLimited, Refused, Unreachable, WebexError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANSWER = {
    "access_token": "access-1",
    "expires_in": 1_209_600,
    "refresh_token": "refresh-1",
    "refresh_token_expires_in": 7_776_000,
    "token_type": "Bearer",
}

Service = Callable[[httpx.Request], httpx.Response]


class Answers:
    """Gives one answer after the other, the last one for ever; an exception is a lost connection."""

    def __init__(self, *answers: httpx.Response | httpx.RequestError) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, httpx.RequestError):
            raise answer
        return answer


def refresh(answers: Answers, clock: Callable[[], float] = time.monotonic) -> Grant:
    authorization = Authorization(
        "https://webexapis.com/v1",
        "client",
        "client-secret",
        lambda: NOW,
        transport=httpx.MockTransport(answers),
        sleep=answers.slept.append,
        clock=clock,
    )
    return authorization.refresh("refresh-0")


def answered(status: int = 200, body: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=ANSWER if body is None else body, headers=headers)


def test_the_form_is_that_of_oauth() -> None:
    answers = Answers(answered())
    refresh(answers)
    (request,) = answers.requests
    assert (request.method, str(request.url)) == ("POST", "https://webexapis.com/v1/access_token")
    assert dict(parse_qsl(request.content.decode())) == {
        "grant_type": "refresh_token",
        "client_id": "client",
        "client_secret": "client-secret",
        "refresh_token": "refresh-0",
    }


@pytest.mark.parametrize(
    ("expires_in", "renewed_after"),
    [
        (1_209_600, timedelta(days=12, hours=14, minutes=24)),
        (3600, timedelta(minutes=54)),
        (20, timedelta(seconds=30)),
        (0, timedelta(seconds=30)),
    ],
)
def test_the_life_of_a_token_is_what_webex_says(expires_in: int, renewed_after: timedelta) -> None:
    """14 days and an hour are both documented. What is nearly over already is not asked for again at once."""
    grant = refresh(Answers(answered(body={**ANSWER, "expires_in": expires_in})))
    assert grant.expires_at == NOW + timedelta(seconds=expires_in)
    assert grant.renew_at == NOW + renewed_after
    assert grant.refresh_expires_at == NOW + timedelta(days=90)


@pytest.mark.parametrize(("seconds", "life"), [(1e300, LONGEST_LIFE), (-1e300, timedelta(0))])
def test_a_life_that_no_calendar_has_loses_no_token(seconds: float, life: timedelta) -> None:
    """The tokens are good, and the refresh token that brought them may be spent."""
    lives = {"expires_in": abs(seconds), "refresh_token_expires_in": seconds}
    grant = refresh(Answers(answered(body={**ANSWER, **lives})))
    assert (grant.expires_at, grant.refresh_expires_at) == (NOW + LONGEST_LIFE, NOW + life)


def test_what_the_answer_does_not_have_stays_or_is_not_known() -> None:
    grant = refresh(Answers(answered(body={"access_token": "access-1", "expires_in": 3600})))
    assert (grant.access_token, grant.refresh_token, grant.refresh_expires_at) == ("access-1", "refresh-0", None)


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Refused), (401, Refused), (403, Refused), (404, WebexError), (415, Invalid)]
)
def test_a_refusal_is_not_repeated(status: int, kind: type[WebexError]) -> None:
    answers = Answers(answered(status, {"message": "invalid_grant", "trackingId": "ROUTER_1"}))
    with pytest.raises(kind) as caught:
        refresh(answers)
    assert len(answers.requests) == 1
    assert (caught.value.call.path, caught.value.call.tracking_id) == ("/access_token", "ROUTER_1")


@pytest.mark.parametrize("status", [400, 401])
def test_a_client_that_is_not_accepted_is_told_apart_from_a_refresh_token(status: int) -> None:
    """OAuth lets both be answered to it; a new authorization would mend nothing."""
    with pytest.raises(Refused) as caught:
        refresh(Answers(answered(status, {"error": "invalid_client"})))
    assert str(explain(caught.value)) == (
        "Webex does not accept the bot's client id or secret, so it can't look anything up or change it. "
        "Ask the people who run the bot to mend it; `extbot doctor` says which settings to look at."
    )
    told = explain_to_operator(caught.value, "WEBEX_REFRESH_TOKEN")
    assert told.sentence == "Webex does not accept WEBEX_CLIENT_ID with WEBEX_CLIENT_SECRET."
    assert told.hint.startswith("Copy both from the page of the service app at developer.webex.com")


def test_an_outage_is_waited_for() -> None:
    answers = Answers(httpx.ConnectError("away"), answered(503, "<html>"), answered())
    assert refresh(answers).access_token == "access-1"
    assert len(answers.slept) == 2


def test_a_long_pause_is_not_waited_for_and_not_ignored() -> None:
    """While one refreshes, others wait. It is noted for all of them."""
    answers = Answers(answered(429, {}, **{"Retry-After": "3600"}))
    with pytest.raises(RateLimited):
        refresh(answers)
    assert len(answers.requests) == 1
    assert answers.slept == []


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    """All who need a token wait for the one that refreshes."""
    clock = PassingTime()

    answers = Answers(httpx.Response(200, stream=Drip(clock)))
    began = clock.now
    with pytest.raises(Unreachable):
        refresh(answers, clock)
    assert clock.now <= began + PATIENCE.deadline + 10
    assert len(answers.requests) == 1


def test_a_lost_answer_is_no_refusal() -> None:
    with pytest.raises(Unreachable):
        refresh(Answers(httpx.ReadTimeout("late")))


@pytest.mark.parametrize(
    "odd",
    [
        {"expires_in": None},
        {"expires_in": "soon"},
        {"expires_in": -1},
        {"refresh_token_expires_in": "soon"},
        {"refresh_token": 7},
        {"scope": ["a", "b"]},
    ],
)
def test_what_is_odd_beside_the_tokens_loses_none(odd: dict[str, object]) -> None:
    """What brought them may be spent."""
    grant = refresh(Answers(answered(body=ANSWER | odd)))
    assert grant.access_token == "access-1"
    life = timedelta(seconds=SHORT_LIFE if "expires_in" in odd else 1_209_600)
    assert grant.expires_at == NOW + life
    assert grant.refresh_token == ("refresh-0" if "refresh_token" in odd else "refresh-1")


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("page", ["<html>Blocked by the proxy</html>", ""])
def test_the_page_of_a_proxy_is_no_refusal(status: int, page: str) -> None:
    """It says nothing about the authorization, which nobody needs to renew."""
    with pytest.raises(Unreachable):
        refresh(Answers(httpx.Response(status, text=page)))


@pytest.mark.parametrize("body", [{}, [], "text", {"access_token": "", "expires_in": 1}, {"access_token": 7}])
def test_an_answer_that_cannot_be_read_gives_no_token(body: object) -> None:
    with pytest.raises(Unreachable):
        refresh(Answers(answered(body=body)))


def test_tokens_and_secrets_are_not_shown() -> None:
    grant = refresh(Answers(answered()))
    shown = repr(grant) + repr(Authorization("https://w", "client", "client-secret", lambda: NOW))
    for secret in ("access-1", "refresh-1", "client-secret"):
        assert secret not in shown
