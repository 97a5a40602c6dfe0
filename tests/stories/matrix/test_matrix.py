"""Every command, for every role: expected.txt says what comes of it.

Each cell is tried through one of its entrances, which MATRIX_SEED chooses, with MATRIX_ALL=1 through all of them.
"""

import os
import random
from collections.abc import Callable

import pytest
from matrix_entrances import Attempt, Entrances
from matrix_table import Cell, read_table, shuffle
from matrix_verdicts import Verdict
from matrix_ways import EXTENSIONS

ALL = os.environ.get("MATRIX_ALL") == "1"

ALONE = ("extensions", "plans.confirm", "plans.undo", "plans", "ranges")
"""How the commands of a part of the table begin; all others are the last part."""


@pytest.mark.parametrize("part", [*ALONE, ""], ids=lambda part: part or "all others")
def test_every_command_for_every_role(entrances: Entrances, seed: str, part: str) -> None:
    """In an order that the seed gives: no cell depends on those before it. In parts, to be run side by side."""
    for number in EXTENSIONS.values():
        _leaves_an_entry(entrances, number)
    wrong = [
        problem
        for cell in shuffle([one for one in read_table() if _part_of(one) == part], seed)
        for way_in in _ways_in(entrances, cell, seed)
        if (problem := _problem(entrances, cell, way_in))
    ]
    assert not wrong, f"MATRIX_SEED={seed}: {len(wrong)} answers are wrong.\n\n" + "\n\n".join(wrong)


def _ways_in(entrances: Entrances, cell: Cell, seed: str) -> list[Callable[[], Attempt]]:
    found = list(entrances.of(cell))
    chance = random.Random(f"{seed} {cell.row} {cell.role}")  # noqa: S311 - no secret depends on it
    return found if ALL else [chance.choice(found)]


def _part_of(cell: Cell) -> str:
    """The longest beginning that fits, of those that stand alone."""
    return max((one for one in ALONE if cell.command.startswith(one)), key=len, default="")


def _problem(entrances: Entrances, cell: Cell, way_in: Callable[[], Attempt]) -> str:
    attempt = None
    try:
        attempt = way_in()
        Verdict(cell, attempt, entrances.space).check()
    except AssertionError as error:
        how = f"{attempt.entrance}, as {attempt.typed!r}" if attempt else "it could not even be asked"
        return f"{cell.row} · {cell.role} · {cell.expected} · {how}: {error}"
    return ""


def _leaves_an_entry(entrances: Entrances, number: str) -> None:
    """Something about it for the history."""
    plan = entrances.space.opens(f"delete {number}").commands["plans.confirm"]
    entrances.space.asks("alice", f"cancel {plan['with_target']}")
