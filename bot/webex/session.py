"""The session of webexteamssdk with what it lacks: timeouts, bounded repetition, the exceptions of `bot.errors`.

It can be shared by threads, and keeps its connections open.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import requests
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError
from webexteamssdk.exceptions import ApiError, MalformedResponse
from webexteamssdk.restsession import RestSession

from bot.calling.errors import failure, read_failure
from bot.calling.limiter import Limiter
from bot.calling.retries import RetryPolicy, read_retry_after
from bot.calling.token import TokenSource
from bot.calls import note_call
from bot.errors import FailedCall, Invalid, RateLimited, Refused, Unreachable, WebexError
from bot.events import WebexId
from bot.webex.models import Action, Membership, Message, Profile, Role, Space, Webhook
from bot.webex.punctual import read_until

CONNECT_TIMEOUT = 5.0
SHORTEST_TIMEOUT = 0.001
"""Seconds, where nothing is left until the deadline: requests knows no timeout of none."""

TEMPLATES = (
    (re.compile(r"^(messages|attachment/actions|people|webhooks)/(?!me$)[^/]+"), r"/\1/{id}"),
    (re.compile(r"^.*identity/scim/[^/]+/v2/Users/[^/]+"), "/identity/scim/{orgId}/v2/Users/{userId}"),
)
"""Paths with an id in them, and how they are told."""

MODELS: Mapping[str, type[BaseModel]] = {
    "membership": Membership,
    "message": Message,
    "attachment_action": Action,
    "person": Profile,
    "role": Role,
    "room": Space,
    "webhook": Webhook,
}

T = TypeVar("T")

log = structlog.get_logger()
_webex_id = TypeAdapter(WebexId)


class WebexSession(RestSession):  # type: ignore[misc] # the SDK has no types
    """One token's connections to Webex. `base_url` as in the settings, without a slash at its end.

    Its calls are counted and logged as those of `api`.
    """

    def __init__(
        self,
        token: TokenSource,
        base_url: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        retries: RetryPolicy | None = None,
        limiter: Limiter | None = None,
        api: str = "messaging",
    ) -> None:
        # Without the slash the SDK would drop "/v1" (it joins as a browser does). It never waits by itself here,
        # and its own header gives way to the token of each request.
        super().__init__("", f"{base_url}/", wait_on_rate_limit=False)
        _look_around_once(self._req_session, base_url)
        self._token = token
        self.sleep = sleep
        self._clock = clock
        self._retries = retries or RetryPolicy()
        self._limiter = limiter or Limiter()
        self._api = api

    def request(self, method: str, url: str, erc: int, **kwargs: Any) -> requests.Response:
        """What every call of the SDK goes through: once more with a fresh token after 401, if there is another.

        `url` is relative to the base, or that of a next page; `erc` the status that means success.
        Raises WebexError.
        """
        deadline = self._clock() + self._retries.deadline
        token = self._token.current()
        try:
            return self._repeated(method, url, erc, token, deadline, **kwargs)
        except Refused as error:
            fresh = self._token.renew(token) if error.call.status == requests.codes.unauthorized else token
            if fresh == token:
                raise
        return self._repeated(method, url, erc, fresh, deadline, **kwargs)

    def _repeated(
        self, method: str, url: str, erc: int, token: str, deadline: float, **kwargs: Any
    ) -> requests.Response:
        """Repeated while that is safe and may help."""
        path, attempt = _template(url.removeprefix(self.base_url)), 0
        while True:
            attempt += 1
            self._limiter.admit(method, path, deadline - self._clock())
            try:
                return self._request_once(method, path, url, erc, deadline, auth=_Bearer(token), **kwargs)
            except WebexError as error:
                pause = self._retries.pause(attempt, error.call.seconds)
                if isinstance(error, RateLimited):
                    self._limiter.pause(self._retries.pause(1, error.call.seconds))
                is_last = attempt >= self._retries.tries or self._clock() + pause > deadline
                if is_last or not self._is_repeatable(error):
                    raise
                log.warning("webex.repeated", call=str(error), pause=round(pause, 2))
                self.sleep(pause)

    def _is_repeatable(self, error: WebexError) -> bool:
        """Reading always may be; a change only where it was certainly not carried out, as after 429.

        So may deleting: what is gone is not found, and that is as good.
        """
        changes = error.call.method not in {"GET", "DELETE"}
        not_sent = error.call.status is None and not error.call.outcome_unknown
        return not_sent or self._retries.repeats(error.call.status, changes=changes)

    def _request_once(
        self, method: str, path: str, url: str, erc: int, deadline: float, **kwargs: Any
    ) -> requests.Response:
        began = self._clock()
        try:
            response = self._exchange(method, path, url, erc, deadline, **kwargs)
        except WebexError as error:
            reason = type(error.__cause__ or error).__name__
            self._note(method, path, error.call.status, began, tracking_id=error.call.tracking_id, reason=reason)
            raise
        tracking_id = response.headers.get("trackingId")
        self._note(method, path, response.status_code, began, tracking_id=tracking_id)
        return response

    def _note(self, method: str, path: str, status: int | None, began: float, **more: str | None) -> None:
        note_call(self._api, method, path, status, self._clock() - began, **more)

    def _exchange(
        self, method: str, path: str, url: str, erc: int, deadline: float, **kwargs: Any
    ) -> requests.Response:
        def read(response: requests.Response, **_: object) -> None:
            read_until(deadline, response, self._clock)
            # Before the SDK sees it: its errors can't be built from a body that is a list, nor from a Retry-After
            # that is not a number.
            _raise_if_failed(path, response)

        left = max(deadline - self._clock(), SHORTEST_TIMEOUT)
        timeout = (min(CONNECT_TIMEOUT, left), min(self._retries.silence, left))
        kwargs.update(timeout=timeout, stream=True, hooks={"response": read})
        changes = method != "GET"
        try:
            response = self._send(method, url, erc, **kwargs)
        except requests.RequestException as error:
            unknown = changes and not _is_unconnected(error)
            raise Unreachable(FailedCall(method, path, outcome_unknown=unknown)) from error
        except ApiError as error:
            raise Unreachable(FailedCall(method, path, error.status_code, outcome_unknown=changes)) from error
        if response.status_code != requests.codes.no_content and not _is_object(response.content):
            tracking_id = response.headers.get("trackingId")
            raise Unreachable(
                FailedCall(method, path, response.status_code, tracking_id=tracking_id, outcome_unknown=changes)
            )
        return response

    def _send(self, method: str, url: str, erc: int, **kwargs: Any) -> requests.Response:
        """Send, and once more where the connection was closed without a byte of an answer.

        A server that closes an idle connection at the moment when we write to it looks like that. So does one that
        dies over the request: what must not be said twice is looked for first, when its event comes again.
        """
        try:
            response: requests.Response = super().request(method, url, erc, **kwargs)
        except requests.ConnectionError as error:
            if method == "POST" or not _was_closed_unanswered(error):
                raise
            response = super().request(method, url, erc, **kwargs)
        return response


def _look_around_once(session: requests.Session, base_url: str) -> None:
    """Take proxies and certificates from the environment now: requests looks for them again at every request."""
    found = session.merge_environment_settings(base_url, {}, None, None, None)
    session.proxies, session.verify, session.cert = found["proxies"], found["verify"], found["cert"]
    session.trust_env = False


class _Bearer(AuthBase):
    """The token of one request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _template(url: str) -> str:
    """The path of a URL below the base, with its ids replaced by what they are."""
    path = url.partition("?")[0]
    return next((form.sub(told, path) for form, told in TEMPLATES if form.match(path)), f"/{path}")


