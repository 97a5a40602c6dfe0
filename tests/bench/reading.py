"""How long it takes to read all virtual extensions, beside wxc_sdk on the same server."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ground import ROOT, Ground
from measures import Extent, Goal, Report, median_of, times

from bot.calling.pages import PAGE_SIZE, WIDTH
from bot.sandbox.faults import Fault
from bot.sandbox.records import Call
from bot.sandbox.server import SandboxServer

API_DELAY = 50.0
"""Milliseconds that each call of the API takes."""

COLUMNS = ("", "seconds", "calls", "most calls at once")
METHOD = """\
Every virtual extension is read in pages of 100, by the bot's client and by wxc_sdk, which take turns on the \
same sandbox, each in a process of its own whose start is not counted. Each call takes 50 ms and what the \
sandbox needs. Calls, and how many were going on at once, are counted by the sandbox."""


@dataclass(frozen=True)
class Reading:
    """One list that was read: the seconds, how many calls it took, and the most of them at once."""

    seconds: float
    calls: int
    at_once: int


Round = dict[str, Reading]


def measure(_ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    extensions = extent.pages * PAGE_SIZE
    with SandboxServer(extensions=extensions) as sandbox:
        sandbox.world.faults.add(Fault(delay=API_DELAY))
        rounds = [
            {name: _read(sandbox, name, extensions) for name in ("bot", "wxc_sdk")} for _ in range(extent.rounds)
        ]
    return _report(rounds, extensions)


def _read(sandbox: SandboxServer, name: str, expected: int) -> Reading:
    sandbox.world.calls.clear()
    command = [sys.executable, str(Path(__file__).parent / "readers.py"), name, sandbox.api_url]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, found = said.splitlines()[-1].split()  # wxc_sdk prints notices of its own before
    if int(found) != expected:
        raise RuntimeError(f"{name} has read {found} of {expected}.")
    calls = list(sandbox.world.calls)
    return Reading(float(seconds), len(calls), _most_at_once(calls))


def _most_at_once(calls: Sequence[Call]) -> int:
    """The most calls that were going on at any moment; one that begins as another ends is not beside it."""
    changes = sorted([(call.started, 1) for call in calls] + [(call.ended, -1) for call in calls])
    going_on = most = 0
    for _, change in changes:
        going_on += change
        most = max(most, going_on)
    return most


def _report(rounds: Sequence[Round], extensions: int) -> Report:
    faster = median_of(rounds, lambda one: one["wxc_sdk"].seconds / one["bot"].seconds)
    more = max(one["bot"].calls / one["wxc_sdk"].calls for one in rounds)
    at_once = max(one["bot"].at_once for one in rounds)
    goals = (
        Goal("at least 4 x faster than wxc_sdk", times(faster), faster >= 4),
        Goal("at most 10 % more calls", f"{more - 1:.0%} more at most", more <= 1.1),
        Goal(f"never more than {WIDTH} calls at once", f"{at_once} at most", at_once <= WIDTH),
    )
    rows = (("the bot's client", *_cells(rounds, "bot")), ("wxc_sdk", *_cells(rounds, "wxc_sdk")))
    return Report(f"Reading {extensions:,} extensions", METHOD, COLUMNS, rows, goals)


def _cells(rounds: Sequence[Round], name: str) -> tuple[str, ...]:
    def figure(of: Callable[[Reading], float]) -> float:
        return median_of(rounds, lambda one: of(one[name]))

    seconds, calls, at_once = (
        figure(lambda one: one.seconds),
        figure(lambda one: one.calls),
        figure(lambda one: one.at_once),
    )
    return f"{seconds:.2f}", f"{calls:.0f}", f"{at_once:.0f}"
