"""The plan that a person names by its id: found by those alone who may decide on it, or have seen it."""

from collections.abc import Callable, Sequence

from bot.approvals import may_approve
from bot.context import Context
from bot.errors import NotAllowed, UserError
from bot.plans import COMMANDS, Plan, PlanState
from cards.plans import title_of

WHERE_THE_ID_IS = "The id is on the card of the plan, as in `confirm 7F3K`."
ALL_CHANGES = tuple(COMMANDS.values())

BUTTONS = {"confirm": "Confirm", "cancel": "Cancel", "approve": "Approve", "reject": "Reject"}
"""What the card of a plan calls the commands that decide on it, by the word to type."""

NOTHING_WAITS = {
    "confirm": "In this space, no plan of yours waits for its confirmation.",
    "cancel": "In this space, no plan of yours waits.",
    "approve": "No plan waits for your approval.",
    "reject": "No plan waits for your approval.",
}


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
    see. Without an id none is found, but the one is named that may be meant. Raises UserError and NotAllowed.
    """
    plan_id = (typed or "").strip().upper()
    if not plan_id:
        raise _which(context)
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


def waiting_plans(context: Context) -> list[Plan]:
    """What waits for a decision, newest first: what the person asked for, and what they may approve."""
    person = context.person
    found = context.store.find_open_plans(person.id)
    open_ones = (plan for plan in found if not plan.expired(context.now()))
    return [plan for plan in open_ones if plan.is_of(person.id) or may_approve(context.services, person, plan)]


def _which(context: Context) -> UserError:
    """What to type for the latest plan that waits for this decision: it is never taken to be meant."""
    verb = context.command.removeprefix("plans.")
    latest = next((plan for plan in waiting_plans(context) if _may_be_meant(context, verb, plan)), None)
    if latest is None:
        return UserError(NOTHING_WAITS[verb], "Type `plans` to see everything that waits for you.", "target")
    sentence = f"Which plan? The latest one is {latest.id}: {title_of(latest)}. Nothing was done."
    return UserError(sentence, f"Type `{verb} {latest.id}`, or press {BUTTONS[verb]} on its card.", "target")


def _may_be_meant(context: Context, verb: str, plan: Plan) -> bool:
    if verb in ("approve", "reject"):
        return plan.state is PlanState.AWAITING and not plan.is_of(context.person.id)
    waits = verb == "cancel" or plan.state is PlanState.PROPOSED
    return waits and plan.is_of(context.person.id) and plan.room_id == context.room_id


def _has_seen(context: Context, plan: Plan) -> bool:
    """Whether the person asked for it, or is where it is shown."""
    pressed = context.store.find_card(context.pressed) if context.pressed else None
    is_shown = plan.room_id == context.room_id or (pressed is not None and pressed.plan_id == plan.id)
    return is_shown or plan.is_of(context.person.id)


def _unknown(context: Context, hint: str, commands: Sequence[str]) -> UserError | NotAllowed:
    """Nobody is told more than by what they may do themselves."""
    access, person = context.services.access, context.person
    limited = [command for command in commands if not access.reach(person, command).everywhere]
    if not limited:
        return UserError("There is no such plan.", hint, "target")
    return NotAllowed(f"There is no such plan that you may decide on. {access.refusal(person, limited[0])}")
