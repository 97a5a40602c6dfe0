"""The plan that a person names by its id: found by those alone who may decide on it, or have seen it."""

from collections.abc import Callable, Sequence

from bot.context import Context
from bot.errors import NotAllowed, UserError
from bot.plans import COMMANDS, Plan

WHERE_THE_ID_IS = "The id is on the card of the plan, as in `confirm 7F3K`."
ALL_CHANGES = tuple(COMMANDS.values())


def find_plan(
    context: Context,
    typed: str | None,
    require: Callable[[Plan], None],
    hint: str = WHERE_THE_ID_IS,
    commands: Sequence[str] = ALL_CHANGES,
) -> Plan:
    """The plan with that id. `require` raises NotAllowed to those who may not decide on it.

    An id is four letters, so that all can be tried: who has not seen the plan and may not decide on it gets the
    same answer as for one that is not there. `commands` are those whose permissions decide what a person gets to
    see. Raises UserError and NotAllowed.
    """
    plan_id = (typed or "").strip().upper()
    plan = context.store.find_plan(plan_id) if plan_id.isalnum() else None
    if plan is None:
        raise _unknown(context, hint, commands)
    try:
        require(plan)
    except NotAllowed:
        if _has_seen(context, plan):
            raise
        raise _unknown(context, hint, commands) from None
    return plan


def _has_seen(context: Context, plan: Plan) -> bool:
    """Whether the person asked for it, or is where it is shown."""
    pressed = context.store.find_card(context.pressed) if context.pressed else None
    is_shown = plan.room_id == context.room_id or (pressed is not None and pressed.plan_id == plan.id)
    return is_shown or context.person.id in (plan.requested_by, plan.decided_by)


def _unknown(context: Context, hint: str, commands: Sequence[str]) -> UserError | NotAllowed:
    """Nobody is told more than by what they may do themselves."""
    access, person = context.services.access, context.person
    limited = [command for command in commands if not access.reach(person, command).everywhere]
    if not limited:
        return UserError("There is no such plan.", hint, "target")
    return NotAllowed(f"There is no such plan that you may decide on. {access.refusal(person, limited[0])}")
