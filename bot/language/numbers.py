"""Numbers as people write them, in the middle of a line: `+1 (408) 555-0123`, `0033 1 42 68 53 00`, `5012`."""

import re
from dataclasses import dataclass

import phonenumbers

RUN = re.compile(r"(?:\+ ?)?\(?[0-9](?:[0-9]|[ ().\-/]{1,3}(?=[0-9(]))*")
"""A number with anything that may stand inside one; never more than one space, bracket and dash between digits."""

GROUP = re.compile(r"[0-9]+")
TRUNK_ZERO = re.compile(r"\(0\)")
LONGEST_RUN = 40
LONGEST_E164 = 15
LONGEST_EXTENSION = 10


SPAN = re.compile(r"(?<![0-9])([0-9]{1,9}?)(0{1,9}) ?- ?\1(9{1,9})(?![0-9])")


@dataclass(frozen=True)
class Found:
    """A number at the head of a text: where it ends, its value, and whether that is E.164 or bare digits."""

    end: int
    value: str
    international: bool
    bare: bool


def find_number(text: str, start: int) -> Found | None:
    """The number that begins at `start`, or None where there are only digits inside a word."""
    match = RUN.match(text, start, start + LONGEST_RUN)
    if match is None:
        return None
    run = _without_word(text, start, match.group())
    if not run:
        return None
    if run.startswith("+"):
        return _international(run, start)
    if run.startswith("00") and len(run) > 3 and run[2] in "123456789 ":
        return _international("+" + run[2:].lstrip(), start, shift=1 + len(run[2:]) - len(run[2:].lstrip()))
    return _national(run, start)


def spans_as_patterns(text: str) -> str:
    """The text with `5100-5199` as 51XX, where all numbers of the span are just those of a pattern."""
    return SPAN.sub(_as_pattern, text)


def _as_pattern(span: re.Match[str]) -> str:
    any_digits = "X" * len(span[2])
    return f"{span[1]}{any_digits}" if len(span[2]) == len(span[3]) else span[0]


def e164(digits: str) -> str | None:
    """The number in E.164 if these digits, with their country code, are a valid one."""
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    return "+" + digits if phonenumbers.is_valid_number(number) else None


def _without_word(text: str, start: int, run: str) -> str:
    """Leave out a last group that is the beginning of a word, as the 5 of 5XXX is."""
    after = text[start + len(run) : start + len(run) + 1]
    if after.isalnum() or after in ("_", "*", "#", "%"):
        kept = re.sub(r"[ ().\-/]*[0-9]+$", "", run)
        return kept if GROUP.search(kept) and kept.lstrip("+ (") else ""
    return run


def _digits(run: str) -> str:
    return "".join(GROUP.findall(TRUNK_ZERO.sub("", run)))


def _pieces(run: str) -> list[str]:
    """The beginnings of the run that end where a space does."""
    ends = [match.start() for match in re.finditer(r"(?<=[0-9)]) ", run)]
    return [run[:end] for end in ends if GROUP.search(run[:end])] + [run]


def _international(run: str, start: int, shift: int = 0) -> Found:
    pieces = _pieces(run)
    typed = _best(pieces)
    return Found(start + len(typed) + shift, "+" + _digits(typed), international=True, bare=False)


def _best(pieces: list[str]) -> str:
    """Where the number ends: with the first piece if that is all of it, else with the longest valid one."""
    first = _digits(pieces[0])
    if len(first) > 8 and (e164(first) or (len(pieces) > 1 and len(_digits(pieces[1])) > LONGEST_E164)):
        return pieces[0]
    valid = [piece for piece in pieces if len(_digits(piece)) <= LONGEST_E164 and e164(_digits(piece))]
    if valid:
        return valid[-1]
    return pieces[0] if len(first) >= 7 else _fitting(pieces)


def _fitting(pieces: list[str]) -> str:
    fitting = [piece for piece in pieces if len(_digits(piece)) <= LONGEST_E164]
    return fitting[-1] if fitting else pieces[0]


def _national(run: str, start: int) -> Found:
    """Without a plus only a bracket or a single first digit says that a number goes on behind a space."""
    pieces = _pieces(run)
    joined = run.startswith("(") or (GROUP.fullmatch(pieces[0]) and len(pieces[0]) == 1)
    typed = _fitting(pieces) if joined else pieces[0]
    digits = _digits(typed)
    if len(digits) > LONGEST_EXTENSION and not digits.startswith("0") and e164(digits):
        return Found(start + len(typed), "+" + digits, international=True, bare=False)
    bare = GROUP.fullmatch(typed) is not None and len(digits) <= LONGEST_EXTENSION
    return Found(start + len(typed), typed, international=False, bare=bare)
