"""What the web process is compared with, under the same gunicorn with the same settings.

`python other_servers.py bare` is the least that could do: a Flask route that verifies the signature and inserts
one row. `python other_servers.py webexteamsbot` is a bot made with that package, as its README makes one.
"""

import hashlib
import hmac
import os
import sys

import psycopg
from flask import Flask, request
from flask.typing import ResponseReturnValue
from psycopg_pool import ConnectionPool

from bot.engine import CONNECTIONS
from bot.settings import load
from bot.web import WebServer

TABLE = "CREATE TABLE IF NOT EXISTS bare_events (id bigserial PRIMARY KEY, event jsonb NOT NULL)"


class BareServer(WebServer):
    """Serves the bare route."""

    def load(self) -> Flask:
        """Build it; called once in the serving process."""
        pool = ConnectionPool(self._database_url, min_size=1, max_size=CONNECTIONS, open=True)
        return _bare(pool, self._settings.webex_webhook_secret.get_secret_value().encode())


class WebexTeamsBotServer(WebServer):
    """Serves a bot made with webexteamsbot."""

    def load(self) -> Flask:
        """Build it; called once in the serving process. It registers its webhook."""
        from webexteamsbot import TeamsBot

        bot: Flask = TeamsBot(
            "benchmark",
            teams_bot_token=self._settings.webex_bot_token.get_secret_value(),
            teams_api_url=f"{self._settings.webex_base_url}/",
            teams_bot_email="extensions@webex.bot",
            teams_bot_url=self._settings.public_url,
        )
        return bot


def _bare(pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]], secret: bytes) -> Flask:
    app = Flask(__name__)

    @app.post("/webex")
    def receive() -> ResponseReturnValue:
        body = request.get_data()
        expected = hmac.new(secret, body, hashlib.sha1).hexdigest()
        if not hmac.compare_digest(expected, request.headers.get("X-Spark-Signature", "")):
            return "", 401
        with pool.connection() as connection:
            connection.execute("INSERT INTO bare_events (event) VALUES (%s)", (body.decode(),))
        return "", 200

    return app


def _serve(name: str) -> None:
    servers = {"bare": BareServer, "webexteamsbot": WebexTeamsBotServer}
    database_url = os.environ["DATABASE_URL"]
    with psycopg.connect(database_url) as connection:
        connection.execute(TABLE)
    servers[name](load(os.environ), database_url).run()


if __name__ == "__main__":
    _serve(sys.argv[1])
