"""The markdown twin of a card: the same in text, for notifications, searches and clients that draw no cards."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from cards.escape import for_message, sentence_for_message, shorten, typed

LONGEST = 7_439
"""Bytes of a message, by the official text of POST /messages."""

LONGEST_PART = 200

HELP = "Type `help` to see what you can do."


def twin(title: str, lines: Sequence[str], go_on: str) -> str:
    """The title, the lines as far as they fit, and how to go on by typing. Only `lines` are markdown already."""
    head = bold(shorten(title, LONGEST_PART))
    tail = sentence_for_message(go_on if "`" in go_on else f"{go_on} {HELP}")
    wanted = [line for line in lines if line]
    fitting = _fitting(wanted, LONGEST - len(f"{head}{tail}".encode()) - 100)
    left_out = len(wanted) - fitting
    note = [f"The rest is too long for a message: {left_out} more on the card."] if left_out else []
    return _joined([head, *wanted[:fitting], *note, tail])


def item(*parts: str) -> str:
    """One row of a list. The parts are markdown; empty ones are left out."""
    return "- " + " · ".join(part for part in parts if part)


def bold(text: str) -> str:
    """Plain text in bold; nothing where there is no text, as `****` draws a rule."""
    escaped = for_message(text)
    return f"**{escaped}**" if escaped else ""


def plain(text: str) -> str:
    """Plain text, not longer than a line or two."""
    return for_message(shorten(text, LONGEST_PART))


def fact_lines(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """One row for each name with a value."""
    return [
        item(f"{for_message(name)}: {bold(shorten(value, LONGEST_PART * 6))}") for name, value in pairs if value
    ]


def line_to_type(*words: str) -> str:
    """Words as one line to type, in backticks; empty ones are left out."""
    return typed(" ".join(shorten(word, LONGEST_PART) for word in words if word))


def _fitting(lines: Sequence[str], room: int) -> int:
    """How many of the lines fit into that many bytes, with up to two line ends after each."""
    return sum(end <= room for end in accumulate(len(line.encode()) + 2 for line in lines))


def _joined(lines: Sequence[str]) -> str:
    """Rows of a list follow each other, everything else is a paragraph of its own."""
    made = lines[0]
    for before, line in pairwise(lines):
        made += ("\n" if before.startswith("- ") and line.startswith("- ") else "\n\n") + line
    return made
