"""A web process that starts while something else is away: events are taken in as soon as that is possible."""

import hmac
import json

import pytest
from sqlalchemy import Engine

from bot.app import open_app
from bot.errors import UnusableToken
from bot.event_queue import open_queue
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.settings import Settings, load

SECRET = "secret"
NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
ABOUT = {"id": "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ", "roomId": "Y2lzY29zcGFyazovL3VzL1JPT00vMQ"}
BODY = json.dumps({"resource": "messages", "event": "created", "data": ABOUT}).encode()
SIGNED = {"X-Spark-Signature": hmac.new(SECRET.encode(), BODY, "sha1").hexdigest()}


def settings(sandbox: SandboxServer, person: str = "bot") -> Settings:
    return load(
        {
            "WEBEX_BASE_URL": sandbox.api_url,
            "WEBEX_BOT_TOKEN": f"sandbox-{person}",
            "WEBEX_CALLING_TOKEN": "sandbox-calling",
            "WEBEX_WEBHOOK_SECRET": SECRET,
            "PUBLIC_URL": "https://bot.example",
        }
    )


def test_events_are_taken_in_while_webex_can_not_be_asked_who_the_bot_is(
    sandbox: SandboxServer, database_url: str, engine: Engine
) -> None:
    """It is the outage after which most is delivered."""
    engine.dispose()
    sandbox.world.faults.add(Fault(path="/v1/people/me", status=503))
    with open_app(settings(sandbox), database_url) as app, open_queue(database_url) as queue:
        assert app.test_client().post("/webex", data=BODY, headers=SIGNED).status_code == 200
        assert queue.read("SELECT count(*) AS jobs FROM procrastinate_jobs WHERE task_name = 'answer'") == [
            {"jobs": 1}
        ]


def test_it_starts_without_a_database_and_says_so(sandbox: SandboxServer) -> None:
    """At once: one that waits for it in silence can say nothing, and may be taken for dead."""
    with open_app(settings(sandbox), NOWHERE) as app:
        client = app.test_client()
        assert client.get("/health").status_code == 200
        assert client.post("/webex", data=BODY, headers=SIGNED).status_code == 503
        assert "The database does not answer" in client.get("/ready").get_json()["checks"]["database"]


def test_the_token_of_a_person_is_refused(sandbox: SandboxServer, database_url: str) -> None:
    """The bot would answer what others write to that person, in their name."""
    with (
        pytest.raises(UnusableToken, match="WEBEX_BOT_TOKEN belongs to a person"),
        open_app(settings(sandbox, "alice"), database_url),
    ):
        pass
