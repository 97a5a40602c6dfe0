"""How the plans that wait are asked for."""

from bot.vocabulary import LISTING
from bot.wording import NO_VERB, Kind, Slot, Wording, combined, phrases

PLANS = (
    *combined(
        ", open, pending, waiting, outstanding, undecided, unconfirmed, unapproved, latest",
        "plans, approvals, confirmations, approval requests, proposals",
    ),
    *phrases("pending changes, open changes, waiting changes, list of plans, list of approvals"),
)

LIST = (
    Wording(
        (NO_VERB, *LISTING),
        PLANS,
        noun_needed=True,
        fillers=phrases("""
            pending, waiting, open, that wait, which wait, wait, that are waiting, for me, for my approval, for
            approval, to approve, to confirm, here, do i have, i have, i can approve, mine
        """),
    ),
    Wording(
        phrases("""
            pending, waiting, what is pending, what's pending, what is waiting, what waits, what is open, anything
            pending, anything waiting, what can i approve, what can i confirm, what do i have to approve, what
            waits for me, what waits for my approval, what is waiting for me, what is waiting for approval
        """)
    ),
    Wording(
        phrases("plan, show plan, show me plan, show the plan, open plan, view plan, display plan"),
        (),
        (Slot("target", Kind.PLAN),),
        needs=("target",),
    ),
    # Said behind a plan, these decide on nothing: whoever says them sees which line would.
    Wording(
        phrases("""
            yes, ok, okay, y, yep, yeah, yup, sure, fine, no, nope, n, nah, do it, go ahead, go, proceed, apply it,
            do that, please do, confirm it, confirm that, confirm this, approve it, approve that, cancel it, cancel
            that, cancel this, never mind, nevermind, agreed, looks good, alright, all right, of course, yes of
            course, sounds good, correct, right, i agree, execute, submit
        """)
    ),
)
