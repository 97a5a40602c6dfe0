"""The receiver: signatures over the raw bytes, envelopes, and nothing but a clear answer to everything else."""

import hashlib
import hmac
import json
import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueueAway
from bot.events import Envelope
from bot.webhook import MAX_BYTES, is_signed, webhook

SECRET = b"a-secret"
OWN_ID = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9ib3Q"
EVENT = {
    "id": "the-webhook",
    "resource": "messages",
    "event": "created",
    "actorId": "somebody",
    "data": {"id": "message-1", "roomId": "room-1", "personId": "somebody", "roomType": "direct"},
}


class Kept:
    """A queue that keeps what is deferred, while it is there."""

    def __init__(self) -> None:
        self.events: list[Envelope] = []
        self.is_away = False

    def defer(self, envelope: Envelope) -> None:
        if self.is_away:
            raise QueueAway("The database does not answer.")
        self.events.append(envelope)


@pytest.fixture
def queue() -> Kept:
    return Kept()


@pytest.fixture
def client(queue: Kept) -> FlaskClient:
    app = Flask("receiver")
    app.register_blueprint(webhook(queue, SECRET, OWN_ID))
    return app.test_client()


def sign(body: bytes, algorithm: str = "sha1") -> str:
    return hmac.new(SECRET, body, algorithm).hexdigest()


def post(client: FlaskClient, event: Any, **headers: str) -> tuple[int, Any]:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    answer = client.post("/webex", data=body, headers={"X-Spark-Signature": sign(body), **headers})
    return answer.status_code, answer.get_json()


def test_a_signed_event_is_deferred(client: FlaskClient, queue: Kept) -> None:
    assert post(client, EVENT) == (200, {"status": "deferred"})
    assert queue.events[0].key == ("messages", "created", "message-1")


@pytest.mark.parametrize("signature", ["", "0" * 40, "é" * 40, sign(b"other bytes")])
def test_a_wrong_or_missing_signature_is_refused(client: FlaskClient, queue: Kept, signature: str) -> None:
    body = json.dumps(EVENT).encode()
    answer = client.post("/webex", data=body, headers={"X-Spark-Signature": signature.encode().decode("latin-1")})
    assert answer.status_code == 401
    assert queue.events == []


def test_the_newer_signature_is_checked_where_it_is_present(client: FlaskClient) -> None:
    body = json.dumps(EVENT).encode()
    right = f"SHA-256={sign(body, 'sha256')}, SHA-512={sign(body, 'sha512')}"
    assert post(client, EVENT, **{"X-Webex-Signature": right})[0] == 200
    assert post(client, EVENT, **{"X-Webex-Signature": "SHA-256=" + "0" * 64})[0] == 401
    assert post(client, EVENT, **{"X-Webex-Signature": "v2=abc123"})[0] == 200


def test_the_signature_is_of_the_raw_bytes(client: FlaskClient) -> None:
    """White space and order of keys count: nothing is written anew before it is checked."""
    assert post(client, json.dumps(EVENT, indent=4).encode())[0] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"resource": 1}', b'"text"'])
def test_what_is_no_event_is_told_so(client: FlaskClient, queue: Kept, body: bytes) -> None:
    status, answer = post(client, body)
    assert status == 400
    assert answer["error"].startswith("The body is not a Webex event")
    assert queue.events == []


@pytest.mark.parametrize(("resource", "event"), [("rooms", "created"), ("messages", "deleted"), ("", "")])
def test_an_event_that_is_not_handled_is_told_so(client: FlaskClient, resource: str, event: str) -> None:
    assert post(client, {**EVENT, "resource": resource, "event": event})[0] == 422


def test_a_body_that_is_too_large_is_refused(client: FlaskClient, queue: Kept) -> None:
    assert post(client, b"x" * (MAX_BYTES + 1))[0] == 413
    assert queue.events == []


