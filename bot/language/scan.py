"""One wording of one command against the tokens of a line: which token is the value of which argument."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.language.phrases import Keyword, Role, phrases_of, stands_at
from bot.language.tokens import Token, TokenKind
from bot.language.values import Taken, fits, is_typed, join, take_many, take_plan, take_words
from bot.language.words import ARTICLES, ASSIGNING, CONNECTORS, JOINING, READ_FILLERS, STATING
from bot.wording import Kind, Slot, Value, Wording

WORDY = frozenset({Kind.NAME, Kind.TARGET})
GRAMMAR = frozenset({"of", "for", "to", "at", "and", "with", "is", "from", "does", "do"})
PLACE_WORDS = frozenset({"office", "site", "location", "branch", "campus"})

ENOUGH = 6
"""Tokens left over until it is no use to read on."""
FAR = 6
"""Small words that are looked past, so that a line of nothing else is read quickly too."""

Given: TypeAlias = str | tuple[str, ...] | Value


@dataclass(frozen=True)
class Reading:
    """What a wording makes of a line.

    `free` are the words taken as names without quotation marks, `leftover` those that nothing explains; `anchored`
    says that a number, a pattern, a quotation or the noun of the command is there, and not words alone.
    """

    values: dict[str, Given]
    free: tuple[Token, ...]
    leftover: tuple[Token, ...]
    skipped: int
    noun: bool
    anchored: bool


@dataclass
class Scan:
    """The state of reading one line by one wording. Call `read` once."""

    wording: Wording
    tokens: Sequence[Token]
    forgiving: bool
    values: dict[str, Given] = field(default_factory=dict)
    free: list[Token] = field(default_factory=list)
    leftover: list[Token] = field(default_factory=list)
    run: list[Token] = field(default_factory=list)
    noun: bool = False
    anchored: bool = False
    skipped: int = 0
    pending: Slot | None = None
    taking: str | None = None

    def __post_init__(self) -> None:
        self.keywords = phrases_of(self.wording).keywords

    def read(self) -> Reading:
        """Go through the line from left to right."""
        position = self._take_rest()
        while position < len(self.tokens) and len(self.leftover) < ENOUGH:
            position = self._step(position)
        self._flush()
        values = {**dict(self.wording.fixed), **self.values}
        return Reading(values, tuple(self.free), tuple(self.leftover), self.skipped, self.noun, self.anchored or self.noun)

    def _take_rest(self) -> int:
        """All of the line, where the wording has an argument that is just that."""
        for slot in self.wording.slots:
            if slot.kind is Kind.REST and self.tokens:
                told = [token for token in self.tokens if token.text not in ARTICLES and token.key not in (":", "?", "-")]
                self.values[slot.argument] = join(told) or None
                return len(self.tokens)
        return 0

    def _step(self, position: int) -> int:
        move = self._move(position)
        if move:
            self._flush(before_noun=move.noun)
            self._apply(move)
            return move.end
        token = self.tokens[position]
        if token.kind is TokenKind.MARK:
            self._flush()
        elif token.kind is TokenKind.WORD and (self._joins(position) or self._fills(token)):
            self._flush()
            self.skipped += token.text not in ARTICLES
        elif token.kind is TokenKind.WORD or (self.run and token.kind is TokenKind.DIGITS and len(token.value) <= 3):
            self.run.append(token)
        else:
            self._flush()
            self.leftover.append(token)
        return position + 1

    def _joins(self, position: int) -> bool:
        """Whether this is an `and` or `with` before something that explains itself."""
        following = position
        while following < min(len(self.tokens), position + FAR) and self._is_joining(self.tokens[following]):
            following += 1
        return position < following < len(self.tokens) and self._move(following) is not None

    def _is_joining(self, token: Token) -> bool:
        return token.key in JOINING or (self.forgiving and token.key in STATING)

    def _fills(self, token: Token) -> bool:
        if self.run:
            return False
        return token.text in ARTICLES or (self.forgiving and token.key in READ_FILLERS)

    def _flush(self, before_noun: bool = False) -> None:
        """Words that came without a label: the name that is still wanted, or left over."""
        run, self.run = self.run, []
        if not run:
            return
        slot = self._slot_before_noun() if before_noun else None
        slot = slot or next(self._open(WORDY), None)
        if slot is None:
            self.leftover += run
        else:
            self._give(slot, Taken(_own(join(run)), tuple(run), 0))

    def _slot_before_noun(self) -> Slot | None:
        wanted = self.wording.before_noun
        return next((slot for slot in self._unfilled() if slot.argument == wanted), None)

    def _apply(self, move: "_Move") -> None:
        self.noun = self.noun or move.noun
        self.pending = move.pending or (None if move.slot == self.pending else self.pending)
        if move.slot and move.value is not None:
            self.values[move.slot.argument] = move.value
            self.anchored = self.anchored or move.slot.argument in self.wording.needs
        elif move.slot and move.taken:
            self._give(move.slot, move.taken)

    def _give(self, slot: Slot, taken: Taken) -> None:
        self.values[slot.argument] = taken.value
        words = [token for token in taken.tokens if token.kind is TokenKind.WORD]
        if slot.kind in WORDY:
            self.free += words
        self.anchored = self.anchored or any(
            is_typed(token) or token.kind is TokenKind.QUOTED for token in taken.tokens
        ) or slot.kind is Kind.PLAN

    def _unfilled(self) -> Iterator[Slot]:
        return (slot for slot in self.wording.slots if not self._filled(slot.argument))

    def _open(self, kinds: frozenset[Kind]) -> Iterator[Slot]:
        return (slot for slot in self._unfilled() if slot.bare and slot.kind in kinds)

    def _filled(self, argument: str) -> bool:
        """Whether it has a value, or will have the words that are being collected."""
        return argument in self.values or argument == self.taking or argument == self._run_fills()

    def _run_fills(self) -> str | None:
        """The argument that the words before this position are going to be."""
        if not self.run:
            return None
        open_slots = (slot for slot in self.wording.slots if slot.bare and slot.kind in WORDY)
        return next((slot.argument for slot in open_slots if slot.argument not in self.values), None)

    # -- what begins at a position ---------------------------------------------------------------------------------

    def _move(self, position: int) -> "_Move | None":
        token = self.tokens[position]
        if is_typed(token) or token.kind is TokenKind.QUOTED:
            return self._bare(position) or self._bare_plan(position)
        if self.pending and token.key in ASSIGNING:
            taken = self._take(self.pending, self._behind_articles(position + 1), labelled=True)
            if taken:
                return _Move(taken.end, self.pending, taken)
        for keyword in self.keywords.get(token.key, ()):
            if stands_at(keyword.words, self.tokens, position):
                move = self._try(keyword, position)
                if move:
                    return move
        return self._bare_plan(position)

    def _bare(self, position: int) -> "_Move | None":
        token = self.tokens[position]
        for slot in self._unfilled():
            if slot.bare and (self._fits(slot, token, labelled=False) and not self._better_elsewhere(slot, token)):
                taken = self._take(slot, position, labelled=False)
                return _Move(taken.end, slot, taken) if taken else None
            if slot.bare and token.kind is TokenKind.QUOTED and slot.kind in WORDY and not self.run:
                return _Move(position + 1, slot, Taken(token.value, (token,), position + 1))
        return None

    def _better_elsewhere(self, slot: Slot, token: Token) -> bool:
        """Whether long bare digits are rather the phone number that is still missing than the extension."""
        if slot.kind is not Kind.EXTENSION or not fits(Kind.PHONE, token, labelled=False):
            return False
        wants_phone = any(other.kind is Kind.PHONE and other.bare for other in self._unfilled())
        rivals = [other for other in self.tokens if other is not token and fits(Kind.EXTENSION, other, labelled=True)]
        phones = [other for other in self.tokens if other is not token and fits(Kind.PHONE, other, labelled=False)]
        return wants_phone and bool(rivals) and not phones

    def _bare_plan(self, position: int) -> "_Move | None":
        for slot in self._unfilled():
            if slot.kind is Kind.PLAN and slot.bare:
                taken = self._take(slot, position, labelled=False)
                return _Move(taken.end, slot, taken) if taken else None
        return None

    def _try(self, keyword: Keyword, position: int) -> "_Move | None":
        end = position + len(keyword.words)
        if keyword.role is Role.NOUN:
            return self._noun(keyword, end)
        if keyword.role is Role.FILLER:
            return _Move(end)
        slot = keyword.slot
        if slot is None or self._filled(slot.argument):
            return None
        if keyword.role is Role.CHOICE:
            return _Move(end, slot, value=keyword.value)
        if keyword.role is Role.LABEL:
            return self._label(slot, end)
        return self._introduced(slot, position, end)

    def _noun(self, keyword: Keyword, end: int) -> "_Move | None":
        """The noun, unless the same word is the label of a value that follows: `add extension 5012`."""
        target = next((slot for slot in self._unfilled() if slot.argument == "target"), None)
        if target is None:
            for other in self.keywords[keyword.words[0]]:
                if other.role is Role.LABEL and other.words == keyword.words and other.slot:
                    move = None if self._filled(other.slot.argument) else self._label(other.slot, end)
                    if move and move.slot:
                        return replace(move, noun=True)
        return _Move(end, noun=True)

    def _label(self, slot: Slot, end: int) -> "_Move | None":
        start = self._behind_connectors(end)
        if slot.kind is Kind.CHOICE:
            return self._choice(slot, start)
        taken = self._take(slot, start, labelled=True)
        if taken and not self._is_grammar(taken):
            return self._move_of(slot, taken)
        if end < len(self.tokens) and self.tokens[end].key in ("of", "for", "on"):
            return _Move(end, pending=slot)
        return None

    def _choice(self, slot: Slot, start: int) -> "_Move | None":
        for keyword in self.keywords.get(self._key(start), ()):
            if keyword.slot == slot and keyword.role is Role.CHOICE and stands_at(keyword.words, self.tokens, start):
                return _Move(start + len(keyword.words), slot, value=keyword.value)
        return None

    def _introduced(self, slot: Slot, position: int, end: int) -> "_Move | None":
        if self._part_of_name(slot, position):
            return None
        noun, start = self._behind_noun(self._behind_articles(end))
        for keyword in self.keywords.get(self._key(start), ()):
            if stands_at(keyword.words, self.tokens, start):
                if keyword.role is Role.CHOICE and keyword.slot and not self._filled(keyword.slot.argument):
                    return _Move(end)
                if keyword.role is Role.LABEL and keyword.slot == slot:
                    start = self._behind_connectors(start + len(keyword.words))
        taken = self._take(slot, start, labelled=True)
        if taken is None or self._is_grammar(taken):
            return None
        move = self._move_of(slot, taken)
        return _Move(move.end, slot, move.taken, noun=noun)

    def _part_of_name(self, slot: Slot, position: int) -> bool:
        """Whether the `at` of `Pizza at Work at Denver` is the first of two: the last one is the location."""
        if slot.argument != "location" or not self.run:
            return False
        for later in range(position + 2, min(len(self.tokens) - 1, position + FAR)):
            token = self.tokens[later]
            if token.kind is not TokenKind.WORD or token.key in ("and", "or"):
                return False
            if token.key in ("at", "in", "@") and self.tokens[later + 1].kind is not TokenKind.MARK:
                return True
        return False

    def _move_of(self, slot: Slot, taken: Taken) -> "_Move":
        """Without the `office` of `at the Denver office`, and the 's of `number of Jane's`."""
        if slot.argument == "location" and len(taken.tokens) > 1 and taken.tokens[-1].text in PLACE_WORDS:
            kept = taken.tokens[:-1]
            taken = Taken(join(kept), kept, taken.end)
        return _Move(taken.end, slot, taken)

    def _is_grammar(self, taken: Taken) -> bool:
        """Whether what follows a label is a small word and no name."""
        first = taken.tokens[0]
        if first.kind is not TokenKind.WORD:
            return False
        introduces = any(keyword.role is Role.INTRODUCER for keyword in self.keywords.get(first.key, ()))
        return introduces or first.key in GRAMMAR

    def _take(self, slot: Slot, start: int, labelled: bool) -> Taken | None:
        if start >= len(self.tokens):
            return None
        token = self.tokens[start]
        if slot.kind is Kind.PLAN:
            plan_id = take_plan(token, named=self.noun)
            return Taken(plan_id, (token,), start + 1) if plan_id else None
        if self._fits(slot, token, labelled):
            return self._take_number(slot, start)
        if slot.kind in WORDY and labelled and not is_typed(token):
            return self._take_words(slot, start)
        return None

    def _fits(self, slot: Slot, token: Token, labelled: bool) -> bool:
        """A number that may be two (`5012-5013`) is nothing that a change can be about."""
        two = token.kind is TokenKind.LOCAL and slot.argument == "target" and not self.forgiving
        return not two and fits(slot.kind, token, labelled)

    def _take_words(self, slot: Slot, start: int) -> Taken | None:
        """While it is only asked what ends a run of words, the first word answers for the rest: this stays linear."""
        if self.taking:
            return take_words(self.tokens[: start + 1], start, lambda _: False)
        self.taking = slot.argument
        try:
            return take_words(self.tokens, start, self._ends)
        finally:
            self.taking = None

    def _take_number(self, slot: Slot, start: int) -> Taken:
        if slot.kind in (Kind.PATTERNS, Kind.PHONES):
            return take_many(slot.kind, self.tokens, start)
        return Taken(self.tokens[start].value, (self.tokens[start],), start + 1)

    def _ends(self, position: int) -> bool:
        return self._move(position) is not None or self._joins(position) or self._begins_another(position)

    def _begins_another(self, position: int) -> bool:
        """Whether this is the `and` of `at Denver and at Lyon`: a second value, which no name goes on with."""
        return self.tokens[position].key in ("and", "or", "&") and self._key(position + 1) in ("at", "in", "@", "from")

    def _key(self, position: int) -> str:
        return self.tokens[position].key if position < len(self.tokens) else ""

    def _behind_articles(self, position: int) -> int:
        return position + (position < len(self.tokens) and self.tokens[position].text in ARTICLES)

    def _behind_connectors(self, position: int) -> int:
        """Behind `:`, `to`, `is`, `: the`: never more than three small words."""
        end = position
        while end < min(len(self.tokens), position + 3) and self.tokens[end].key in CONNECTORS | ARTICLES:
            end += 1
        return end

    def _behind_noun(self, position: int) -> tuple[bool, int]:
        for keyword in self.keywords.get(self._key(position), ()):
            if keyword.role is Role.NOUN and stands_at(keyword.words, self.tokens, position):
                return True, position + len(keyword.words)
        return False, position


@dataclass(frozen=True)
class _Move:
    """What begins at a position: a value of an argument, the noun, a label whose value comes later, or a filler."""

    end: int
    slot: Slot | None = None
    taken: Taken | None = None
    value: Value | None = None
    noun: bool = False
    pending: Slot | None = None


def _own(name: str) -> str:
    """Without a possessive: `Jane Doe's`, `James'`."""
    for ending in ("'s", "'S", "'"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name
