"""How the commands about the mode of the organization are said."""

from bot.telephony import Mode
from bot.wording import NO_VERB, Kind, Slot, Wording, phrases

MODE = phrases("""
    mode, virtual extension mode, virtual extensions mode, extension mode, the mode, operating mode, virtual
    extension settings, dialing mode, mode setting, extensions mode, ve mode, mode settings
""")
MODE_CHOICE = Slot(
    "mode",
    Kind.CHOICE,
    choices=(("enhanced", Mode.ENHANCED), ("standard", Mode.STANDARD)),
)

SHOW = (
    Wording(
        (
            NO_VERB,
            "show",
            "show me",
            "what",
            "which",
            "what is",
            "what's",
            "whats",
            "get",
            "display",
            "view",
            "see",
            "tell me",
            "current",
            "check",
            "list",
            "find",
            "in what",
            "in which",
            "how is",
            "give me",
            "what about",
            "show current",
            "status of",
            "look up",
            "print",
            "read",
        ),
        (*MODE, "settings", "setting", "virtual extensions settings"),
        noun_needed=True,
        fillers=phrases("""
                    status, set, are we in, is set, is on, is active, is it, is in use, do we use, we are in,
                    are we on, are we using, is our org in, we're in, right now, is used, enabled, is the
                    organization in, is the org in, is our organization in, virtual extensions in, of the
                    organization, of the org, of our org, is the system in, is active now, active, we use, do
                    we have, is configured, is enabled, at the moment, for virtual extensions, of virtual
                    extensions, of the virtual extensions, are virtual extensions in, are the virtual
                    extensions in, running, are we running
                """),
    ),
    Wording(
        phrases("""
            are we in, are we on, is it, is the mode, is our mode, is the org in, are we using, is, is the
            organization in, do we use, are we still in
        """),
        MODE,
        fillers=phrases("enhanced, standard, now, still, on, enabled, active, or"),
    ),
)

CHANGE = (
    Wording(
        phrases("""
            change, set, switch, switch to, change to, switch over to, go to, use, move to, turn on, enable,
            activate, put, make, update, switch back to, go back to, switch us to, edit, modify, change back
            to, put us in, put us into, set us to, move us to, return to, revert to, change over to, select,
            choose, toggle, flip, turn
        """),
        (*MODE, "settings"),
        (MODE_CHOICE,),
        noun_needed=True,
        fillers=phrases("""
                    to, into, in, back to, back, over to, organization to, org to, the organization to, us to,
                    virtual extensions to, the org to, on, the virtual extensions to, the organization, for
                    the organization, for the org, our organization to, our org to, for virtual extensions,
                    virtual extensions, from enhanced to, from standard to, the company to, it to
                """),
    ),
    Wording(
        phrases("mode, the mode, extension mode, virtual extension mode, settings mode"),
        (),
        (MODE_CHOICE,),
        needs=("mode",),
    ),
    Wording(
        phrases("""
            switch to, change to, go to, switch over to, switch back to, go back to, go, move to, change back
            to, set to, enable, use
        """),
        MODE,
        (MODE_CHOICE,),
        needs=("mode",),
    ),
)
