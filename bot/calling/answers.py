"""One request over httpx, and its answer, read until a deadline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx

from bot.calling.pages import Query
from bot.calling.retries import read_retry_after
from bot.calls import note_call

CONNECT_TIMEOUT = 5.0
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What goes wrong before the request has left: nothing can have been done."""


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is None where nothing did, and `sent` says whether the request had left."""

    status: int | None
    body: bytes = b""
    tracking_id: str | None = None
    retry_after: float | None = None
    next: Query | None = None
    sent: bool = True

    @property
    def succeeded(self) -> bool:
        """Whether Webex did what was asked."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Sender:
    """Sends requests. `clock` and `silence`, which an answer may keep for so long at once, are in seconds."""

    http: httpx.Client
    silence: float
    clock: Callable[[], float]

    def send(self, method: str, path: str, url: str, deadline: float, **given: Any) -> Answer:
        """One request. `path` is the template of `url`, for the log; `given` are further arguments of httpx.

        The timeouts of httpx are between bytes, so the deadline of the clock is kept while reading.
        """
        began = self.clock()
        left = max(0.0, deadline - began)
        timeout = httpx.Timeout(min(self.silence, left), connect=min(CONNECT_TIMEOUT, left))
        try:
            with self.http.stream(method, url, timeout=timeout, **given) as response:
                answer = _answer(response, self._body(response, deadline))
        except httpx.RequestError as error:
            note_call("calling", method, path, None, self.clock() - began, reason=type(error).__name__)
            return Answer(None, sent=not isinstance(error, NOT_SENT))
        note_call("calling", method, path, answer.status, self.clock() - began, tracking_id=answer.tracking_id)
        return answer

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if self.clock() > deadline:
                raise httpx.ReadTimeout("The answer takes longer than a call may.")
        return bytes(body)


def _answer(response: httpx.Response, body: bytes) -> Answer:
    following = response.links.get("next", {}).get("url")
    return Answer(
        response.status_code,
        body,
        response.headers.get("trackingId"),
        read_retry_after(response.headers.get("Retry-After")),
        # Only the query is taken, so that a Link never leads the token to another host.
        dict(parse_qsl(following.partition("?")[2])) if following else None,
    )
