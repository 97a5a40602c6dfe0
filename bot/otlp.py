"""Spans by OpenTelemetry: kept in memory, and sent to a collector in the background, over OTLP/HTTP.

Where the collector does not answer, spans are lost, and nothing else.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread
from types import TracebackType

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot.tracing import Attribute, Span, Tracer

FLUSH_SECONDS = 2.0
"""How long the end of a process waits for its last spans to be sent."""

TRACES_PATH = "/v1/traces"

KINDS = {"webhook": SpanKind.SERVER, "answer": SpanKind.CONSUMER}
ERROR_TYPE = "error.type"


@contextmanager
def open_exporting_tracer(endpoint: str, service: str) -> Iterator[Tracer]:
    """A tracer whose spans go to the collector at `endpoint`; the last ones when the block ends."""
    # Its warnings quote OTEL_EXPORTER_OTLP_HEADERS, which hold a secret, where they can't be read.
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    provider = TracerProvider(resource=_resource(service), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint + TRACES_PATH)))
    try:
        yield ExportingTracer(provider.get_tracer("bot"))
    finally:
        # The SDK itself would wait for half a minute. A daemon: what still hangs then ends with the process.
        flush = Thread(target=provider.shutdown, daemon=True, name="flush-spans")
        flush.start()
        flush.join(FLUSH_SECONDS)


def _resource(service: str) -> Resource:
    """What the environment says of this process goes before what we say."""
    ours = {"service.name": service, "service.version": version("virtual-extension-bot")}
    return Resource.create(ours).merge(OTELResourceDetector().detect())


class ExportingTracer:
    """Begins spans; `now` is in nanoseconds since 1970."""

    def __init__(self, tracer: trace.Tracer, now: Callable[[], int] = time.time_ns) -> None:
        self._tracer = tracer
        self._now = now
        self._propagator = TraceContextTextMapPropagator()

    def start(self, name: str, parent: str | None, attributes: dict[str, Attribute]) -> Span:
        """A span that begins now; one whose parent can't be read begins a trace of its own."""
        context = self._propagator.extract({"traceparent": parent} if parent else {}, Context())
        span = self._tracer.start_span(
            name, context, KINDS.get(name, SpanKind.INTERNAL), attributes, start_time=self._now()
        )
        return ExportedSpan(self._tracer, span, self._now)


class ExportedSpan:
    """A span, and what is within it."""

    def __init__(self, tracer: trace.Tracer, span: trace.Span, now: Callable[[], int]) -> None:
        self._tracer = tracer
        self._span = span
        self._now = now

    @property
    def trace_id(self) -> str:
        """As the collector shows it."""
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    @property
    def traceparent(self) -> str:
        """As W3C Trace Context writes it."""
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, trace.set_span_in_context(self._span))
        return carrier.get("traceparent", "")

    def annotate(self, attributes: dict[str, Attribute]) -> None:
        """Tell more of it."""
        self._span.set_attributes(attributes)

    def add_call(self, method: str, path: str, seconds: float, attributes: dict[str, Attribute]) -> None:
        """Add a request that has just ended, named as the conventions of OpenTelemetry have it."""
        ended = self._now()
        call = self._tracer.start_span(
            f"{method} {path}",
            trace.set_span_in_context(self._span),
            SpanKind.CLIENT,
            {"http.request.method": method, "url.template": path, **attributes},
            start_time=ended - int(seconds * 1e9),
        )
        if ERROR_TYPE in attributes:
            call.set_status(Status(StatusCode.ERROR))
        call.end(ended)

    def __enter__(self) -> Span:
        """It has begun already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End it. The words of an exception may hold what somebody wrote: only its type is told."""
        if kind is not None:
            self._span.set_attribute(ERROR_TYPE, kind.__qualname__)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end(self._now())
