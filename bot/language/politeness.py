"""Takes the politeness off a line, a phrase at a time, so that the command in it stands at the head."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.language.phrases import split, stands_at
from bot.language.tokens import Token, TokenKind
from bot.language.words import ADDRESSED, CLOSERS, GERUNDS, GREETINGS, MINDING, OPENERS, REQUESTS

Tokens = tuple[Token, ...]

MOST_OPENERS = 8
TODAY = "today"
"""An ending without a meaning in `delete 5012 today`, and with one in `history today`."""
PLEASE = frozenset({"please", "pls", "plz", "kindly"})
SEPARATORS = frozenset({",", ".", "!", ":", ";", "-", "\n", "?", "(", ")", "/", "|", "<", ">", "[", "]"})

_GREETINGS, _ADDRESSED, _REQUESTS = split(GREETINGS), split(ADDRESSED), split(REQUESTS)
_OPENERS, _CLOSERS = split(OPENERS), split(CLOSERS)
_ASKING = split(("would you", "could you", "can you", "will you"))


@dataclass(frozen=True)
class Line:
    """The tokens that may be a command. `question`: it has a question mark, `requested`: it asks for something to
    be done, `unbalanced`: a quotation mark lacks its partner, `dated`: its last word, `today`, may be politeness.
    """

    tokens: Tokens
    question: bool
    requested: bool
    unbalanced: bool
    dated: bool = False


def without_politeness(tokens: Tokens) -> Iterator[Line]:
    """The line as it stands, then with one polite phrase less at a time."""
    question = len(tokens) > 1 and any(token.key == "?" for token in tokens)
    unbalanced = any(token.key == '"' for token in tokens)
    kept = tuple(token for token in tokens if token.key not in PLEASE or len(tokens) == 1)
    whole = kept
    kept, requested = _without_closers(kept)
    today = tuple(token for token in whole[len(kept) :] if token.key == TODAY)[:1]
    for _ in range(MOST_OPENERS):
        kept = _without_marks(kept)
        if not kept:
            return
        if today:
            yield Line((*kept, *today), question, requested, unbalanced, dated=True)
        yield Line(kept, question, requested, unbalanced)
        length, asks = _opener(kept)
        if not length:
            return
        kept, requested = _plain(kept[:length], kept[length:]), requested or asks


def _opener(tokens: Tokens) -> tuple[int, bool]:
    """How many tokens the polite phrase at the head has, and whether it makes a request of a question."""
    if length := _length(_REQUESTS, tokens):
        return length, True
    if length := _length(_GREETINGS, tokens):
        return length + _length(_ADDRESSED, tokens[length:]), False
    return _length(_OPENERS, tokens), False


def _plain(opener: Tokens, rest: Tokens) -> Tokens:
    """The command behind `would you mind`, whose verb is a gerund."""
    verb = GERUNDS.get(rest[0].key) if rest and opener[-1].key in MINDING else None
    return (replace(rest[0], text=verb, value=verb, key=verb), *rest[1:]) if verb else rest


def _length(phrases: tuple[tuple[str, ...], ...], tokens: Tokens) -> int:
    return next((len(words) for words in phrases if stands_at(words, tokens, 0)), 0)


def _without_marks(tokens: Tokens) -> Tokens:
    """Without marks at the head, but for a lone question mark, and for the > before what somebody else wrote."""
    start = 0
    while start < len(tokens) - 1 and tokens[start].kind is TokenKind.MARK and tokens[start].key not in ">?":
        start += 1
    return tokens[start:]


def _without_closers(tokens: Tokens) -> tuple[Tokens, bool]:
    requested = False
    while len(tokens) > 1:
        if tokens[-1].key in SEPARATORS:
            tokens = tokens[:-1]
            continue
        words = next((words for words in _CLOSERS if stands_at(words, tokens, len(tokens) - len(words))), None)
        if words is None or len(words) >= len(tokens):
            break
        requested = requested or words in _ASKING
        tokens = tokens[: -len(words)]
    return tokens, requested
