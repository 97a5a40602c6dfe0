"""The statements that note how far a plan has come: decided on, each of its changes, closed, and who knows of it.

Each is made once: to make a statement takes as long as to have it executed.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Select, and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.dml import ReturningUpdate

from bot.errors import TakenOver
from bot.plans import ChangeState, Outcome, Plan, PlanState
from bot.tables import changes, plans

DECISION = (
    *("state", "decided_by", "decided_name", "decided_at", "decided_event"),
    *("reviewed_by", "reviewed_name", "reviewed_at", "reviewed_event", "reason"),
    "untold",
)
"""What of a plan changes after it was made."""

RESULT = ("state", "result_id", "tracking_id", "detail")
"""What of a change does."""

_is_held = and_(plans.c.id == bindparam("of_plan"), plans.c.claim == bindparam("held_by"))

DECIDE = (
    update(plans)
    .where(plans.c.id == bindparam("of_plan"), plans.c.state == bindparam("was"))
    .values({name: bindparam(f"now_{name}") for name in DECISION})
    .returning(plans.c.id)
)
CLOSE = (
    update(plans)
    .where(_is_held)
    .values(state=bindparam("now_state"), untold=bindparam("now_untold"))
    .returning(plans.c.id)
)
FIND_HELD = select(plans.c.id).where(_is_held)
NOTE_ASKED = (
    update(plans)
    .where(plans.c.id == bindparam("of_plan"))
    .values(asked=plans.c.asked + bindparam("who", type_=JSONB))
)
NOTE_TOLD = update(plans).where(plans.c.id == bindparam("of_plan")).values(untold=False)


def _record_with(held: Select[tuple[str]] | ReturningUpdate[tuple[str]]) -> ReturningUpdate[tuple[str]]:
    """Note how far a change has come, in one statement with what finds its plan and locks it."""
    plan = held.cte("held")
    return (
        update(changes)
        .where(changes.c.plan_id == plan.c.id, changes.c.position == bindparam("at_position"))
        .values({name: bindparam(f"its_{name}") for name in RESULT})
        .returning(changes.c.plan_id)
    )


# Locked, so that nobody takes the plan up before the transaction ends.
RECORD = _record_with(select(plans.c.id).where(_is_held).with_for_update())
RECORD_AND_CLOSE = _record_with(CLOSE)
DECIDE_AND_BEGIN = _record_with(DECIDE)


def decide(connection: Connection, decided: Plan, was: PlanState) -> bool:
    """Take a plan from one state to that of `decided`, unless somebody else was first.

    One that is to be applied from now on has its first change noted as sent.
    """
    decision = {f"now_{name}": getattr(decided, name) for name in DECISION}
    given = {**decision, "of_plan": decided.id, "was": was}
    if decided.state is PlanState.APPLYING:
        return connection.scalar(DECIDE_AND_BEGIN, {**given, **_result(0, Outcome(ChangeState.SENT))}) is not None
    return connection.scalar(DECIDE, given) is not None


def record(
    connection: Connection, plan_id: str, position: int, outcome: Outcome, claim: int, closed: Plan | None
) -> None:
    """Note how far a change has come, and the end of its plan with it. Raises TakenOver for another claim."""
    result = {**_result(position, outcome), "of_plan": plan_id, "held_by": claim}
    if closed:
        _require(plan_id, connection.scalar(RECORD_AND_CLOSE, {**result, **_closing(closed)}))
    else:
        _require(plan_id, connection.scalar(RECORD, result))


def require_claim(connection: Connection, plan: Plan) -> None:
    """Raise TakenOver for another claim than the plan's last one."""
    _require(plan.id, connection.scalar(FIND_HELD, {"of_plan": plan.id, "held_by": plan.claim}))


def close(connection: Connection, plan: Plan) -> None:
    """Note the end of a plan. Raises TakenOver for another claim."""
    _require(plan.id, connection.scalar(CLOSE, _closing(plan)))


def _result(position: int, outcome: Outcome) -> Mapping[str, object]:
    result = (outcome.state, outcome.target_id, outcome.tracking_id, outcome.detail)
    return {"at_position": position, **{f"its_{name}": value for name, value in zip(RESULT, result, strict=True)}}


def _closing(plan: Plan) -> Mapping[str, object]:
    return {"of_plan": plan.id, "held_by": plan.claim, "now_state": plan.state, "now_untold": plan.untold}


def _require(plan_id: str, found: object) -> None:
    if found is None:
        raise TakenOver(plan_id)