def test_a_large_body_without_a_length_is_refused_too(queue: Kept) -> None:
    """Transfer-Encoding: chunked says no length beforehand."""
    app = Flask("receiver")
    app.register_blueprint(webhook(queue, SECRET, OWN_ID))
    body = b"x" * (MAX_BYTES + 1)
    answer = app.test_client().post(
        "/webex",
        input_stream=BytesIO(body),
        headers={"X-Spark-Signature": sign(body), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_while_nothing_can_be_stored_webex_is_told_so(client: FlaskClient, queue: Kept) -> None:
    """An event that was not stored must not be taken for one that was."""
    queue.is_away = True
    status, answer = post(client, EVENT)
    assert status == 503
    assert answer["error"] == "The event can't be stored just now. The database does not answer."


@pytest.mark.parametrize("created", ["2026-11-24T12:00:00.000Z", "2026-11-24T12:00:00", "yesterday", None, {}])
def test_a_time_that_can_not_be_read_is_no_reason_to_lose_an_event(
    client: FlaskClient, queue: Kept, created: Any
) -> None:
    """Webex says when it happened; the bot only measures by it how late the webhook came."""
    assert post(client, {**EVENT, "data": {**EVENT["data"], "created": created}})[0] == 200
    assert len(queue.events) == 1


def test_own_events_are_dropped(client: FlaskClient, queue: Kept) -> None:
    own = {**EVENT, "data": {**EVENT["data"], "personId": OWN_ID}}
    assert post(client, own) == (200, {"status": "own event"})
    assert queue.events == []


def test_the_bots_own_membership_is_how_it_learns_of_a_space(client: FlaskClient, queue: Kept) -> None:
    own = {**EVENT, "resource": "memberships", "data": {"id": "m", "roomId": "r", "personId": OWN_ID}}
    assert post(client, own)[0] == 200
    assert len(queue.events) == 1


def test_ids_that_would_reach_another_address_are_refused(client: FlaskClient) -> None:
    """The SDK puts ids into addresses as they are."""
    evil = {**EVENT, "data": {**EVENT["data"], "id": "../webhooks"}}
    assert post(client, evil)[0] == 400


def test_without_a_secret_the_receiver_refuses_to_start(queue: Kept) -> None:
    with pytest.raises(ValueError, match="anybody could forge events"):
        webhook(queue, b"", OWN_ID)


@given(body=st.binary(max_size=300), signature=st.text(max_size=80), newer=st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_header_makes_the_check_fail_with_an_error(body: bytes, signature: str, newer: str) -> None:
    assert not is_signed(body, SECRET, signature, newer) or signature.strip().lower() == sign(body)


KEYS = st.sampled_from(["resource", "event", "data", "id", "roomId", "personId", "actorId"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(event=JSON)
@settings(max_examples=200, deadline=None)
def test_no_json_makes_a_server_error(event: Any) -> None:
    app = Flask("receiver")
    app.register_blueprint(webhook(Kept(), SECRET, OWN_ID))
    status, _ = post(app.test_client(), event)
    assert status in {200, 400, 422}


IDS = st.from_regex(r"[A-Za-z0-9_=-]{1,20}", fullmatch=True)
NASTY = st.text(max_size=20) | st.sampled_from(["\x00", "../x", "a b", "x" * 600, "é"]) | JSON
ENVELOPES = st.fixed_dictionaries(
    {
        "resource": st.sampled_from(["messages", "attachmentActions", "memberships"]) | NASTY,
        "event": st.just("created") | NASTY,
        "data": st.fixed_dictionaries(
            {"id": IDS | NASTY},
            optional=dict.fromkeys(["roomId", "personId", "messageId", "parentId", "roomType", "x"], IDS | NASTY),
        )
        | NASTY,
    },
    optional={"id": NASTY, "actorId": IDS | NASTY, "orgId": NASTY, "__class__": NASTY},
)


@given(event=ENVELOPES)
@settings(max_examples=400, deadline=None)
def test_no_envelope_makes_a_server_error(event: Any) -> None:
    """What is deferred holds ids and nothing else: no database or address takes harm from it."""
    queue = Kept()
    app = Flask("receiver")
    app.register_blueprint(webhook(queue, SECRET, OWN_ID))
    status, _ = post(app.test_client(), event)
    assert status in {200, 400, 422}
    for envelope in queue.events:
        held = envelope.model_dump(mode="json", by_alias=True)
        texts = [text for text in (*held["data"].values(), *held.values()) if isinstance(text, str)]
        assert all(re.fullmatch(r"[A-Za-z0-9_=-]{1,512}", text) for text in texts)
        assert Envelope.model_validate(held) == envelope


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"data":' * 7_000, b"9" * 60_000, b'{"id": "\\ud800"}'])
def test_json_that_breaks_parsers_is_no_event(client: FlaskClient, body: bytes) -> None:
    assert post(client, body)[0] == 400


def test_sha1_is_the_documented_algorithm() -> None:
    """From the official guide: the lower-case hex HMAC-SHA1 of the body."""
    expected = hmac.new(SECRET, b"{}", hashlib.sha1).hexdigest()
    assert is_signed(b"{}", SECRET, expected, "")
    assert is_signed(b"{}", SECRET, expected.upper(), "")
