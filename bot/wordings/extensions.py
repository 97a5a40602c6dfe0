"""How the commands about virtual extensions are said."""

from bot.vocabulary import (
    ADDING,
    CHANGING,
    DELETING,
    EXTENSION,
    EXTENSION_LABELS,
    EXTENSIONS,
    FIRST_NAME,
    LAST_NAME,
    LEVEL,
    LISTED_LEVEL,
    LISTING,
    LOCATION,
    NAME_LABELS,
    NEW_EXTENSION,
    ORDER,
    PHONE_LABELS,
    POINTED,
    POINTING,
    PRESENT_LOCATION,
    SHOWING,
    STATED_LOCATION,
)
from bot.wording import NO_VERB, Kind, Slot, Wording, phrases, renewed

LIST_SLOTS = (
    Slot(
        "name",
        Kind.NAME,
        (*NAME_LABELS, "first name", "last name", "surname", "name contains", "name like", "by name"),
        phrases("""
             named, called, matching, containing, like, by the name, by the name of, belonging to, for the name,
             with names like, whose name contains, that match, owned by
         """),
    ),
    Slot(
        "extension",
        Kind.EXTENSION,
        (*EXTENSION_LABELS, "extensions", "by extension"),
        phrases("""
        starting with, beginning with, that start with, like, matching, with, containing, numbered
    """),
    ),
    Slot(
        "phone_number",
        Kind.PHONE,
        (*PHONE_LABELS, "numbers", "by number", "by phone number"),
        (*POINTING, *POINTED, "for"),
    ),
    LISTED_LEVEL,
    LOCATION,
    ORDER,
)
LIST_FILLERS = phrases("""
    sorted, sort, sort them, order them, ordered, in total, by name, that are, there are, page by page, of them,
    within the, on the, you know, you have, we have
""")
PLACED = (LEVEL, STATED_LOCATION)
PRESENT = (LEVEL, PRESENT_LOCATION)
TARGET = Slot("target", Kind.TARGET, introducers=("of", "for", "on", "from"))
NEW_VALUES = (
    Slot(
        "extension", Kind.EXTENSION, renewed(EXTENSION_LABELS), phrases("to, into, ->, as, with, by"), bare=False
    ),
    Slot("phone_number", Kind.PHONE, renewed(PHONE_LABELS), phrases("to, into, ->, as, at, with, by, on")),
    FIRST_NAME,
    LAST_NAME,
    Slot("display_name", Kind.NAME, renewed(NAME_LABELS), ("to", "into", "->", "as"), bare=False),
)

LIST = (
    Wording(
        (NO_VERB, *LISTING),
        EXTENSIONS,
        LIST_SLOTS,
        noun_needed=True,
        before_noun="location",
        fronted=True,
        fillers=LIST_FILLERS,
    ),
    Wording(
        phrases("""
        list, list all, list everything, show all, show everything, display all, list everyone, show
        everyone, who is, who do we have, what do we have, what is, list everybody
    """),
        EXTENSIONS,
        LIST_SLOTS[3:],
        fillers=LIST_FILLERS,
    ),
    Wording(
        (*LISTING, "what is", "what's", "who is", "who's"),
        (),
        (LISTED_LEVEL, STATED_LOCATION, ORDER),
        needs=("location",),
        fillers=(*LIST_FILLERS, "people", "everyone", "everybody"),
    ),
    Wording(("list", "ls", "list all"), EXTENSION, LIST_SLOTS, fillers=LIST_FILLERS),
    Wording(
        (NO_VERB, *LISTING),
        EXTENSION,
        (LISTED_LEVEL, STATED_LOCATION, ORDER),
        noun_needed=True,
        needs=("location",),
        fillers=LIST_FILLERS,
    ),
    Wording(
        (NO_VERB, *LISTING),
        EXTENSION,
        (LISTED_LEVEL, STATED_LOCATION, ORDER),
        noun_needed=True,
        needs=("level",),
        fillers=LIST_FILLERS,
    ),
)