def _raise_if_failed(path: str, response: requests.Response) -> None:
    if response.status_code < 400:
        return
    call = FailedCall(
        response.request.method or "",
        path,
        response.status_code,
        tracking_id=response.headers.get("trackingId"),
        seconds=read_retry_after(response.headers.get("Retry-After")),
    )
    raise failure(read_failure(call, response.content))


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _is_unconnected(error: requests.RequestException) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _was_closed_unanswered(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, ProtocolError) and isinstance(cause.args[-1], ConnectionError)


def read_object(kind: str, answer: object) -> BaseModel:
    """What the SDK makes its objects with: our own models, by the SDK's names for them. Raises Unreachable."""
    try:
        return MODELS[kind].model_validate(answer)
    except ValidationError as error:
        raise Unreachable(FailedCall("GET", f"/{kind}", 200)) from error


def check_id(webex_id: str) -> str:
    """The id, if it can stand in a path: the SDK does not quote, and `../` would reach another endpoint."""
    try:
        return _webex_id.validate_python(webex_id)
    except ValidationError:
        raise Invalid(FailedCall("GET", "/{id}", message="The id is not a Webex id.")) from None


def items(listing: Iterable[T]) -> Iterator[T]:
    """The things of a list of the SDK, page after page. Raises Unreachable for a page that can't be read."""
    try:
        yield from listing
    except MalformedResponse as error:
        raise Unreachable(FailedCall("GET", "/{list}", 200)) from error
