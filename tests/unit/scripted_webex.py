"""A real HTTP server on the loopback that answers what a test has written down, and keeps what it was asked."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.calling.token import StaticToken
from bot.webex.session import WebexSession


@dataclass(frozen=True)
class Answer:
    """`body` is sent as JSON, or as it is where it is bytes. `drop` closes the connection instead of answering.

    `takes` says how many seconds pass until the first byte of the body is there; then the rest does not come.
    """

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    takes: float = 0.0


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: Any
    authorization: str


@dataclass
class ScriptedWebex:
    url: str
    asked: list[Asked] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    passed: float = 0.0

    def will_answer(self, *answers: Answer) -> None:
        """One answer for each of the next requests, whatever they ask for."""
        self.answers.extend(answers)

    def session(self) -> WebexSession:
        """A session that notes how long it would have slept."""
        return WebexSession(
            StaticToken("token-of-the-bot"),
            f"{self.url}/v1",
            sleep=self.slept.append,
            clock=lambda: self.passed + sum(self.slept),
        )

    @property
    def lines(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.asked]


@contextmanager
def scripted_webex() -> Iterator[ScriptedWebex]:
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.webex
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    @cached_property
    def webex(self) -> ScriptedWebex:
        return ScriptedWebex(f"http://127.0.0.1:{self.server_address[1]}")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self) -> None:
        webex: ScriptedWebex = self.server.webex
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authorization = self.headers.get("Authorization", "")
        webex.asked.append(Asked(self.command, self.path, json.loads(body) if body else None, authorization))
        answer = webex.answers.popleft()
        if answer.drop:
            self.close_connection = True
            return
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(0 if answer.status == 204 else len(content)))
        self.end_headers()
        if answer.takes:
            webex.passed += answer.takes
            self.wfile.write(content[:1])
            # Until the client goes away.
            self.close_connection = not self.rfile.read(1)
            return
        self.wfile.write(b"" if answer.status == 204 or self.command == "HEAD" else content)
