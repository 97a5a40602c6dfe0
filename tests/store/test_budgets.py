"""The budgets of calls, on a real PostgreSQL: shared by threads, and by workers with connections of their own.

A call takes an hour here, so that no time passes by itself; `pass_by` lets it.
"""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from bot.budgets import SharedBudget
from bot.calling.limiter import UNCOUNTED, Allowance
from bot.store import connect

HOUR = 3600.0
HOURLY = Allowance(interval=HOUR, burst=30, reserve=10)

Worker = Callable[[], Engine]


@pytest.fixture
def worker(database_url: str, engine: Engine) -> Iterator[Worker]:  # noqa: ARG001 - which empties it
    """Opens connections as a worker of its own does; all budgets are full."""
    engines: list[Engine] = []

    def start() -> Engine:
        engines.append(connect(database_url))
        return engines[-1]

    yield start
    for each in engines:
        each.dispose()


def pass_by(engine: Engine, seconds: float) -> None:
    """Let time pass: all that was to come is so much nearer."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE budgets SET full_at = full_at - make_interval(secs => :s)"), {"s": seconds}
        )


def test_threads_of_two_workers_share_one_budget(worker: Worker) -> None:
    """Of sixty who ask at once, as many as may call do, and none more."""
    budgets = [SharedBudget(worker(), "calling", HOURLY) for _ in range(2)]
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda budget=budget: waits.append(budget.take(bulk=False)))
        for budget in budgets * 30
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 60
    assert waits.count(0.0) == 30
    assert max(waits) == pytest.approx(HOUR, abs=60)


def test_each_token_has_its_own_budget(worker: Worker) -> None:
    engine = worker()
    spent, other = SharedBudget(engine, "calling", HOURLY), SharedBudget(engine, "bot", HOURLY)
    while spent.take(bulk=False) == 0.0:
        pass
    assert other.take(bulk=False) == 0.0


def test_bulk_work_takes_none_of_the_reserve(worker: Worker) -> None:
    budget = SharedBudget(worker(), "calling", HOURLY)
    given = [budget.take(bulk=True) for _ in range(25)]
    assert given.count(0.0) == 20
    assert [budget.take(bulk=False) for _ in range(11)].count(0.0) == 10


def test_the_budget_fills_again(worker: Worker) -> None:
    engine = worker()
    budget = SharedBudget(engine, "calling", HOURLY)
    while budget.take(bulk=False) == 0.0:
        pass
    pass_by(engine, 2 * HOUR)
    assert [budget.take(bulk=False) == 0.0 for _ in range(3)] == [True, True, False]
    pass_by(engine, 1000 * HOUR)
    assert [budget.take(bulk=False) for _ in range(31)].count(0.0) == 30


@pytest.mark.parametrize("allowance", [HOURLY, UNCOUNTED])
def test_a_pause_holds_every_worker_back_before_its_next_call(worker: Worker, allowance: Allowance) -> None:
    asked_to, other = (SharedBudget(worker(), "calling", allowance) for _ in range(2))
    assert other.take(bulk=False) == 0.0
    asked_to.pause(100)
    assert 90 < other.take(bulk=False) <= 100
    asked_to.pause(10)
    assert 90 < other.take(bulk=False) <= 100
    pass_by(worker(), 101)
    assert other.take(bulk=False) == 0.0


def test_after_a_pause_people_who_wait_are_first(worker: Worker) -> None:
    engine = worker()
    budget = SharedBudget(engine, "calling", HOURLY)
    budget.pause(100)
    pass_by(engine, 101)
    assert budget.take(bulk=True) == pytest.approx(10 * HOUR, abs=60)
    assert budget.take(bulk=False) == 0.0
    assert budget.take(bulk=False) > 0


def test_without_a_count_a_row_is_all_that_is_kept(worker: Worker) -> None:
    budget = SharedBudget(worker(), "bot", UNCOUNTED)
    assert [budget.take(bulk=False) for _ in range(50)] == [0.0] * 50


def test_a_database_that_is_away_holds_nobody_up() -> None:
    """What is being done needs it anyway, and says so; a call that reads back a change must not fail for that."""
    engine = connect("postgresql://nobody@127.0.0.1:1/nothing")
    budget = SharedBudget(engine, "calling", HOURLY)
    budget.pause(100)
    assert budget.take(bulk=False) == 0.0
    engine.dispose()


def test_a_database_whose_clock_was_set_back_holds_nobody_up(worker: Worker) -> None:
    """By the clock of today, the budget would be full in three months."""
    engine = worker()
    budget = SharedBudget(engine, "calling", HOURLY)
    assert budget.take(bulk=False) == 0.0
    pass_by(engine, -90 * 24 * HOUR)
    assert [budget.take(bulk=False) for _ in range(30)] == [0.0] * 30
    assert budget.take(bulk=False) == pytest.approx(HOUR, abs=60)
