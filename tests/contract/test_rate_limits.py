"""Webex asks for a pause: whoever shares the token is silent, whatever Retry-After says, and nobody else is."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from shared_time import BudgetInMemory, PassingTime

from bot.calling.client import CallingClient
from bot.calling.limiter import UNCOUNTED, per_minute
from bot.calling.retries import RetryPolicy
from bot.calling.token import StaticToken
from bot.errors import RateLimited
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.telephony import Mode
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession

RETRIES = RetryPolicy(jitter=lambda: 1.0)
PAUSES = [("7", 7.0), ("0", 0.5), ("45", 45.0), ("rand(30),add(30)", 0.5), ("soon", 0.5), (None, 0.5)]
"""What Retry-After says, and the seconds of silence."""


@pytest.fixture
def clock() -> PassingTime:
    return PassingTime()


@pytest.fixture
def calling_budget(clock: PassingTime) -> BudgetInMemory:
    return BudgetInMemory(per_minute(300), clock)


@pytest.fixture
def worker(sandbox: SandboxServer, calling_budget: BudgetInMemory) -> Iterator[Callable[[], CallingClient]]:
    clients: list[CallingClient] = []

    def start() -> CallingClient:
        token, clock = StaticToken("sandbox-calling"), calling_budget.clock
        clients.append(
            CallingClient(
                sandbox.api_url,
                token,
                sleep=clock.sleep,
                clock=clock,
                retries=RETRIES,
                limiter=calling_budget.limiter(),
            )
        )
        return clients[-1]

    yield start
    for client in clients:
        client.close()


def session(sandbox: SandboxServer, token: str, budget: BudgetInMemory) -> WebexSession:
    clock, limiter = budget.clock, budget.limiter()
    return WebexSession(
        StaticToken(token), sandbox.api_url, sleep=clock.sleep, clock=clock, retries=RETRIES, limiter=limiter
    )


def refuse(sandbox: SandboxServer, path: str, retry_after: str | None, count: int = 1) -> None:
    headers = {"Retry-After": retry_after} if retry_after is not None else {}
    sandbox.world.faults.add(Fault(path=path, status=429, headers=headers, body="<p>Slow down</p>", count=count))


@pytest.mark.parametrize(("retry_after", "pause"), PAUSES)
def test_a_refused_call_is_a_pause_for_every_worker(
    sandbox: SandboxServer,
    worker: Callable[[], CallingClient],
    calling_budget: BudgetInMemory,
    retry_after: str | None,
    pause: float,
) -> None:
    """The change is given up after some tries; what another worker asks then waits out the pause."""
    refuse(sandbox, "/v1/telephony", retry_after, count=4)
    with pytest.raises(RateLimited):
        worker().set_mode(Mode.ENHANCED)
    assert calling_budget.pauses
    assert set(calling_budget.pauses) == {pause}
    sandbox.world.faults.clear()
    began = calling_budget.clock()
    assert worker().get_mode() == "STANDARD"
    assert calling_budget.clock() - began == pytest.approx(pause)


def test_the_directory_shares_the_token_of_the_calling_client(
    sandbox: SandboxServer, worker: Callable[[], CallingClient], calling_budget: BudgetInMemory
) -> None:
    """Both are asked to pause, both wait; and after a pause calls come one by one."""
    directory = Directory(session(sandbox, "sandbox-calling", calling_budget))
    refuse(sandbox, "/v1/people", "11")
    directory.me()
    refuse(sandbox, "/v1/telephony", "13")
    worker().get_mode()
    assert calling_budget.pauses == [11, 13]
    assert calling_budget.clock.slept == pytest.approx([11, 0.25, 13])


def test_the_bots_own_token_is_not_held_up(
    sandbox: SandboxServer,
    worker: Callable[[], CallingClient],
    clock: PassingTime,
) -> None:
    """Who waits for Webex Calling can still be told so."""
    bot_budget = BudgetInMemory(UNCOUNTED, clock)
    refuse(sandbox, "/v1/telephony", "20", count=4)
    with pytest.raises(RateLimited):
        worker().get_mode()
    began = clock()
    Messaging(session(sandbox, "sandbox-bot", bot_budget)).me()
    assert clock() == began
    assert bot_budget.pauses == []


def test_many_calls_keep_to_the_minute(
    sandbox: SandboxServer, worker: Callable[[], CallingClient], calling_budget: BudgetInMemory
) -> None:
    """Two workers that call as fast as they can make as many calls as one may."""
    first, second = worker(), worker()
    began = calling_budget.clock()
    sandbox.world.calls.clear()
    while calling_budget.clock() - began < 59.9:
        first.get_mode()
        second.get_mode()
    assert 290 <= len(sandbox.world.calls) <= 300


def test_without_a_limiter_a_client_waits_for_itself(sandbox: SandboxServer, clock: PassingTime) -> None:
    """As `extbot doctor` does."""
    refuse(sandbox, "/v1/telephony", "7")
    token = StaticToken("sandbox-calling")
    with closing(CallingClient(sandbox.api_url, token, sleep=clock.sleep, clock=clock, retries=RETRIES)) as client:
        assert client.get_mode() == "STANDARD"
    assert clock.slept == [7]
