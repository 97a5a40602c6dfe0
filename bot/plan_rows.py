"""Plans and their changes as rows, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert

from bot.plans import Change, ChangeState, Kind, Outcome, Plan, PlannedChange, PlanState, Thing
from bot.tables import changes, history, plans

_in_order = aggregate_order_by(func.to_jsonb(changes.table_valued()), changes.c.position)
_its_changes = select(func.jsonb_agg(_in_order, type_=JSONB)).where(changes.c.plan_id == plans.c.id)
SELECT_PLANS = select(plans, _its_changes.scalar_subquery().label("changes"))
"""Gives a row for each plan, with all its changes: one statement is enough to read a plan."""

OF_NEW = ("id", "state", "requested_by", "requested_name", "room_id", "created_at", "warnings", "reason", "undoes")
"""What is known of a plan when it is made."""

_is_named = exists().where(history.c.plan_id == bindparam("new_id"))
_given = (bindparam(f"new_{name}", type_=plans.c[name].type) for name in OF_NEW)
ADD_PLAN = (
    insert(plans)
    .from_select(OF_NEW, select(*_given).where(~_is_named))
    .on_conflict_do_nothing()
    .returning(plans.c.id)
)
"""Gives the id of the new plan, or nothing where it is another's: the history names plans for ever."""


def plan_row(plan: Plan) -> dict[str, Any]:
    """What `ADD_PLAN` is given of a new plan."""
    return {f"new_{name}": getattr(plan, name) for name in OF_NEW} | {"new_warnings": list(plan.warnings)}


def change_rows(plan: Plan) -> list[dict[str, Any]]:
    """The rows of the changes of a new plan, in order."""
    return [
        {
            **asdict(planned.change),
            "plan_id": plan.id,
            "position": position,
            "state": planned.outcome.state,
            "detail": planned.outcome.detail,
        }
        for position, planned in enumerate(plan.changes)
    ]


def read_plan(row: Row[Any]) -> Plan:
    """The plan of a row of `SELECT_PLANS`."""
    return Plan(
        id=row.id,
        state=PlanState(row.state),
        requested_by=row.requested_by,
        requested_name=row.requested_name,
        room_id=row.room_id,
        created_at=row.created_at,
        changes=tuple(map(_planned_change, row.changes)),
        warnings=tuple(row.warnings),
        decided_by=row.decided_by,
        decided_name=row.decided_name,
        decided_at=row.decided_at,
        decided_event=row.decided_event,
        reviewed_by=row.reviewed_by,
        reviewed_name=row.reviewed_name,
        reviewed_at=row.reviewed_at,
        reviewed_event=row.reviewed_event,
        reason=row.reason,
        undoes=row.undoes,
        claim=row.claim,
        asked=tuple(row.asked),
        untold=row.untold,
    )


def _planned_change(row: Mapping[str, Any]) -> PlannedChange:
    change = Change(
        kind=Kind(row["kind"]),
        thing=Thing(row["thing"]),
        label=row["label"],
        before=row["before"],
        after=row["after"],
        target_id=row["target_id"],
        location_id=row["location_id"],
        location_name=row["location_name"],
    )
    return PlannedChange(
        change, Outcome(ChangeState(row["state"]), row["result_id"], row["tracking_id"], row["detail"])
    )
