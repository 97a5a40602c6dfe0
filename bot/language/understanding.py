"""Every way to understand a line: each command's wordings against it, the sure ones ranked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.command import Arguments, Command
from bot.language.doubts import is_doubtful
from bot.language.phrases import phrases_of
from bot.language.politeness import Line, without_politeness
from bot.language.reading import Reading
from bot.language.scan import scan
from bot.language.tokens import NUMBERS, Token, TokenKind
from bot.registry import Registry, Spec
from bot.wording import Wording

FARTHEST_VERB = 8
LONGEST_FRONT = 3
"""Words that may stand as a name before the verb: `at New York add ...`."""

ANNOUNCING = frozenset({"edit", "change", "update", "modify"})
"""What may announce the verb that is meant: `edit range Berlin: add 7XXX`."""

BREAK = Token(TokenKind.MARK, ",", ",", ",", 0)


@dataclass(frozen=True)
class Candidate:
    """One way to understand a line. Of those that are `sure`, one that takes few words for names is best."""

    spec: Spec
    reading: Reading
    verb: int
    sure: bool

    @property
    def command(self) -> Command:
        """The command with the arguments that were read."""
        return Command(self.spec.name, self._arguments())

    def _arguments(self) -> Arguments:
        return Arguments(**self.reading.values)  # type: ignore[arg-type]

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """The smaller, the better."""
        missing = len(self.spec.missing(self._arguments()))
        return len(self.reading.leftover), len(self.reading.free), self.reading.skipped, -self.verb, missing


def understand(tokens: tuple[Token, ...], registry: Registry) -> Iterator[Candidate]:
    """All candidates for the line with more and more of its politeness taken off, in the registry's order."""
    for line in without_politeness(tokens):
        keys = {token.key for token in line.tokens}
        for spec in registry.values():
            if line.dated and spec.changes:
                continue
            for wording in spec.wordings:
                if not wording.noun_needed or phrases_of(wording).noun_words & keys:
                    yield from _candidates(spec, wording, line, registry)


def best_of(candidates: Iterable[Candidate]) -> Candidate | None:
    """The best of those that are sure; of equal ones the first in the registry."""
    return min((candidate for candidate in candidates if candidate.sure), key=lambda each: each.rank, default=None)


def _candidates(spec: Spec, wording: Wording, line: Line, registry: Registry) -> Iterator[Candidate]:
    for rest in _behind_verb(wording, line.tokens):
        reading = scan(wording, rest, forgiving=not spec.changes)
        if (wording.noun_needed and not reading.noun) or not all(need in reading.values for need in wording.needs):
            continue
        sure = not reading.leftover and not is_doubtful(spec, reading, line, registry)
        sure = sure and not (len(rest) == len(line.tokens) and _begins_with_small_name(rest, reading))
        yield Candidate(spec, reading, len(line.tokens) - len(rest), sure)


def _begins_with_small_name(tokens: tuple[Token, ...], reading: Reading) -> bool:
    """Whether a line without a verb begins with a word that is no name: `lsit extensions`, not `Lyon ...`."""
    return tokens[0] in reading.free and tokens[0].text[:1].islower()


def _behind_verb(wording: Wording, tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """What is left of the line without the verb, for every verb of the wording that it can begin with."""
    phrases = phrases_of(wording)
    for length in phrases.verbs_at(tokens, 0):
        yield tokens[length:]
    if phrases.may_lack_verb:
        yield tokens
    if wording.fronted:
        front = tokens[1:] if tokens[0].key in ANNOUNCING else tokens
        if front and _begins_with_argument(wording, front[0]):
            yield from _behind_later_verb(wording, front)


def _begins_with_argument(wording: Wording, token: Token) -> bool:
    if token.kind in NUMBERS or token.kind is TokenKind.QUOTED:
        return any(slot.argument == "target" for slot in wording.slots)
    return token.key in phrases_of(wording).keywords or token.text == "the"


def _behind_later_verb(wording: Wording, tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    for start in range(1, min(len(tokens), FARTHEST_VERB)):
        for length in phrases_of(wording).verbs_at(tokens, start):
            if _is_front(wording, tokens[:start]):
                yield (*tokens[:start], BREAK, *tokens[start + length :])


def _is_front(wording: Wording, tokens: Sequence[Token]) -> bool:
    """Whether the words before the verb are arguments and nothing else: `range Berlin`, `at Denver`, `5012`."""
    reading = scan(wording, tokens, forgiving=False)
    named = {slot.argument for slot in wording.slots if slot.argument in reading.values}
    if "target" in named and not reading.anchored:
        return False
    return not reading.leftover and len(reading.free) <= LONGEST_FRONT and named <= {"target", "location", "level"}
