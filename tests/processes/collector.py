"""A small OpenTelemetry collector: takes spans over OTLP/HTTP and keeps them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class ReceivedSpan:
    """A span, as a collector shows it; ids in hexadecimal, times in nanoseconds since 1970."""

    service: str
    version: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    began: int
    ended: int
    has_failed: bool
    attributes: dict[str, Any]


class Collector(ThreadingHTTPServer):
    """Listens at a port of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.spans: list[ReceivedSpan] = []
        self.received = b""
        self.keys: set[str | None] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, body: bytes, key: str | None) -> None:
        self.received += body
        self.keys.add(key)
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = _attributes(group.resource.attributes)
            self.spans += [_span(one, resource) for scope in group.scope_spans for one in scope.spans]


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.server.take(self.rfile.read(int(self.headers["Content-Length"])), self.headers["X-Key"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


def _span(one: Any, resource: dict[str, Any]) -> ReceivedSpan:
    return ReceivedSpan(
        service=resource["service.name"],
        version=resource["service.version"],
        name=one.name,
        trace_id=one.trace_id.hex(),
        span_id=one.span_id.hex(),
        parent_id=one.parent_span_id.hex(),
        began=one.start_time_unix_nano,
        ended=one.end_time_unix_nano,
        has_failed=one.status.code == one.status.STATUS_CODE_ERROR,
        attributes=_attributes(one.attributes),
    )


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector, for as long as the block lasts."""
    with Collector() as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()
