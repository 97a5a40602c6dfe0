"""The lines that the language is held to, as readable tables beside this file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LISTS = {"patterns", "phone_numbers"}
TICKS = {"acknowledged"}


@dataclass(frozen=True)
class Line:
    text: str
    command: str
    arguments: dict[str, str | bool | list[str]]


def understood() -> list[Line]:
    """What each line of understood.txt must be read as."""
    lines, command = [], ""
    for row in _rows("understood.txt"):
        if row.startswith("## "):
            command = row.removeprefix("## ")
            continue
        text, _, arguments = row.partition("\t")
        lines.append(Line(_with_breaks(text), command, dict(_arguments(arguments))))
    return lines


def never_a_change() -> list[str]:
    """The lines that must not become a command that changes something."""
    return [_with_breaks(row) for row in _rows("never_a_change.txt")]


def _rows(name: str) -> list[str]:
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("# ")]


def _with_breaks(text: str) -> str:
    return text.replace("\\n", "\n")


def _arguments(text: str) -> Iterator[tuple[str, str | bool | list[str]]]:
    for part in text.split("; ") if text else []:
        name, _, value = part.partition("=")
        yield name, value.split() if name in LISTS else value == "true" if name in TICKS else value
