"""A receiver of webhooks that keeps what it is sent."""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any, Self


@dataclass(frozen=True)
class Received:
    """One delivery: its headers and the bytes of its body."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value

    @property
    def what(self) -> str:
        return f"{self.json['resource']}/{self.json['event']}"


class Receiver:
    """Answers every delivery with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self._received: Queue[Received] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webex"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next(self) -> Received:
        """The next delivery; raises queue.Empty where none comes for five seconds."""
        return self._received.get(timeout=30)

    def next_of(self, count: int) -> list[str]:
        """What the next deliveries are about, such as `messages/created`."""
        return [self.next().what for _ in range(count)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._received.put(Received(dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
