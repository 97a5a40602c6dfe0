"""Cards about the approval of a plan by a second person."""

from collections.abc import Mapping

from bot.command import Arguments
from bot.plans import APPROVAL_LIFETIME, Plan, PlanState
from cards.buttons import button, submit
from cards.elements import Card
from cards.form import Form
from cards.layout import Tone
from cards.plans import close_card, confirm_style, finish_plan, when
from cards.twin import line_to_type

REVIEWED: Mapping[PlanState, tuple[str, Tone]] = {
    PlanState.REJECTED: ("Rejected", Tone.WARNING),
    PlanState.EXPIRED: ("Expired", Tone.WARNING),
    PlanState.STALE: ("Changed in between", Tone.WARNING),
}
"""What became of a plan, in a word or some, where it was not approved and done."""

NOT_DECIDED = (PlanState.EXPIRED, PlanState.STALE)
"""Where a decision came too late: nothing of the plan was done, whoever wanted it."""

APPROVAL = "Approval"
"""How the words begin in which an approver is asked."""

NEEDS_APPROVAL = "A second person has to approve it before it is done."
ASKED: Mapping[bool | None, str] = {
    True: "The approvers are asked, and have until {deadline}.",
    False: "The approvers could not be asked: tell one of them, who has until {deadline}.",
    None: "The approvers have until {deadline}.",
}


def approval_card(plan: Plan) -> Card:
    """What an approver is asked: what would change, and the buttons that decide on it."""
    about = f"{plan.decided_name} asks for your approval, until {_deadline(plan)}. Nothing has changed yet."
    target = Arguments(target=plan.id)
    actions = [
        button("Approve", "plans.approve", target, confirm_style(plan)),
        submit("Reject", "plans.reject", target, style=None),
    ]
    approve, reject = line_to_type("approve", plan.id), line_to_type("reject", plan.id)
    go_on = (
        f"Type {approve} to have it done, {reject} to leave everything as it is; say why, behind the word because."
    )
    return finish_plan(plan, APPROVAL, about, Form().text("reason"), actions, go_on)


def plan_awaiting(plan: Plan, *, asked: bool | None = None) -> Card:
    """It is confirmed, and waits for the second person. `asked` says whether one could be asked, just now."""
    told = ASKED[asked].format(deadline=_deadline(plan))
    about = f"Confirmed by {plan.decided_name}. {NEEDS_APPROVAL} {told} Nothing has changed yet."
    actions = [button("Cancel", "plans.cancel", Arguments(target=plan.id))]
    approve, cancel = line_to_type("approve", plan.id), line_to_type("cancel", plan.id)
    go_on = f"An approver can type {approve}. Type {cancel} if you don't want it any more."
    return finish_plan(plan, "Waiting for approval", about, [], actions, go_on)


def plan_rejected(plan: Plan) -> Card:
    """The second person decided against it."""
    because = f" The reason: {plan.reason}" if plan.reason else ""
    why = f"Rejected by {plan.reviewed_name}, {when(plan.reviewed_at)}. Nothing was changed.{because}"
    return close_card(plan, "Rejected", why, "Talk to them, and send the command again if you still want it.")


def plan_reviewed(plan: Plan) -> Card:
    """What an earlier card shows once it is decided on elsewhere: what came of it is another message."""
    decision, tone = REVIEWED.get(plan.state, ("Approved" if plan.reviewed_name else "Confirmed", Tone.GOOD))
    by, at = plan.reviewed_name or plan.decided_name, plan.reviewed_at or plan.decided_at
    why = "Nothing was changed." if plan.state in NOT_DECIDED else f"{decision} by {by}, {when(at)}."
    return close_card(plan, decision, why, "What came of it is said in a newer message.", tone=tone)


def plan_not_awaiting(plan: Plan) -> Card:
    """Somebody wants to approve or reject what nobody has asked approval for."""
    why = (
        "This plan does not wait for an approval: whoever asked for it has not confirmed it. Nothing was changed."
    )
    go_on = f"Type `confirm {plan.id}` to confirm it, `cancel {plan.id}` to throw it away."
    return close_card(plan, "Not waiting for approval", why, go_on)


def _deadline(plan: Plan) -> str:
    return when(plan.decided_at + APPROVAL_LIFETIME if plan.decided_at else None)
