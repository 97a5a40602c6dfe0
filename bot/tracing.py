"""Traces: an event's way from its webhook to the reply, as spans. Without a collector none are made.

What makes them is in `bot/otlp.py`, which is loaded only where a collector is set.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

import structlog

from bot.settings import Settings

Attribute = str | int
"""What a span may tell: words of our own, and ids of events; nothing that somebody wrote, no name, no number."""


class Span(AbstractContextManager["Span"], Protocol):
    """A part of a trace, which ends with its block. Of an exception it tells the type alone."""

    @property
    def trace_id(self) -> str:
        """The id of the whole trace, 32 hexadecimal digits."""

    @property
    def traceparent(self) -> str:
        """The span, as W3C Trace Context writes it for whoever goes on with the trace."""

    def annotate(self, attributes: dict[str, Attribute]) -> None:
        """Tell more of it."""

    def add_call(self, method: str, path: str, seconds: float, attributes: dict[str, Attribute]) -> None:
        """Add a request that has just ended, after so many seconds; `path` is the template."""


class Tracer(Protocol):
    """Begins spans."""

    def start(self, name: str, parent: str | None, attributes: dict[str, Attribute]) -> Span:
        """A span that begins now; `parent` is the `traceparent` of the one that it belongs to."""


_current: ContextVar[Span | None] = ContextVar("span", default=None)


@contextmanager
def open_tracer(settings: Settings, service: str) -> Iterator[Tracer | None]:
    """The tracer of a process, for as long as the block lasts; None where no collector is set.

    `service` is its name, unless OTEL_SERVICE_NAME says otherwise.
    """
    if settings.otel_exporter_otlp_endpoint is None:
        yield None
        return
    # Not at import: nobody pays with time or memory for what is not used.
    from bot.otlp import open_exporting_tracer

    with open_exporting_tracer(settings.otel_exporter_otlp_endpoint, service) as tracer:
        yield tracer


def traced(
    tracer: Tracer | None, name: str, parent: str | None = None, **attributes: Attribute
) -> AbstractContextManager[None]:
    """A block that is a span, if there is a tracer; its lines of the log have the `trace_id`."""
    return nullcontext() if tracer is None else _within(tracer.start(name, parent, attributes))


@contextmanager
def _within(span: Span) -> Iterator[None]:
    before = _current.set(span)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=span.trace_id), span:
            yield
    finally:
        _current.reset(before)


def annotate(**attributes: Attribute) -> None:
    """Tell more of the span that we are in, if any."""
    if span := _current.get():
        span.annotate(attributes)


def traceparent() -> str | None:
    """The span that we are in, for whoever goes on with its trace."""
    span = _current.get()
    return span.traceparent if span else None


def trace_call(
    api: str,
    method: str,
    path: str,
    status: int | None,
    seconds: float,
    tracking_id: str | None,
    reason: str | None,
) -> None:
    """Add a call to Webex to the span that we are in, if any; `path` is the template."""
    if span := _current.get():
        told = {"api": api, "http.response.status_code": status, "tracking_id": tracking_id, "error.type": reason}
        if status is not None and status >= 400:
            told["error.type"] = str(status)
        span.add_call(method, path, seconds, {name: value for name, value in told.items() if value is not None})
