"""The limiter with a clock of its own: how many calls, in what order, and how long it waits."""

from bisect import bisect_left

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_calling import BASE_URL, Script, answered
from shared_time import BudgetInMemory, PassingTime

from bot.calling.client import CallingClient
from bot.calling.limiter import UNCOUNTED, Limiter, per_minute
from bot.calling.retries import RetryPolicy
from bot.calling.token import StaticToken
from bot.errors import RateLimited

MODE = answered(json={"mode": "STANDARD"})


@pytest.fixture
def clock() -> PassingTime:
    return PassingTime()


@given(calls=st.integers(10, 100_000), rests=st.lists(st.floats(0, 40), min_size=20, max_size=60))
def test_no_minute_has_more_calls_than_allowed(calls: int, rests: list[float]) -> None:
    """Whatever rests there are between the calls, and however greedy they are."""
    clock = PassingTime()
    budget = BudgetInMemory(per_minute(calls), clock)
    limiter, made = budget.limiter(), []
    batch = max(1, calls // 20)
    for rest in rests:
        limiter.admit("GET", "/", 1e9)
        made.append(clock())
        # The rest of a batch is made at the same moment, as far as there is room.
        taken = sum(budget.take(bulk=False) == 0.0 for _ in range(min(batch, 50)))
        made += [clock()] * taken
        clock.sleep(rest)
    for first, begin in enumerate(made):
        assert bisect_left(made, begin + 60 - 1e-6) - first <= calls


def test_calls_are_made_at_once_and_then_evenly(clock: PassingTime) -> None:
    limiter = BudgetInMemory(per_minute(300), clock).limiter()
    for _ in range(60):
        limiter.admit("GET", "/", 60)
    assert clock.slept == []
    for _ in range(4):
        limiter.admit("GET", "/", 60)
    assert clock.slept == pytest.approx([0.25] * 4)


def test_bulk_work_leaves_a_reserve_to_people_who_wait(clock: PassingTime) -> None:
    limiter = BudgetInMemory(per_minute(300), clock).limiter()
    for _ in range(40):
        limiter.admit("GET", "/", 60, bulk=True)
    with pytest.raises(RateLimited):
        limiter.admit("GET", "/", 0.1, bulk=True)
    for _ in range(20):
        limiter.admit("GET", "/", 0.1)
    assert clock.slept == []


def test_what_would_wait_too_long_is_not_sent_and_says_how_long(clock: PassingTime) -> None:
    budget = BudgetInMemory(per_minute(300), clock)
    budget.pause(90)
    with pytest.raises(RateLimited) as caught:
        budget.limiter().admit("PUT", "/path", 60)
    assert caught.value.call.seconds == pytest.approx(90)
    assert not caught.value.call.outcome_unknown
    assert clock.slept == []


def test_without_a_count_only_pauses_hold_calls_back(clock: PassingTime) -> None:
    budget = BudgetInMemory(UNCOUNTED, clock)
    for _ in range(1000):
        budget.limiter().admit("GET", "/", 1)
    assert clock.slept == []
    budget.pause(7)
    budget.limiter().admit("GET", "/", 60)
    assert clock.slept == [7]


def test_without_a_budget_nothing_is_held_back(clock: PassingTime) -> None:
    limiter = Limiter(sleep=clock.sleep, clock=clock)
    limiter.pause(10)
    limiter.admit("GET", "/", 0)
    assert clock.slept == []


def client(script: Script, budget: BudgetInMemory) -> CallingClient:
    clock = budget.clock
    return CallingClient(
        BASE_URL,
        StaticToken("secret"),
        transport=httpx.MockTransport(script),
        sleep=clock.sleep,
        clock=clock,
        retries=RetryPolicy(jitter=lambda: 1.0),
        limiter=budget.limiter(),
    )


@pytest.mark.parametrize(("retry_after", "pause"), [("7", 7.0), ("rand(30),add(30)", 0.5), (None, 0.5)])
def test_a_429_is_a_pause_for_all_who_share_the_token(
    clock: PassingTime, retry_after: str | None, pause: float
) -> None:
    """One that can't be read is as good as none."""
    budget = BudgetInMemory(per_minute(300), clock)
    headers = {"Retry-After": retry_after} if retry_after else {}
    refused, other = Script([answered(429, headers=headers), MODE]), Script([MODE])
    first, second = client(refused, budget), client(other, budget)
    began = clock()
    assert first.get_mode() == "STANDARD"
    assert clock() - began == pytest.approx(pause)
    budget.pause(pause)
    assert second.get_mode() == "STANDARD"
    assert clock() - began == pytest.approx(2 * pause)
    assert budget.pauses[0] == pause


@pytest.mark.parametrize(("retry_after", "pause"), [("120", 120.0), ("3600", 900.0)])
def test_a_long_pause_is_kept_by_all_and_slept_through_by_none(
    clock: PassingTime, retry_after: str, pause: float
) -> None:
    """Who asks is told at once. More than a quarter of an hour is not believed: it would silence the bot."""
    budget = BudgetInMemory(per_minute(300), clock)
    began = clock()
    with pytest.raises(RateLimited):
        client(Script([answered(429, headers={"Retry-After": retry_after})]), budget).get_mode()
    with pytest.raises(RateLimited):
        client(Script([MODE]), budget).get_mode()
    assert clock() == began
    assert budget.pauses == [pause]


def test_bulk_work_is_patient_and_people_are_not(clock: PassingTime) -> None:
    """After a pause bulk work waits until there is a reserve again; what people ask for is sent at once."""
    budget = BudgetInMemory(per_minute(300), clock)
    calling = client(Script([MODE]), budget)
    budget.pause(100)
    with pytest.raises(RateLimited):
        calling.get_mode()
    assert calling.in_bulk().get_mode() == "STANDARD"
    assert clock.slept == pytest.approx([105])
