"""Thousands of events from hundreds of spaces, with duplicates and faults: none lost, none answered twice."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil
from crowd import Answers, Crowd
from ground import Ground, memory_of, wait_until
from measures import Extent, Goal, Report, megabytes, times

from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer

FAULTS = (
    Fault(deliveries="duplicate", rate=0.05),
    Fault(path="/v1/", rate=0.024, status=503),
    Fault(path="/v1/", rate=0.015, drop="before"),
    Fault(path="/v1/", rate=0.01, drop="after"),
    Fault(path="/v1/", rate=0.001, status=429, headers={"Retry-After": "1"}),
)
"""Few are 429, as each lets all workers pause for the second that it asks for: more would only measure pauses."""

BACKLOG = 5
"""Questions of a space that wait at most: people write on when they are answered."""

FLAT = 1.1
"""Memory at the end to that when a fifth was answered."""

PATIENCE = 300.0
"""Seconds without an answer after which what has none counts as lost; a reply is tried again for about as long."""
COLUMNS = (
    "workers",
    "events a second",
    "to one worker",
    "until the last answer",
    "lost",
    "twice",
    "spaces out of order",
    "web, at 20 % and at the end",
    "worker, at 20 % and at the end",
    "the sandbox's share of a core",
    "all cores busy",
)
METHOD = """\
Each person asks `show 5004` in a direct space of their own, with at most five questions waiting in each. 5 % of \
the deliveries come twice, and 5 % of the API requests fail (503, connections that are dropped before Webex \
acts or after it, and one in fifty of them 429 with `Retry-After: 1`, for which all workers pause). \
Events a second are the median of nine rounds, each a tenth of the answers: those before the first twentieth and \
behind the last are left out, as a reply that failed is tried again after 3 seconds, and the last are such. \
Memory is RSS, of the largest worker. Sandbox, benchmark and database run on the same cores as the bot: where all \
of them are busy, another worker has nothing to work with."""


@dataclass(frozen=True)
class Run:
    """What came of the events with so many workers; memory in bytes, at each fifth of the answers."""

    workers: int
    rates: tuple[float, ...]
    seconds: float
    answers: Answers
    web: tuple[int, ...]
    worker: tuple[int, ...]
    share: float
    busy: float

    @property
    def rate(self) -> float:
        """Answers a second, the median of the rounds."""
        return median(self.rates)

    @property
    def growth(self) -> float:
        """Memory at the end to that when a fifth was answered, of what grew most."""
        return max(self.web[-1] / self.web[0], self.worker[-1] / self.worker[0])

    def row(self, first: "Run") -> tuple[str, ...]:
        """The run as a row of the table, compared with the first one."""
        web, worker = (f"{megabytes(sizes[0])}, {megabytes(sizes[-1])}" for sizes in (self.web, self.worker))
        counts = map(str, (self.answers.lost, self.answers.twice, self.answers.out_of_order))
        return (
            str(self.workers),
            f"{self.rate:.0f}",
            times(self.rate / first.rate),
            f"{self.seconds:.0f} s",
            *counts,
            web,
            worker,
            f"{self.share:.0%}",
            f"{self.busy:.0%}",
        )


def measure(ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    runs = [_run(ground, extent, workers) for workers in extent.workers]
    lost, twice = sum(run.answers.lost for run in runs), sum(run.answers.twice for run in runs)
    out_of_order, growth = sum(run.answers.out_of_order for run in runs), max(run.growth for run in runs)
    goals = (
        Goal("no event is lost and none is answered twice", f"{lost} lost, {twice} twice", not lost and not twice),
        Goal("each space is answered in the order of its questions", f"{out_of_order} are not", not out_of_order),
        Goal(
            "memory is flat: at the end at most 10 % above what it was when a fifth was answered",
            f"{growth - 1:+.0%}",
            growth <= FLAT,
        ),
    )
    title = f"{extent.events:,} events from {extent.spaces} spaces"
    return Report(title, METHOD, COLUMNS, tuple(run.row(runs[0]) for run in runs), goals)


def _run(ground: Ground, extent: Extent, workers: int) -> Run:
    with SandboxServer() as sandbox, ground.installation(sandbox, f"sustained_{workers}") as bot:
        crowd = Crowd(sandbox, extent.spaces)
        web = bot.start_web()
        answering = [bot.start_worker() for _ in range(workers)]
        for fault in FAULTS:
            sandbox.world.faults.add(fault)
        begun, used, before = time.monotonic(), time.process_time(), psutil.cpu_times()
        sizes = _load(crowd, extent, web, answering)
        busy = _busy(before, psutil.cpu_times())
        seconds, used = time.monotonic() - begun, time.process_time() - used
        wait_until(lambda: not bot.waiting(), "all duplicates have been looked at", PATIENCE)
        webs, works = zip(*sizes, strict=True)
        return Run(workers, crowd.rates(), seconds, crowd.answers(), webs, works, used / seconds, busy)


def _load(
    crowd: Crowd, extent: Extent, web: psutil.Process, answering: Sequence[psutil.Process]
) -> list[tuple[int, int]]:
    """Ask everything and wait for the answers; the memory of web and worker at each fifth."""
    sizes: list[tuple[int, int]] = []
    pause, answered, latest = threading.Event(), 0, time.monotonic()
    while answered < extent.events and time.monotonic() - latest < PATIENCE:
        while crowd.asked < min(extent.events, answered + BACKLOG * extent.spaces):
            crowd.ask("show 5004")
        pause.wait(0.05)
        if crowd.answered > answered:
            answered, latest = crowd.answered, time.monotonic()
        if answered * 5 >= extent.events * (len(sizes) + 1):
            sizes.append(_sizes(web, answering))
    return [*sizes, *[_sizes(web, answering)] * (5 - len(sizes))]


def _busy(before: Any, after: Any) -> float:
    """The part of the time of all cores, between two readings of psutil, in which they had something to do."""
    passed = {name: getattr(after, name) - getattr(before, name) for name in after._fields}
    idle = passed["idle"] + passed.get("iowait", 0.0)
    # A guest's time is counted as that of its user, too.
    whole = sum(seconds for name, seconds in passed.items() if not name.startswith("guest"))
    return 1 - idle / whole


def _sizes(web: psutil.Process, answering: Sequence[psutil.Process]) -> tuple[int, int]:
    return memory_of(web).resident, max(memory_of(each).resident for each in answering)
