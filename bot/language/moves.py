"""What begins at a position of a line, by one wording: a value, a label, a preposition, the noun, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.language.phrases import Keyword, Role, phrases_of, stands_at
from bot.language.reading import WORDY, Gathered, Move
from bot.language.tokens import Token, TokenKind
from bot.language.values import (
    Taken,
    fits,
    is_typed,
    join,
    take_day,
    take_many,
    take_period,
    take_plan,
    take_rest,
    take_words,
)
from bot.language.words import ARTICLES, ASSIGNING, CONNECTORS, GRAMMAR, JOINING, PLACE_WORDS, STATING
from bot.wording import Kind, Slot

FAR = 6
"""Small words that are looked past, so that a line of nothing else is read quickly too."""


class Moves:
    """Finds what begins at a position, given what has been gathered. `forgiving`: a question, not a change."""

    def __init__(self, gathered: Gathered, tokens: Sequence[Token], forgiving: bool) -> None:
        self._gathered = gathered
        self._tokens = tokens
        self._forgiving = forgiving
        self._keywords = phrases_of(gathered.wording).keywords

    def at(self, position: int) -> Move | None:
        """What begins here; None for a word or a mark without a meaning of its own."""
        token = self._tokens[position]
        if is_typed(token) or token.kind is TokenKind.QUOTED:
            return self._bare_word(position) or self._bare(position)
        meanings = (self._try(keyword, position) for keyword in self._standing_at(position))
        return self._awaited(position) or next(filter(None, meanings), None) or self._bare_word(position)

    def joins(self, position: int) -> bool:
        """Whether this is an `and` or `with` before something that explains itself."""
        following, last = position, min(len(self._tokens), position + FAR)
        while following < last and self._is_joining(self._tokens[following]):
            following += 1
        return position < following < len(self._tokens) and self.at(following) is not None

    def _is_joining(self, token: Token) -> bool:
        if any(slot.kind is Kind.PLAN for slot in self._gathered.wording.slots):
            # Where a plan is meant, a small word may turn the meaning: `revert to 7F3K` is not `revert 7F3K`.
            return token.text in ARTICLES
        return token.key in JOINING or (self._forgiving and token.key in STATING)

    def _standing_at(self, position: int) -> Iterator[Keyword]:
        for keyword in self._keywords.get(self._key(position), ()):
            if stands_at(keyword.words, self._tokens, position):
                yield keyword

    def _awaited(self, position: int) -> Move | None:
        """The value of a label that came earlier: `to +14085550123`, after `the number of 5012`."""
        slot = self._gathered.pending
        if slot is None or self._tokens[position].key not in ASSIGNING:
            return None
        taken = self._take(slot, self._behind_article(position + 1), labelled=True)
        return Move(taken.end, slot, taken) if taken else None

    def _bare(self, position: int) -> Move | None:
        """A number, a pattern or a quotation without a label, for the first argument that it fits."""
        token = self._tokens[position]
        for slot in self._gathered.unfilled():
            if not slot.bare:
                continue
            if self._fits(slot, token, labelled=False) and not self._better_elsewhere(slot, token):
                taken = self._take_number(slot, position)
                return Move(taken.end, slot, taken)
            if token.kind is TokenKind.QUOTED and slot.kind in WORDY and not self._gathered.run:
                return Move(position + 1, slot, Taken(token.value, (token,), position + 1))
        return None

    def _better_elsewhere(self, slot: Slot, token: Token) -> bool:
        """Whether long bare digits are rather the phone number that is still missing than the extension."""
        if slot.kind is not Kind.EXTENSION or not fits(Kind.PHONE, token, labelled=False):
            return False
        others = [other for other in self._tokens if other is not token]
        wants_phone = any(each.kind is Kind.PHONE and each.bare for each in self._gathered.unfilled())
        has_extension = any(fits(Kind.EXTENSION, other, labelled=True) for other in others)
        has_phone = any(fits(Kind.PHONE, other, labelled=False) for other in others)
        return wants_phone and has_extension and not has_phone

    def _bare_word(self, position: int) -> Move | None:
        """The id of a plan, or a day, without a label."""
        for slot in self._gathered.unfilled():
            if slot.kind in (Kind.PLAN, Kind.DAY) and slot.bare:
                taken = self._take(slot, position, labelled=False)
                return Move(taken.end, slot, taken) if taken else None
        return None

    def _try(self, keyword: Keyword, position: int) -> Move | None:
        end = position + len(keyword.words)
        if keyword.role is Role.NOUN:
            return self._noun(keyword, end)
        if keyword.role is Role.FILLER:
            return Move(end)
        slot = keyword.slot
        if slot is None or self._gathered.filled(slot.argument):
            return None
        if keyword.role is Role.CHOICE:
            return Move(end, slot, value=keyword.value)
        if keyword.role is Role.LABEL:
            return self._label(slot, end)
        return self._introduced(slot, position, end)

    def _noun(self, keyword: Keyword, end: int) -> Move:
        """The noun, unless the same word is the label of a value that follows: `add extension 5012`."""
        if any(slot.argument == "target" for slot in self._gathered.unfilled()):
            return Move(end, noun=True)
        for other in self._keywords[keyword.words[0]]:
            labels = other.role is Role.LABEL and other.words == keyword.words
            if labels and other.slot and not self._gathered.filled(other.slot.argument):
                move = self._label(other.slot, end)
                if move and move.slot:
                    return replace(move, noun=True)
        return Move(end, noun=True)

    def _label(self, slot: Slot, end: int) -> Move | None:
        """The value behind a label, or the promise of one: `the number of 5012 to ...`."""
        if slot.kind is Kind.REASON:
            return self._reason(slot, end)
        start = self._behind_connectors(end)
        if slot.kind is Kind.CHOICE:
            return self._choice(slot, start)
        taken = self._take(slot, start, labelled=True)
        if taken and not self._is_grammar(taken):
            return _move(slot, taken)
        return Move(end, pending=slot) if self._key(end) in ("of", "for", "on") else None

    def _reason(self, slot: Slot, end: int) -> Move | None:
        start = end + (self._key(end) == ":")
        return _move(slot, take_rest(self._tokens, start)) if start < len(self._tokens) else None

    def _choice(self, slot: Slot, start: int) -> Move | None:
        for keyword in self._standing_at(start):
            if keyword.slot == slot and keyword.role is Role.CHOICE:
                return Move(start + len(keyword.words), slot, value=keyword.value)
        return None

    def _introduced(self, slot: Slot, position: int, end: int) -> Move | None:
        """The value behind a preposition; in between may be the noun, or the label: `at the location Denver`."""
        if self._is_part_of_name(slot, position):
            return None
        noun, start = self._behind_noun(self._behind_article(end))
        if noun and slot.argument == "location":
            # `in range Berlin` names the range: as a place it left the words before it to be the range.
            return None
        for keyword in self._standing_at(start):
            if keyword.role is Role.CHOICE and keyword.slot and not self._gathered.filled(keyword.slot.argument):
                return Move(end)
            if keyword.role is Role.LABEL and keyword.slot == slot:
                start = self._behind_connectors(start + len(keyword.words))
                break
        # A preposition says less than a label: `to 5013` is no phone number, `number 5013` is meant for one.
        taken = self._take(slot, start, labelled=slot.kind is not Kind.PHONE)
        return None if taken is None or self._is_grammar(taken) else _move(slot, taken, noun)

    def _is_part_of_name(self, slot: Slot, position: int) -> bool:
        """Whether the `at` of `Pizza at Work at Denver` is the first of two: the last one is the location."""
        if slot.argument != "location" or not self._gathered.run:
            return False
        for later in range(position + 2, min(len(self._tokens) - 1, position + FAR)):
            token = self._tokens[later]
            if token.kind is not TokenKind.WORD or token.key in ("and", "or"):
                return False
            if token.key in ("at", "in", "@") and self._tokens[later + 1].kind is not TokenKind.MARK:
                return True
        return False

    def _is_grammar(self, taken: Taken) -> bool:
        """Whether what follows a label is a small word and no name."""
        first = taken.tokens[0]
        if first.kind is not TokenKind.WORD:
            return False
        introduces = any(keyword.role is Role.INTRODUCER for keyword in self._keywords.get(first.key, ()))
        return introduces or first.key in GRAMMAR

    def _take(self, slot: Slot, start: int, labelled: bool) -> Taken | None:
        """The value of this argument that begins here, if one does."""
        if start >= len(self._tokens):
            return None
        token = self._tokens[start]
        if slot.kind is Kind.PLAN:
            plan_id = take_plan(token, named=self._gathered.noun)
            return Taken(plan_id, (token,), start + 1) if plan_id else None
        if slot.kind is Kind.DAY:
            return take_day(self._tokens, start)
        if slot.kind is Kind.PERIOD:
            return take_period(self._tokens, start)
        if self._fits(slot, token, labelled):
            return self._take_number(slot, start)
        if slot.kind in WORDY and labelled and not is_typed(token):
            return self._take_words(slot, start)
        return None

    def _fits(self, slot: Slot, token: Token, labelled: bool) -> bool:
        """A number that may be two (`5012-5013`) is nothing that a change can be about."""
        may_be_two = token.kind is TokenKind.LOCAL and slot.argument == "target" and not self._forgiving
        return not may_be_two and fits(slot.kind, token, labelled)

    def _take_number(self, slot: Slot, start: int) -> Taken:
        if slot.kind in (Kind.PATTERNS, Kind.PHONES):
            return take_many(slot.kind, self._tokens, start)
        return Taken(self._tokens[start].value, (self._tokens[start],), start + 1)

    def _take_words(self, slot: Slot, start: int) -> Taken | None:
        """While it is asked what ends a run of words, the first word answers for the rest: so this is linear."""
        if self._gathered.taking:
            return take_words(self._tokens[: start + 1], start, lambda _: False)
        self._gathered.taking = slot.argument
        try:
            return take_words(self._tokens, start, self._ends)
        finally:
            self._gathered.taking = None

    def _ends(self, position: int) -> bool:
        """Whether a name ends before this position. No name goes on with the `and` of `at Denver and at Lyon`."""
        again = self._key(position) in ("and", "or", "&") and self._key(position + 1) in ("at", "in", "@", "from")
        return again or self.at(position) is not None or self.joins(position)

    def _key(self, position: int) -> str:
        return self._tokens[position].key if position < len(self._tokens) else ""

    def _behind_article(self, position: int) -> int:
        return position + (position < len(self._tokens) and self._tokens[position].text in ARTICLES)

    def _behind_connectors(self, position: int) -> int:
        """Behind `:`, `to`, `is`, `: the`: never more than three small words."""
        end = position
        while end < min(len(self._tokens), position + 3) and self._key(end) in CONNECTORS | ARTICLES:
            end += 1
        return end

    def _behind_noun(self, position: int) -> tuple[bool, int]:
        for keyword in self._standing_at(position):
            if keyword.role is Role.NOUN:
                return True, position + len(keyword.words)
        return False, position


def _move(slot: Slot, taken: Taken, noun: bool = False) -> Move:
    """The value of an argument, without the `office` of `at the Denver office`."""
    if slot.argument == "location" and len(taken.tokens) > 1 and taken.tokens[-1].text in PLACE_WORDS:
        taken = Taken(join(taken.tokens[:-1]), taken.tokens[:-1], taken.end)
    return Move(taken.end, slot, taken, noun=noun)
