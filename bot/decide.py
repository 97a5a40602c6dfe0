"""Deciding on a plan, for every entrance alike: who may, whether it still holds, and what came of it."""

from collections.abc import Callable
from dataclasses import replace

from bot.apply import apply_changes, find_present
from bot.context import Context
from bot.errors import with_tracking_id
from bot.plans import (
    ChangeState,
    Image,
    Kind,
    Outcome,
    Plan,
    PlannedChange,
    PlanState,
    Thing,
    arguments_of,
    command_of,
)
from cards.elements import Card
from cards.plans import plan_already_decided, plan_cancelled, plan_confirmed, plan_expired, plan_overtaken


def confirm_plan(context: Context, plan: Plan) -> Card:
    """Apply the plan, once, and say what came of it; or say why it can't be applied any more.

    An event that is answered again, because its worker was killed, goes on where the plan stopped.
    """
    if _was_interrupted(context, plan):
        return _apply(context, plan)
    if plan.state is not PlanState.PROPOSED:
        return _closed(context, plan)
    if plan.expired(context.now()):
        return plan_expired(plan)
    present = _present(context, plan)
    if any(now != planned.change.before for planned, now in zip(plan.changes, present, strict=True)):
        return _take(context, plan, PlanState.STALE, lambda taken: plan_overtaken(taken, present))
    return _take(context, plan, PlanState.APPLYING, lambda taken: _apply(context, taken))


def cancel_plan(context: Context, plan: Plan) -> Card:
    """Close the plan without changing anything."""
    if plan.state is not PlanState.PROPOSED:
        return _closed(context, plan)
    return _take(context, plan, PlanState.CANCELLED, plan_cancelled)


def _was_interrupted(context: Context, plan: Plan) -> bool:
    return plan.state is PlanState.APPLYING and plan.decided_event == context.event_id


def _closed(context: Context, plan: Plan) -> Card:
    """Why a plan that was decided on is not open any more."""
    if plan.state is PlanState.CANCELLED:
        return plan_cancelled(plan)
    if plan.state is PlanState.STALE:
        return plan_overtaken(plan, _present(context, plan))
    return plan_already_decided(plan)


def _present(context: Context, plan: Plan) -> list[Image | None]:
    """What each change finds: the present, or what an earlier change of the plan leaves of the same thing."""
    found: list[Image | None] = []
    left: dict[tuple[Thing, str | None], Image | None] = {}
    for change in (planned.change for planned in plan.changes):
        now = find_present(change, context.calling)
        key = change.thing, change.target_id or (now.id if now else None)
        image = now.image if now else None
        if key in left:
            image = None if change.kind is Kind.CREATE else left[key]
        found.append(image)
        left[key] = change.after
    return found


def _take(context: Context, plan: Plan, state: PlanState, go_on: Callable[[Plan], Card]) -> Card:
    """Decide on the plan unless somebody else is faster, in one statement of the database; then go on with it."""
    person = context.person
    taken = replace(
        plan,
        state=state,
        decided_by=person.id,
        decided_name=person.display_name,
        decided_at=context.now(),
        decided_event=context.event_id,
    )
    if not context.store.decide_plan(taken):
        return _closed(context, context.store.find_plan(plan.id) or plan)
    return go_on(taken)


def _apply(context: Context, plan: Plan) -> Card:
    def record(position: int, outcome: Outcome) -> None:
        context.store.record_outcome(plan.id, position, outcome)

    outcomes = apply_changes(plan.changes, context.calling, record)
    context.store.close_plan(plan.id, PlanState.APPLIED)
    changes = tuple(
        PlannedChange(planned.change, outcome) for planned, outcome in zip(plan.changes, outcomes, strict=True)
    )
    applied = replace(plan, state=PlanState.APPLIED, changes=changes)
    return _back_in_form(context, applied) or plan_confirmed(applied)


def _back_in_form(context: Context, plan: Plan) -> Card | None:
    """The form of a change that Webex refused for one of its fields, with what was typed and what is wrong."""
    change, outcome = plan.changes[0].change, plan.changes[0].outcome
    form = context.services.registry[command_of(change)].form if outcome.field else None
    if form is None or len(plan.changes) > 1 or outcome.state is not ChangeState.FAILED:
        return None
    told = with_tracking_id(outcome.detail, outcome.tracking_id)
    return form(context, arguments_of(change), {outcome.field or "": told})
