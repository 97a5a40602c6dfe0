"""What a command declares about the words that mean it. `bot.language` reads commands by these values alone."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from bot.telephony import Level, Mode, Order, PatternAction

NO_VERB = ""
"""A verb that need not be said: `extensions at Lyon`."""

Value = Level | Mode | Order | PatternAction | str | bool


class Kind(StrEnum):
    """What the value of an argument looks like in a line of text."""

    EXTENSION = "extension"
    """Bare digits: 5012."""
    SHORT = "short"
    """Bare digits, too few for a phone number."""
    PHONE = "phone"
    """A phone number, or a prefix, in any punctuation."""
    PATTERNS = "patterns"
    """One or more of 5XXX."""
    PHONES = "phones"
    """One or more numbers of any kind."""
    NUMBER = "number"
    """Bare digits or a phone number, and nothing else."""
    TARGET = "target"
    """Bare digits, a phone number or a name."""
    NAME = "name"
    """A run of words, or quoted text."""
    DAY = "day"
    """A date such as 2026-11-01 or 1 November, or the word for a day."""
    PERIOD = "period"
    """So many days or weeks, behind a label such as `last`: 7 days."""
    PLAN = "plan"
    """Four letters or digits: 7F3K."""
    CHOICE = "choice"
    """One of the phrases in `Slot.choices`."""
    REASON = "reason"
    """Everything behind one of its labels: because the number is ours."""
    REST = "rest"
    """Everything that follows."""


@dataclass(frozen=True)
class Slot:
    """How one argument is said.

    `labels` stand before the value and name it (`ext 5012`, `ext: 5012`); `introducers` are prepositions, which
    several arguments may share (`to 5013`, `to Jane Roe`): the first that can take what follows has it. `bare`
    says that the value may stand alone.
    """

    argument: str
    kind: Kind
    labels: tuple[str, ...] = ()
    introducers: tuple[str, ...] = ()
    choices: tuple[tuple[str, Value], ...] = ()
    bare: bool = True


# Each is itself only: to compare and to hash them by their many words was two fifths of reading a line.
@dataclass(frozen=True, eq=False)
class Wording:
    """One way to say a command.

    `nouns` name the kind of thing (`range`), which must be said where `noun_needed`. `before_noun` is the argument
    that words before the noun stand for (`the Berlin range`). `needs` are the arguments without which this wording
    is not meant, `fixed` those that it implies. With `fronted`, arguments may come before the verb
    (`at Denver add ...`). `fillers` are words without a meaning of their own here.
    """

    verbs: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    noun_needed: bool = False
    before_noun: str | None = None
    needs: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Value], ...] = ()
    fronted: bool = False
    fillers: tuple[str, ...] = ()


def phrases(text: str) -> tuple[str, ...]:
    """The phrases that stand between the commas of a text."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


def choices(value: Value, said: tuple[str, ...]) -> tuple[tuple[str, Value], ...]:
    """Phrases that all mean one value."""
    return tuple((phrase, value) for phrase in said)


def combined(*parts: str) -> tuple[str, ...]:
    """Every phrase made of one of the first part, one of the second, and so on; a part may offer nothing."""
    combinations = product(*(phrases(part) for part in parts))
    return tuple(dict.fromkeys(" ".join(" ".join(words).split()) for words in combinations))


def renewed(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, and the same with `new` before them: `change 5012, new number +1...`."""
    return (*labels, *(f"new {label}" for label in labels))
