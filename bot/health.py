"""GET /health (alive), /ready (named checks), /metrics (Prometheus). No call to Webex is made in here."""

from collections.abc import Iterator

import structlog
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.errors import QueueAway
from bot.overview import OK, Figures, Overview, is_in_order
from bot.settings import ALIVE

log = structlog.get_logger()


def health(overview: Overview) -> Blueprint:
    """The routes, over what the database knows."""
    blueprint, of_database = Blueprint("health", __name__), CollectorRegistry()
    of_database.register(DatabaseGauges(overview))

    @blueprint.get("/health")
    def alive() -> Response:
        return jsonify(ALIVE)

    @blueprint.get("/ready")
    def ready() -> tuple[Response, int]:
        checks = overview.checks()
        if all(map(is_in_order, checks.values())):
            return jsonify(status="ready", checks=checks), 200
        return jsonify(status="not ready", checks=checks), 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        text = generate_latest(REGISTRY) + generate_latest(of_database)
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return blueprint


class DatabaseGauges(Collector):
    """What the database knows, asked at each scrape: the same from every web process, so take the greatest."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the registry would ask the database to find out."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The checks of /ready as 1 or 0, and the figures while there are any."""
        checks = self._overview.checks()
        yield _gauge("extbot_ready", "Whether a check of /ready passes.", "check", _as_numbers(checks))
        if checks["tables"] != OK:
            return
        try:
            yield from _families(self._overview.figures())
        except QueueAway:
            log.warning("metrics.incomplete")


def _as_numbers(checks: dict[str, str]) -> dict[str, float]:
    return {name: float(is_in_order(state)) for name, state in checks.items()}


def _families(figures: Figures) -> Iterator[Metric]:
    yield _gauge("extbot_jobs", "Events in the queue.", "state", dict(figures.jobs))
    yield _gauge(
        "extbot_oldest_job_seconds", "Age of the oldest event in the queue.", "state", dict(figures.oldest)
    )
    yield _gauge("extbot_plans", "Plans that wait for a decision.", "state", dict(figures.plans))
    yield GaugeMetricFamily("extbot_workers", "Workers that are alive.", value=figures.workers)
    if figures.last_event is not None:
        age = max(0.0, figures.last_event)
        yield GaugeMetricFamily("extbot_last_event_seconds", "Seconds since the last event came.", value=age)


def _gauge(name: str, meaning: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
