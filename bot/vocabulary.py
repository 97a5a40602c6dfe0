"""The words that several commands share: verbs, prepositions, and what people call extensions and numbers."""

from dataclasses import replace

from bot.telephony import Level, Order
from bot.wording import Kind, Slot, choices, combined, phrases

PLACE = phrases("at, in, @, from, of, for, located in, located at, based in, within, inside, near")
"""The prepositions before a location in a question; a change takes fewer (`for` may go before a name there)."""

LOCATION = Slot("location", Kind.NAME, ("location", "site", "office", "branch"), PLACE, bare=False)
STATED_LOCATION = Slot("location", Kind.NAME, ("location", "site"), ("at", "in", "@", "from"), bare=False)
PRESENT_LOCATION = Slot(
    "location", Kind.NAME, introducers=combined("at, in, @, from", ", location, site"), bare=False
)
"""Where the thing to be changed is, and never `location Lyon` alone: that would be where it is to be."""

LEVEL = Slot(
    "level",
    Kind.CHOICE,
    labels=("level", "scope", "on level", "at level"),
    choices=(
        *choices(
            Level.ORGANIZATION,
            combined(
                ", whole, entire, only, the, the whole, the entire",
                "organization, organisation, org, company, enterprise",
                ", level, wide, only, level only",
            ),
        ),
        *choices(
            Level.ORGANIZATION,
            phrases("""
                organization-level, organisation-level, org-level, organization-wide, organisation-wide,
                org-wide, orgwide, company-wide, enterprise-wide, companywide, organization's, organisation's,
                company's, org's, for everyone, for everybody, globally, everywhere, global level
            """),
        ),
        *choices(Level.LOCATION, phrases("location level, location-level, site level")),
    ),
)

LISTED_LEVEL = replace(
    LEVEL,
    choices=(
        *LEVEL.choices,
        *choices(
            Level.ORGANIZATION,
            combined("without, with no, not at, at no, that have no, which have no", ", a, any", "location"),
        ),
    ),
)
"""In a question only: in a change, such a word may mean anything."""

_SORTED = ", in, order, sort, sorted, ordered, sort by name, sorted by name, order by name"
ORDER = Slot(
    "order",
    Kind.CHOICE,
    labels=phrases("order, sort, sorted, order by, sort order, sort by, sorted by, ordered, ordered by"),
    choices=(
        *choices(
            Order.DSC,
            combined(
                _SORTED, "descending, desc, dsc, reverse, reversed, reverse alphabetical, z-a, z to a", ", order"
            ),
        ),
        *choices(
            Order.ASC, combined(_SORTED, "ascending, asc, alphabetical, alphabetically, a-z, a to z", ", order")
        ),
        *choices(Order.DSC, phrases("from z to a, last first, backwards")),
        *choices(
            Order.ASC,
            phrases("from a to z, by name, sorted by name, sort by name, order by name, ordered by name"),
        ),
    ),
)

