"""Plans: confirm, cancel, approve or reject one, and see those that wait."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot import decide
from bot.approvals import may_approve
from bot.command import Arguments
from bot.errors import UserError
from bot.plan_lookup import find_plan, waiting_plans
from bot.plans import Plan, PlanState
from bot.policy import Permission
from bot.proposals import show_plan
from bot.registry import command
from bot.wording import Kind, Slot, Wording, phrases
from bot.wordings.plans import LIST
from cards.approvals import approval_card, plan_awaiting
from cards.plans import plan_being_applied
from cards.waiting_plans import waiting_plans_card

if TYPE_CHECKING:
    from bot.context import Context
    from cards.elements import Card

PLAN = phrases("plan, change, plan id, plan number, plan no, the plan, id, request, proposal")
TARGET = Slot("target", Kind.PLAN)
REASON = Slot("reason", Kind.REASON, phrases("because of, because, since, reason, the reason is, as, for"))


ACKNOWLEDGE_FIRST = "Tick this first, to say that you know what it does to the whole organization."


def _find_for_review(ctx: Context, wanted: Arguments) -> Plan:
    """The plan that is meant, for a person who may approve all of it. Raises UserError and NotAllowed."""

    def require(plan: Plan) -> None:
        for target in plan.targets:
            ctx.require("plans.approve", target)

    return find_plan(ctx, wanted.target, require, commands=("plans.approve",))


@command(
    "plans.confirm",
    title="Confirm a plan",
    help="Applies a plan that was shown before.",
    examples=("confirm 7F3K",),
    changes=True,
    required=("target",),
    wordings=(
        Wording(
            ("confirm", "yes , confirm", "apply", "yes confirm", "i confirm"),
            PLAN,
            (TARGET,),
        ),
        Wording(
            phrases("""
            yes, go ahead with, go ahead, proceed with, proceed, execute, yes to, ok to, ok, okay, yes apply, go
            for, agree to, do, run, carry out, commit, submit, continue with, yep, go with, y, do it, confirmed
        """),
            PLAN,
            (TARGET,),
            needs=("target",),
        ),
    ),
)
def confirm_plan(ctx: Context, wanted: Arguments) -> Card:
    """Apply a plan once, read back, and say what changed."""
    plan = find_plan(ctx, wanted.target, lambda found: ctx.require_all(found.parts))
    unacknowledged = not ctx.is_typed and not wanted.acknowledged
    if unacknowledged and plan.is_organization_wide and plan.state is PlanState.PROPOSED:
        return show_plan(ctx, plan, {"acknowledged": ACKNOWLEDGE_FIRST})
    return decide.confirm_plan(ctx, plan)


@command(
    "plans.cancel",
    title="Cancel a plan",
    help="Throws a plan away that was not confirmed.",
    examples=("cancel 7F3K",),
    changes=True,
    required=("target",),
    wordings=(
        Wording(
            ("cancel", "no , cancel", "discard", "abort", "dismiss", "withdraw"),
            PLAN,
            (TARGET,),
        ),
        Wording(
            phrases("""
            no, throw away, call off, no to, deny, no cancel, cancelled, i cancel, scrap, abandon, void,
            nope, n
        """),
            ("plan", "the plan"),
            (TARGET,),
            needs=("target",),
        ),
        Wording(phrases("delete, remove, drop, kill, erase"), ("plan",), (TARGET,), noun_needed=True),
    ),
)
def cancel_plan(ctx: Context, wanted: Arguments) -> Card:
    """Throw a plan away."""

    def require(plan: Plan) -> None:
        if not plan.is_of(ctx.person.id):
            ctx.require_all(plan.parts)

    return decide.cancel_plan(ctx, find_plan(ctx, wanted.target, require))


@command(
    "plans.approve",
    title="Approve a plan",
    help="Has a plan done that somebody else asked for and that needs a second person.",
    examples=("approve 7F3K",),
    permission=Permission.APPROVE,
    changes=True,
    required=("target",),
    wordings=(
        Wording(("approve", "accept", "yes , approve", "yes approve", "i approve", "i accept"), PLAN, (TARGET,)),
        Wording(("approved", "accepted", "approval for", "approval of"), PLAN, (TARGET,), needs=("target",)),
    ),
)
def approve_plan(ctx: Context, wanted: Arguments) -> Card:
    """Have a plan done as the second person."""
    return decide.approve_plan(ctx, _find_for_review(ctx, wanted))


@command(
    "plans.reject",
    title="Reject a plan",
    help="Throws a plan away that waits for approval, and says why.",
    examples=("reject 7F3K because the number is ours", "reject 7F3K"),
    permission=Permission.APPROVE,
    changes=True,
    required=("target",),
    wordings=(
        Wording(("reject", "refuse", "decline", "disapprove", "i reject", "no , reject"), PLAN, (TARGET, REASON)),
    ),
)
def reject_plan(ctx: Context, wanted: Arguments) -> Card:
    """Decide against a plan as the second person."""
    return decide.reject_plan(ctx, _find_for_review(ctx, wanted), (wanted.reason or "").strip())


@command(
    "plans.list",
    title="Plans that wait",
    help="Lists the plans that wait for you: those you asked for, and those you may approve.",
    examples=("plans", "approvals", "plan 7F3K"),
    permission=Permission.READ,
    wordings=LIST,
)
def list_plans(ctx: Context, wanted: Arguments) -> Card:
    """Show what waits for a decision, or one of it again, with its buttons."""
    if wanted.target:
        require = partial(_require_part_in, ctx)
        return _show_again(ctx, find_plan(ctx, wanted.target, require, commands=("plans.list",)))
    return waiting_plans_card(waiting_plans(ctx), ctx.person.id)


def _require_part_in(ctx: Context, plan: Plan) -> None:
    """Raise NotAllowed unless the person asked for it, may approve it, or may confirm it."""
    if not (plan.is_of(ctx.person.id) or may_approve(ctx.services, ctx.person, plan)):
        ctx.require_all(plan.parts)


def _show_again(ctx: Context, plan: Plan) -> Card:
    if plan.state is PlanState.APPLYING:
        return plan_being_applied(plan)
    if not plan.is_open or plan.expired(ctx.now()):
        raise UserError(
            f"Plan {plan.id} does not wait any more.", f"Type `history plan {plan.id}` to see the rest."
        )
    if plan.state is PlanState.PROPOSED:
        return show_plan(ctx, plan)
    return plan_awaiting(plan) if plan.is_of(ctx.person.id) else approval_card(plan)
