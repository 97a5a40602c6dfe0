"""Which plans nobody is at work on: those that wait too long, are half applied, or of which nobody was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text

from bot.plan_rows import SELECT_PLANS
from bot.plans import OPEN, PlanState
from bot.tables import events, jobs, plans


def overdue(made_before: datetime, confirmed_before: datetime) -> Select[Any]:
    """The ids of plans that wait for a confirmation or an approval since before these moments."""
    unconfirmed = and_(plans.c.state == PlanState.PROPOSED, plans.c.created_at < made_before)
    unapproved = and_(plans.c.state == PlanState.AWAITING, plans.c.decided_at < confirmed_before)
    return select(plans.c.id).where(or_(unconfirmed, unapproved)).order_by(plans.c.created_at)


def interrupted(decided_before: datetime) -> Select[Any]:
    """The ids of plans that are half applied.

    Their event has been answered; or they were decided on before that moment, and it has been given up: the moment
    alone does not say so, as a clock may be wrong.
    """
    decided_by = func.coalesce(plans.c.reviewed_event, plans.c.decided_event)
    answered = exists().where(events.c.data_id == decided_by, events.c.answered_at.is_not(None))
    given_up = func.coalesce(plans.c.reviewed_at, plans.c.decided_at) < decided_before
    left = or_(answered, and_(given_up, ~_in_hand()))
    return select(plans.c.id).where(plans.c.state == PlanState.APPLYING, left).order_by(plans.c.created_at)


def untold() -> Select[Any]:
    """The plans that are at an end, of which somebody has yet to be told."""
    ended = plans.c.state.not_in((*OPEN, PlanState.APPLYING))
    return SELECT_PLANS.where(plans.c.untold, ended, ~_in_hand()).order_by(plans.c.created_at)


def _in_hand() -> ColumnElement[bool]:
    """Whether the event that decided on a plan is waiting, or being answered."""
    decided_by = func.coalesce(plans.c.reviewed_event, plans.c.decided_event)
    of_it = jobs.c.args["envelope"]["data"]["id"].astext == decided_by
    return exists().where(of_it, text("status IN ('todo', 'doing')")).correlate(plans)
