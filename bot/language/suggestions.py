"""What to offer where a line was not understood: never a change in the place of something harmless."""

from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.phrases import split
from bot.language.politeness import without_politeness
from bot.language.tokens import Token, TokenKind
from bot.language.understanding import best_of, understand
from bot.language.words import (
    CHATTER,
    CONDITIONS,
    DOUBTFUL,
    JOINING,
    NEGATIONS,
    QUESTIONING,
    READ_FILLERS,
)
from bot.registry import Registry, Spec

MOST = 3
FARTHEST_WORD = 5
FARTHEST_LETTERS = 2
ENDINGS = frozenset({"d", "ed", "s", "r", "er", "rs", "ing", "ion", "able"})
PLAIN_ENGLISH = DOUBTFUL | QUESTIONING | READ_FILLERS | JOINING | CHATTER | NEGATIONS | CONDITIONS


def suggest(tokens: tuple[Token, ...], registry: Registry) -> tuple[str, ...]:
    """Lines that the person may have meant, the likeliest first; at least `help`."""
    lines = list(dict.fromkeys(_corrected(tokens, registry)))[:MOST]
    return tuple(lines) or ("help",)


def _corrected(tokens: tuple[Token, ...], registry: Registry) -> Iterator[str]:
    """The line with one word put right, where that makes a command of it."""
    plain: tuple[Token, ...] = ()
    for line in without_politeness(tokens):
        plain = line.tokens
    for position, token in enumerate(plain[:FARTHEST_WORD]):
        for word in _near(token, registry):
            put_right = (*plain[:position], _word(word), *plain[position + 1 :])
            found = best_of(understand(put_right, registry))
            if found and _may_be_offered(found.spec, position):
                yield _text(put_right)


def _may_be_offered(spec: Spec, position: int) -> bool:
    """A change is offered only where its verb was misspelt, not where some other word was."""
    return position == 0 or not spec.changes


def _near(token: Token, registry: Registry) -> list[str]:
    """The verbs and nouns nearest to a misspelt word. A harmless one as near as a destructive one goes alone."""
    if token.kind is not TokenKind.WORD or not 1 < len(token.key) <= 20:
        return []
    known = _vocabulary(tuple(registry.values()))
    if token.key in known or token.key in PLAIN_ENGLISH:
        return []
    found = process.extract(token.key, known.keys(), scorer=OSA.distance, score_cutoff=FARTHEST_LETTERS, limit=6)
    nearest = min((distance for _, distance, _ in found), default=0)
    words = [
        word
        for word, distance, _ in found
        if distance == nearest and _is_slip(token.key, word, distance, known[word])
    ]
    harmless = [word for word in words if not known[word]]
    return harmless or words


def _is_slip(typed: str, word: str, distance: int, changes: bool) -> bool:
    """Whether it is a slip of the fingers, and not another word or another form: not `dilute`, not `deleted`."""
    if distance > 1 and (changes or len(typed) < 5):
        return False
    return set(typed[:2]) & set(word[:1]) != set() and typed.removeprefix(word) not in ENDINGS


@lru_cache(maxsize=8)
def _vocabulary(specs: tuple[Spec, ...]) -> dict[str, bool]:
    """Every verb and noun of one word, and whether only changes use it."""
    words: dict[str, bool] = {}
    for spec in specs:
        for wording in spec.wordings:
            for phrase in split((*wording.verbs, *wording.nouns)):
                if len(phrase) == 1 and phrase[0].isalpha():
                    words[phrase[0]] = words.get(phrase[0], True) and spec.changes
    return words


def _word(word: str) -> Token:
    return Token(TokenKind.WORD, word, word, word, 0)


def _text(tokens: tuple[Token, ...]) -> str:
    return " ".join(token.text for token in tokens).strip()
