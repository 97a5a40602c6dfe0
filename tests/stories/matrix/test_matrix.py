"""Every command, for every role, through every entrance: expected.txt says what comes of it."""

from collections.abc import Callable

from matrix_entrances import Attempt, Entrances
from matrix_table import Cell, read_table, shuffle
from matrix_verdicts import Verdict
from matrix_ways import EXTENSIONS


def test_every_command_for_every_role_through_every_entrance(entrances: Entrances, seed: str) -> None:
    """In an order that the seed gives: no cell depends on those before it."""
    for number in EXTENSIONS.values():
        _leaves_an_entry(entrances, number)
    wrong = [
        problem
        for cell in shuffle(read_table(), seed)
        for way_in in entrances.of(cell)
        if (problem := _problem(entrances, cell, way_in))
    ]
    assert not wrong, f"MATRIX_SEED={seed}: {len(wrong)} answers are wrong.\n\n" + "\n\n".join(wrong)


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
