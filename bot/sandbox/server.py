"""The sandbox as one server: `create_sandbox` builds the application, `SandboxServer` runs it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from threading import Thread
from types import TracebackType
from typing import Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from bot.sandbox.authorization import authorization
from bot.sandbox.contents import contents
from bot.sandbox.control import control
from bot.sandbox.delivery import Delivery
from bot.sandbox.edge import Edge
from bot.sandbox.http import NUMBERING, WORLD, install
from bot.sandbox.messages import messages
from bot.sandbox.numbering import Numbering
from bot.sandbox.page import page
from bot.sandbox.people import people
from bot.sandbox.rooms import rooms
from bot.sandbox.seed import seed
from bot.sandbox.seed_numbers import seed_numbering
from bot.sandbox.submissions import submissions
from bot.sandbox.telephony import telephony
from bot.sandbox.webhooks import webhooks
from bot.sandbox.world import Clock, World
from bot.sandbox.wsgi import Server


def utc_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


def create_sandbox(world: World, numbering: Numbering) -> WSGIApplication:
    """Return the application: the REST API below /v1, /sandbox, and the chat page.

    Messaging works on `world`, telephony on `numbering`.
    """
    app = _endpoints()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app({**environ, WORLD: world, NUMBERING: numbering}, start_response)

    return Edge(answer, world)


@cache
def _endpoints() -> Flask:
    """All endpoints. They are the same in every sandbox of a process, for it takes long to compile their paths."""
    app = Flask("sandbox", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined] # of the default provider
    install(app)
    for blueprint in (messages, rooms, people, webhooks, submissions, contents, authorization, control, page):
        app.register_blueprint(blueprint())
    app.register_blueprint(telephony())
    return app


class SandboxServer:
    """A sandbox that answers on 127.0.0.1, for as long as the `with` block lasts.

    `port` 0 is any free one. `extensions` is how many virtual extensions there are; None leaves the seed as it is.
    """

    def __init__(self, port: int = 0, extensions: int | None = None, clock: Clock = utc_now) -> None:
        self.world = World(clock)
        seed(self.world)
        self.numbering = seed_numbering() if extensions is None else seed_numbering(extensions)
        self._delivery = Delivery(self.world)
        self.world.listeners.append(self._delivery.tell)
        self._server = Server(port, create_sandbox(self.world, self.numbering))
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), name="sandbox", daemon=True)

    @property
    def url(self) -> str:
        """The address of the chat page, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def api_url(self) -> str:
        """The address of the REST API, without a slash at the end."""
        return f"{self.url}/v1"

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop: no more requests, no more deliveries, and no connection left open."""
        self._server.shutdown()
        self._thread.join()
        self._delivery.close()
