"""The worker process: everything that answers events, built and run."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import structlog

from bot.access import Access
from bot.approvals import expire_plans
from bot.budgets import SharedBudget
from bot.calling.client import CallingClient
from bot.calling.limiter import UNCOUNTED, Limiter, per_minute
from bot.calling.token import StaticToken
from bot.commands import all_commands
from bot.context import Services
from bot.dispatch import Dispatch
from bot.engine import Chore, run_worker
from bot.errors import WebexError
from bot.people import People
from bot.places import Locations
from bot.policy_file import PolicyFile
from bot.settings import Settings
from bot.store import Store, connect
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging
from bot.webex.webhooks import ensure_webhooks

KEPT = timedelta(days=30)
"""How long events, sent cards and undecided plans are kept."""

log = structlog.get_logger()


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def work(settings: Settings, database_url: str) -> None:
    """Register the webhooks and answer events until SIGTERM. Raises WebexError for a bad bot token."""
    with open_services(settings, database_url) as services:
        _register(services, settings)
        chores = (
            Chore("check_webhooks", "*/5 * * * *", lambda: _register(services, settings)),
            Chore("expire_plans", "* * * * *", lambda: expire_plans(services)),
            Chore("prune", "17 3 * * *", lambda: services.store.prune(utc_now() - KEPT)),
        )
        run_worker(
            database_url, Dispatch(services).handle, chores, services.store.alone, settings.worker_concurrency
        )


@contextmanager
def open_services(
    settings: Settings, database_url: str, now: Callable[[], datetime] = utc_now
) -> Iterator[Services]:
    """Everything real that answering needs, with its connections while the block lasts; `now` is aware, in UTC."""
    engine = connect(database_url)
    of_bot = Limiter(SharedBudget(engine, "bot", UNCOUNTED))
    of_calling = Limiter(SharedBudget(engine, "calling", per_minute(settings.calls_per_minute)))
    messaging, directory = Messaging.of(settings, of_bot), Directory.of(settings, of_calling)
    own = messaging.me()
    token = StaticToken(settings.webex_calling_token.get_secret_value())
    store = Store(engine)
    policy, registry = PolicyFile(settings.access_file), all_commands()
    with (
        closing(store),
        closing(
            CallingClient(settings.webex_base_url, token, org_id=settings.calling_org_id, limiter=of_calling)
        ) as calling,
    ):
        yield Services(
            messaging=messaging,
            calling=calling,
            store=store,
            people=People(
                directory,
                Directory.of_bot(settings, of_bot),
                messaging,
                policy.current,
                clock=lambda: now().timestamp(),
            ),
            locations=Locations(calling, now),
            access=Access(
                policy.current,
                own.org_id,
                {name: spec.permission for name, spec in registry.items()},
                {name: frozenset(spec.touches) for name, spec in registry.items()},
            ),
            registry=registry,
            own_id=own.id,
            now=now,
        )


def _register(services: Services, settings: Settings) -> None:
    """Have the webhooks there and active. Where Webex can't be reached, the next check does it."""
    with services.store.alone("webhooks") as first:
        if not first:
            return
        try:
            report = ensure_webhooks(services.messaging, settings)
        except WebexError as error:
            log.error("webhooks.unchecked", call=str(error), tracking_id=error.call.tracking_id)
        else:
            log.info("webhooks.checked", report=report.lines())
