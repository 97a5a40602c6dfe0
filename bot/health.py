"""GET /health (alive), /ready (named checks), /metrics (Prometheus)."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

Ping = Callable[[], None]
"""Does something small with a service, and raises if that fails."""

log = structlog.get_logger()


def health(pings: Mapping[str, tuple[Ping, tuple[type[Exception], ...]]], metrics: CollectorRegistry) -> Blueprint:
    """The routes. Each ping comes with the exceptions that mean "not ready"."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/ready")
    def ready() -> tuple[Response, int]:
        checks = {name: _check(name, ping, failures) for name, (ping, failures) in pings.items()}
        is_ready = all(answer == "ok" for answer in checks.values())
        return jsonify(ready=is_ready, checks=checks), 200 if is_ready else 503

    @blueprint.get("/metrics")
    def measurements() -> Response:
        return Response(generate_latest(metrics), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _check(name: str, ping: Ping, failures: tuple[type[Exception], ...]) -> str:
    try:
        ping()
    except failures as error:
        log.warning("ping.failed", service=name, error=type(error).__name__)
        return "failing"
    return "ok"
