"""From an intended change to a stored plan on a card: the last step of every command that changes something."""

from collections.abc import Sequence

from bot.access import Permission
from bot.context import Context
from bot.plans import Change, Plan, PlannedChange, PlanState
from cards.elements import Card
from cards.plans import plan_card


def propose(context: Context, permission: Permission, change: Change, warnings: Sequence[str] = ()) -> Card:
    """Store the plan and show what would change. Nothing is changed before it is confirmed."""
    draft = Plan(
        id="",
        state=PlanState.PROPOSED,
        permission=permission,
        requested_by=context.person.id,
        requested_name=context.person.display_name,
        room_id=context.room_id,
        created_at=context.now(),
        changes=(PlannedChange(change),),
        warnings=tuple(warnings),
    )
    return plan_card(context.store.add_plan(draft))
