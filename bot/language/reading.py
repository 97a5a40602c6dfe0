"""What has been read of a line so far, and what comes of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.language.tokens import Token, TokenKind
from bot.language.values import Taken, is_typed, join
from bot.wording import Kind, Slot, Value, Wording

WORDY = frozenset({Kind.NAME, Kind.TARGET})
"""The kinds whose value may be words."""

Given: TypeAlias = str | tuple[str, ...] | Value


@dataclass(frozen=True)
class Reading:
    """What a wording makes of a line.

    `free` are the words taken as names without quotation marks, `leftover` those that nothing explains, `skipped`
    counts those that were passed over; `anchored` says that a number, a pattern, a quotation or the noun of the
    command is there, and not words alone.
    """

    values: dict[str, Given]
    free: tuple[Token, ...]
    leftover: tuple[Token, ...]
    skipped: int
    noun: bool
    anchored: bool


@dataclass(frozen=True)
class Move:
    """What begins at a position: the value of an argument, the noun, a label whose value comes later, a filler."""

    end: int
    slot: Slot | None = None
    taken: Taken | None = None
    value: Value | None = None
    noun: bool = False
    pending: Slot | None = None


@dataclass
class Gathered:
    """What a scan has gathered. `run` are words whose meaning the next token tells; `taking` is the argument whose
    words are being read just now; `pending` one whose label was there, but not its value yet.
    """

    wording: Wording
    values: dict[str, Given] = field(default_factory=dict)
    free: list[Token] = field(default_factory=list)
    leftover: list[Token] = field(default_factory=list)
    run: list[Token] = field(default_factory=list)
    noun: bool = False
    anchored: bool = False
    skipped: int = 0
    pending: Slot | None = None
    taking: str | None = None

    def reading(self) -> Reading:
        """All of it, with the arguments that the wording implies."""
        values = {**dict(self.wording.fixed), **self.values}
        anchored = self.anchored or self.noun
        return Reading(values, tuple(self.free), tuple(self.leftover), self.skipped, self.noun, anchored)

    def filled(self, argument: str) -> bool:
        """Whether it has a value, or will have the words that are being collected."""
        return argument in self.values or argument == self.taking or argument == self._run_fills()

    def unfilled(self) -> Iterator[Slot]:
        """The arguments that are still open."""
        return (slot for slot in self.wording.slots if not self.filled(slot.argument))

    def make(self, move: Move) -> None:
        """Take in what began at a position."""
        self.end_run(before_noun=move.noun)
        self.noun = self.noun or move.noun
        self.pending = move.pending or (None if move.slot == self.pending else self.pending)
        if move.slot and move.value is not None:
            self.values[move.slot.argument] = move.value
            self.anchored = self.anchored or move.slot.argument in self.wording.needs
        elif move.slot and move.taken:
            self._give(move.slot, move.taken)

    def end_run(self, before_noun: bool = False) -> None:
        """Words that came without a label: the name that is still wanted, or left over."""
        run, self.run = self.run, []
        if not run:
            return
        wanted = self.wording.before_noun if before_noun else None
        wordy = [slot for slot in self.unfilled() if slot.kind in WORDY]
        described = (slot for slot in wordy if slot.argument == wanted)
        named = (slot for slot in wordy if slot.bare)
        slot = next(described, None) or next(named, None)
        if slot is None:
            self.leftover += run
        else:
            self._give(slot, Taken(_without_possessive(join(run)), tuple(run), 0))

    def _run_fills(self) -> str | None:
        """The argument that the words before this position are going to be."""
        if not self.run:
            return None
        named = (slot for slot in self.wording.slots if slot.bare and slot.kind in WORDY)
        return next((slot.argument for slot in named if slot.argument not in self.values), None)

    def _give(self, slot: Slot, taken: Taken) -> None:
        self.values[slot.argument] = taken.value
        if slot.kind in WORDY:
            self.free += [token for token in taken.tokens if token.kind is TokenKind.WORD]
        telling = any(is_typed(token) or token.kind is TokenKind.QUOTED for token in taken.tokens)
        self.anchored = self.anchored or telling or slot.kind is Kind.PLAN


def _without_possessive(name: str) -> str:
    """`Jane Doe's` and `James'` without the 's."""
    for ending in ("'s", "'S", "'"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name
