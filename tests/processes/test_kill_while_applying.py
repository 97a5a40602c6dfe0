"""`kill -9` at every step of applying a plan of twenty changes: each is applied once, and has one entry.

KILL_SEED chooses other steps than those of the seed below, KILL_ALL=1 takes all of them: about twenty minutes.
"""

import os
import random
from collections.abc import Iterator
from contextlib import closing

import pytest
from directories import started_directory
from installation import installation, wait_until
from policies import EVERYTHING, grant_to
from trials import KILLED, Bench, DyingWorker, Trial

from bot.database import embedded_database
from bot.sandbox.faults import Fault
from bot.store import Store, connect

SEED = int(os.environ.get("KILL_SEED", "20261124"))
ALL = os.environ.get("KILL_ALL") == "1"
DISTINCT_STEPS = 120
"""At the least: each of 20 changes is read, noted, sent, answered, read back and noted."""

SAMPLES = 5
"""Steps for each way to have a plan applied."""

KILLS = 8 if ALL else 2
"""Of workers as they are run; each takes until it is noticed, about four seconds."""

CALLING = "/v1/telephony/"

ONE_IS_ENOUGH = "[approval]\ncommands = []\nmost_changes = 20\n"
SECOND_PERSON = grant_to("nina@example.com", "read approve")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with started_directory() as directory, embedded_database(directory) as address:
        engine = connect(address)
        with closing(Store(engine)) as store, closing(DyingWorker()) as worker:
            yield Bench(worker, store, address, directory.parent / "access.toml")


@pytest.fixture
def confirmed(bench: Bench) -> Bench:
    """One person is enough for twenty changes."""
    bench.policy_file.write_text(EVERYTHING + ONE_IS_ENOUGH)
    return bench


@pytest.fixture
def approved(bench: Bench) -> Bench:
    """Twenty changes need a second person."""
    bench.policy_file.write_text(EVERYTHING + SECOND_PERSON)
    return bench


def test_a_worker_that_is_killed_at_every_step_does_everything_once(confirmed: Bench) -> None:
    """It dies the first time that it comes by each step, those of its recoveries too, and is started again.

    A step is a change to be sent, an answer, the end of a commit; with KILL_ALL also each reading to be sent, each
    statement, and the beginning of a commit.
    """
    passed: set[str] = set()
    with confirmed.trial(None) as each:
        status, deaths = KILLED, 0
        while status == KILLED:
            status, steps = confirmed.attempt(each, passed=sorted(passed), edges=not ALL)
            assert status == 0 or steps[-1] not in passed
            deaths += status == KILLED
            passed.update(steps)
        each.check()
    assert deaths > DISTINCT_STEPS


def test_a_worker_that_is_killed_at_one_step_leaves_nothing_undone(confirmed: Bench) -> None:
    """Each of these steps alone, in a plan of its own."""
    dies_and_recovers(confirmed, None)


def test_a_worker_that_is_killed_after_an_approval_leaves_nothing_undone(approved: Bench) -> None:
    """The same where it is a second person's approval that has the plan applied."""
    dies_and_recovers(approved, "nina")


def dies_and_recovers(bench: Bench, approver: str | None) -> None:
    """Kill a worker at some of the steps, each in a trial of its own, and let another go on."""
    with bench.trial(approver) as undisturbed:
        _, steps = bench.attempt(undisturbed)
        undisturbed.check()
    numbers = range(1, len(steps) + 1)
    for step in numbers if ALL else chosen(numbers, SAMPLES, approver):
        with bench.trial(approver) as each:
            status, passed = bench.attempt(each, kill_at=step)
            print(f"KILL_SEED={SEED}, killed at step {step} of {len(steps)}: {passed[-1]}")  # noqa: T201
            assert status == KILLED
            assert bench.attempt(each)[0] == 0
            each.check()


def test_workers_that_are_killed_from_outside_leave_nothing_undone() -> None:
    """Whenever a worker is killed, another goes on: here at some of the calls, wherever it is by then."""
    with started_directory() as directory, installation(directory) as bot, embedded_database(directory) as url:
        (directory.parent / "access.toml").write_text(EVERYTHING + ONE_IS_ENOUGH)
        bot.start("worker")
        wait_until(lambda: bot.calls("/v1/webhooks") >= 5, "the second worker has looked at the webhooks")
        bot.sandbox.world.faults.add(Fault(path=CALLING, delay=30))
        with closing(Store(connect(url))) as store:
            each = Trial(store, bot.sandbox)
            for calls in chosen(range(25, 60), KILLS):
                print(f"KILL_SEED={SEED}, killed after {calls} calls")  # noqa: T201
                wait_until(lambda least=calls: bot.calls(CALLING) >= least, f"{calls} calls")
                bot.kill_workers()
            wait_until(lambda: bool(each.answers()), "the plan is applied")
            each.check()


def chosen(numbers: range, size: int, what_for: str | None = None) -> list[int]:
    """Some of the numbers, in order: by the seed, always the same."""
    return sorted(random.Random(f"{SEED} {what_for}").sample(numbers, size))  # noqa: S311 - nothing secret about it
