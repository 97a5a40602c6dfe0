"""The table in expected.txt, cell by cell."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("expected.txt")
LETTERS = frozenset("yenhfs-")


@dataclass(frozen=True)
class Cell:
    """What comes of it when somebody of that role does what the row says."""

    row: str
    role: str
    expected: str

    @property
    def command(self) -> str:
        """The canonical name of the row's command."""
        return self.row.split()[0]


def read_table() -> list[Cell]:
    """All cells, row by row."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    (_, *roles), *rows = map(_columns, lines)
    return [Cell(row, role, letter) for row, *letters in rows for role, letter in zip(roles, letters, strict=True)]


def shuffle(cells: Sequence[Cell], seed: str) -> list[Cell]:
    """The cells in the order that belongs to the seed."""
    return sorted(cells, key=lambda cell: hashlib.sha256(f"{seed} {cell.row} {cell.role}".encode()).digest())


def _columns(line: str) -> list[str]:
    row, letters = re.fullmatch(r"(\S.*?)\s+((?:\S{1,6}\s+){9}\S+)", line).groups()
    return [row, *letters.split()]
