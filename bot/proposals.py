"""From an intended change to a stored plan on a card: the last step of every command that changes something."""

from collections.abc import Sequence

from bot.access import Permission
from bot.context import Context
from bot.plans import Change, Plan, PlannedChange, PlanState
from cards.elements import Card
from cards.plans import plan_card


def propose(context: Context, permission: Permission, change: Change, warnings: Sequence[str] = ()) -> Card:
    """Store the plan and show what would change. Nothing is changed before it is confirmed."""
    return plan_card(context.store.add_plan(draft_plan(context, permission, (change,), warnings)))


def draft_plan(
    context: Context,
    permission: Permission,
    changes: Sequence[Change],
    warnings: Sequence[str] = (),
    undoes: str | None = None,
) -> Plan:
    """A plan that this person asks for, still without its id, which the store gives it."""
    return Plan(
        id="",
        state=PlanState.PROPOSED,
        permission=permission,
        requested_by=context.person.id,
        requested_name=context.person.display_name,
        room_id=context.room_id,
        created_at=context.now(),
        changes=tuple(PlannedChange(change) for change in changes),
        warnings=tuple(warnings),
        undoes=undoes,
    )
