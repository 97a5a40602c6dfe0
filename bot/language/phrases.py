"""A wording's phrases, split into words and indexed by the first one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from bot.language.tokens import Token, TokenKind
from bot.wording import NO_VERB, Kind, Slot, Value, Wording

Words = tuple[str, ...]


class Role(Enum):
    """What a phrase does in a wording."""

    NOUN = auto()
    LABEL = auto()
    CHOICE = auto()
    INTRODUCER = auto()
    FILLER = auto()


@dataclass(frozen=True)
class Keyword:
    """A phrase of a wording."""

    words: Words
    role: Role
    slot: Slot | None = None
    value: Value | None = None


@dataclass(frozen=True)
class Phrases:
    """The verbs of a wording and its other phrases, by their first word, longest first."""

    verbs: Mapping[str, tuple[Words, ...]]
    may_lack_verb: bool
    keywords: Mapping[str, tuple[Keyword, ...]]
    noun_words: frozenset[str]

    def verbs_at(self, tokens: Sequence[Token], start: int) -> Iterator[int]:
        """How many words each verb has that stands there."""
        for words in self.verbs.get(tokens[start].key, ()):
            if stands_at(words, tokens, start):
                yield len(words)


def split(phrases: Iterable[str]) -> tuple[Words, ...]:
    """The phrases as words, longest first."""
    return tuple(sorted((tuple(phrase.split()) for phrase in phrases), key=len, reverse=True))


def stands_at(words: Words, tokens: Sequence[Token], start: int) -> bool:
    """Whether these very words begin at `start`."""
    if start < 0 or start + len(words) > len(tokens):
        return False
    # A loop, not all(): this is asked a thousand times for a line, and is nearly always over at the first word.
    for index, word in enumerate(words, start):
        if tokens[index].key != word or tokens[index].kind not in (TokenKind.WORD, TokenKind.MARK):
            return False
    return True


@lru_cache(maxsize=256)
def phrases_of(wording: Wording) -> Phrases:
    """The wording's phrases, ready to be looked up."""
    index: dict[str, list[Keyword]] = defaultdict(list)
    for keyword in _keywords(wording):
        index[keyword.words[0]].append(keyword)
    ordered = {word: tuple(sorted(found, key=_longest_first)) for word, found in index.items()}
    verbs: dict[str, tuple[Words, ...]] = {}
    for verb in split(wording.verbs):
        if verb:
            verbs[verb[0]] = (*verbs.get(verb[0], ()), verb)
    noun_words = frozenset(noun[0] for noun in split(wording.nouns))
    return Phrases(verbs, NO_VERB in wording.verbs, ordered, noun_words)


def _longest_first(keyword: Keyword) -> tuple[int, int]:
    return -len(keyword.words), keyword.role.value


def _keywords(wording: Wording) -> Iterator[Keyword]:
    for words in split(wording.nouns):
        yield Keyword(words, Role.NOUN)
    for words in split(wording.fillers):
        yield Keyword(words, Role.FILLER)
    for slot in wording.slots:
        yield from _keywords_of(slot)


def _keywords_of(slot: Slot) -> Iterator[Keyword]:
    for words in split(slot.labels):
        yield Keyword(words, Role.LABEL, slot)
    for introducer in split(slot.introducers):
        yield Keyword(introducer, Role.INTRODUCER, slot)
    if slot.kind is Kind.CHOICE:
        for phrase, value in slot.choices:
            yield Keyword(tuple(phrase.split()), Role.CHOICE, slot, value)
