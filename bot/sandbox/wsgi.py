"""HTTP/1.1 for a WSGI application, with connections that stay open.

werkzeug's own server closes each connection, and after each answer reads away whatever comes: with many small
requests a second, connecting anew would be most of what is measured. Its requests are used, its answers are not.
"""

import socket
import time
from contextlib import suppress
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

RECEIVED = "sandbox.received"
"""The key in the environment of a request: when its first line was there, by time.perf_counter, in seconds."""


class Server(ThreadedWSGIServer):
    """A server with a thread for each connection, which closes the open ones when it is closed."""

    request_queue_size = 128

    def __init__(self, port: int, app: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__("127.0.0.1", port, app, handler=_RequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and serve it in a thread."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and end the open connections: the threads that read from them close them."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):  # the client was quicker
                connection.shutdown(socket.SHUT_RDWR)


class _RequestHandler(WSGIRequestHandler):
    """Answers all requests of a connection. The application has to read every body to its end, as `Edge` does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or some answers wait 40 ms for an acknowledgement
    wbufsize = -1  # head and body in one packet

    def handle_expect_100(self) -> bool:
        """Ask for the body of a large upload, which the client holds back until then."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def parse_request(self) -> bool:
        """Read the rest of the head: the first line is there."""
        self._received = time.perf_counter()
        return super().parse_request()

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = {**self.make_environ(), RECEIVED: self._received}
        response = Response.from_app(self.server.app, environ, buffered=True)
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.get_data())

    def log(self, *_: Any) -> None:
        """Say nothing: GET /sandbox/calls lists the requests."""
