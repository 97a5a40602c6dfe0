"""The worker process: everything that answers events, built and run."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from prometheus_client import start_http_server

from bot.access import Access
from bot.approvals import expire_plans
from bot.budgets import SharedBudget
from bot.calling.client import CallingClient
from bot.calling.limiter import UNCOUNTED, Limiter, per_minute
from bot.calling.refreshed import token_source
from bot.calling.retries import RetryPolicy
from bot.catching_up import catch_up
from bot.commands import all_commands
from bot.context import Services
from bot.decide import resume_plans, tell_outcomes
from bot.dispatch import Dispatch
from bot.engine import Chore, run_worker
from bot.errors import RateLimited, WebexError
from bot.event_queue import open_queue
from bot.events import AsksToCatchUp
from bot.observations import OK
from bot.people import People
from bot.person import Person
from bot.places import Locations
from bot.policy_file import PolicyFile
from bot.registry import Registry
from bot.settings import Settings
from bot.store import Store, connect
from bot.token_store import TokenStore
from bot.token_watch import TokenWatch
from bot.tracing import open_tracer
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging
from bot.webex.webhooks import ensure_webhooks

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

KEPT = timedelta(days=30)
"""How long events, sent cards, undecided plans and ended jobs are kept."""

PLANS_KEPT = timedelta(days=400)
"""How long plans are kept that were decided on: what was done a year ago can still be undone."""

UNCHECKED = (
    "They, or what they did not tell of, could not be looked at. The next try is within a minute; `extbot doctor` "
    "says more."
)

PAUSED = (
    "Webex has asked the bot to make a pause. They, and what they did not tell of, are looked at within a minute "
    "after it."
)

log = structlog.get_logger()


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def work(settings: Settings, database_url: str) -> None:
    """Register the webhooks and answer events until SIGTERM.

    Raises WebexError or UnusableToken for a bad bot token.
    """
    queue, engine = partial(open_queue, database_url), connect(database_url)
    with open_services(settings, engine) as services, open_tracer(settings, "extbot-worker") as tracer:
        _serve_metrics(settings)
        heal_webhooks(services, settings, queue, at_start=True)
        _check_tokens(services)
        dispatch = Dispatch(services)
        # What is there now stays, and need not be looked through for garbage.
        gc.freeze()
        gc.enable()
        run_worker(
            database_url,
            dispatch.handle,
            chores_of(services, settings, queue),
            services.store.alone,
            dispatch.tell,
            settings.worker_concurrency,
            KEPT,
            catch_up=lambda: heal_webhooks(services, settings, queue, at_start=True),
            tracer=tracer,
        )


def chores_of(
    services: Services, settings: Settings, open_queue: Callable[[], AbstractContextManager[AsksToCatchUp]]
) -> tuple[Chore, ...]:
    """What is done by the clock, by whichever worker comes first."""
    return (
        Chore("check_webhooks", "* * * * *", lambda: heal_webhooks(services, settings, open_queue)),
        Chore("find_missed", "*/10 * * * *", lambda: _ask_to_catch_up(open_queue)),
        Chore("check_tokens", "*/5 * * * *", lambda: _check_tokens(services)),
        Chore("tend_plans", "* * * * *", lambda: _tend_plans(services)),
        Chore("prune", "17 3 * * *", lambda: _prune(services)),
    )


@contextmanager
def open_services(
    settings: Settings,
    engine: "Engine",
    now: Callable[[], datetime] = utc_now,
    transport: "httpx.BaseTransport | None" = None,
    retries: RetryPolicy | None = None,
) -> Iterator[Services]:
    """Everything real that answering needs, with its connections while the block lasts; `now` is aware, in UTC.

    At its end those of `engine` are closed, too. `transport` carries the requests to Webex Calling.
    """
    of_bot = Limiter(SharedBudget(engine, "bot", UNCOUNTED))
    of_calling = Limiter(SharedBudget(engine, "calling", per_minute(settings.calls_per_minute)))
    messaging = Messaging.of(settings, of_bot, retries)
    own = messaging.own()
    store, tokens = Store(engine), TokenStore(engine)
    token = token_source(settings, tokens, now)
    directory = Directory.of(settings, token, of_calling, retries)
    policy, registry = PolicyFile(settings.access_file), all_commands()
    client = CallingClient(
        settings.webex_base_url,
        token,
        org_id=settings.calling_org_id,
        transport=transport,
        retries=retries,
        limiter=of_calling,
    )
    with closing(store), closing(client) as calling:
        yield Services(
            messaging=messaging,
            calling=calling,
            store=store,
            people=People(
                directory,
                Directory.of_bot(settings, of_bot, retries),
                messaging,
                policy.current,
                clock=lambda: now().timestamp(),
            ),
            locations=Locations(calling, now),
            access=_access(policy, own, registry),
            registry=registry,
            token_watch=TokenWatch(messaging, directory, token, tokens, store, settings.admin_space_id, now),
            own_id=own.id,
            commands_per_minute=settings.commands_per_minute,
            now=now,
        )


def _ask_to_catch_up(open_queue: Callable[[], AbstractContextManager[AsksToCatchUp]]) -> None:
    """Deliveries get lost where neither Webex nor we notice: in a proxy that was away for a minute."""
    with open_queue() as queue:
        queue.ask_to_catch_up()


def _prune(services: Services) -> None:
    now = utc_now()
    services.store.prune(now - KEPT, now - PLANS_KEPT)


def _tend_plans(services: Services) -> None:
    """One after the other: none of them takes for left what another has in hand."""
    with services.store.alone("plans") as first:
        if first:
            expire_plans(services)
            resume_plans(services)
            tell_outcomes(services)


def _check_tokens(services: Services) -> None:
    with services.store.alone("tokens") as first:
        if first:
            services.token_watch.check()


def _serve_metrics(settings: Settings) -> None:
    """Serve the metrics of this process at a port of their own until it ends, where one is set."""
    if settings.metrics_port is None:
        return
    try:
        start_http_server(settings.metrics_port, settings.host)
    except OSError as error:
        # Another worker of the machine may have the port: to answer matters more than to be measured.
        log.error("metrics.not_served", port=settings.metrics_port, reason=error.strerror)


def _access(policy: PolicyFile, bot: Person, registry: Registry) -> Access:
    permissions = {name: spec.permission for name, spec in registry.items()}
    touched = {name: frozenset(spec.touches) for name, spec in registry.items()}
    return Access(policy.current, bot.org_id, permissions, touched)


def heal_webhooks(
    services: Services,
    settings: Settings,
    open_queue: Callable[[], AbstractContextManager[AsksToCatchUp]],
    *,
    at_start: bool = False,
) -> bool:
    """Have the webhooks there and active. Where they were not, or at the start, answer what they did not tell of.

    Webex disables a webhook after a hundred failures, and one that is enabled again within five minutes after the
    first failure: hence this is done every minute. Where Webex can't be reached, the next check that reaches it
    does it all: what is noted says that there is something to look for.
    Whether it was done: not so where another worker is at it, or some of it failed.
    """
    observations = services.store.observations
    with services.store.alone("webhooks") as first:
        if not first:
            return False
        try:
            _heal(services, settings, open_queue, at_start=at_start)
        except WebexError as error:
            log.error("webhooks.unchecked", call=str(error), tracking_id=error.call.tracking_id)
            observations.note("webhooks", _unchecked(error), services.now())
            return False
        observations.note("webhooks", OK, services.now())
        return True


def _unchecked(error: WebexError) -> str:
    """What `/ready` says. Without a status the call was held back, and Webex not asked."""
    held_back = isinstance(error, RateLimited) and error.call.status is None
    return f"{PAUSED if held_back else UNCHECKED} ({error})"


def _heal(
    services: Services,
    settings: Settings,
    open_queue: Callable[[], AbstractContextManager[AsksToCatchUp]],
    *,
    at_start: bool,
) -> None:
    """Raises WebexError for the first that failed, after the rest was done."""
    try:
        report = ensure_webhooks(services.messaging, settings)
    except WebexError:
        # What can't be heard is found by this alone, for as long as that lasts.
        with suppress(WebexError):
            _look_for_missed(services, settings, open_queue)
        raise
    log.info("webhooks.checked", report=report.lines())
    if at_start or report.made or report.mended or services.store.observations.find("webhooks") != OK:
        _look_for_missed(services, settings, open_queue)


def _look_for_missed(
    services: Services, settings: Settings, open_queue: Callable[[], AbstractContextManager[AsksToCatchUp]]
) -> None:
    if settings.catch_up_minutes:
        with open_queue() as queue:
            catch_up(services, queue, timedelta(minutes=settings.catch_up_minutes))
