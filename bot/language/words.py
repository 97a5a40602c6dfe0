"""The words of plain English around a command: politeness, doubt, grammar. Commands declare their own."""

from bot.wording import phrases


def _words(text: str) -> frozenset[str]:
    return frozenset(phrases(text))


FORBIDDING_EMOJI = frozenset("🚫❌⛔🙅👎🛑✋")

GREETINGS = phrases("""
    hi, hello, hey, hiya, hallo, dear, good morning, good afternoon, good evening, morning, greetings, yo
""")
ADDRESSED = phrases("bot, extbot, there, team, all, assistant, robot, everyone, folks, friend")
REQUESTS = phrases("""
    can you, could you, would you, can u, could u, would u, can you please, could you please, would you please,
    can you kindly, could you kindly, would you kindly, could you possibly, will you please, are you able to
    please, may i ask you to, can i ask you to, could i ask you to, would you be so kind as to, could you be so
    kind as to, would you be able to, please can you, please could you, please would you, could you just, can
    you just, could you quickly, can you quickly, can you help me, could you help me, can you help me to, could
    you help me to, can you go ahead and, could you go ahead and, would you mind, do you mind, would you please
    mind
""")
"""What makes a question a request: only behind one of these may a change end in a question mark."""

MINDING = frozenset({"mind"})
GERUNDS = {
    f"{stem}ing": verb
    for stem, verb in (
        *((verb, verb) for verb in phrases("add, rename, edit, show, list, check, confirm, find, tell, look")),
        *(
            (verb.removesuffix("e"), verb)
            for verb in phrases("create, delete, remove, change, update, rename, move, give")
        ),
        *((verb.removesuffix("e"), verb) for verb in phrases("validate, replace")),
        *(("cancell", "cancel"), ("gett", "get"), ("sett", "set"), ("switch", "switch")),
    )
}

OPENERS = phrases("""
    please, pls, plz, kindly, just, now, ok, okay, yes, yep, yeah, alright, right, so, well, great, cool,
    thanks, thank you, quickly, quick, next, first, also, then, actually, i want to, i would like to, i'd like
    to, id like to, i'd love to, i want you to, i need you to, i would like you to, i'd like you to, i need to,
    i wish to, i wanna, let's, lets, let us, go ahead and, go ahead, be so kind as to, be so kind and, be a dear
    and, do me a favour and, do me a favor and, feel free to, time to, for now, excuse me, sorry, to do, todo,
    command, bot, extbot, help me to
""")
CLOSERS = phrases("""
    please, pls, plz, kindly, thanks, thank you, thx, ty, cheers, thanks a lot, many thanks, thank you very
    much, thank you so much, thanks so much, thanks in advance, now, right now, asap, immediately, right away,
    at once, for me, for us, if you can, if you could, if possible, if you please, if you would, will you, would
    you, could you, can you, bot, ok, okay, today, when you can, when you have time, when you have a moment,
    when you get a chance, straight away, mate, ta, appreciated, much appreciated, thank you in advance, as soon
    as possible, quickly
""")

ARTICLES = frozenset({"a", "an", "the"})
CONNECTORS = _words(":, =, is, to, as, ->, -, will be, should be, be, equals")
"""What may stand between a label and its value."""

ASSIGNING = _words("to, as, with, is, ->, =, :, into, by, be")
"""What may stand between a label that came earlier and its value."""

JOINING = _words("""
    and, &, with, having, whose, its, their, his, her, plus, to, as, ->, on, the, a, an, by, in, of, for
""")
"""What may be passed over where a label, a preposition or a number follows."""

GRAMMAR = _words("of, for, to, at, and, with, is, from, does, do")
"""Small words that no value begins with."""

PLACE_WORDS = _words("office, site, location, branch, campus")
"""What may stand behind the name of a location, in small letters: `at the Denver office`."""

STATING = _words("where, has, have, which, that, is, are")
"""What may be passed over as well, in a question for something: `mode is enhanced` must not become a change."""

