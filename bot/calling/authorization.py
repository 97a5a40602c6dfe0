"""New access tokens for a refresh token. POST /access_token"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from bot.calling.answers import Answer, Sender
from bot.calling.errors import ACCESS_TOKEN, INVALID_CLIENT, failure, is_object, read_failure
from bot.calling.retries import RetryPolicy
from bot.errors import FailedCall, Refused, Unreachable

PATIENCE = RetryPolicy(tries=3, deadline=30.0, silence=10.0)
"""Short: while one refreshes, all who need the token wait."""

SHARE_USED = 0.9
"""A token is refreshed when so much of its life is over: a day and a half before the end of 14 days, 6 minutes
before that of an hour."""

LEAST_USE = timedelta(seconds=30)
"""But not before: Webex may give the same token again, with what is left of its life."""

log = structlog.get_logger()


class Grant(BaseModel):
    """Tokens as Webex gave them at `obtained_at`. All times are aware, in UTC; None is not known."""

    model_config = ConfigDict(frozen=True)

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    obtained_at: datetime
    expires_at: datetime
    refresh_expires_at: datetime | None
    scopes: frozenset[str] | None = None

    @property
    def renew_at(self) -> datetime:
        """When the access token should be refreshed, which is before it expires."""
        life = self.expires_at - self.obtained_at
        return self.obtained_at + max(life * SHARE_USED, LEAST_USE)

    def is_good(self, now: datetime) -> bool:
        """Whether the access token has not expired."""
        return now < self.expires_at


LONGEST_LIFE = timedelta(days=3650)
"""What lives longer is good for as long as we look: no date is behind the end of the calendar."""


SHORT_LIFE = 600.0
"""Seconds after which a token is refreshed of which Webex has not said how long it lives."""


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """What can't be read is not known. The tokens beside it are good, and those that brought them may be spent."""
    try:
        return read(value)
    except ValidationError:
        return None


Seconds = Annotated[float | None, Field(allow_inf_nan=False), WrapValidator(_or_none)]


class _Tokens(BaseModel):
    """What Webex answers. Times are in seconds from now."""

    access_token: str = Field(min_length=1)
    expires_in: Seconds = None
    refresh_token: Annotated[str | None, WrapValidator(_or_none)] = None
    refresh_token_expires_in: Seconds = None
    scope: Annotated[str | None, WrapValidator(_or_none)] = None

    def as_grant(self, refresh_token: str, obtained_at: datetime) -> Grant:
        life = SHORT_LIFE if self.expires_in is None or self.expires_in < 0 else self.expires_in
        refresh_life = self.refresh_token_expires_in
        return Grant(
            access_token=self.access_token,
            refresh_token=self.refresh_token or refresh_token,
            obtained_at=obtained_at,
            expires_at=obtained_at + _life(life),
            refresh_expires_at=None if refresh_life is None else obtained_at + _life(refresh_life),
            scopes=frozenset(self.scope.split()) if self.scope else None,
        )


def _life(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_LIFE.total_seconds()))


@dataclass(frozen=True)
class Authorization:
    """A service app or an integration, at the Webex of `base_url`. `now` is aware, in UTC."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    now: Callable[[], datetime]
    transport: httpx.BaseTransport | None = None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens for a refresh token. POST /access_token

        Raises Refused where Webex does not accept the refresh token or the client, other WebexErrors where it
        could not be asked. Asked again where the answer was lost: a refresh token may be used more than once.
        """
        asked_at = self.now()
        answer = self._ask(refresh_token)
        if not answer.succeeded:
            raise _failure(answer)
        try:
            tokens = _Tokens.model_validate_json(answer.body)
        except ValidationError:
            # The original shows what it read: the tokens.
            raise Unreachable(_failed(answer)) from None
        log.info("token.refreshed", expires_in=tokens.expires_in)
        return tokens.as_grant(refresh_token, asked_at)

    def _ask(self, refresh_token: str) -> Answer:
        """The last answer of some tries, which all have one deadline."""
        form = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": refresh_token,
        }
        deadline = self.clock() + PATIENCE.deadline
        with httpx.Client(base_url=self.base_url, transport=self.transport) as http:
            sender = Sender(http, PATIENCE.silence, self.clock)
            ask = partial(sender.send, "POST", ACCESS_TOKEN, ACCESS_TOKEN, deadline, data=form)
            answer = ask()
            for attempt in range(1, PATIENCE.tries):
                pause = PATIENCE.pause(attempt, answer.retry_after)
                repeats = PATIENCE.repeats(answer.status, changes=False)
                if not repeats or self.clock() + pause >= deadline:
                    break
                self.sleep(pause)
                answer = ask()
        return answer


def _failed(answer: Answer) -> FailedCall:
    call = FailedCall(
        "POST", ACCESS_TOKEN, answer.status, tracking_id=answer.tracking_id, seconds=answer.retry_after
    )
    if answer.status is None or answer.succeeded:
        return call
    # OAuth says 401, or 400 with this word, for a client that is not known or whose secret is another.
    is_client = answer.status == 401 or INVALID_CLIENT.encode() in answer.body
    call = read_failure(call, answer.body)
    return replace(call, code=INVALID_CLIENT) if is_client else call


def _failure(answer: Answer) -> Exception:
    call = _failed(answer)
    if call.status in {400, 401, 403} and not is_object(answer.body):
        # The page of a proxy, which says nothing about the authorization.
        return Unreachable(call)
    # OAuth says 400 for a refresh token that is no longer good, and 401 for a client that is not known.
    return Refused(call) if call.status in {400, 401} else failure(call)
