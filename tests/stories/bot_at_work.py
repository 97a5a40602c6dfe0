"""A whole bot for a story: the real receiver, dispatch and store, against a sandbox. Only the queue is short."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from card_schema import check_cards_of
from flask import Flask
from policies import POLICY
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.calling.retries import RetryPolicy
from bot.context import Services
from bot.dispatch import Dispatch
from bot.errors import QueueAway, Unreachable
from bot.events import Envelope
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event
from bot.settings import Settings, load
from bot.store import connect
from bot.waiting import Timer
from bot.webex.webhooks import ensure_webhooks
from bot.webhook import webhook
from bot.worker import open_services

SECRET = "a-secret-of-the-stories"

FREE: defaultdict[str, list[Engine]] = defaultdict(list)
"""By address: engines that no bot has."""


class Clock:
    """The time of a story; `pass_by` moves it on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_by(self, **time: float) -> None:
        self._ahead += timedelta(**time)


def never(_seconds: float, _ring: Callable[[], None]) -> Callable[[], None]:
    """A timer that does not ring: in most stories nothing takes long, however slow the machine is."""
    return lambda: None


class ShortQueue:
    """Answers each event at once, in one thread, and knows which events are answered.

    While it `is_away` it takes none, like a database that does not answer.
    """

    def __init__(self, handle: Callable[[Envelope], None]) -> None:
        self._handle = handle
        self._thread = ThreadPoolExecutor(1)
        self._changed = threading.Condition()
        self.answered: list[str] = []
        self.failures: list[BaseException] = []
        self.looks: list[timedelta] = []
        self.is_away = False

    def ask_to_catch_up(self, after: timedelta = timedelta()) -> None:
        self.looks.append(after)

    def defer(self, envelope: Envelope) -> None:
        if self.is_away:
            raise QueueAway("The database does not answer.")
        self._thread.submit(self._handle, envelope).add_done_callback(lambda done: self._note(envelope, done))

    def wait_for(self, data_id: str, times: int = 1) -> None:
        """Wait until the event about that message or submission has been answered, so many times."""
        with self._changed:
            done = self._changed.wait_for(lambda: self.answered.count(data_id) >= times, timeout=60)
            assert done, "The bot never answered."

    def settle(self) -> None:
        """Wait until everything that was deferred so far is answered."""
        self._thread.submit(lambda: None).result(timeout=60)

    def close(self) -> None:
        self._thread.shutdown()

    def _note(self, envelope: Envelope, done: Future[None]) -> None:
        if error := done.exception():
            self.failures.append(error)
        with self._changed:
            self.answered.append(envelope.data.id)
            self._changed.notify_all()


class BotAtWork:
    """The bot of a story, and what the story may look at besides the chat."""

    def __init__(
        self,
        sandbox: SandboxServer,
        services: Any,
        queue: ShortQueue,
        clock: Clock,
        policy_file: Path,
        settings: Settings,
    ) -> None:
        self.settings = settings
        self.sandbox = sandbox
        self.services = services
        self.queue = queue
        self.clock = clock
        self.happened = 0
        """How many events the sandbox has told of: what people see in a space stays while this does."""
        sandbox.world.listeners.append(self._count)
        self._policy_file = policy_file

    def goes_by(self, policy: str) -> None:
        """Let the access policy be another one from now on."""
        written = self._policy_file.with_suffix(".new")
        written.write_text(policy)
        written.replace(self._policy_file)

    def takes_roles_from(self, first_name: str) -> None:
        """Let an administrator be one no longer."""
        people = self.sandbox.world.people
        person = next(one for one in people.values() if one.first_name == first_name)
        people[person.id] = replace(person, roles=frozenset())

    def disable_webhooks(self) -> None:
        """Let Webex give up on the bot, as it does after a hundred failures."""
        webhooks = self.sandbox.world.webhooks
        for one in list(webhooks.values()):
            webhooks[one.id] = replace(one, status="inactive", disabled=self.sandbox.world.now())

    def meets(self, **fault: Any) -> None:
        """Let something go wrong in the sandbox; the names are those of /sandbox/faults."""
        self.sandbox.world.faults.add(Fault(**fault))

    def meets_nothing_more(self) -> None:
        """Let everything go well again."""
        self.sandbox.world.faults.clear()

    def _count(self, _event: Event) -> None:
        self.happened += 1


