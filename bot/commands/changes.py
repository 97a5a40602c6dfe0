"""Plans: confirm or cancel one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import decide
from bot.command import Arguments
from bot.errors import UserError
from bot.plans import Plan
from bot.registry import command
from bot.wording import Kind, Slot, Wording, phrases
from cards.plans import plan_card

if TYPE_CHECKING:
    from bot.context import Context
    from cards.elements import Card

PLAN = phrases("plan, change, plan id, plan number, plan no, the plan, id, request, proposal")
TARGET = Slot("target", Kind.PLAN)


ACKNOWLEDGE_FIRST = "Tick this first, to say that you know what it does to the whole organization."


def _find(ctx: Context, wanted: Arguments) -> Plan:
    """The plan, for a person who may do what it does. Raises UserError and NotAllowed."""
    target = (wanted.target or "").strip().upper()
    plan = ctx.store.find_plan(target) if target.isalnum() else None
    if plan is None:
        raise UserError(
            "There is no such plan.", "The id is on the card of the plan, as in `confirm 7F3K`.", "target"
        )
    ctx.require_all(plan.parts)
    return plan


def _close(ctx: Context, plan: Plan, card: Card) -> Card:
    """Where the plan was decided by text, its card must not keep its buttons."""
    shown = ctx.store.find_plan_card(plan.id)
    if shown and shown.message_id != ctx.pressed:
        ctx.replace(shown, card)
    return card


@command(
    "plans.confirm",
    title="Confirm a plan",
    help="Applies a plan that was shown before.",
    examples=("confirm 7F3K",),
    changes=True,
    required=("target",),
    wordings=(
        Wording(
            ("confirm", "yes , confirm", "apply", "approve", "accept", "yes confirm", "i confirm", "i approve"),
            PLAN,
            (TARGET,),
        ),
        Wording(
            phrases("""
            yes, go ahead with, go ahead, proceed with, proceed, execute, yes to, ok to, ok, okay, yes apply, go
            for, agree to, do, run, carry out, commit, submit, continue with, yep, go with, y, do it, approved,
            confirmed
        """),
            PLAN,
            (TARGET,),
            needs=("target",),
        ),
    ),
)
def confirm_plan(ctx: Context, wanted: Arguments) -> Card:
    """Apply a plan once, read back, and say what changed."""
    plan = _find(ctx, wanted)
    if not ctx.is_typed and not wanted.acknowledged and plan.is_organization_wide:
        return plan_card(plan, {"acknowledged": ACKNOWLEDGE_FIRST})
    return _close(ctx, plan, decide.confirm_plan(ctx, plan))


@command(
    "plans.cancel",
    title="Cancel a plan",
    help="Throws a plan away that was not confirmed.",
    examples=("cancel 7F3K",),
    changes=True,
    required=("target",),
    wordings=(
        Wording(
            ("cancel", "no , cancel", "reject", "discard", "abort", "decline", "dismiss", "withdraw"),
            PLAN,
            (TARGET,),
        ),
        Wording(
            phrases("""
            no, throw away, call off, no to, refuse, deny, no cancel, cancelled, i cancel, scrap, abandon, void,
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
    plan = _find(ctx, wanted)
    return _close(ctx, plan, decide.cancel_plan(ctx, plan))
