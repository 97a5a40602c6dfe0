"""The disk of the database is full: what is to be kept is refused as a whole, and taken when there is room."""

import hmac
import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from flask import Flask
from full_disk import no_room
from sqlalchemy import Engine, delete
from werkzeug.test import TestResponse

from bot.errors import StoreAway
from bot.event_queue import Queue, open_queue
from bot.events import Arrival, Pace
from bot.refusals import remembering
from bot.store import SentCard, Store
from bot.tables import events
from bot.webhook import webhook

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = ("messages", "created", "message")
SECRET = b"secret"
ABOUT = {"id": "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ", "roomId": "Y2lzY29zcGFyazovL3VzL1JPT00vMQ"}
BODY = json.dumps({"resource": "messages", "event": "created", "data": ABOUT}).encode()


def test_what_is_answered_without_room_is_answered_later(engine: Engine) -> None:
    """The worker tries again: nothing was noted that did not happen."""
    store = Store(engine)
    with no_room(engine, "events"), pytest.raises(StoreAway):
        store.events.begin(KEY, "alice", NOW)
    assert store.events.begin(KEY, "alice", NOW) == Pace(NOW, 1)


def test_a_database_that_takes_nothing_is_waited_for(engine: Engine) -> None:
    """As after a failover, or where its provider has found that the disk fills."""
    with engine.connect() as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = on")
        with pytest.raises(StoreAway):
            connection.execute(delete(events))
        connection.exec_driver_sql("SET default_transaction_read_only = off")


def test_what_has_been_said_is_noted_as_soon_as_there_is_room(engine: Engine) -> None:
    """Its worker waits: given back, the event would be answered a second time."""
    shown = SentCard("message", "room", None, None)
    notes: tuple[tuple[str, Callable[[Store], object]], ...] = (
        ("sent_cards", lambda store: store.remember_card(shown, NOW)),
        ("events", lambda store: store.events.add_notice(KEY, "notice")),
        ("events", lambda store: store.events.replace_notice(KEY, "other")),
        ("events", lambda store: store.events.finish(KEY, NOW)),
    )
    Store(engine).events.begin(KEY, "alice", NOW)
    for table, note in notes:
        with ExitStack() as shortage:
            shortage.enter_context(no_room(engine, table))
            waits = iter([lambda: None, shortage.close])
            note(Store(engine, sleep=lambda _, waits=waits: next(waits)()))
            assert list(waits) == []
    assert Store(engine).find_card("message") == shown
    assert Store(engine).events.begin(KEY, "alice", NOW) is Arrival.ANSWERED


def test_without_room_for_long_the_event_is_given_back(engine: Engine) -> None:
    waits: list[float] = []
    with no_room(engine, "sent_cards"), pytest.raises(StoreAway):
        Store(engine, sleep=waits.append).remember_card(SentCard("message", "room", None, None), NOW)
    assert sum(waits) == 90


def test_a_webhook_is_not_acknowledged_without_room(engine: Engine, database_url: str) -> None:
    """It is answered 503; once there is room, a worker is asked to look for what was not received, once."""
    with open_queue(database_url) as queue, remembering(queue) as receiving:
        wait_for_jobs(queue, ["catch_up"])  # as each does at its start
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
        app = Flask("receiver")
        app.register_blueprint(webhook(receiving, SECRET, own_id="bot"))
        with no_room(engine, "procrastinate_jobs"):
            answers = [deliver(app), deliver(app)]
            assert [answer.status_code for answer in answers] == [503, 503]
            assert "The database does not answer" in answers[0].text
        wait_for_jobs(queue, ["catch_up"])
        assert deliver(app).status_code == 200
        assert names_of_jobs(queue) == ["catch_up", "answer"]


def deliver(app: Flask) -> TestResponse:
    signature = hmac.new(SECRET, BODY, "sha1").hexdigest()
    return app.test_client().post("/webex", data=BODY, headers={"X-Spark-Signature": signature})


def names_of_jobs(queue: Queue) -> list[str]:
    return [row["task_name"] for row in queue.read("SELECT task_name FROM procrastinate_jobs ORDER BY id")]


def wait_for_jobs(queue: Queue, names: list[str]) -> None:
    tick, began = threading.Event(), time.monotonic()
    while names_of_jobs(queue) != names:
        assert time.monotonic() - began < 30, f"There are no jobs {names}."
        tick.wait(0.02)