def person_id(bot: BotAtWork, name: str) -> str:
    """The Webex id of who has the token `sandbox-<name>`."""
    return bot.sandbox.world.tokens[f"sandbox-{name}"].person_id


def event_of(resource: str, of: Mapping[str, Any]) -> Envelope:
    """What the webhook of a message, a submission or a membership says."""
    return Envelope.model_validate(
        {"resource": resource, "event": "created", "actorId": of["personId"], "data": dict(of)}
    )


def fails(bot: BotAtWork, event: Envelope) -> None:
    """Have the event answered, which does not come to its end; from then on all goes well."""
    bot.queue.defer(event)
    bot.queue.wait_for(event.data.id)
    (failure,) = bot.queue.failures
    assert isinstance(failure, Unreachable)
    bot.queue.failures.clear()
    bot.meets_nothing_more()


@contextmanager
def bot_at_work(
    sandbox: SandboxServer,
    database_url: str,
    policy: str = POLICY,
    transport: httpx.BaseTransport | None = None,
    timer: Timer = never,
    seconds: Callable[[], float] = time.monotonic,
    retries: RetryPolicy | None = None,
    **settings: str,
) -> Iterator[BotAtWork]:
    """A bot with the sandbox's tokens, on the database of the tests, for as long as the block lasts.

    `timer` and `seconds` are what people who wait are told by.
    """
    with TemporaryDirectory() as directory:
        policy_file = Path(directory) / "access.toml"
        policy_file.write_text(policy)
        dispatch = partial(Dispatch, timer=timer, clock=seconds)
        yield from _working(sandbox, database_url, policy_file, transport, dispatch, settings, retries)


def _working(
    sandbox: SandboxServer,
    database_url: str,
    policy_file: Path,
    transport: httpx.BaseTransport | None,
    dispatch: Callable[[Services], Dispatch],
    settings: Mapping[str, str],
    retries: RetryPolicy | None,
) -> Iterator[BotAtWork]:
    app, clock = Flask("bot"), Clock()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    environ = {
        "WEBEX_BASE_URL": sandbox.api_url,
        "WEBEX_BOT_TOKEN": "sandbox-bot",
        "WEBEX_CALLING_TOKEN": "sandbox-calling",
        "WEBEX_WEBHOOK_SECRET": SECRET,
        "PUBLIC_URL": f"http://127.0.0.1:{server.port}",
        "ACCESS_FILE": str(policy_file),
        "COMMANDS_PER_MINUTE": "10000",
        # The stories share a database, and with it the budget of calls.
        "CALLS_PER_MINUTE": "100000",
        **settings,
    }
    configured = load(environ)
    # Without certificates, which take long to read: the sandbox has none.
    carrying = transport or httpx.HTTPTransport(verify=False)
    patience = retries or RetryPolicy(looks_again=(0.01, 0.01))
    with _engine(database_url) as engine, open_services(configured, engine, clock, carrying, patience) as services:
        queue = ShortQueue(dispatch(services).handle)
        app.register_blueprint(webhook(queue, SECRET.encode(), services.own_id))
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        ensure_webhooks(services.messaging, configured)
        yield BotAtWork(sandbox, services, queue, clock, policy_file, configured)
        server.shutdown()
        serving.join()
        server.server_close()
        queue.close()
        assert queue.failures == []
        check_cards_of(sandbox.world)


@contextmanager
def _engine(database_url: str) -> Iterator[Engine]:
    """One that no other bot has. It was another one's before, without the connections.

    To a new one each statement is new, and it asks the server anew who it is: that takes longer than most stories.
    """
    free = FREE[database_url]
    engine = free.pop() if free else connect(database_url)
    yield engine
    free.append(engine)


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""
