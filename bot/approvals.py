"""The second pair of eyes: who is asked to approve a plan, and how the one who asked for it is told."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog

from bot.context import Context, Services
from bot.errors import FOR_NOW, UserError, WebexError
from bot.person import Person
from bot.plans import APPROVAL_LIFETIME, LIFETIME, Plan, PlanState
from bot.policy import Permission
from bot.recording import decision_entries
from bot.showing import replace_if_there, send_card, send_card_to
from bot.store import SentCard
from cards.approvals import approval_card
from cards.elements import Card
from cards.plans import plan_expired

T = TypeVar("T")

log = structlog.get_logger()

APPROVE = "plans.approve"


def ask_approvers(services: Services, plan: Plan) -> bool | None:
    """Show the plan in the approvers' space, or to each approver directly. Whether somebody could be asked.

    It waits for its approval already: where they can't be told, the plan's id can be, and `approve` typed. Who was
    asked, by an event that is answered again, is not asked again: None where that is everybody.
    """
    space, card = services.access.policy().approval.space_id, approval_card(plan)
    if space:
        asks = {space: partial(send_card, services, space, None, card)}
    else:
        approvers = _tried(plan, partial(find_approvers, services, plan)) or []
        asks = {approver.id: partial(send_card_to, services, approver.id, card) for approver in approvers}
    left = {who: ask for who, ask in asks.items() if who not in plan.asked}
    asked = [_ask(services, plan, who, ask) for who, ask in left.items() if _still_waits(services, plan)]
    return None if asks and not left else any(asked)


def _ask(services: Services, plan: Plan, who: str, ask: Callable[[], SentCard]) -> bool:
    if _tried(plan, ask) is None:
        return False
    services.store.note_asked(plan.id, who)
    return True


def _tried(plan: Plan, ask: Callable[[], T]) -> T | None:
    """What it gives, or None where Webex fails: one who can't be asked keeps no other from being asked."""
    try:
        return ask()
    except WebexError as error:
        log.error("approval.not_asked", plan=plan.id, call=str(error), tracking_id=error.call.tracking_id)
        return None


def _still_waits(services: Services, plan: Plan) -> bool:
    """Who was asked first may have decided by now: then nobody needs to be asked for what is done."""
    now = services.store.find_plan(plan.id)
    return now is not None and now.state is PlanState.AWAITING


def require_approver(services: Services, plan: Plan) -> None:
    """Raise UserError where there is nobody to ask, so that the plan would wait in vain."""
    policy = services.access.policy()
    if not policy.approval.space_id and not find_approvers(services, plan):
        hint = f"{policy.granted_by} can give somebody the permission “approve”, in the bot's access policy."
        raise UserError("A second person has to approve this, and there is nobody who may.", hint)


def find_approvers(services: Services, plan: Plan) -> list[Person]:
    """Everybody who may approve the plan, as far as Webex lists them. Raises WebexError."""
    known = services.people.find_holders(Permission.APPROVE)
    return [person for person in known if not plan.is_of(person.id) and may_approve(services, person, plan)]


def may_approve(services: Services, person: Person, plan: Plan) -> bool:
    """Whether the person may approve every change of the plan."""
    return all(services.access.decide(person, APPROVE, target).allowed for target in plan.targets)


def tell_outcome(services: Services, plan: Plan, card: Card, shown: Card, but: str | None = None) -> None:
    """Show what became of a plan on its cards, and tell whoever asked for it, unless they have been told.

    Its cards in the space where it was asked for show `shown` from now on, those elsewhere `card` itself, but for
    the message `but`. Of that Webex notifies nobody: `card` is a new message, in their thread. Where Webex can't
    be reached, the plan stays untold, and `bot.decide.tell_outcomes` tries again.
    """
    cards = services.store.find_plan_cards(plan.id)
    there = [one for one in cards if one.room_id == plan.room_id]
    for one in cards:
        if one.message_id != but:
            replace_if_there(services, one, shown if one in there else card)
    if not plan.untold:
        return
    try:
        send_card(services, plan.room_id, there[0].parent_id if there else None, card)
    except WebexError as error:
        log.warning("requester.not_told", plan=plan.id, call=str(error), tracking_id=error.call.tracking_id)
        if isinstance(error, FOR_NOW):
            return
    services.store.note_told(plan.id)


def expire_plans(services: Services) -> None:
    """Close the plans that waited too long, and say so on their cards. Done every minute, by one worker."""
    for plan in _overdue(services):
        expired = replace(plan, state=PlanState.EXPIRED, untold=plan.state is PlanState.AWAITING)
        if _expire(services, plan, expired):
            tell_outcome(services, expired, plan_expired(expired), plan_expired(expired))


def _expire(services: Services, plan: Plan, expired: Plan) -> bool:
    """Close it unless somebody decides just now. That an approval was asked for and never came is remembered."""
    asker = Person(plan.decided_by or "", display_name=plan.decided_name or "")
    context = Context(services, asker, plan.room_id, plan.decided_event or "")
    entries = decision_entries(context, expired) if plan.state is PlanState.AWAITING else ()
    return services.store.decide_plan(expired, plan.state, entries)


def _overdue(services: Services) -> Iterable[Plan]:
    now, store = services.now(), services.store
    found = store.find_overdue_plans(now - LIFETIME, now - APPROVAL_LIFETIME)
    return [plan for plan in map(store.find_plan, found) if plan]
