"""Where the bot is put together: the only place that chooses what is real."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from bot.engine import Queue, open_queue
from bot.health import health
from bot.overview import Overview, newest_revision
from bot.settings import Settings
from bot.webex.messaging import Messaging
from bot.webhook import webhook


@contextmanager
def open_app(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The web process, with its connections while the block lasts. Raises WebexError for a bad bot token."""
    own_id = Messaging.of(settings).me().id
    with open_queue(database_url) as queue:
        yield create_app(settings, queue, own_id)


def create_app(settings: Settings, queue: Queue, own_id: str) -> Flask:
    """Receives webhooks and says how it is. No call to Webex is made in a request."""
    app = Flask(__name__)
    secret = settings.webex_webhook_secret.get_secret_value().encode()
    app.register_blueprint(webhook(queue, secret, own_id))
    app.register_blueprint(health(Overview(queue.read, newest_revision())))
    return app
