"""POST /webex: raw bytes, signature, envelope, defer, 200. No call to Webex is made in here."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, jsonify, request
from pydantic import ValidationError

from bot.errors import QueueAway
from bot.events import Defers, Envelope
from bot.metrics import count_event, time_delivery
from bot.tracing import Tracer, annotate, traced

MAX_BYTES = 64 * 1024
HANDLED = {("messages", "created"), ("attachmentActions", "created"), ("memberships", "created")}
DIGESTS = {"sha256": hashlib.sha256, "sha512": hashlib.sha512, "sha1": hashlib.sha1}

log = structlog.get_logger()


def webhook(
    queue: Defers,
    secret: bytes,
    own_id: str,
    now: Callable[[], float] = time.time,
    tracer: Tracer | None = None,
) -> Blueprint:
    """The receiver for a bot with that webhook secret and person id, if known; `now` in seconds since 1970.

    Raises ValueError without a secret.
    """
    if not secret:
        raise ValueError("The webhook secret is empty: anybody could forge events.")
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/webex")
    def receive() -> tuple[Response, int]:
        body = request.stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            return _refuse(413, f"The body is larger than {MAX_BYTES} bytes.")
        older, newer = request.headers.get("X-Spark-Signature"), request.headers.get("X-Webex-Signature")
        if not is_signed(body, secret, older or "", newer or ""):
            return _refuse(401, "The signature is missing or wrong.")
        try:
            # Whether it is late is not for the sender to say.
            envelope = Envelope.model_validate_json(body).model_copy(update={"is_late": False})
        except ValidationError as error:
            return _refuse(400, _what_is_wrong(error))
        if (envelope.resource, envelope.event) not in HANDLED:
            return _refuse(422, "This bot handles messages, attachmentActions and memberships, created.")
        about = {"event_id": envelope.data.id, "resource": envelope.resource}
        # What is not Webex's makes no trace: anybody could send any amount of it.
        with (
            structlog.contextvars.bound_contextvars(**about),
            traced(tracer, "webhook", event=envelope.event, **about),
        ):
            return _accept(envelope, queue, own_id, now())

    return blueprint


def _accept(envelope: Envelope, queue: Defers, own_id: str, now: float) -> tuple[Response, int]:
    if envelope.is_by(own_id):
        count_event(envelope.resource, "own")
        annotate(outcome="own")
        return jsonify(status="own event"), 200
    if created := envelope.data.created:
        time_delivery(envelope.resource, now - created.timestamp())
    try:
        queue.defer(envelope)
    except QueueAway as error:
        return _refuse(503, f"The event can't be stored just now. {error}", envelope.resource)
    count_event(envelope.resource, "deferred")
    annotate(outcome="deferred")
    log.info("event.deferred")
    return jsonify(status="deferred"), 200


def is_signed(body: bytes, secret: bytes, older: str, newer: str) -> bool:
    """Whether the raw bytes are Webex's.

    `older` is `X-Spark-Signature`, HMAC-SHA1 in hex, and must fit. `newer` is `X-Webex-Signature`, a list such as
    `SHA-256=<hex>, SHA-512=<hex>`: it must fit where it is present. Its form is not documented, so algorithms that
    are not known are passed over.
    """
    if not _fits(body, secret, "sha1", older):
        return False
    listed = re.findall(r"([A-Za-z0-9-]+)=([0-9A-Fa-f]+)", newer)
    known = [(name.lower().replace("-", ""), signature) for name, signature in listed]
    return all(_fits(body, secret, name, signature) for name, signature in known if name in DIGESTS)


def _fits(body: bytes, secret: bytes, algorithm: str, signature: str) -> bool:
    expected = hmac.new(secret, body, DIGESTS[algorithm]).hexdigest()
    # As bytes: compare_digest raises TypeError on text that is not ASCII, which anybody may send.
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


def _what_is_wrong(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return f"The body is not a Webex event: {place}: {first['msg']}."


def _refuse(status: int, reason: str, resource: str = "") -> tuple[Response, int]:
    count_event(resource, "refused")
    annotate(outcome="refused")
    log.warning("event.refused", status=status, reason=reason)
    return jsonify(error=reason), status
