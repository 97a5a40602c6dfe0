"""What the web process reads in the database, and tells at /ready and /metrics."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import pytest
from flask import Flask
from flask.testing import FlaskClient
from procrastinate.schema import SchemaManager
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, ForeignKeyConstraint, text

import bot.metrics  # noqa: F401 - the metrics of commands and calls are served, too
from bot.errors import QueueAway
from bot.event_queue import Queue, open_queue
from bot.events import Envelope
from bot.health import health
from bot.overview import (
    AWAY,
    LAST_KEY,
    NO_CHECK,
    NO_WORKER,
    OK,
    OLD_CHECK,
    OLD_TABLES,
    OPEN_PLANS,
    UNKNOWN,
    Overview,
    engine_migrations,
    is_up_to_date,
    newest_revision,
    reading,
)
from bot.plans import OPEN
from bot.store import Store
from bot.tables import metadata

DASHBOARD = Path(__file__).parents[2] / "docs/grafana-dashboard.json"
OF_PROMETHEUS = {"process_resident_memory_bytes"}
"""Of the metrics on the dashboard, those that the library brings."""

MESSAGE = {"resource": "messages", "event": "created", "data": {"id": "message-1", "roomId": "room-1"}}


@pytest.fixture
def queue(engine: Engine) -> Iterator[Queue]:
    """On the same database."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with open_queue(address) as queue:
        yield queue


@pytest.fixture
def client(queue: Queue) -> FlaskClient:
    return _client(Overview(queue.read, newest_revision()))


def _client(overview: Overview) -> FlaskClient:
    app = Flask("health")
    app.register_blueprint(health(overview))
    return app.test_client()


def _run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def _checks(client: FlaskClient) -> tuple[int, str, dict[str, str]]:
    answer = client.get("/ready")
    told: dict[str, Any] = answer.json or {}
    return answer.status_code, told["status"], told["checks"]


def _samples(client: FlaskClient) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_before_a_worker_runs_nothing_is_ready(client: FlaskClient) -> None:
    expected = {"database": "ok", "tables": "ok", "worker": NO_WORKER, "webhooks": NO_CHECK}
    assert _checks(client) == (503, "not ready", expected)
    assert client.get("/health").json == {"status": "alive"}


