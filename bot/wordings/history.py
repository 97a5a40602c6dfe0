"""How the history is asked for."""

from bot.period import PERIODS
from bot.vocabulary import EXTENSION, LISTING, PHONE_LABELS, SHOWING
from bot.wording import NO_VERB, Kind, Slot, Wording, choices, combined, phrases

HISTORY = phrases("""
    history, log, audit log, audit trail, audit, change log, changelog, changes, logs, log book, logbook, protocol,
    change history, record of changes, history of changes, log of changes, list of changes, activity
""")
THINGS = (*EXTENSION, *phrases("range, virtual extension range, number range, extension range"), *PHONE_LABELS)

TARGET = Slot("target", Kind.TARGET, THINGS, phrases("of, for, on, to, about, with, in"))
KIND = Slot(
    "target",
    Kind.CHOICE,
    introducers=("of", "for", "on", "to"),
    choices=(
        *choices("mode", phrases("mode, the mode, organization's mode, the organization's mode")),
        *choices("range", phrases("ranges, all ranges, the ranges")),
        *choices("extension", phrases("extensions, all extensions, the extensions, virtual extensions")),
    ),
)
ME = Slot("person", Kind.CHOICE, choices=choices("me", phrases("me, my, mine, i, by me, of me, of mine, myself")))
PERSON = Slot(
    "person",
    Kind.NAME,
    ("person", "user", "administrator", "admin"),
    phrases("by, made by, done by, of person, of user"),
    bare=False,
)
PERIOD = Slot(
    "period",
    Kind.CHOICE,
    introducers=("of", "for", "from", "in", "on", "during"),
    choices=(
        *(choice for named in PERIODS for choice in choices(named, (named,))),
        *choices("last 7 days", phrases("past week, last seven days, past seven days")),
        *choices("last 30 days", phrases("past month, last thirty days, past thirty days")),
        *choices("this week", phrases("current week, week, this week's")),
        *choices("this month", phrases("current month, month")),
        *choices("last week", phrases("previous week, last week's")),
        *choices("today", phrases("today's")),
        *choices("yesterday", phrases("yesterday's")),
        *choices("last month", phrases("previous month")),
    ),
)
LAST = Slot("period", Kind.PERIOD, phrases("last, past, previous, latest"), PERIOD.introducers, bare=False)
SINCE = Slot(
    "since", Kind.DAY, introducers=phrases("since, from, after, starting, beginning, between"), bare=False
)
UNTIL = Slot("until", Kind.DAY, introducers=phrases("until, till, to, up to, through, before, and, -"), bare=False)
SINCE_PERIOD = Slot("since", Kind.CHOICE, labels=("since", "from", "starting"), choices=PERIOD.choices)
UNTIL_PERIOD = Slot("until", Kind.CHOICE, labels=("until", "till", "up to"), choices=PERIOD.choices)
ON_DAY = Slot("period", Kind.DAY, introducers=("on", "of", "for", "from"))
PLAN = Slot("plan", Kind.PLAN, phrases("plan, plan id, plan number, the plan"), bare=False)
LOCATION = Slot(
    "location", Kind.NAME, ("location", "site", "office"), ("at", "in", "@", "at location"), bare=False
)
WHICH = (
    KIND, ME, PLAN, PERIOD, LAST, SINCE_PERIOD, UNTIL_PERIOD, SINCE, UNTIL, ON_DAY, PERSON, LOCATION,
)  # fmt: skip

DONE = phrases("""
    changed, deleted, removed, added, created, renamed, edited, updated, modified, moved, touched, made,
    configured, confirmed, cancelled, set up
""")
FILLERS = (
    *DONE,
    *phrases("""
        last, latest, recent, recently, lately, entries, made, done, so far, been, happened, was, were, have, had,
        did, has, all, the, what, see, you, please, changes, out, up, range
    """),
)
ACTIONS = phrases("change, do, delete, remove, add, create, rename, edit")
LOOKING = tuple(verb for verb in SHOWING if not verb.startswith("who"))
"""Without `who is`: that asks for somebody, whatever the name is."""

LIST = (
    Wording(
        (NO_VERB, *LISTING, *LOOKING, "check", "open", "audit", "when"),
        HISTORY,
        (*WHICH, TARGET),
        noun_needed=True,
        before_noun="target",
        fronted=False,
        fillers=FILLERS,
    ),
    Wording(
        combined("who, who has, who's, who did, who last, do you know who, tell me who, show me who", ", last",
                 ", ".join((*DONE, *ACTIONS)))
        + combined("what happened, what has happened, what was done, what did somebody do, what was changed",
                   "to, with, on, about")
        + combined("when was, when were, when has, when did, when is", "")
        + phrases("who was it that changed, who was it that deleted, what was, what has been"),
        (),
        (*WHICH, TARGET),
        needs=("target",),
        fillers=FILLERS,
    ),
    Wording(
        phrases("""
            what happened, what has happened, what changed, what has changed, what was changed, what has been
            changed, who did this, who did that, who changed this, who changed something, who changed anything,
            who changed what, who did what, what is new, what's new, what has been done, what was done
        """),
        (),
        WHICH,
        fillers=FILLERS,
    ),
    Wording(
        ("what did", "what has", "what have", "which changes did", "what was"),
        (),
        (*WHICH[:-2], Slot("person", Kind.NAME, ("person", "user"), ("by",)), LOCATION),
        needs=("person",),
        fillers=(*FILLERS, *ACTIONS),
    ),
)  # fmt: skip
