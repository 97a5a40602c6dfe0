"""What becomes an entry of the history: an outcome, a plan that was not applied, a refusal, a failure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.audit import Entry, Occasion
from bot.calling.errors import explain
from bot.command import Command
from bot.context import Context
from bot.errors import WebexError
from bot.plans import Outcome, Plan, PlanState, command_of, is_plan_id
from cards.escape import one_line

CLOSED: Mapping[PlanState, tuple[Occasion, str]] = {
    PlanState.CANCELLED: (Occasion.CANCELLATION, "cancelled"),
    PlanState.STALE: (Occasion.ATTEMPT, "overtaken"),
    PlanState.EXPIRED: (Occasion.ATTEMPT, "expired"),
    PlanState.REJECTED: (Occasion.REJECTION, "rejected"),
}
"""By the state of a plan that was decided on and is not applied: why there are entries, and their outcome."""

APPLIED = (PlanState.APPLYING, PlanState.APPLIED)

DECIDING = "plans."
"""How the names of the commands begin that decide on a plan."""


def outcome_entry(context: Context, plan: Plan, position: int, outcome: Outcome) -> Entry | None:
    """What came of one change of a plan; None while it has not come to its end."""
    if not outcome.is_final:
        return None
    entry = _change_entry(context, plan, position, Occasion.CHANGE, outcome.state.value)
    return replace(entry, detail=one_line(outcome.detail), tracking_id=outcome.tracking_id)


def decision_entries(context: Context, plan: Plan) -> Sequence[Entry]:
    """An entry for each change of a plan that was decided on and is not applied; none where it is."""
    if plan.state not in CLOSED:
        return ()
    occasion, outcome = CLOSED[plan.state]
    entries = (_change_entry(context, plan, position, occasion, outcome) for position in range(len(plan.changes)))
    return [replace(entry, detail=one_line(plan.reason)) for entry in entries]


def refusal_entry(context: Context, command_name: str, reason: str, plan_id: str | None = None) -> Entry:
    """Somebody lacked a permission. What they wanted to do it to is what they typed: it stays out."""
    return replace(_entry(context, Occasion.REFUSAL, command_name, "refused"), detail=reason, plan_id=plan_id)


def failure_entry(context: Context, command_name: str, error: WebexError, plan_id: str | None = None) -> Entry:
    """A change that did not come as far as its call, as another call to Webex failed."""
    return replace(
        _entry(context, Occasion.ATTEMPT, command_name, "failed"),
        detail=one_line(str(explain(error))),
        tracking_id=error.call.tracking_id,
        plan_id=plan_id,
    )


def plan_id_of(wanted: Command) -> str | None:
    """The id of the plan that a command decides on; None where what was typed can't be one.

    Whether there is such a plan does not matter: who guesses could read it in the history.
    """
    target = (wanted.arguments.target or "").strip().upper() if wanted.name.startswith(DECIDING) else ""
    return target if is_plan_id(target) else None


def _entry(context: Context, occasion: Occasion, command_name: str, outcome: str) -> Entry:
    return Entry(
        at=context.now(),
        person_id=context.person.id,
        person_name=one_line(context.person.display_name),
        room_id=context.room_id,
        event_id=context.event_id,
        occasion=occasion.value,
        command=command_name,
        outcome=outcome,
    )


def _change_entry(context: Context, plan: Plan, position: int, occasion: Occasion, outcome: str) -> Entry:
    change = plan.changes[position].change
    return replace(
        _entry(context, occasion, command_of(change), outcome),
        thing=change.thing.value,
        label=change.label,
        location_id=change.location_id,
        location_name=change.location_name,
        before=change.before,
        after=change.after,
        plan_id=plan.id,
        position=position,
        requested_by=plan.requested_by,
        requested_name=plan.requested_name,
        **(_deciders(plan) if plan.state in APPLIED else {}),
    )


def _deciders(plan: Plan) -> dict[str, Any]:
    """Who confirmed it, whoever runs it now, and the second person who approved it where one was needed."""
    return {
        "person_id": plan.decided_by,
        "person_name": one_line(plan.decided_name or ""),
        "approved_by": plan.reviewed_by,
        "approved_name": one_line(plan.reviewed_name) if plan.reviewed_name else None,
    }
