"""Spans as they are made, without processes: parents, errors, names of the service."""

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.otlp import ExportingTracer
from bot.tracing import annotate, trace_call, traced, traceparent


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(spans: InMemorySpanExporter) -> ExportingTracer:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return ExportingTracer(provider.get_tracer("bot"), now=lambda: 7_000_000_000)


def call(status: int | None, reason: str | None = None) -> None:
    trace_call("calling", "GET", "/telephony/config/locations", status, 2.0, "ROUTER_1", reason)


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


@pytest.mark.parametrize("parent", [None, "", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_without_a_readable_parent_a_trace_begins(
    tracer: ExportingTracer, spans: InMemorySpanExporter, parent: str | None
) -> None:
    """As for jobs of before the upgrade."""
    with traced(tracer, "answer", parent):
        assert traceparent()
    assert spans.get_finished_spans()[0].parent is None


def test_a_trace_is_gone_on_with(tracer: ExportingTracer, spans: InMemorySpanExporter) -> None:
    with traced(tracer, "webhook"):
        carried = traceparent()
    assert traceparent() is None
    with traced(tracer, "answer", carried):
        pass
    webhook, answer = spans.get_finished_spans()
    assert answer.parent is not None
    assert answer.parent.span_id == webhook.context.span_id
    assert answer.parent.trace_id == answer.context.trace_id == webhook.context.trace_id


def test_of_an_exception_the_type_alone_is_told(tracer: ExportingTracer, spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Jane Doe"), traced(tracer, "answer"):
        raise ValueError("Jane Doe")
    [answer] = spans.get_finished_spans()
    assert "Jane" not in answer.to_json()
    assert (attributes(answer), answer.status.is_ok, answer.events) == ({"error.type": "ValueError"}, False, ())


def test_calls_are_within_their_span(tracer: ExportingTracer, spans: InMemorySpanExporter) -> None:
    with traced(tracer, "answer"):
        call(200)
        call(503)
        call(None, "ReadTimeout")
    good, bad, lost, answer = spans.get_finished_spans()
    assert [one.parent for one in (good, bad, lost)] == [answer.context] * 3
    assert (good.start_time, good.end_time) == (5_000_000_000, 7_000_000_000)
    assert attributes(good) == {
        "api": "calling",
        "http.request.method": "GET",
        "url.template": "/telephony/config/locations",
        "http.response.status_code": 200,
        "tracking_id": "ROUTER_1",
    }
    assert [one.status.is_ok for one in (good, bad, lost, answer)] == [True, False, False, True]
    assert [attributes(one)["error.type"] for one in (bad, lost)] == ["503", "ReadTimeout"]


def test_outside_of_a_span_nothing_is_noted(spans: InMemorySpanExporter) -> None:
    with traced(None, "answer"):
        annotate(outcome="ok")
        call(200)
        assert traceparent() is None
    assert spans.get_finished_spans() == ()
