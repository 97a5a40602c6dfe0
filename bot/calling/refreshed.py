"""An access token that is refreshed before it expires, by one thread of one worker for all of them."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import structlog

from bot.calling.authorization import Authorization, Grant
from bot.calling.errors import ACCESS_TOKEN, INVALID_CLIENT
from bot.calling.retries import LONGEST_PAUSE
from bot.calling.seal import Seal
from bot.calling.token import StaticToken, TokenSource
from bot.errors import FailedCall, QueueAway, RateLimited, Refused, Unreachable, UnusableToken, WebexError
from bot.settings import ServiceApp, Settings
from bot.token_store import InUse, LockedState, TokenName, TokenState, TokenStore

PAUSE_AHEAD = timedelta(minutes=1)
"""Between two attempts to refresh a token that is still good."""

PAUSE_REFUSED = timedelta(minutes=5)
"""How long Webex is not asked again after it has refused a refresh token."""

PAUSE_FAILED = timedelta(seconds=10)
"""How long no process asks Webex again after it could not be asked: to find that out takes half a minute, in which
all who need a token wait. A longer Retry-After is kept to as well."""

LONGEST_HELD = timedelta(seconds=LONGEST_PAUSE)

WARNED_BEFORE = timedelta(days=7)
"""How long before its end a refresh token counts as ending."""

NO_KEY_FITS = (
    "Put the key back that they were encrypted with, after the others with a comma between. If it is lost, "
    "authorize the service app anew, and put its new refresh token into WEBEX_REFRESH_TOKEN."
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Standing:
    """How it stands with a refresh token. `expires_at` is None where Webex has not said it."""

    expires_at: datetime | None
    has_ended: bool
    ends_soon: bool


def token_source(settings: Settings, store: TokenStore, now: Callable[[], datetime]) -> TokenSource:
    """The token for Webex Calling, as configured: used as it is, or refreshed. `now` is aware, in UTC."""
    access = settings.calling_access
    if isinstance(access, ServiceApp):
        return RefreshedToken.of(access, settings.webex_base_url, store, now)
    return StaticToken.of(access)


class RefreshedToken:
    """A TokenSource. The newest tokens are in the store; the setting `seed` is the refresh token to begin with.

    A process that starts with another seed than the one that the stored tokens came from puts its own in their
    place. Every method raises QueueAway; `current` and `renew` raise Refused where Webex no longer accepts the
    refresh token, and other WebexErrors where it could not be asked.
    """

    def __init__(
        self,
        authorization: Authorization,
        store: TokenStore,
        seal: Seal,
        seed: str,
        now: Callable[[], datetime],
    ) -> None:
        self._authorization = authorization
        self._store = store
        self._seal = seal
        self._seed = seed
        self._seed_hash = hashlib.sha256(f"{authorization.client_id} {seed}".encode()).hexdigest()
        self._now = now
        self._lock = threading.Lock()
        self._held: Grant | None = None
        self._next_attempt: datetime | None = None
        self._refused_at: datetime | None = None
        self._failed: tuple[datetime, WebexError] | None = None
        self._client_refused: tuple[datetime, Refused] | None = None
        self._unkept: tuple[str | None, Grant] | None = None

    @classmethod
    def of(cls, app: ServiceApp, base_url: str, store: TokenStore, now: Callable[[], datetime]) -> Self:
        """The token of a service app, over the network."""
        authorization = Authorization(base_url, app.client_id, app.client_secret, now)
        return cls(authorization, store, Seal(app.keys), app.refresh_token, now)

    def current(self) -> str:
        """The access token. While it is good nobody waits: one thread refreshes it ahead of its end."""
        held, now = self._held, self._now()
        if held is None or not held.is_good(now):
            with self._lock:
                return self._obtain(lambda grant: grant.is_good(self._now())).access_token
        if now >= (self._next_attempt or held.renew_at) and self._lock.acquire(blocking=False):
            try:
                held = self._refresh_ahead(held)
            finally:
                self._lock.release()
        return held.access_token

    def renew(self, refused: str) -> str:
        """The access token in place of one that got 401; the same one if that is what a refresh gives."""
        asked_at = self._now()

        def is_another(grant: Grant) -> bool:
            # From a machine whose clock is ahead, it tells nothing.
            newer = grant.access_token != refused or asked_at < grant.obtained_at <= self._now()
            return newer and grant.is_good(self._now())

        with self._lock:
            return self._obtain(is_another).access_token

    def standing(self) -> Standing:
        """How it stands with the refresh token."""
        state, now = self._store.read(TokenName.REFRESH), self._now()
        grant = self._seal.open(state.sealed) if state.sealed else None
        expires_at = grant.refresh_expires_at if grant else None
        return Standing(
            expires_at,
            has_ended=bool(state.refused_at or self._refused_at) or (expires_at is not None and now >= expires_at),
            ends_soon=expires_at is not None and now >= expires_at - WARNED_BEFORE,
        )

    def can_read(self) -> bool:
        """Whether a key opens what is stored, or it need not be opened, as it is of another seed."""
        return self._fits(self._store.read(TokenName.REFRESH))

    def try_out(self) -> Grant:
        """A fresh grant, whatever is stored: so it shows whether the client and the refresh token are good.

        Whoever tries settings out must do no harm to workers that have others: nothing is kept of a refusal,
        and a grant is encrypted by the key that they know. Raises UnusableToken where none of the keys fits.
        """
        with self._alone() as locked:
            state = locked.state
            if not self._fits(state):
                raise UnusableToken(NO_KEY_FITS)
            stored = self._stored(state)
            grant = self._authorization.refresh(stored.refresh_token if stored else self._seed)
            locked.keep(self._seed_hash, self._seal.close(grant, like=state.sealed))
        return grant

    @contextmanager
    def _alone(self) -> Iterator[LockedState]:
        """Among all threads and processes. Raises Unreachable where another one asks Webex all the while."""
        try:
            with self._store.locked(TokenName.REFRESH) as locked:
                yield locked
        except InUse as error:
            failed = Unreachable(FailedCall("POST", ACCESS_TOKEN))
            self._failed = self._now() + PAUSE_FAILED, failed
            raise failed from error

    def _fits(self, state: TokenState) -> bool:
        return not state.sealed or state.seed != self._seed_hash or self._seal.fits(state.sealed)

    def _refresh_ahead(self, held: Grant) -> Grant:
        """A fresh grant; the one that is held, for another minute at least, where there is none to be had."""
        self._next_attempt = self._now() + PAUSE_AHEAD
        try:
            return self._obtain(lambda grant: self._now() < grant.renew_at)
        except (WebexError, QueueAway) as error:
            log.warning("token.not_refreshed", reason=str(error))
            return held

    def _obtain(self, is_enough: Callable[[Grant], bool]) -> Grant:
        """What is stored, if that is enough, else a fresh grant; alone with it among all threads and processes."""
        # Those who waited for a thread that failed would else fail one after the other, half a minute each.
        if self._failed and self._now() < self._failed[0]:
            raise type(self._failed[1])(self._failed[1].call)
        with self._alone() as locked:
            stored = self._recovered(locked) or self._stored(locked.state)
            if stored and is_enough(stored):
                result: Grant | WebexError = stored
                self._seal_anew(locked, stored)
            else:
                result = self._refresh(locked, stored)
        if isinstance(result, WebexError):
            raise result
        self._held, self._next_attempt, self._unkept = result, None, None
        return result

    def _recovered(self, locked: LockedState) -> Grant | None:
        """What Webex gave and the database could not keep, unless another process has stored something newer.

        Where refresh tokens rotate, what is stored instead is of no use any more.
        """
        if self._unkept is None:
            return None
        (seed, grant), state = self._unkept, locked.state
        if state.sealed and self._seal.fits(state.sealed):
            stored = self._seal.open(state.sealed)
            if stored and stored.obtained_at > grant.obtained_at:
                return None
        locked.keep(seed, self._seal.close(grant))
        return grant

    def _stored(self, state: TokenState) -> Grant | None:
        """What is stored, unless it is of another seed than the one that this process starts with."""
        is_of_another = self._held is None and state.seed != self._seed_hash
        return self._seal.open(state.sealed) if state.sealed and not is_of_another else None

    def _seal_anew(self, locked: LockedState, stored: Grant) -> None:
        """By the newest key: this process may have newer ones than the one that stored it."""
        if self._held is None:
            locked.seal(self._seal.close(stored))

    def _refresh(self, locked: LockedState, stored: Grant | None) -> Grant | WebexError:
        """Ask Webex. What fails is returned, so that what is noted of it is kept."""
        state, now = locked.state, self._now()
        seed = state.seed if stored else self._seed_hash
        refused_at = state.refused_at if state.seed == seed else self._refused_at
        if refused_at and now < refused_at + PAUSE_REFUSED:
            return Refused(FailedCall("POST", ACCESS_TOKEN, 400))
        if self._client_refused and now < self._client_refused[0] + PAUSE_REFUSED:
            return self._client_refused[1]
        if failed := _held_back(state, now):
            return failed
        try:
            grant = self._authorization.refresh(stored.refresh_token if stored else self._seed)
        except Refused as error:
            if refused_at is None:
                log.error("token.refused", call=str(error), tracking_id=error.call.tracking_id)
            if error.call.code == INVALID_CLIENT:
                # It is the id or the secret of this process: others may have the right ones.
                self._client_refused = now, error
            elif state.sealed and (state.seed != seed or not self._seal.fits(state.sealed)):
                # What is stored stays. Where refresh tokens rotate, there may be no other that is good, and this
                # process may be one whose setting is mistyped, or that has not got the newest key yet.
                self._refused_at = now
            else:
                locked.refuse(seed, now)
            return error
        except WebexError as error:
            asked_for = timedelta(seconds=error.call.seconds or 0.0)
            locked.hold_back(self._now() + min(max(asked_for, PAUSE_FAILED), LONGEST_HELD))
            self._failed = self._now() + PAUSE_FAILED, error
            return error
        self._refused_at, self._client_refused, self._unkept = None, None, (seed, grant)
        locked.keep(seed, self._seal.close(grant))
        return grant


def _held_back(state: TokenState, now: datetime) -> WebexError | None:
    """What to say where nobody is to ask yet. What is further away is of a clock that was wrong."""
    if state.held_back_until is None or not now < state.held_back_until <= now + LONGEST_HELD:
        return None
    left = (state.held_back_until - now).total_seconds()
    kind = Unreachable if left <= PAUSE_FAILED.total_seconds() else RateLimited
    return kind(FailedCall("POST", ACCESS_TOKEN, seconds=left))


class TriedToken:
    """A TokenSource of somebody who looks whether all is well: the token is refreshed once, for all calls."""

    def __init__(self, token: RefreshedToken) -> None:
        self._token = token
        self._tried: Grant | WebexError | QueueAway | UnusableToken | None = None

    def grant(self) -> Grant:
        """What Webex gave; raises, each time, what came of it instead. As `RefreshedToken.try_out`."""
        if self._tried is None:
            try:
                self._tried = self._token.try_out()
            except (WebexError, QueueAway, UnusableToken) as error:
                self._tried = error
        if isinstance(self._tried, Grant):
            return self._tried
        raise self._tried

    def current(self) -> str:
        """The access token."""
        return self.grant().access_token

    def renew(self, refused: str) -> str:
        """The same one: it is fresh."""
        return refused

    def can_read(self) -> bool:
        """Whether the keys open what is stored."""
        return self._token.can_read()

    def standing(self) -> Standing:
        """How it stands with the refresh token."""
        return self._token.standing()
