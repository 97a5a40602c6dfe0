"""The budgets of calls, kept in the database, so that all workers share them. One row for each token.

A budget is one moment: when it will be full again if nobody makes a call. Every call moves it on by what one call
takes (the generic cell rate algorithm), a pause moves it behind its end. The clock is that of the database: those
of two machines differ.
"""

from datetime import timedelta

import structlog
from sqlalchemy import Engine, Interval, Text, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot.calling.limiter import Allowance
from bot.calling.retries import LONGEST_PAUSE
from bot.errors import StoreAway
from bot.tables import budgets

SOONEST = 0.005
"""Seconds before a call that has to wait is asked for again: by then its moment may have come."""

NAME = bindparam("budget", type_=Text)
AHEAD = bindparam("ahead", type_=Interval)
"""What of the budget may have been taken ahead of its time, before one call more."""
ONE = bindparam("one", type_=Interval)
"""What one call takes of it."""

LONGEST = bindparam("longest", type_=Interval)
"""What is further away was noted before the database's clock was set back."""

FULL_AT = case((budgets.c.full_at > func.now() + LONGEST, func.now()), else_=budgets.c.full_at)

TAKE = (
    upsert(budgets)
    .values(name=NAME, full_at=func.now() + ONE)
    .on_conflict_do_update(
        index_elements=[budgets.c.name],
        set_={"full_at": func.greatest(FULL_AT, func.now()) + ONE},
        where=func.now() >= FULL_AT - AHEAD,
    )
    .returning(budgets.c.name)
)
"""Gives the name where there is room for a call, and nothing where there is none."""

WAIT = select(func.extract("epoch", FULL_AT - AHEAD - func.now())).where(budgets.c.name == NAME)
"""Gives the seconds until there is room."""

log = structlog.get_logger()


class SharedBudget:
    """The budget of the token of that name. Where the database does not answer, it holds nobody up."""

    def __init__(self, engine: Engine, name: str, allowance: Allowance) -> None:
        self._engine = engine
        self._name = name
        self._ahead = {bulk: timedelta(seconds=allowance.ahead(bulk=bulk)) for bulk in (False, True)}
        self._one = timedelta(seconds=allowance.interval)
        # A pause and a whole budget, and as much again as no clock is exact.
        self._longest = 2 * (timedelta(seconds=LONGEST_PAUSE) + self._ahead[False] + self._one)

    def take(self, *, bulk: bool) -> float:
        """Take one call, by one statement: 0.0 where it may be made now. Else the seconds until asking helps."""
        call = {"budget": self._name, "ahead": self._ahead[bulk], "one": self._one, "longest": self._longest}
        try:
            with self._engine.connect() as connection:
                if connection.scalar(TAKE, call) is not None:
                    return 0.0
                wait = connection.scalar(WAIT, call)
        except (SQLAlchemyError, StoreAway) as error:
            log.warning("budget.unknown", token=self._name, reason=type(error).__name__)
            return 0.0
        return max(float(wait or 0.0), SOONEST)

    def pause(self, seconds: float) -> None:
        """Let nobody make a call for so long. After it calls come evenly, those of people who wait first."""
        behind = timedelta(seconds=seconds) + self._ahead[False]
        query = upsert(budgets).values(name=self._name, full_at=func.now() + behind)
        later = {"full_at": func.greatest(budgets.c.full_at, query.excluded.full_at)}
        try:
            with self._engine.connect() as connection:
                connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=later))
        except (SQLAlchemyError, StoreAway) as error:
            log.warning("budget.not_paused", token=self._name, reason=type(error).__name__)
        else:
            log.warning("budget.paused", token=self._name, seconds=round(seconds, 2))
