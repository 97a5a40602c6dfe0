"""What to offer where a line was not understood: never a change in the place of something harmless."""

from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.phrases import split
from bot.language.politeness import without_politeness
from bot.language.tokens import NUMBERS, Token, TokenKind
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
MOST_AT_ONCE = 5
LISTED = frozenset({",", ";", "&", "and", "\n"})
SHORTEST_LABEL = 3
FARTHEST_WORD = 5
FARTHEST_LETTERS = 2
ENDINGS = frozenset({"d", "ed", "s", "r", "er", "rs", "ing", "ion", "able"})
PLAIN_ENGLISH = DOUBTFUL | QUESTIONING | READ_FILLERS | JOINING | CHATTER | NEGATIONS | CONDITIONS


def suggest(tokens: tuple[Token, ...], registry: Registry) -> tuple[str, ...]:
    """Lines that the person may have meant, the likeliest first; at least `help`."""
    lines = list(dict.fromkeys(_corrected(tokens, registry)))[:MOST]
    return tuple(lines) or ("help",)


def one_line_each(tokens: tuple[Token, ...], registry: Registry) -> tuple[str, ...]:
    """The line once for each number in it, where that makes a whole command of it: `delete 5001 5002`."""
    numbers = [token for token in tokens if token.kind in NUMBERS]
    kept = [token for token in tokens if token.key not in LISTED or token.kind in NUMBERS]
    lines = [tuple(token for token in kept if token is one or token not in numbers) for one in numbers]
    found = [best_of(understand(line, registry)) for line in lines] if 1 < len(lines) <= MOST_AT_ONCE else []
    whole = all(one and not one.spec.missing(one.command.arguments) for one in found)
    return tuple(map(_text, lines)) if found and whole else ()


def _corrected(tokens: tuple[Token, ...], registry: Registry) -> Iterator[str]:
    """The line with one word put right, where that makes a command of it."""
    plain: tuple[Token, ...] = ()
    for line in without_politeness(tokens):
        plain = line.tokens
    for position, token in enumerate(plain[:FARTHEST_WORD]):
        for word in _near(token, registry):
            put_right = (*plain[:position], _word(word), *plain[position + 1 :])
            found = best_of(understand(put_right, registry))
            if found and _may_be_offered(found.spec, position, word in _labels(tuple(registry.values()))):
                yield _text(put_right)


def _may_be_offered(spec: Spec, position: int, is_label: bool) -> bool:
    """A change is offered only where its verb was misspelt, or the name of a value, not where another word was."""
    return position == 0 or is_label or not spec.changes


def _near(token: Token, registry: Registry) -> list[str]:
    """The verbs and nouns nearest to a misspelt word. A harmless one as near as a destructive one goes alone."""
    if token.kind is not TokenKind.WORD or not 1 < len(token.key) <= 20:
        return []
    specs = tuple(registry.values())
    known = _vocabulary(specs)
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
    return harmless or words or _near_labels(token.key, specs)


def _near_labels(typed: str, specs: tuple[Spec, ...]) -> list[str]:
    """The labels of values nearest to a misspelt word: `change 5012 nmae to Jane Roe`."""
    found = process.extract(typed, _labels(specs), scorer=OSA.distance, score_cutoff=1, limit=MOST)
    return [label for label, _, _ in found if _is_slip(typed, label, 1, changes=True)]


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


@lru_cache(maxsize=8)
def _labels(specs: tuple[Spec, ...]) -> tuple[str, ...]:
    """Every label of one word that is no verb or noun."""
    slots = (slot for spec in specs for wording in spec.wordings for slot in wording.slots)
    words = dict.fromkeys(label for slot in slots for label in slot.labels if label.isalpha())
    return tuple(label for label in words if len(label) > SHORTEST_LABEL)


def _word(word: str) -> Token:
    return Token(TokenKind.WORD, word, word, word, 0)


def _text(tokens: tuple[Token, ...]) -> str:
    return " ".join(token.text for token in tokens).strip()
