"""What stands before several web processes: each request goes to the next of them, and no one is kept to one."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import requests
from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server


class LoadBalancer:
    """Forwards requests, and counts the answers by port and status; 502 stands for a server that is not there."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._lock = threading.Lock()
        self.answers: Counter[tuple[int, int]] = Counter()
        self.address = ""

    def forward(self, path: str) -> Response:
        """Pass the request on to the next server."""
        with self._lock:
            port = next(self._ports)
        headers = {name: value for name, value in request.headers if name.lower() not in {"host", "connection"}}
        url = f"http://127.0.0.1:{port}/{path}"
        try:
            answer = requests.request(request.method, url, data=request.get_data(), headers=headers, timeout=30)
        except requests.ConnectionError:
            return self._counted(port, Response(status=502))
        return self._counted(port, Response(answer.content, answer.status_code))

    def statuses(self) -> set[int]:
        """Every status that was answered so far."""
        return {status for _, status in self.answers}

    def refusals(self) -> int:
        """How many requests were answered 503."""
        return sum(count for (_, status), count in self.answers.items() if status == 503)

    def _counted(self, port: int, response: Response) -> Response:
        with self._lock:
            self.answers[port, response.status_code] += 1
        return response


@contextmanager
def load_balancer(ports: Sequence[int]) -> Iterator[LoadBalancer]:
    """A load balancer before those ports of this machine, for as long as the block lasts."""
    balancer, app = LoadBalancer(ports), Flask("load_balancer")
    app.add_url_rule("/<path:path>", view_func=balancer.forward, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    balancer.address = f"http://127.0.0.1:{server.port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield balancer
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""
