"""Undo: make the plan that leads back from one that was confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.apply import find_present
from bot.checks import check_changed_range, check_new_range, check_values
from bot.command import Arguments
from bot.errors import Mistakes, UserError
from bot.plan_lookup import find_plan
from bot.plans import (
    Change,
    ChangeState,
    Kind,
    Plan,
    PlanState,
    Present,
    Thing,
    command_of,
    differences,
    target_of,
)
from bot.proposals import draft_plan, show_plan
from bot.registry import command
from bot.undo import from_present, inverse, thing_of, versions_of
from bot.wordings.undo import UNDO
from cards.approvals import plan_awaiting
from cards.plans import when
from cards.versions import versions_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Context
    from cards.elements import Card

NAME_ONE = "The id is on the card that says what was done, as in `undo 7F3K`."
NO_EFFECT = "Nothing was changed, so there is nothing to undo."
NEW_ID = "What was deleted is made anew, with the same values. It gets a new id in Webex."
IN_PART = "Plan {id} was not done completely. Only what was done is undone."
AS_BEFORE = "Some of it is as it was before plan {id} already. That is left as it is."
UNCERTAIN = "Whether plan {id} changed {labels} is not certain, so that is not undone. Look it up first."
REDO = "Plan {id} undid plan {undoes}, or what was left of it. To undo it is to have that again."


@command(
    "plans.undo",
    title="Undo a plan",
    help="Undoes what a confirmed plan changed, your latest one or the one named. The way back is a plan too.",
    examples=("undo", "undo 7F3K"),
    changes=True,
    wordings=UNDO,
)
def undo_plan(ctx: Context, wanted: Arguments) -> Card:
    """Plan the way back, or show the plan that was made for it before. What has changed since is shown first."""
    plan = _find(ctx, wanted)
    _require_effect(ctx, plan)
    undo = ctx.store.find_undo(plan.id, ctx.now()) or ctx.store.add_undo(_draft(ctx, plan))
    if undo.state is PlanState.AWAITING:
        return plan_awaiting(undo)
    if undo.state is not PlanState.PROPOSED:
        raise UserError(*_undone(undo, plan))
    changed = versions_of(undo, plan)
    return versions_card(undo, changed) if changed and not wanted.acknowledged else show_plan(ctx, undo)


def _find(ctx: Context, wanted: Arguments) -> Plan:
    """The plan, for a person who may undo what it did. Raises UserError and NotAllowed."""

    def require(plan: Plan) -> None:
        ctx.require_all([(command_of(change), target_of(change)) for change in inverse(plan)] or plan.parts)

    if wanted.target:
        return find_plan(ctx, wanted.target, require, NAME_ONE)
    plan = ctx.store.find_latest_plan(ctx.person.id, ctx.room_id)
    if plan is None:
        raise UserError("In this space there is no plan of yours that can be undone.", NAME_ONE)
    require(plan)
    return plan


def _require_effect(ctx: Context, plan: Plan) -> None:
    """Raise UserError unless something of the plan is known to have been done."""
    if plan.is_open and plan.expired(ctx.now()):
        raise UserError(*_expired(plan))
    if why := WITHOUT_EFFECT.get(plan.state):
        raise UserError(*why(plan))
    if plan.has_effect:
        return
    if labels := _uncertain(plan):
        sentence = f"Whether plan {plan.id} changed {labels} is not certain."
        raise UserError(sentence, "Look it up first, and change it by a plan of its own if it needs to be.")
    raise UserError(f"Plan {plan.id} failed when it was applied.", NO_EFFECT)


def _unconfirmed(plan: Plan) -> tuple[str, str]:
    sentence = f"Plan {plan.id} has not been confirmed, so there is nothing to undo."
    return sentence, f"Send `cancel {plan.id}` if you do not want it."


def _unapproved(plan: Plan) -> tuple[str, str]:
    sentence = f"Plan {plan.id} waits for its approval, so there is nothing to undo."
    return sentence, f"Send `cancel {plan.id}` if you do not want it."


def _expired(plan: Plan) -> tuple[str, str]:
    return f"Plan {plan.id} expired before it was decided on.", NO_EFFECT


def _cancelled(plan: Plan) -> tuple[str, str]:
    who, at = plan.decided_name or "somebody", when(plan.decided_at)
    return f"Plan {plan.id} was cancelled by {who}, {at}.", NO_EFFECT


def _rejected(plan: Plan) -> tuple[str, str]:
    return f"Plan {plan.id} was rejected by {plan.reviewed_name}, {when(plan.reviewed_at)}.", NO_EFFECT


def _overtaken(plan: Plan) -> tuple[str, str]:
    return f"Plan {plan.id} was not applied, as something had changed in between.", NO_EFFECT


def _being_applied(plan: Plan) -> tuple[str, str]:
    return f"Plan {plan.id} is being applied just now.", "Wait for its confirmation, and try again."


WITHOUT_EFFECT: dict[PlanState, Callable[[Plan], tuple[str, str]]] = {
    PlanState.PROPOSED: _unconfirmed,
    PlanState.AWAITING: _unapproved,
    PlanState.EXPIRED: _expired,
    PlanState.CANCELLED: _cancelled,
    PlanState.REJECTED: _rejected,
    PlanState.STALE: _overtaken,
    PlanState.APPLYING: _being_applied,
}
"""Why nothing of a plan in these states can be undone, and what to do."""


def _undone(undo: Plan, plan: Plan) -> tuple[str, str]:
    who, at = undo.decided_name or "somebody", when(undo.decided_at)
    if undo.state is PlanState.APPLYING:
        return f"Plan {plan.id} is being undone just now, by {who}.", "Wait for the confirmation."
    sentence = f"Plan {plan.id} was undone before, by {who}, {at}, with plan {undo.id}."
    return sentence, f"Send `undo {undo.id}` to have again what that undid."


def _draft(ctx: Context, plan: Plan) -> Plan:
    """The plan that leads from the present back. Raises UserError where nothing is left to do."""
    wanted = inverse(plan)
    changes = from_present(wanted, _present(ctx, wanted))
    if not changes:
        raise UserError(f"Everything is as it was before plan {plan.id} already.", "There is nothing to undo.")
    left_out = [AS_BEFORE.format(id=plan.id)] if len(changes) < len(wanted) else []

    def check() -> list[str]:
        return [*_reservations(plan, changes), *left_out, *_checked(ctx, plan, changes)]

    return draft_plan(ctx, changes, check, plan.id)


def _present(ctx: Context, wanted: Sequence[Change]) -> list[Present | None]:
    """The thing of each change as it is now, looked up once for each thing."""
    first = {thing_of(change): change for change in reversed(wanted)}
    found = {thing: _find_present(ctx, change) for thing, change in first.items()}
    return [found[thing_of(change)] for change in wanted]


def _find_present(ctx: Context, change: Change) -> Present | None:
    """The thing as it is now. What was deleted and made anew since, exactly as it was, has another id."""
    present = find_present(change, ctx.calling)
    if present or change.before is None:
        return present
    anew = find_present(replace(change, target_id=None, after=change.before), ctx.calling)
    return anew if anew and anew.image == change.before else None


def _reservations(plan: Plan, changes: Sequence[Change]) -> list[str]:
    """What is not undone, or not exactly, and that the plan was an undo itself."""
    uncertain, undone = _uncertain(plan), plan.undoes
    failed = any(planned.outcome.state is ChangeState.FAILED for planned in plan.changes)
    return [
        *([REDO.format(id=plan.id, undoes=undone)] if undone else []),
        *([IN_PART.format(id=plan.id)] if failed else []),
        *([UNCERTAIN.format(id=plan.id, labels=uncertain)] if uncertain else []),
        *([NEW_ID] if any(change.kind is Kind.CREATE for change in changes) else []),
    ]


def _uncertain(plan: Plan) -> str:
    uncertain = [planned for planned in plan.changes if planned.outcome.state is ChangeState.UNKNOWN]
    return ", ".join(planned.change.label for planned in uncertain)


def _checked(ctx: Context, plan: Plan, changes: Sequence[Change]) -> list[str]:
    """What the checks warn of. Raises UserError for what is in the way."""
    try:
        told = [warning for at, change in enumerate(changes) for warning in _check(ctx, change, changes[:at])]
    except Mistakes as mistakes:
        hint = f"Change what is in the way, and send `undo {plan.id}` again."
        raise UserError(f"Plan {plan.id} can't be undone as things are. {mistakes}", hint) from None
    return list(dict.fromkeys(told))


def _check(ctx: Context, change: Change, earlier: Sequence[Change]) -> tuple[str, ...]:
    """The checks of a command for the same change, but for what the changes before it make room for."""
    if change.after is None or change.thing is Thing.MODE:
        return ()
    making_room = [one.before for one in earlier if one.thing is change.thing and one.before]
    if change.thing is Thing.EXTENSION:
        values = differences(change.before or {}, change.after)
        freed = {field for field, value in values.items() if any(was.get(field) == value for was in making_room)}
        wanted = {field: value for field, value in values.items() if field not in freed}
        view = replace(ctx, command=command_of(change)).view
        return check_values(ctx.calling, view, wanted, change.location_id)
    if not making_room:
        _check_range(ctx, change)
    return ()


def _check_range(ctx: Context, change: Change) -> None:
    after = change.after or {}
    if change.before is None:
        check_new_range(ctx.calling, after, change.location_id)
    else:
        check_changed_range(ctx.calling, change.target_id or "", change.before, after, change.location_id)