SHOW = (
    Wording(
        SHOWING,
        EXTENSION,
        (
            Slot(
                "target",
                Kind.TARGET,
                (*EXTENSION_LABELS, *PHONE_LABELS, *NAME_LABELS),
                phrases("of, for, on, behind, named, called, has, to, pointing to, points to"),
            ),
            LEVEL,
            LOCATION,
        ),
        before_noun="target",
        fillers=phrases("""
            details, the details of, details of, information, entry, record, points to, exist, exists,
            taken, free, available, in use, used, number, phone number, the number, point to, have, ring,
            reach, go to, going to, called, name, assigned to, assigned, belong to, belongs to, belong,
            dial, dials, call, calls, is, phone, mobile, location, still there, up, extension number
        """),
    ),
    Wording(
        (NO_VERB,),
        EXTENSION,
        (Slot("target", Kind.TARGET, introducers=("of", "for", "named", "called")), LEVEL, LOCATION),
        noun_needed=True,
        fillers=("details", "info"),
    ),
    Wording(
        (NO_VERB,),
        (),
        (Slot("target", Kind.NUMBER), LEVEL, STATED_LOCATION),
        needs=("target",),
        fillers=("details", "info"),
    ),
    Wording(
        (NO_VERB,),
        ("number", "phone number"),
        (Slot("target", Kind.NUMBER), LEVEL, STATED_LOCATION),
        needs=("target",),
        noun_needed=True,
    ),
    Wording(
        phrases("check, check if, check whether, is, check on, verify"),
        EXTENSION,
        (Slot("target", Kind.TARGET, introducers=("of", "for")), LEVEL, STATED_LOCATION),
        noun_needed=True,
        needs=("target",),
        fillers=phrases("taken, free, available, in use, used, exists, still, there"),
    ),
    Wording(
        phrases("is, check if, check whether, see if, check, check on"),
        EXTENSION,
        (Slot("target", Kind.SHORT), LEVEL, STATED_LOCATION),
        needs=("target",),
        fillers=phrases("""
            taken, free, available, in use, used, exists, still, there, is, assigned, already, occupied, a
            virtual extension, an extension
        """),
    ),
)

ADD = (
    Wording(
        ADDING,
        NEW_EXTENSION,
        (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS, phrases("as, under, on, to, ->, with, using")),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, POINTING),
            FIRST_NAME,
            LAST_NAME,
            Slot(
                "display_name",
                Kind.NAME,
                NAME_LABELS,
                phrases("""
            for, named, called, is called, which is called, as, belonging to
        """),
            ),
            LEVEL,
            Slot(
                "location",
                Kind.NAME,
                ("location", "site", "office"),
                phrases("""
            at, in, @, for, from, to, on
        """),
            ),
        ),
        fronted=True,
        before_noun="display_name",
        fillers=("number",),
    ),
    Wording(
        ("assign", "give", "map"),
        EXTENSION,
        (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS, ("as", "with")),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, POINTING),
            Slot("display_name", Kind.NAME, introducers=("to", "for")),
            *PLACED,
        ),
        needs=("extension", "display_name"),
        fillers=("number",),
    ),
    Wording(
        ("map", "assign"),
        EXTENSION,
        (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, ("to", "->")),
            Slot("display_name", Kind.NAME, NAME_LABELS, ("for",), bare=False),
            *PLACED,
        ),
        needs=("extension", "phone_number"),
    ),
)

CHANGE = (
    Wording(
        CHANGING,
        (*EXTENSION, "number", "phone number"),
        (TARGET, *NEW_VALUES, *PRESENT),
        before_noun="target",
        fronted=True,
    ),
    Wording(
        ("make", "let", "have"),
        EXTENSION,
        (
            TARGET,
            Slot(
                "phone_number",
                Kind.PHONE,
                introducers=phrases("""
                point to, point at, ring, dial, go to, call, reach
            """),
                bare=False,
            ),
            *PRESENT,
        ),
        needs=("target", "phone_number"),
    ),
    Wording(
        ("give", "assign"),
        EXTENSION,
        (
            Slot("target", Kind.NUMBER),
            Slot("phone_number", Kind.PHONE, renewed(PHONE_LABELS), bare=False),
            Slot("display_name", Kind.NAME, renewed(NAME_LABELS), bare=False),
            *PRESENT,
        ),
        needs=("target",),
    ),
    Wording(
        ("rename", "relabel", "retitle"),
        EXTENSION,
        (
            TARGET,
            *NEW_VALUES[2:4],
            Slot("display_name", Kind.NAME, NAME_LABELS, ("to", "into", "->", "as")),
            *PRESENT,
        ),
        before_noun="target",
        fronted=True,
    ),
    Wording(
        phrases("renumber, move, switch, reassign, swap"),
        EXTENSION,
        (
            TARGET,
            Slot(
                "extension",
                Kind.EXTENSION,
                EXTENSION_LABELS,
                phrases("""
                to, into, ->, as, with, onto
            """),
            ),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, ("to", "into", "->", "as"), bare=False),
            *PRESENT,
        ),
        before_noun="target",
    ),
    Wording(
        phrases("point, redirect, repoint, re-point, forward, route, reroute, direct, send, remap"),
        EXTENSION,
        (
            TARGET,
            Slot(
                "phone_number",
                Kind.PHONE,
                PHONE_LABELS,
                phrases("""
                to, at, ->, on, towards
            """),
            ),
            *PRESENT,
        ),
        before_noun="target",
        needs=("target", "phone_number"),
    ),
)

DELETE = (
    Wording(
        DELETING,
        EXTENSION,
        (
            Slot(
                "target",
                Kind.TARGET,
                ("extension number", "ext number", "number", "phone number"),
                phrases("of, for, with, named, called"),
            ),
            LEVEL,
            STATED_LOCATION,
        ),
        before_noun="target",
        fillers=("the entry", "entry"),
    ),
)
