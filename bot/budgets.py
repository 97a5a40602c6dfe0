"""The budgets of calls, kept in the database, so that all workers share them. One row for each token.

A budget is one moment: when it will be full again if nobody makes a call. Every call moves it on by what one call
takes (the generic cell rate algorithm), a pause moves it behind its end. The clock is that of the database: those
of two machines differ.
"""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.dml import ReturningInsert

from bot.calling.limiter import Allowance
from bot.errors import StoreAway
from bot.tables import budgets

SOONEST = 0.005
"""Seconds before a call that has to wait is asked for again: by then its moment may have come."""

log = structlog.get_logger()


class SharedBudget:
    """The budget of the token of that name. Where the database does not answer, it holds nobody up."""

    def __init__(self, engine: Engine, name: str, allowance: Allowance) -> None:
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name
        self._ahead = timedelta(seconds=allowance.ahead(bulk=False))
        # Made once, as that takes as long as to have one executed.
        self._takes = {bulk: _take(name, allowance, bulk) for bulk in (False, True)}
        self._waits = {bulk: _wait(name, allowance, bulk) for bulk in (False, True)}

    def take(self, *, bulk: bool) -> float:
        """Take one call, by one statement: 0.0 where it may be made now. Else the seconds until asking helps."""
        try:
            with self._single.connect() as connection:
                if connection.scalar(self._takes[bulk]) is not None:
                    return 0.0
                wait = connection.scalar(self._waits[bulk])
        except (SQLAlchemyError, StoreAway) as error:
            log.warning("budget.unknown", token=self._name, reason=type(error).__name__)
            return 0.0
        return max(float(wait or 0.0), SOONEST)

    def pause(self, seconds: float) -> None:
        """Let nobody make a call for so long. After it calls come evenly, those of people who wait first."""
        behind = timedelta(seconds=seconds) + self._ahead
        query = upsert(budgets).values(name=self._name, full_at=func.now() + behind)
        later = {"full_at": func.greatest(budgets.c.full_at, query.excluded.full_at)}
        try:
            with self._single.connect() as connection:
                connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=later))
        except (SQLAlchemyError, StoreAway) as error:
            log.warning("budget.not_paused", token=self._name, reason=type(error).__name__)
        else:
            log.warning("budget.paused", token=self._name, seconds=round(seconds, 2))


def _take(name: str, allowance: Allowance, bulk: bool) -> ReturningInsert[Any]:
    """Gives the name where there is room for a call, and nothing where there is none."""
    ahead, one = timedelta(seconds=allowance.ahead(bulk=bulk)), timedelta(seconds=allowance.interval)
    query = upsert(budgets).values(name=name, full_at=func.now() + one)
    taken = query.on_conflict_do_update(
        index_elements=["name"],
        set_={"full_at": func.greatest(budgets.c.full_at, func.now()) + one},
        where=budgets.c.full_at - ahead <= func.now(),
    )
    return taken.returning(budgets.c.name)


def _wait(name: str, allowance: Allowance, bulk: bool) -> Select[Any]:
    """Gives the seconds until there is room."""
    ahead = timedelta(seconds=allowance.ahead(bulk=bulk))
    seconds = func.extract("epoch", budgets.c.full_at - ahead - func.now())
    return select(seconds).where(budgets.c.name == name)
