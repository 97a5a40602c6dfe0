"""From an intended change to a stored plan on a card: the last step of every command that changes something."""

from collections.abc import Callable, Mapping, Sequence

from bot.context import Context
from bot.plans import Change, Plan, PlannedChange, PlanState, command_of, target_of
from cards.elements import Card
from cards.plans import plan_card


def no_warnings() -> Sequence[str]:
    """Nothing to check."""
    return ()


def propose(context: Context, change: Change, check: Callable[[], Sequence[str]] = no_warnings) -> Card:
    """Authorize and check what is intended, store the plan, and show it. Nothing is changed yet."""
    return show_plan(context, context.store.add_plan(draft_plan(context, (change,), check)))


def draft_plan(
    context: Context, changes: Sequence[Change], check: Callable[[], Sequence[str]], undoes: str | None = None
) -> Plan:
    """A plan that this person asks for and may ask for, checked, still without its id. Raises NotAllowed first.

    `check` returns warnings. Nobody learns by its verdict about things that they may not change.
    """
    context.require_all([(command_of(change), target_of(change)) for change in changes])
    return Plan(
        id="",
        state=PlanState.PROPOSED,
        requested_by=context.person.id,
        requested_name=context.person.display_name,
        room_id=context.room_id,
        created_at=context.now(),
        changes=tuple(PlannedChange(change) for change in changes),
        warnings=tuple(check()),
        undoes=undoes,
    )


def show_plan(context: Context, plan: Plan, errors: Mapping[str, str] | None = None) -> Card:
    """A plan that waits for its confirmation, and whether it will need an approval too."""
    return plan_card(plan, errors, needs_approval=context.services.access.needs_approval(plan.commands))
