"""How the commands about virtual extension ranges are said."""

from bot.telephony import PatternAction
from bot.vocabulary import (
    ADDING,
    CHANGING,
    DELETING,
    LEVEL,
    LISTED_LEVEL,
    LISTING,
    LOCATION,
    ORDER,
    PRESENT_LOCATION,
    SHOWING,
    STATED_LOCATION,
)
from bot.wording import NO_VERB, Kind, Slot, Wording, phrases, renewed

RANGE = phrases("range, extension range, virtual extension range, virtual range, ve range, number range")
NEW_RANGE = (*RANGE, *(f"{new} {noun}" for new in ("new", "another", "further") for noun in RANGE))
RANGES = phrases("""
    ranges, extension ranges, virtual extension ranges, virtual ranges, ve ranges, number ranges, list of
    ranges, range list, every range, every extension range
""")
PREFIX_LABELS = phrases("prefix, number prefix, phone prefix, new prefix, trunk prefix")
PATTERN_LABELS = phrases("""
    pattern, patterns, extension pattern, extension patterns, the pattern, the patterns, new pattern, new
    patterns
""")
NAME_LABELS = ("name", "named", "called", "new name")
PRESENT = (LEVEL, PRESENT_LOCATION)
TARGET = Slot(
    "target",
    Kind.TARGET,
    ("named", "called"),
    phrases("""
    to, from, in, of, for, on, into, with, out of
"""),
)
OWNER = Slot("target", Kind.TARGET, ("named", "called"), ("of", "for", "on", "in"))
"""Without `to`: in `change range name Berlin to Spree` Spree is no target."""
PATTERNS = Slot("patterns", Kind.PATTERNS, PATTERN_LABELS, phrases("with, to, by, ->, as"))

LIST = (
    Wording(
        (NO_VERB, *LISTING),
        RANGES,
        (
            Slot(
                "name",
                Kind.NAME,
                ("name", "range name", "name contains", "names like"),
                phrases("named, called, matching, containing, like"),
            ),
            Slot(
                "prefix",
                Kind.PHONE,
                (*PREFIX_LABELS, "prefixes", "number", "numbers"),
                phrases("starting with, beginning with, with, behind, for, under"),
            ),
            LISTED_LEVEL,
            LOCATION,
            ORDER,
        ),
        noun_needed=True,
        before_noun="location",
        fronted=True,
        fillers=phrases("sorted, sort, sort them, ordered, in total, by prefix, we have, that are"),
    ),
    Wording(
        (NO_VERB, *LISTING),
        ("range",),
        (
            Slot("prefix", Kind.PHONE, PREFIX_LABELS, ("with", "behind", "has", "uses"), bare=False),
            LISTED_LEVEL,
            LOCATION,
            ORDER,
        ),
        noun_needed=True,
        needs=("prefix",),
    ),
)

SHOW = (
    Wording(
        (NO_VERB, *SHOWING),
        RANGE,
        (
            Slot("target", Kind.TARGET, ("named", "called", "name"), phrases("of, for, on, in, does, has")),
            LEVEL,
            LOCATION,
        ),
        noun_needed=True,
        before_noun="target",
        fillers=phrases("""
            details, info, patterns, the patterns, prefix, pattern, have, details of, in use, contain,
            contains, exist, exists, hold, patterns of, the prefix, the patterns of, cover, name
        """),
    ),
    Wording(
        phrases("""
        show patterns of, list patterns of, patterns of, patterns in, which patterns are in, what patterns
        are in, what is the prefix of, show the patterns of, list the patterns of, what patterns does, which
        patterns does, what are the patterns of, show me the patterns of, prefix of
    """),
        RANGE,
        (Slot("target", Kind.TARGET), LEVEL, STATED_LOCATION),
        needs=("target",),
        fillers=("have", "contain"),
    ),
)

ADD = (
    Wording(
        ADDING,
        NEW_RANGE,
        (
            Slot("name", Kind.NAME, NAME_LABELS, ("for", "named", "called", "as")),
            Slot("prefix", Kind.PHONE, PREFIX_LABELS, phrases("with, behind, on, using, under, at, for, to")),
            Slot(
                "patterns",
                Kind.PATTERNS,
                PATTERN_LABELS,
                phrases("""
            with, for, covering, of, containing, using
        """),
            ),
            LEVEL,
            Slot("location", Kind.NAME, ("location", "site", "office"), phrases("at, in, @, for, from")),
        ),
        noun_needed=True,
        fronted=True,
        before_noun="name",
    ),
)

CHANGE = (
    Wording(
        phrases("add, include, put, append, insert, extend, add in, also add"),
        RANGE,
        (TARGET, PATTERNS, *PRESENT),
        needs=("target", "patterns"),
        fronted=True,
        before_noun="target",
        fixed=(("action", PatternAction.ADD),),
        fillers=("pattern", "patterns"),
    ),
    Wording(
        phrases("remove, delete, drop, take, take out, exclude, erase, get rid of, take away, strip"),
        RANGE,
        (TARGET, PATTERNS, *PRESENT),
        needs=("target", "patterns"),
        fronted=True,
        before_noun="target",
        fixed=(("action", PatternAction.REMOVE),),
        fillers=("pattern", "patterns"),
    ),
    Wording(
        phrases("""
        replace, replace all, set, change, overwrite, swap, substitute, update, make, exchange
    """),
        RANGE,
        (TARGET, PATTERNS, *PRESENT),
        needs=("target", "patterns"),
        fronted=True,
        before_noun="target",
        fixed=(("action", PatternAction.REPLACE),),
        fillers=("all", "its", "pattern", "patterns"),
    ),
    Wording(
        ("rename", "relabel"),
        RANGE,
        (OWNER, Slot("name", Kind.NAME, NAME_LABELS, ("to", "into", "->", "as")), *PRESENT),
        noun_needed=True,
        fronted=True,
        before_noun="target",
    ),
    Wording(
        (*CHANGING, "rename"),
        RANGE,
        (
            OWNER,
            Slot("name", Kind.NAME, NAME_LABELS, ("to", "into", "->", "as"), bare=False),
            Slot("prefix", Kind.PHONE, renewed(PREFIX_LABELS), ("to", "->", "with", "as")),
            *PRESENT,
        ),
        noun_needed=True,
        fronted=True,
        before_noun="target",
    ),
    Wording(
        CHANGING,
        (),
        (
            Slot("target", Kind.TARGET, introducers=("of", "for", "on")),
            Slot("prefix", Kind.PHONE, PREFIX_LABELS, bare=False),
            *PRESENT,
        ),
        needs=("target", "prefix"),
    ),
)

DELETE = (
    Wording(
        DELETING,
        RANGE,
        (
            Slot("target", Kind.TARGET, ("named", "called", "name"), ("of", "with the name")),
            LEVEL,
            Slot(
                "location",
                Kind.NAME,
                introducers=phrases("at, in, @, from, at location, in location"),
                bare=False,
            ),
        ),
        noun_needed=True,
        before_noun="target",
    ),
)
