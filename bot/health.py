"""GET /health (alive), /ready (named checks), /metrics (Prometheus)."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.errors import QueueAway

Ping = Callable[[], None]
"""Does something small with a service, and raises QueueAway if that fails."""

Refused = Callable[[], Mapping[str, bool]]
"""Whether Webex refuses a token, by its name; raises QueueAway."""

log = structlog.get_logger()


def health(pings: Mapping[str, Ping], refused: Refused, metrics: CollectorRegistry) -> Blueprint:
    """The routes, with the services that must answer for the process to be ready, and the tokens.

    A refused token is named, and leaves the process ready: who asks meanwhile has to be told why nothing works.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/ready")
    def ready() -> tuple[Response, int]:
        checks = {name: _check(name, ping) for name, ping in pings.items()}
        is_ready = all(answer == "ok" for answer in checks.values())
        return jsonify(ready=is_ready, checks=checks | _check_tokens(refused)), 200 if is_ready else 503

    @blueprint.get("/metrics")
    def measurements() -> Response:
        return Response(generate_latest(metrics), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _check(name: str, ping: Ping) -> str:
    try:
        ping()
    except QueueAway as error:
        log.warning("ping.failed", service=name, error=type(error).__name__)
        return "failing"
    return "ok"


def _check_tokens(refused: Refused) -> dict[str, str]:
    try:
        return {name: "refused" if is_refused else "ok" for name, is_refused in refused().items()}
    except QueueAway:
        return {}