ADDING = phrases("""
    add, create, new, add new, create new, i need a new, i want a new, i would like a new, i'd like a new,
    make, register, set up, setup, insert, define, provision, add in, put in, enter, build, introduce, open
""")
DELETING = phrases("""
    delete, remove, drop, erase, get rid of, del, rm, take out, destroy, deprovision, kill, retire,
    decommission, unregister, wipe, clear, purge
""")
CHANGING = phrases("""
    change, edit, update, modify, set, alter, adjust, amend, correct, fix, reconfigure, make, replace
""")
LISTING = phrases("""
    list, list all, list out, show, show all, show me, show me all, display, display all, get, get me, get
    all, give me, give me all, give me a list of, enumerate, print, view, view all, see, what are, what,
    which, what are all, find, find all, search, search for, search all, fetch, i want to see, i need, i need
    a list of, let me see, are there, are there any, do we have, do we have any, how many, tell me, look up,
    lookup, is there, send me, bring up, pull up, ls, filter, browse, do you have, do you have any, have we
    got, have we got any, can i get, can i see, can i have, could i get, could i see, could i have, may i see,
    may i have, may i get, can we see, could we see, sort, order, i would like, i would like a list of, i'd
    like, i'd like a list of
""")
SHOWING = phrases("""
    show, show me, find, find me, search, search for, look up, lookup, look for, who is, who's, whos, who has,
    who owns, who uses, who is behind, who is on, who does, what is, what's, whats, details, details of,
    details for, details about, details on, detail, display, get, get me, view, give me, see, info, info on,
    info about, info for, information on, information about, describe, tell me about, tell me, where is,
    where's, where does, open, fetch, let me see, what about, whose is, whose, whose number is, is there, is
    there an, do we have, does, which, what, inspect, show me details of, show details of, show details for,
    show me the details of, show the details of, locate, give me details of, give me the details of, bring up,
    pull up, print, read, query, i want to see, who answers, who gets, what does, who do i reach at, who do i
    get at, who do i call on, who is at, who, how is, when i dial, i need, tell me who, tell me who has, do
    you know who, to whom does, do you know who has, show me who, show me who has, who picks up, what happens
    when i dial, who do i reach with, what happens if i dial, i'm looking for, i am looking for, looking for,
    how can i reach, how do i reach, who is calling from, who calls from, can i get, can i see, can i have,
    could i get, could i see, could i have, may i see, may i have, can we see, could we see, which is, whom
    does, tell me what
""")
VALIDATING = phrases("""
    validate, check, test, verify, is, are, check if, check whether, check that, can i use, can we use, could
    i use, is it ok to use, confirm that, precheck, pre-check, try, make sure, ensure, see if, tell me if,
    tell me whether, can, find out if, find out whether, would, will, number check, do a check of, run a check
    on, do a check on, i want to check, run a validation of, run a validation on, check up on, look if
""")

EXTENSION = phrases("""
    extension, virtual extension, ext, ext., ve, virtual ext, entry, contact, short number, short code,
    shortcut, speed dial, extension number, extension no, ext number
""")
NEW_EXTENSION = (*EXTENSION, *(f"{new} {noun}" for new in ("new", "another", "further") for noun in EXTENSION))
EXTENSIONS = phrases("""
    extensions, virtual extensions, exts, ves, virtual exts, entries, short numbers, contacts, extension list,
    extensions list, list of extensions, every extension, each extension, every ext, every virtual extension
""")
EXTENSION_LABELS = phrases("""
    extension, ext, ext no, extension number, ext number, virtual extension, extension no, short number, short
    code, extension id, extn, dial code
""")
PHONE_LABELS = phrases("""
    number, phone, phone number, phone no, telephone, telephone number, tel, tel no, mobile, mobile number,
    cell, cell phone, external number, e164, e.164, no, phonenumber, phone_number, nr, destination, external,
    cell number, landline, mobile phone, target number, destination number, outside number, phone#, number#,
    pstn number, pstn, e164 number, msisdn
""")
NAME_LABELS = phrases("""
    name, display name, display, displayname, display_name, full name, label, displayed name, caller id,
    caller name, shown as, displayed as
""")
FIRST_NAME = Slot(
    "first_name",
    Kind.NAME,
    phrases("""
    first name, first, firstname, first_name, given name, forename
"""),
    bare=False,
)
LAST_NAME = Slot(
    "last_name",
    Kind.NAME,
    phrases("""
    last name, last, lastname, last_name, surname, family name
"""),
    bare=False,
)
POINTED = ("point to", "points to", "point at")
POINTING = phrases("""
    to, pointing to, pointing at, ->, that points to, which points to, points to, going to, forwarding to,
    reaching, that reaches, that dials, which dials, dialing, dialling, routed to, mapped to, at, on, into,
    as, using, with, behind, calling, that calls, linked to
""")
