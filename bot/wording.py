"""What a command declares about the words that mean it. `bot.language` reads every command by these values alone."""

from dataclasses import dataclass
from enum import StrEnum

from bot.telephony import Level, Mode, Order, PatternAction

NO_VERB = ""
"""A verb that need not be said: `extensions at Lyon`."""

Value = Level | Mode | Order | PatternAction


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
    PLAN = "plan"
    """Four letters or digits: 7F3K."""
    CHOICE = "choice"
    """One of the phrases in `Slot.choices`."""
    REST = "rest"
    """Everything that follows."""


@dataclass(frozen=True)
class Slot:
    """How one argument is said.

    `labels` stand before the value and name it (`ext 5012`, `ext: 5012`); `introducers` are prepositions, which several
    arguments may share (`to 5013`, `to Jane Roe`): the first argument that can take what follows has it. `bare` says
    that the value may stand alone.
    """

    argument: str
    kind: Kind
    labels: tuple[str, ...] = ()
    introducers: tuple[str, ...] = ()
    choices: tuple[tuple[str, Value], ...] = ()
    bare: bool = True


@dataclass(frozen=True)
class Wording:
    """One way to say a command.

    `nouns` name the kind of thing (`range`), which must be said where `noun_needed`. `before_noun` is the argument that
    words before the noun stand for (`the Berlin range`). `needs` are the arguments without which this wording is not
    meant, `fixed` those that it implies. With `fronted`, arguments may come before the verb (`at Denver add ...`).
    `fillers` are words without a meaning of their own here.
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


def choices(value: Value, *phrases: str) -> tuple[tuple[str, Value], ...]:
    """Phrases that all mean one value."""
    return tuple((phrase, value) for phrase in phrases)


def renewed(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, and the same with `new` before them: `change 5012, new number +1...`."""
    return (*labels, *(f"new {label}" for label in labels))


PLACE = phrases("at, in, @, from, of, for, located in, located at, based in, within, inside, near")
"""The prepositions before a location in a question; a change takes fewer (`for` may go before a name there)."""

LOCATION = Slot("location", Kind.NAME, ("location", "site", "office", "branch"), PLACE, bare=False)
STATED_LOCATION = Slot("location", Kind.NAME, ("location", "site"), ("at", "in", "@", "from"), bare=False)

_ORGANIZATION = phrases("organization, organisation, org, company, enterprise")
LEVEL = Slot(
    "level",
    Kind.CHOICE,
    labels=("level", "scope", "on level", "at level"),
    choices=(
        *(
            (f"{lead}{word}{end}", Level.ORGANIZATION)
            for word in _ORGANIZATION
            for lead in phrases(", whole, entire, only, the, the whole, the entire")
            for end in phrases(", 's, level, -level, -wide, wide, only, level only, -level only")
        ),
        *choices(Level.ORGANIZATION, "for everyone", "for everybody", "globally", "everywhere", "global level"),
        *choices(Level.LOCATION, "location level", "location-level", "site level"),
    ),
)

_SORTED = phrases(", order, in, sort, sorted, ordered, sort by name, sorted by name, order by name")
ORDER = Slot(
    "order",
    Kind.CHOICE,
    labels=phrases("order, sort, sorted, order by, sort order, sort by, sorted by, ordered, ordered by"),
    choices=(
        *(
            (f"{lead}{word}{end}", order)
            for order, words in (
                (Order.DSC, phrases("descending, desc, dsc, reverse, reversed, reverse alphabetical, z-a")),
                (Order.ASC, phrases("ascending, asc, alphabetical, alphabetically, a-z")),
            )
            for lead in _SORTED
            for word in words
            for end in ("", " order")
        ),
        *choices(Order.DSC, "z to a", "from z to a", "sorted z to a", "last first", "backwards", "in reverse"),
        *choices(Order.ASC, "a to z", "from a to z", "sorted a to z", "by name", "sorted by name", "sort by name"),
        *choices(Order.ASC, "order by name", "ordered by name"),
    ),
)

ADDING = phrases("""
    add, create, new, add new, create new, make, register, set up, setup, insert, define, provision, add in, put
    in, enter, build, introduce, open
""")
DELETING = phrases("""
    delete, remove, drop, erase, get rid of, del, rm, take out, destroy, deprovision, kill, retire,
    decommission, unregister, wipe, clear, purge
""")
CHANGING = phrases("""
    change, edit, update, modify, set, alter, adjust, amend, correct, fix, reconfigure, make, replace
""")
LISTING = phrases("""
    list, list all, list out, show, show all, show me, show me all, display, display all, get, get me, get all,
    give me, give me all, give me a list of, enumerate, print, view, view all, see, what are, what, which, what
    are all, find, find all, search, search for, search all, fetch, i want to see, i need, i need a list of, let
    me see, are there, are there any, do we have, do we have any, how many, tell me, look up, lookup, is there,
    send me, bring up, pull up, ls, filter, browse, do you have, do you have any, have we got, have we got any,
    can i get, can i see, can i have, could i get, could i see, could i have, may i see, may i have, may i get,
    can we see, could we see, sort, order
""")
SHOWING = phrases("""
    show, show me, find, find me, search, search for, look up, lookup, look for, who is, who's, whos, who has,
    who owns, who uses, who is behind, who is on, who does, what is, what's, whats, details, details of, details
    for, details about, details on, detail, display, get, get me, view, give me, see, info, info on, info about,
    info for, information on, information about, describe, tell me about, tell me, where is, where's, where
    does, open, fetch, let me see, what about, whose is, whose, whose number is, is there, is there an, do we
    have, does, which, what, inspect, show me details of, show details of, show details for, show me the details
    of, show the details of, locate, give me details of, give me the details of, bring up, pull up, print, read,
    query, i want to see, who answers, who gets, what does, who do i reach at, who do i get at, who do i call
    on, who is at, who, how is, when i dial, i need, tell me who, tell me who has, do you know who, to whom
    does, do you know who has, show me who, show me who has, who picks up, what happens when i dial, who do i
    reach with, what happens if i dial, i'm looking for, i am looking for, looking for, how can i reach, how do
    i reach, who is calling from, who calls from, can i get, can i see, can i have, could i get, could i see,
    could i have, may i see, may i have, can we see, could we see, which is, whom does, tell me what
""")
VALIDATING = phrases("""
    validate, check, test, verify, is, are, check if, check whether, check that, can i use, can we use, could i
    use, is it ok to use, confirm that, precheck, pre-check, try, make sure, ensure, see if, tell me if, tell me
    whether, find out if, find out whether, would, will, number check, do a check of, run a check on, do a check
    on, i want to check, run a validation of, run a validation on, check up on, look if
""")
