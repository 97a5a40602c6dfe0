"""Deciding on a plan, for every entrance alike: who may, whether it still holds, and what came of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from bot.apply import apply_changes, find_present, settle_changes
from bot.approvals import ask_approvers, may_approve, require_approver, tell_outcome
from bot.calling.client import CallingClient
from bot.context import Context, Services
from bot.errors import NotAllowed, TakenOver, UserError, WebexError, with_tracking_id
from bot.person import Person
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
from bot.recording import decision_entries, outcome_entry
from bot.showing import replace_plan_cards
from cards.approvals import plan_awaiting, plan_not_awaiting, plan_rejected, plan_reviewed
from cards.elements import Card
from cards.plans import (
    plan_already_decided,
    plan_being_applied,
    plan_cancelled,
    plan_confirmed,
    plan_expired,
    plan_overtaken,
)

log = structlog.get_logger()

MOST_AT_ONCE = 10
"""Changes of a plan that is done at once, as what somebody waits for; longer ones are bulk work."""

TRIED_FOR = timedelta(hours=1)
"""After so long, an event has been given up (`bot.engine.RETRIES`)."""

OWN_PLAN = "You asked for this plan yourself: a second person has to approve it."


def confirm_plan(context: Context, plan: Plan) -> Card:
    """Apply the plan, once, or ask for its approval; or say why it can't be applied any more.

    An event that is answered again, because its worker was killed, goes on where the plan stopped.
    """
    if context.event_id == plan.decided_event:
        return _confirm_again(context, plan)
    if plan.state is not PlanState.PROPOSED:
        return _closed(context, plan)
    needs_approval = context.services.access.needs_approval(plan.commands)
    if needs_approval:
        require_approver(context.services, replace(plan, decided_by=context.person.id))
    confirmed = _decided(context, plan, PlanState.AWAITING if needs_approval else PlanState.APPLYING)
    return _take(context, plan, confirmed, _ask if needs_approval else _apply)


def _confirm_again(context: Context, plan: Plan) -> Card:
    if plan.state is PlanState.AWAITING:
        return _ask(context, plan)
    if plan.reviewed_by:
        # An approver was faster than this event.
        return plan_reviewed(plan)
    return _go_on(context, plan) if _is_being_applied(context, plan) else _closed(context, plan)


def cancel_plan(context: Context, plan: Plan) -> Card:
    """Close the plan without changing anything."""
    if not plan.is_open:
        return _closed(context, plan)
    cancelled = _decided(context, plan, PlanState.CANCELLED)
    if not _decide(context, plan, cancelled):
        return _closed_meanwhile(context, plan)
    return _close(context, cancelled, plan_cancelled(cancelled))


def approve_plan(context: Context, plan: Plan) -> Card:
    """Apply a plan that waits for approval. Raises NotAllowed to those who asked for it themselves."""
    if _is_being_applied(context, plan):
        return _go_on(context, plan)
    if plan.state is not PlanState.AWAITING:
        return _closed(context, plan)
    _require_second_person(context, plan)
    return _take(context, plan, _reviewed(context, plan, PlanState.APPLYING), _apply)


def reject_plan(context: Context, plan: Plan, reason: str) -> Card:
    """Close a plan that waits for approval without changing anything, and say why."""
    if plan.state is not PlanState.AWAITING:
        return _closed(context, plan)
    rejected = replace(_reviewed(context, plan, PlanState.REJECTED), reason=reason)
    if not _decide(context, plan, rejected):
        return _closed_meanwhile(context, plan)
    return _close(context, rejected, plan_rejected(rejected))


def resume_plans(services: Services) -> None:
    """Bring plans to their end that were left half applied. Done every minute, by one worker.

    An event that is answered again, because its worker was killed, may end without the plan: its message was
    deleted meanwhile, say, or the person could not be looked up. Or it was given up, as Webex did not answer.
    """
    for plan_id in services.store.find_interrupted_plans(services.now() - TRIED_FOR):
        plan = services.store.find_plan(plan_id)
        try:
            if plan:
                _resume(services, plan)
        except TakenOver:
            log.warning("plan.taken_over", plan=plan_id)
        except WebexError as error:
            log.warning("plan.not_resumed", plan=plan_id, call=str(error), tracking_id=error.call.tracking_id)


def outcome_card(context: Context, plan: Plan) -> Card:
    """What has come of a plan, for those who have not been told. Raises WebexError."""
    return plan_confirmed(plan) if plan.state is PlanState.APPLIED else _closed(context, plan)


def _resume(services: Services, plan: Plan) -> None:
    """Go on while those who decided still may; otherwise only find out what has happened."""
    person = services.people.find(plan.reviewed_by or plan.decided_by or "")
    context = Context(services, person, plan.room_id, plan.decisive_event or "")
    asker = services.people.find(plan.decided_by or "")
    allowed = services.access.decide_all(asker, plan.parts).allowed
    allowed = allowed and (plan.reviewed_by is None or may_approve(services, person, plan))
    claimed = replace(services.store.claim_plan(plan.id), untold=True)
    applied = _bring_to_end(context, claimed, apply_changes if allowed else settle_changes)
    _close(context, applied, plan_confirmed(applied))


def tell_outcomes(services: Services) -> None:
    """Tell those what came of their plans who could not be told then. Done every minute, by one worker."""
    for plan in services.store.find_untold_plans():
        context = Context(services, Person(plan.decided_by or ""), plan.room_id, "")
        try:
            card = outcome_card(context, plan)
        except WebexError as error:
            log.warning("requester.not_told", plan=plan.id, call=str(error), tracking_id=error.call.tracking_id)
            continue
        tell_outcome(services, plan, card, plan_reviewed(plan))


def _is_being_applied(context: Context, plan: Plan) -> bool:
    """Whether this event began to apply it, or has applied it and was not answered."""
    by_this_event = context.event_id == plan.decisive_event
    return by_this_event and plan.state in (PlanState.APPLYING, PlanState.APPLIED)


def _require_second_person(context: Context, plan: Plan) -> None:
    """Nobody approves their own plan, and none whose asker has lost the permission for it since."""
    if plan.is_of(context.person.id):
        raise NotAllowed(OWN_PLAN)
    asker = context.services.people.find(plan.decided_by or plan.requested_by)
    if not context.services.access.decide_all(asker, plan.parts).allowed:
        raise NotAllowed(
            f"{asker.display_name} may not do this any more, so that it can't be approved. Reject it."
        )


def _decided(context: Context, plan: Plan, state: PlanState) -> Plan:
    return replace(
        plan,
        state=state,
        decided_by=context.person.id,
        decided_name=context.person.display_name,
        decided_at=context.now(),
        decided_event=context.event_id,
    )


def _reviewed(context: Context, plan: Plan, state: PlanState) -> Plan:
    return replace(
        plan,
        state=state,
        reviewed_by=context.person.id,
        reviewed_name=context.person.display_name,
        reviewed_at=context.now(),
        reviewed_event=context.event_id,
        untold=plan.room_id != context.room_id,
    )


def _take(context: Context, plan: Plan, taken: Plan, go_on: Callable[[Context, Plan], Card]) -> Card:
    """Go on with the plan if it still holds and nobody else is faster, in one statement of the database."""
    if plan.expired(context.now()):
        taken, go_on = replace(taken, state=PlanState.EXPIRED), _expired
    elif (present := _present(context, plan)) != [planned.change.before for planned in plan.changes]:
        taken, go_on = replace(taken, state=PlanState.STALE), partial(_overtaken, present)
    if not _decide(context, plan, taken):
        return _closed_meanwhile(context, plan)
    return go_on(context, taken)


def _decide(context: Context, plan: Plan, decided: Plan) -> bool:
    return context.store.decide_plan(decided, plan.state, decision_entries(context, decided))


def _expired(context: Context, plan: Plan) -> Card:
    return _close(context, plan, plan_expired(plan))


def _overtaken(present: list[Image | None], context: Context, plan: Plan) -> Card:
    return _close(context, plan, plan_overtaken(plan, present))


def _closed_meanwhile(context: Context, plan: Plan) -> Card:
    return _closed(context, context.store.find_plan(plan.id) or plan)


def _closed(context: Context, plan: Plan) -> Card:
    """Why nothing is to be decided on a plan, or not this.

    Who presses twice sees what came of it, again: the answer takes the place of the card that says so. Where this
    very event closed it, and its worker was killed before all were told, they are told now.
    """
    if plan.state is PlanState.STALE:
        card = plan_overtaken(plan, _present(context, plan))
    elif plan.state is PlanState.APPLIED and context.pressed:
        card = plan_confirmed(plan, _undone_by(context, plan))
    else:
        card = CLOSED.get(plan.state, plan_already_decided)(plan)
    closed_by_this = context.event_id == plan.decisive_event and not plan.is_open
    return _close(context, plan, card) if closed_by_this else card


def _undone_by(context: Context, plan: Plan) -> Plan | None:
    undo = context.store.find_undo(plan.id, context.now())
    return undo if undo and undo.state is PlanState.APPLIED else None


CLOSED: dict[PlanState, Callable[[Plan], Card]] = {
    PlanState.PROPOSED: plan_not_awaiting,
    PlanState.AWAITING: plan_awaiting,
    PlanState.APPLYING: plan_being_applied,
    PlanState.CANCELLED: plan_cancelled,
    PlanState.REJECTED: plan_rejected,
    PlanState.EXPIRED: plan_expired,
}


def _present(context: Context, plan: Plan) -> list[Image | None]:
    """What each change finds: the present, or what an earlier change of the plan leaves of the same thing."""
    found: list[Image | None] = []
    left: dict[tuple[Thing, str | None], Image | None] = {}
    calling = _calling(context, plan)
    for change in (planned.change for planned in plan.changes):
        now = find_present(change, calling)
        key = change.thing, change.target_id or (now.id if now else None)
        image = now.image if now else None
        if key in left:
            image = None if change.kind is Kind.CREATE else left[key]
        found.append(image)
        left[key] = change.after
    return found


def _ask(context: Context, plan: Plan) -> Card:
    """Ask for the approval. The cards that are there wait for it from now on: who is asked may be quick."""
    if not plan.asked:
        replace_plan_cards(context.services, plan.id, plan_awaiting(plan), but=context.pressed)
    asked = ask_approvers(context.services, plan)
    now = context.store.find_plan(plan.id) or plan
    if now.state is PlanState.AWAITING:
        return plan_awaiting(plan, asked=asked)
    # What was sent while it was decided on still has its buttons.
    decided = plan_reviewed(now) if now.reviewed_by else _closed(context, now)
    replace_plan_cards(context.services, plan.id, decided, but=context.pressed)
    return decided


def _calling(context: Context, plan: Plan) -> CallingClient:
    """With a long plan, those who ask for something short go first."""
    return context.calling.in_bulk() if len(plan.changes) > MOST_AT_ONCE else context.calling


def _go_on(context: Context, plan: Plan) -> Card:
    """Take up a plan that another worker, or this one, has left half applied. Whoever is at it has lost it."""
    return _apply(context, context.store.claim_plan(plan.id))


def _apply(context: Context, plan: Plan) -> Card:
    """Do what is planned, and say what came of it. Raises TakenOver where another worker goes on with it."""
    applied = _bring_to_end(context, plan, apply_changes)
    return _close(context, applied, _back_in_form(context, applied) or plan_confirmed(applied))


def _bring_to_end(context: Context, plan: Plan, apply: Callable[..., tuple[Outcome, ...]]) -> Plan:
    """The plan, closed, with what came of its changes. Raises TakenOver where another worker goes on with it."""
    count = len(plan.changes)
    applied = replace(plan, state=PlanState.APPLIED)

    def record(position: int, outcome: Outcome) -> None:
        if position == 0 and outcome.state is ChangeState.SENT and plan.claim == 0:
            # Noted when it was decided, and nobody has taken it up since.
            return
        entry = outcome_entry(context, plan, position, outcome)
        closed = applied if outcome.is_final and position + 1 == count else None
        context.store.record_outcome(plan.id, position, outcome, entry, plan.claim, closed)
        if outcome.is_final and count > 1:
            context.progress(f"{position + 1} of {count} changes done")

    calling = _calling(context, plan).asking_first(lambda: context.store.require_claim(plan))
    outcomes = apply(plan.changes, calling, record)
    changes = tuple(
        PlannedChange(planned.change, outcome) for planned, outcome in zip(plan.changes, outcomes, strict=True)
    )
    if plan.changes[-1].outcome.is_final:
        # Its worker was killed behind the last outcome: the end was noted after it in earlier versions.
        context.store.close_plan(applied)
    return replace(applied, changes=changes)


def _close(context: Context, plan: Plan, card: Card) -> Card:
    """Show on all cards of the plan what became of it, so that no live button is left behind."""
    elsewhere = plan.untold or (plan.reviewed_by is not None and plan.room_id != context.room_id)
    shown = plan_reviewed(plan) if elsewhere else card
    tell_outcome(context.services, plan, card, shown, but=context.pressed)
    return card


def _back_in_form(context: Context, plan: Plan) -> Card | None:
    """The form of a change that Webex refused for one of its fields, with what was typed and what is wrong."""
    change, outcome = plan.changes[0].change, plan.changes[0].outcome
    form = context.services.registry[command_of(change)].form if outcome.field else None
    if form is None or len(plan.changes) > 1 or plan.reviewed_by or outcome.state is not ChangeState.FAILED:
        return None
    told = with_tracking_id(outcome.detail, outcome.tracking_id)
    asked_for = replace(context, command=command_of(change))
    try:
        return form(asked_for, arguments_of(change), {outcome.field or "": told})
    except (WebexError, UserError, NotAllowed) as error:
        # What came of the plan matters more, and is told all the same.
        log.warning("form.not_drawn", plan=plan.id, reason=type(error).__name__)
        return None