def test_what_workers_note_is_told(client: FlaskClient, engine: Engine) -> None:
    """Each note is a check of that name, until it is too old to be believed."""
    now, observations = datetime.now(UTC), Store(engine).observations
    _run(engine, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    observations.note("webhooks", "ok", now)
    assert _checks(client)[:2] == (200, "ready")
    observations.note("calling token", "It ends tomorrow. Renew it.", now)
    status, _, checks = _checks(client)
    assert (status, checks["calling token"]) == (503, "It ends tomorrow. Renew it.")
    observations.note("calling token", "ok", now)
    assert _checks(client)[:2] == (200, "ready")
    observations.note("webhooks", "ok", now - timedelta(minutes=16))
    assert _checks(client)[2]["webhooks"] == OLD_CHECK


def test_what_is_in_order_but_not_for_long_is_told_and_still_ready(client: FlaskClient, engine: Engine) -> None:
    """A week before a refresh token expires, nobody is to take the bot for dead."""
    _run(engine, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    observations, soon = (
        Store(engine).observations,
        "ok until 2026-12-06 12:00 UTC: the refresh token expires then.",
    )
    observations.note("webhooks", "ok", datetime.now(UTC))
    observations.note("authorization", soon, datetime.now(UTC))
    status, _, checks = _checks(client)
    assert (status, checks["authorization"]) == (200, soon)
    assert _samples(client)["extbot_ready"][("authorization",)] == 1


def test_a_worker_without_a_heartbeat_is_missed(client: FlaskClient, engine: Engine) -> None:
    _run(engine, "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '11 seconds')")
    assert _checks(client)[2]["worker"] == NO_WORKER
    assert _samples(client)["extbot_workers"] == {(): 0.0}


def test_older_tables_are_told_and_newer_ones_are_in_order(client: FlaskClient, engine: Engine) -> None:
    """During an upgrade the old processes go on with the new tables: there is still all to tell of them."""
    _run(engine, "UPDATE alembic_version SET version_num = '9999'")
    assert _checks(client)[2]["tables"] == OK
    assert _samples(client)["extbot_workers"] == {(): 0.0}
    _run(engine, "UPDATE alembic_version SET version_num = '0001'")
    assert _checks(client)[2]["tables"] == OLD_TABLES


def test_an_empty_database_lacks_tables(client: FlaskClient, engine: Engine) -> None:
    _run(engine, "DROP SCHEMA public CASCADE")
    _run(engine, "CREATE SCHEMA public")
    assert _checks(client)[2]["tables"] == OLD_TABLES
    assert _samples(client)["extbot_ready"][("tables",)] == 0


def test_without_a_database_the_rest_is_unknown() -> None:
    def away(_query: LiteralString) -> list[dict[str, Any]]:
        raise QueueAway

    client = _client(Overview(away, "0001"))
    expected = {"database": AWAY, "tables": UNKNOWN, "worker": UNKNOWN, "webhooks": UNKNOWN}
    assert _checks(client) == (503, "not ready", expected)
    samples = _samples(client)
    assert set(samples["extbot_ready"].values()) == {0.0}
    assert "extbot_jobs" not in samples


def test_the_queue_is_measured_by_state(client: FlaskClient, queue: Queue, engine: Engine) -> None:
    for _ in range(4):
        queue.defer(Envelope.model_validate(MESSAGE))
    _run(engine, "UPDATE procrastinate_events SET at = now() - interval '90 seconds' WHERE job_id = 1")
    _run(engine, "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE id = 2")
    _run(engine, "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = 3")
    _run(engine, "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = 4")
    samples = _samples(client)
    assert samples["extbot_jobs"] == dict.fromkeys([("waiting",), ("retrying",), ("running",), ("failed",)], 1.0)
    assert 90 <= samples["extbot_oldest_job_seconds"][("waiting",)] < 120
    assert samples["extbot_oldest_job_seconds"][("running",)] < 30
    assert samples["extbot_last_event_seconds"][()] < 30


def test_an_empty_queue_is_measured_too(client: FlaskClient) -> None:
    """A missing line would look like a missing process."""
    samples = _samples(client)
    assert set(samples["extbot_jobs"].values()) == {0.0}
    assert set(samples["extbot_plans"]) == {(state,) for state in OPEN_PLANS}
    assert "extbot_last_event_seconds" not in samples


def test_open_plans_are_those_that_wait_for_a_decision() -> None:
    assert tuple(OPEN) == OPEN_PLANS


def test_the_dashboard_draws_what_there_is(client: FlaskClient) -> None:
    """Every metric in its queries is one that is served, and each is drawn."""
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", client.get("/metrics").text, re.M))
    kinds["extbot_last_event_seconds"] = "gauge"
    endings = {"histogram": ("_bucket", "_count", "_sum")}
    served = {name + ending for name, kind in kinds.items() for ending in endings.get(kind, ("",))}
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    panels, variables = dashboard["panels"], dashboard["templating"]["list"]
    [job] = [variable for variable in variables if variable["name"] == "job"]
    # All jobs are all of the bot's: the memory of what else Prometheus looks at is not drawn.
    assert "allValue" not in job
    assert set(re.findall(r"extbot_\w+", job["query"])) <= served
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    drawn = set(re.findall(r"\b(?:extbot|process)_\w+", "\n".join(queries)))
    assert drawn - served == set()
    families = {name for name in kinds if name.startswith("extbot_") and not name.endswith("_created")}
    assert [name for name in families if not any(metric.startswith(name) for metric in drawn)] == []
    assert {name for name in drawn if not name.startswith("extbot_")} == OF_PROMETHEUS


def test_the_migrations_of_the_engine_are_found_without_it() -> None:
    found = engine_migrations()
    assert len(found) > 1
    assert found == {path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql")}


def test_what_comes_last_in_a_dump_is_known() -> None:
    """Foreign keys do, in the order of their tables."""
    last = max((key for table in metadata.sorted_tables for key in table.foreign_key_constraints), key=_in_dump)
    assert last.name == LAST_KEY


def _in_dump(key: ForeignKeyConstraint) -> tuple[str, str]:
    return key.table.name, str(key.name)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
        "DELETE FROM engine_migrations WHERE name = (SELECT max(name) FROM engine_migrations)",
        "DROP TABLE engine_migrations",
        "ALTER TABLE plans DROP CONSTRAINT fk_plans_undoes",
    ],
)
def test_tables_of_another_version_are_to_be_migrated(engine: Engine, database_url: str, change: str) -> None:
    read = reading(database_url)
    assert is_up_to_date(read)
    with engine.connect() as connection:
        connection.execute(text(change))
    assert not is_up_to_date(read)
