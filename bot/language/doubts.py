"""Whether a line is surely the change that it looks like. Whatever is not sure is no change."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.language.phrases import split
from bot.language.politeness import Line
from bot.language.reading import Reading
from bot.language.tokens import Token
from bot.language.words import CHATTER, DOUBTFUL, DOUBTFUL_LOWER, MILD_VERBS, READ_VERBS
from bot.registry import Registry, Spec

WILD = re.compile(r"[*%#]|^[^\w&+-]+$|^[0-9]+(?:am|pm|h|min|s)$")
"""Wildcards, marks that stand alone, and times."""


def is_doubtful(spec: Spec, reading: Reading, line: Line, registry: Registry) -> bool:
    """Whether this reading may not count: there is little to doubt about a question, much about a change."""
    if not spec.changes:
        small = (token for token in reading.free if token.text.islower())
        return any(is_doubtful_word(token, proper=True, registry=registry) for token in small)
    asked = line.question and not (line.requested and (reading.anchored or reading.values))
    return asked or line.unbalanced or bool(doubtful_words(reading, registry)) or not _is_anchored(reading, line)


def doubtful_words(reading: Reading, registry: Registry) -> list[Token]:
    """The words that were taken for names, or for nothing, and that look like something else."""
    proper = any(token.text[:1].isupper() for token in reading.free)
    doubtful = (token for token in reading.free if is_doubtful_word(token, proper, registry))
    return [*reading.leftover, *doubtful]


def is_doubtful_word(token: Token, proper: bool, registry: Registry) -> bool:
    """Whether the word is no part of an unquoted name. `proper` says that a capital word stands beside it."""
    if token.key in DOUBTFUL or token.key.endswith("n't") or WILD.search(token.key):
        return True
    capital = token.text[:1].isupper()
    if token.key in DOUBTFUL_LOWER:
        return not capital and not proper
    return not capital and token.key in (change_verbs(registry) | nouns(registry))


def _is_anchored(reading: Reading, line: Line) -> bool:
    """Words alone are no target, unless written like a name: `remove my access`, but `remove Jane Doe`."""
    if reading.anchored or not reading.values:
        return True
    shouted = all(token.text.isupper() for token in line.tokens if token.key.isalpha())
    named = {"target", "display_name"} & reading.values.keys()
    return (
        bool(named)
        and not shouted
        and all(not token.text[:1].islower() and token.key not in CHATTER for token in reading.free)
    )


def change_verbs(registry: Registry) -> frozenset[str]:
    """The words that ask for a change, and are hardly part of a name in small letters."""
    return _words(tuple(registry.values()))[0]


def nouns(registry: Registry) -> frozenset[str]:
    """The words for the things that commands are about."""
    return _words(tuple(registry.values()))[1]


@lru_cache(maxsize=8)
def _words(specs: tuple[Spec, ...]) -> tuple[frozenset[str], frozenset[str]]:
    wordings = [(spec, wording) for spec in specs for wording in spec.wordings]
    verbs = _single(verb for spec, wording in wordings if spec.changes for verb in wording.verbs)
    things = _single(noun for _, wording in wordings for noun in wording.nouns)
    return (verbs | READ_VERBS) - MILD_VERBS, (things | {"pattern", "patterns", "prefix"}) - MILD_VERBS


def _single(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(words[0] for words in split(phrases) if len(words) == 1)
