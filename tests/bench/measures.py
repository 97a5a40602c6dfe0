"""What all benchmarks share: how much is measured, percentiles and medians, and the report of one benchmark."""

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Extent:
    """How much is measured: `rounds` of everything, `seconds` of load, and how many of what."""

    rounds: int
    seconds: float
    questions: int
    pages: int
    events: int
    spaces: int
    workers: tuple[int, ...]
    others: bool
    """Whether foreign packages are fetched to be compared with."""


FULL = Extent(
    rounds=5, seconds=8, questions=20, pages=50, events=10_000, spaces=200, workers=(1, 2, 4), others=True
)
QUICK = Extent(rounds=1, seconds=0.2, questions=1, pages=3, events=12, spaces=4, workers=(1,), others=False)


@dataclass(frozen=True)
class Goal:
    """What was to be reached, what was reached, and whether that is enough."""

    text: str
    found: str
    met: bool

    def line(self) -> str:
        """The goal as a line of a list."""
        return f"- {'Met' if self.met else '**Missed**'}: {self.text}. Found: {self.found}."


@dataclass(frozen=True)
class Report:
    """One benchmark, as it is written down. `method` says what was done, in sentences."""

    title: str
    method: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The report as a section of BENCHMARKS.md."""
        table = [_row(self.columns), _row(["---"] * len(self.columns)), *map(_row, self.rows)]
        blocks = [[f"## {self.title}"], [self.method], table, [goal.line() for goal in self.goals]]
        return "\n\n".join("\n".join(lines) for lines in (*blocks, *([note] for note in self.notes)) if lines)


def is_quick() -> bool:
    """Whether only to see that the benchmarks work, by the environment."""
    return bool(os.environ.get("BENCH_QUICK"))


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest of the values that is at least as large as so many percent."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def median_of(rounds: Sequence[T], figure: Callable[[T], float]) -> float:
    """The median over the rounds of one figure of a round."""
    return median(figure(one) for one in rounds)


def milliseconds(value: float) -> str:
    """Milliseconds as they are written down."""
    return f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def megabytes(count: float) -> str:
    """Bytes as they are written down."""
    return f"{count / 1024 / 1024:.0f} MB"


def times(ratio: float) -> str:
    """A ratio as it is written down."""
    return f"{ratio:.0f} x" if ratio >= 20 else f"{ratio:.2f} x"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
