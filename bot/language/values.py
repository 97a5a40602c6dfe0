"""Which tokens make the value of an argument."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.language.tokens import NUMBERS, TYPED, Token, TokenKind
from bot.language.words import CHATTER, DOUBTFUL
from bot.period import is_day
from bot.wording import Kind

PLAN_ID = re.compile(r"[A-Za-z0-9]{4}")
NO_PLAN = DOUBTFUL | CHATTER | {"mode", "name", "plan"}
MARK = re.compile(r"\s+([,.;:!?])")
UNITS = frozenset({"day", "days", "week", "weeks"})
LONGEST_DAY = 4
"""Tokens of a day: `November 1, 2026`."""
SHORTEST_PHONE = 7
"""Bare digits from here on are rather a phone number than an extension."""

Ends = Callable[[int], bool]


@dataclass(frozen=True)
class Taken:
    """A value, the tokens it was read from, and where the next token is."""

    value: str | tuple[str, ...]
    tokens: tuple[Token, ...]
    end: int


def fits(kind: Kind, token: Token, labelled: bool) -> bool:
    """Whether a number or a pattern can be (the first part of) the value of an argument of this kind."""
    if kind is Kind.EXTENSION:
        return token.kind is TokenKind.DIGITS and (labelled or len(token.value) > 1)
    if kind is Kind.SHORT:
        return token.kind is TokenKind.DIGITS and 1 < len(token.value) < SHORTEST_PHONE
    if kind is Kind.PHONE:
        long_enough = labelled or len(token.value) >= SHORTEST_PHONE
        return token.kind in (TokenKind.PHONE, TokenKind.LOCAL) or (token.kind is TokenKind.DIGITS and long_enough)
    if kind is Kind.PATTERNS:
        return token.kind is TokenKind.PATTERN
    if kind is Kind.PHONES:
        return token.kind in NUMBERS and (labelled or len(token.value) >= SHORTEST_PHONE)
    if kind in (Kind.NUMBER, Kind.TARGET):
        return token.kind in NUMBERS and len(token.value) > 1
    return False


def take_many(kind: Kind, tokens: Sequence[Token], start: int) -> Taken:
    """The patterns or numbers from here on, with commas, lines and `and` between them."""
    found = [tokens[start]]
    position = start + 1
    while position < len(tokens):
        following = position
        while following < len(tokens) and tokens[following].key in (",", ";", "\n", "and", "&", "/", "|", "-"):
            following += 1
        if following == len(tokens) or not fits(kind, tokens[following], labelled=True):
            break
        found.append(tokens[following])
        position = following + 1
    return Taken(tuple(token.value for token in found), tuple(found), position)


def take_plan(token: Token, named: bool) -> str | None:
    """The plan id that this is. Small letters alone might be any word: they need the noun, or have no vowel."""
    typed = token.value if token.kind is TokenKind.QUOTED else token.text
    if not PLAN_ID.fullmatch(typed):
        return None
    if token.key in NO_PLAN:
        return None
    plain_word = typed.isalpha() and typed.islower() and re.search("[aeiou]", typed)
    return None if plain_word and not named else typed.upper()


def take_day(tokens: Sequence[Token], start: int) -> Taken | None:
    """The day that these tokens name, as it was typed: the longest one that begins here."""
    for end in range(min(start + LONGEST_DAY, len(tokens)), start, -1):
        run = tuple(tokens[start:end])
        typed = join(run).replace(" ,", ",")
        if is_day(typed):
            return Taken(typed, run, end)
    return None


def take_period(tokens: Sequence[Token], start: int) -> Taken | None:
    """So many days or weeks, behind a word such as `last`."""
    run = tuple(tokens[start : start + 2])
    if len(run) == 2 and run[0].kind is TokenKind.DIGITS and run[1].key in UNITS:
        return Taken(f"last {run[0].value} {run[1].key}", run, start + 2)
    return None


def take_words(tokens: Sequence[Token], start: int, ends: Ends) -> Taken | None:
    """A quoted text, or the words up to where something else begins. A single figure may follow: `Lobby 2`."""
    if start < len(tokens) and tokens[start].kind is TokenKind.QUOTED:
        return Taken(tokens[start].value, (tokens[start],), start + 1)
    end = start
    while end < len(tokens) and continues_name(tokens[end], first=end == start) and not ends(end):
        end += 1
    run = tuple(tokens[start:end])
    return Taken(join(run), run, end) if run else None


def take_rest(tokens: Sequence[Token], start: int) -> Taken:
    """All from here on, as a sentence: its marks stand right behind the words."""
    run = tuple(tokens[start:])
    return Taken(MARK.sub(r"\1", join(run)), run, len(tokens))


def join(run: Sequence[Token]) -> str:
    """The words of a run as they were typed."""
    return " ".join(token.text for token in run)


def continues_name(token: Token, first: bool) -> bool:
    """Whether the token can be part of a name: a word, or a short number behind one."""
    if token.kind is TokenKind.WORD:
        return True
    return not first and token.kind is TokenKind.DIGITS and len(token.value) <= 3


def is_typed(token: Token) -> bool:
    """Whether the token is a number or a pattern."""
    return token.kind in TYPED
