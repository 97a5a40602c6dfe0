"""Virtual extension ranges: the value, and what is wrong with one beside the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.dialing import (
    LONGEST_NUMBER,
    MISSING_FIELD,
    Finding,
    Rejection,
    check_patterns,
    check_prefix,
    pattern_taken,
    reject,
)
from bot.sandbox.locations import Location
from bot.telephony import Mode, PatternAction

MOST_PATTERNS = 100
"""Patterns of one range; a range with 30 refuses 71 more with code 27854."""


@dataclass(frozen=True)
class Range:
    """A range of virtual extensions: dialling an extension that fits a pattern calls prefix + extension."""

    id: str
    name: str
    prefix: str
    patterns: tuple[str, ...] = ()
    location: Location | None = None


@dataclass(frozen=True)
class RangeParts:
    """The parts of a range that a request gives; None is "not given"."""

    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] | None = None


def check_range(
    parts: RangeParts, location: Location | None, others: Iterable[Range], mode: Mode
) -> list[Finding]:
    """Return all that is wrong with the parts, name first, then prefix, then patterns.

    `others` are all ranges but the one that is checked. [U] Decisions: names are unique in the organization
    without regard to case; prefixes may repeat (a test against a live organization creates such ranges, the
    documentation says "unique"); patterns are unique within a level, and only when they are equal as text.
    """
    others = tuple(others)
    return [
        *_check_name(parts.name, others),
        *_check_prefix(parts.prefix, mode),
        *_check_patterns(parts, location, others, mode),
    ]


def _check_name(name: str | None, others: Sequence[Range]) -> list[Finding]:
    if name is None:
        return []
    if not name.strip():
        return [Finding("INVALID", 27857, "The name of a virtual extension range cannot be empty.", "name", name)]
    if all(name.casefold() != other.name.casefold() for other in others):
        return []
    return [Finding("DUPLICATE", 27850, f"Virtual Extension Range already exists with name: {name}", "name", name)]


def _check_prefix(prefix: str | None, mode: Mode) -> list[Finding]:
    finding = None if prefix is None else check_prefix(prefix, mode)
    return [finding] if finding else []


def _check_patterns(
    parts: RangeParts, location: Location | None, others: Sequence[Range], mode: Mode
) -> list[Finding]:
    patterns = parts.patterns or ()
    if len(patterns) > MOST_PATTERNS:
        return [_too_many(patterns[MOST_PATTERNS])]
    taken = frozenset(pattern for other in others if other.location == location for pattern in other.patterns)
    prefix_digits = len((parts.prefix or "").lstrip("+")) if mode is Mode.STANDARD else 0
    return list(check_patterns(patterns, taken, LONGEST_NUMBER - prefix_digits))


def _too_many(first_beyond: str) -> Finding:
    sentence = f"A virtual extension range can have at most {MOST_PATTERNS} patterns."
    return Finding("LIMIT_EXCEEDED", 27854, sentence, "pattern", first_beyond)


def change_range(before: Range, parts: RangeParts, action: PatternAction | None) -> Range:
    """Return the range with the given parts changed; patterns without an action are refused (400)."""
    return replace(
        before,
        name=before.name if parts.name is None else parts.name,
        prefix=before.prefix if parts.prefix is None else parts.prefix,
        patterns=before.patterns if parts.patterns is None else _combine(before.patterns, parts.patterns, action),
    )


def _combine(present: tuple[str, ...], given: tuple[str, ...], action: PatternAction | None) -> tuple[str, ...]:
    """Return the patterns after ADD, REMOVE or REPLACE.

    [U] Decisions: adding a pattern that is there is a duplicate (409), removing one that is not there is refused
    (400), and the last pattern may be removed, since the documentation lets a range be created without any.
    """
    if action is None:
        raise Rejection(400, "Missing Mandatory field name: action", MISSING_FIELD)
    if action is PatternAction.REPLACE:
        return given
    if action is PatternAction.REMOVE:
        return _without(present, given)
    reject(next((pattern_taken(pattern) for pattern in given if pattern in present), None))
    return (*present, *given)


def _without(present: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    missing = [pattern for pattern in given if pattern not in present]
    if missing:
        raise Rejection(400, f"The pattern is not in the virtual extension range: {missing[0]}.", 27858)
    return tuple(pattern for pattern in present if pattern not in given)
