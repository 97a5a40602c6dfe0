"""What the web process is compared with, for `gunicorn other_servers:bare()` with the settings of the bot's own.

`bare` is the least that could do: a Flask route that verifies the signature and inserts one row; `queueing`
defers a job for `bare_bot.py` in its place. `webexteamsbot` is a bot made with that package, as its README makes
one. None imports anything of ours.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable

from flask import Flask, request
from flask.typing import ResponseReturnValue
from psycopg_pool import ConnectionPool

TABLE = "CREATE TABLE IF NOT EXISTS bare_events (id bigserial PRIMARY KEY, event jsonb NOT NULL)"
OPTIONS = (
    *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--keep-alive", "75"),
    *("--no-control-socket", "--log-level", "warning"),
)
"""How gunicorn is told what `bot/web.py` sets."""


def command(name: str, port: int) -> tuple[str, ...]:
    """The Python module with its arguments that serves the app of that name at a port, with two processes."""
    return ("-m", "gunicorn", *OPTIONS, "--bind", f"127.0.0.1:{port}", f"other_servers:{name}()")


def bare() -> Flask:
    """The bare route at /webex, which answers /health too."""
    pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=2, open=True)
    with pool.connection() as connection:
        connection.execute(TABLE)

    def insert(body: bytes) -> None:
        with pool.connection() as connection:
            connection.execute("INSERT INTO bare_events (event) VALUES (%s)", (body.decode(),))

    return _receiving(insert)


def queueing() -> Flask:
    """The same with a job for each event that BOT_ID has not caused itself."""
    from procrastinate import App, SyncPsycopgConnector

    app = App(connector=SyncPsycopgConnector(conninfo=os.environ["DATABASE_URL"]))
    app.open()

    def defer(body: bytes) -> None:
        event = json.loads(body)
        if event["data"].get("personId") != os.environ["BOT_ID"]:
            app.configure_task("answer", lock=event["data"]["roomId"]).defer(envelope=event)

    return _receiving(defer)


def webexteamsbot() -> Flask:
    """The bot of webexteamsbot at /, which answers /health too. It registers its webhook."""
    from webexteamsbot import TeamsBot

    bot: Flask = TeamsBot(
        "benchmark",
        teams_bot_token=os.environ["WEBEX_BOT_TOKEN"],
        teams_api_url=f"{os.environ['WEBEX_BASE_URL']}/",
        teams_bot_email="extensions@webex.bot",
        teams_bot_url=os.environ["PUBLIC_URL"],
    )
    return bot


def _receiving(keep: Callable[[bytes], None]) -> Flask:
    app, secret = Flask(__name__), os.environ["WEBEX_WEBHOOK_SECRET"].encode()
    app.add_url_rule("/health", "health", lambda: "")

    @app.post("/webex")
    def receive() -> ResponseReturnValue:
        body = request.get_data()
        expected = hmac.new(secret, body, hashlib.sha1).hexdigest()
        if not hmac.compare_digest(expected, request.headers.get("X-Spark-Signature", "")):
            return "", 401
        keep(body)
        return "", 200

    return app