READ_FILLERS = _words("""
    me, us, all, any, every, our, my, we, i, have, has, are, is, there, do, does, did, existing, current,
    currently, please, what, which, list, details, detail, info, information, about, on, of, for, the, a, an,
    that, with, everything, and, only, it, to, see, known, available, configured, defined, overview, full,
    complete, whole, entire, just, someone, somebody, anyone, anybody, person, contact, called, exist, exists,
    so, far, present, be, can, you, got, in, system, webex, calling, use, used, set, up, entry, record, first,
    by
""")
"""Words that don't matter in a question for something: passed over where a value can't begin."""

NEGATIONS = _words("""
    not, no, never, dont, cannot, without, instead, except, nor, neither, none, nothing, stop, avoid
""")
"""With every word that ends in n't."""

CONDITIONS = _words("""
    if, unless, when, whenever, once, after, before, until, till, while, because, since, later, soon, next,
    tomorrow, tonight, someday, sometime, eventually, maybe, perhaps, possibly, probably, noon, midnight, week,
    weeks, weekend, month, months, minute, minutes, hour, hours, afternoon, evening, o'clock, monday,
    tuesday, wednesday, thursday, friday, saturday, sunday
""")

REPORTS = _words("""
    yesterday, ago, already, again, afterwards, should, would, could, might, shall, must, said, says, told,
    asked, wants, wanted, thinks, thought, think, know, knows, was, were, been, had, did, does, has, have, is,
    are, be
""")

UNNAMED = _words("""
    it, them, they, this, that, these, those, all, any, every, each, both, everything, anything, something,
    everyone, everybody, anyone, someone, somebody, nobody, some, other, others, another, same, rest, many,
    more, most, several, few, me, my, mine, you, your, we, our, us, he, she, i, i'm, i'll, who, which, what,
    where, why, how, whose, last, here, there, him, her
""")
"""What stands for a thing without naming it."""

DOUBTFUL = (
    NEGATIONS
    | CONDITIONS
    | REPORTS
    | UNNAMED
    | _words("""
    wait, hold, nope, nah, jk, kidding, lol, rather, do, can, too, also, only, or, but, than, so, just,
    actually, then, a, an, to, with, from, wrong, via, per
""")
)
"""Words that no unquoted name in a change may hold: where one is left over, the line was not only a command."""

DOUBTFUL_LOWER = _words("will, may, the, and, at, in, for, of, by, on")
"""Also parts of names (`Will May`, `Smith and Sons`): doubtful only where nothing capital stands beside them."""

CHATTER = _words("""
    message, messages, meeting, meetings, reminder, ticket, tickets, space, spaces, room, rooms, account,
    accounts, password, access, user, users, file, files, chat, call, calls, voicemail, webhook, webhooks,
    email, calendar, group, team, topic, subject, title, appointment, order, plans, mind, channel, picture,
    profile, status, device, devices, phone, phones, people, person, line, lines, queue, coffee, joke, server,
    database, table, tables, folder, invite
""")
"""What people ask other bots to change: no target of ours unless quoted, or beside a number or our own noun."""

QUESTIONING = _words("""
    should, shall, may, might, must, did, does, do, has, have, had, was, were, is, are, will, when, why, who,
    whose, what, what's, which, where, how, can, could, would, am
""")

MOVING = frozenset({"move", "relocate", "transfer"})
"""What asks for another place, where it is followed by `to` and a name."""

MILD_VERBS = _words("""
    new, point, make, set, use, do, open, map, give, go, put, no, n, y, ok, okay, yes, run, send, direct,
    forward, route, clear, correct, fix, build, flip, turn, void, accept, places, branches, entry, id, contact,
    request, proposal, number, numbers, office, offices, sites, move, switch, enter, select, include, extend,
    take, stop, strip, swap, exchange, forget, deny, refuse, scrap, commit, submit, execute, setting, plan, back,
    history, changes, log, logs, audit, activity, protocol
""")
"""Verbs and nouns that are also parts of names in small letters: `at new york`, `west point`."""

READ_VERBS = frozenset({"list", "show", "display"})
"""Verbs of a question that are hardly part of a name either: `... at Denver and list extensions`."""

QUANTITIES = _words("""
    all, everything, every, both, each, everyone, everybody, them, these, those, any, others, rest
""")
