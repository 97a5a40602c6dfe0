"""Where the bot is put together: the only place that chooses what is real."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import Flask

from bot.errors import RateLimited, Unreachable
from bot.event_queue import open_queue
from bot.events import Defers
from bot.health import health
from bot.overview import Overview, newest_revision
from bot.refusals import remembering
from bot.settings import Settings
from bot.tracing import Tracer, open_tracer
from bot.webex.messaging import Messaging
from bot.webhook import webhook

log = structlog.get_logger()


@contextmanager
def open_app(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The web process, with its connections while the block lasts.

    Raises WebexError or UnusableToken for a bad bot token, UnusableDatabase for tables of a newer version.
    """
    own_id = _find_own_id(Messaging.of(settings))
    with (
        open_queue(database_url) as queue,
        remembering(queue) as receiving,
        open_tracer(settings, "extbot-web") as tracer,
    ):
        overview = Overview(queue.read, newest_revision())
        overview.require_known_tables()
        yield create_app(settings, receiving, overview, own_id, tracer)


def _find_own_id(messaging: Messaging) -> str:
    """The id of the bot. Empty while Webex can't be asked: events are to be received then, too.

    Those that the bot causes are left to the workers, who answer none of them.
    """
    try:
        return messaging.own().id
    except (Unreachable, RateLimited) as error:
        log.warning("web.own_id_unknown", call=str(error), tracking_id=error.call.tracking_id)
        return ""


def create_app(
    settings: Settings, queue: Defers, overview: Overview, own_id: str, tracer: Tracer | None = None
) -> Flask:
    """Receives webhooks and says how it is. No call to Webex is made in a request."""
    app = Flask(__name__)
    secret = settings.webex_webhook_secret.get_secret_value().encode()
    app.register_blueprint(webhook(queue, secret, own_id, tracer=tracer))
    app.register_blueprint(health(overview))
    return app
