"""Stand-ins for the service: small callables with state, for httpx.MockTransport."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
from shared_time import PassingTime

from bot.calling.client import CallingClient
from bot.calling.retries import RetryPolicy
from bot.calling.token import StaticToken, TokenSource

BASE_URL = "https://webex.test/v1"
EXTENSION_ID = "Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OLzZkNmYwNmVl"
RANGE_ID = "Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OX1JBTkdFLzk0OTg"
LOCATION_ID = "Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OL2E4Mjg5NzIyLTFiODA"
ORG_ID = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi85NmFiYzJhYQ"

Answer = httpx.Response | httpx.RequestError


@dataclass
class Script:
    """Gives the answers in turn, the last one for ever, and remembers what was asked."""

    answers: list[Answer]
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, httpx.RequestError):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def lines(self) -> list[str]:
        """What was asked, as method and path."""
        return [f"{request.method} {request.url.path}" for request in self.requests]


@dataclass
class Shelf:
    """Extensions 0 to `count` - 1 in pages. It counts calls, and how many were open at a time.

    `linked`: "offset" or "cursor" Links, or none; `cap`: the largest page it gives; `strict`: 400 behind the end.
    """

    count: int
    linked: str | None = "offset"
    cap: int = 1000
    strict: bool = False
    key: str = "virtualExtensions"
    calls: int = 0
    open: int = 0
    most_open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.calls += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        try:
            return self._page(request)
        finally:
            with self.lock:
                self.open -= 1

    def _page(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        start = int(query.get("cursor", query.get("start", "0")))
        size = min(int(query.get("max", "10")), self.cap)
        if self.strict and start >= self.count:
            return httpx.Response(400, json={"message": "start is behind the end"})
        items = [
            {"id": f"{EXTENSION_ID}{i}", "extension": str(i)} for i in range(self.count)[start : start + size]
        ]
        return httpx.Response(200, json={self.key: items} if items else {}, headers=self._link(start + size, size))

    def _link(self, following: int, size: int) -> dict[str, str]:
        if self.linked is None or following >= self.count:
            return {}
        name = "start" if self.linked == "offset" else "cursor"
        return {"Link": f'<https://elsewhere.test/page?{name}={following}&max={size}>; rel="next"'}


def client_of(
    service: Callable[[httpx.Request], httpx.Response],
    *,
    clock: PassingTime | None = None,
    token: TokenSource | None = None,
    org_id: str | None = None,
) -> CallingClient:
    """A client of the stand-in: no network, no waiting, no chance in its pauses."""
    clock = clock or PassingTime()
    return CallingClient(
        BASE_URL,
        token or StaticToken("secret"),
        org_id=org_id,
        transport=httpx.MockTransport(service),
        sleep=clock.sleep,
        clock=clock,
        retries=RetryPolicy(jitter=lambda: 1.0),
    )


def answered(status: int = 200, json: object = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """A JSON answer with a tracking id in its header."""
    return httpx.Response(status, json=json, headers={"trackingId": "ROUTER_1", **(headers or {})})
