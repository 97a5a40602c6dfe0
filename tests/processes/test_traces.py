"""Traces of real processes: one for each event, from webhook to reply, and nothing of anybody's in them."""

import json

from collector import Collector, ReceivedSpan, collector
from directories import started_directory
from installation import installation, wait_until

SAID = (b"14085550123", b"Jane", b"Doe", b"bananas", b"sandbox-", b"of-the-process-tests", b"key-of-the-collector")
HEADERS = "x-key=key-of-the-collector,what can't be read: key-of-the-collector"


def test_an_event_is_one_trace_and_is_answered_without_a_collector_too() -> None:
    with started_directory() as directory:
        with collector() as collecting, installation(directory, **_environ(collecting)) as bot:
            asked = bot.ask("add 5012 +14085550123 Jane Doe bananas")
            room = asked["roomId"]
            wait_until(lambda: bot.plan_in(room) is not None, "the plan is shown")
            wait_until(lambda: len(_trace_of(collecting, asked["id"])) > 4, "the trace is collected")
            _check_trace(_trace_of(collecting, asked["id"]))
            assert [word for word in SAID if word in collecting.received] == []
            assert collecting.keys == {"key-of-the-collector"}
            collecting.shutdown()
            collecting.server_close()
            before = len(bot.answers(room))
            bot.ask("help")
            wait_until(lambda: len(bot.answers(room)) > before, "help is shown, though nobody collects")
        written = bot.log.read_text()
    assert "Failed to export" in written
    assert "key-of-the-collector" not in written
    lines = [json.loads(line) for line in written.splitlines()]
    [trace_id] = {one.trace_id for one in _trace_of(collecting, asked["id"])}
    told = [line["event"] for line in lines if line.get("trace_id") == trace_id]
    assert told[0] == "event.deferred"
    assert {"command.ended", "calling.answered", "event.answered"} <= set(told)


def _environ(collecting: Collector) -> dict[str, str]:
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collecting.address,
        "OTEL_EXPORTER_OTLP_HEADERS": HEADERS,
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "LOG_LEVEL": "INFO",
    }


def _trace_of(collecting: Collector, event_id: str) -> list[ReceivedSpan]:
    """All spans of the trace of an event, once its answer is among them; by their begin."""
    spans = list(collecting.spans)
    found = {one.trace_id for one in spans if one.name == "answer" and one.attributes["event_id"] == event_id}
    return sorted((one for one in spans if one.trace_id in found), key=lambda one: one.began)


def _check_trace(spans: list[ReceivedSpan]) -> None:
    """The webhook is the parent of the answer, and that one of all calls."""
    webhook, answer, *calls = spans
    assert (webhook.name, webhook.service, webhook.parent_id) == ("webhook", "extbot-web", "")
    assert webhook.attributes == {
        "resource": "messages",
        "event": "created",
        "event_id": answer.attributes["event_id"],
        "outcome": "deferred",
    }
    assert (answer.name, answer.service, answer.parent_id) == ("answer", "extbot-worker", webhook.span_id)
    assert (answer.attributes["command"], answer.attributes["outcome"]) == ("extensions.add", "ok")
    assert answer.attributes["queue_milliseconds"] >= 0
    assert {call.parent_id for call in calls} == {answer.span_id}
    assert (calls[0].name, calls[-1].name) == ("GET /messages/{id}", "POST /messages")
    assert all(answer.began <= call.began <= call.ended <= answer.ended for call in calls)
    assert all(call.attributes["tracking_id"] for call in calls)
    assert not any(one.has_failed for one in spans)
    assert len({one.version for one in spans}) == 1
