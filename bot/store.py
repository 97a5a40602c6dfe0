"""Everything that is kept: events, sent cards, plans and their changes, and the history through `bot.history`."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    create_engine,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import ArgumentError

from bot.audit import Entry
from bot.database_reasons import UNREADABLE
from bot.errors import UnusableDatabase
from bot.history import History, append
from bot.known_events import KnownEvents
from bot.left_plans import interrupted, overdue, untold
from bot.observations import Observations
from bot.outages import POOL, in_transactions, patiently, watched
from bot.plan_progress import NOTE_ASKED, NOTE_TOLD, close, decide, record, require_claim
from bot.plan_rows import ADD_PLAN, SELECT_PLANS, change_rows, plan_row, read_plan
from bot.plans import OPEN, ChangeState, Outcome, Plan, PlanState, new_plan_id
from bot.tables import changes, events, paces, plans, sent_cards


@dataclass(frozen=True)
class SentCard:
    """A message of ours that shows a card, its thread, and the plan that it waits for a decision on."""

    message_id: str
    room_id: str
    parent_id: str | None
    plan_id: str | None


# What is said for each press of a button is made once: to make a statement takes as long as to have it executed.

_of_card = [sent_cards.c[field.name] for field in fields(SentCard)]
_sent = upsert(sent_cards)
REMEMBER_CARD = _sent.on_conflict_do_update(
    index_elements=[sent_cards.c.message_id], set_={"plan_id": _sent.excluded.plan_id}
)
FIND_CARD = select(*_of_card).where(sent_cards.c.message_id == bindparam("message_id"))
FIND_KNOWN_CARDS = select(sent_cards.c.message_id).where(
    sent_cards.c.message_id == any_(bindparam("message_ids", type_=ARRAY(Text)))
)
FIND_PLAN_CARDS = (
    select(*_of_card).where(sent_cards.c.plan_id == bindparam("of_plan")).order_by(sent_cards.c.sent_at.desc())
)

FIND_PLAN = SELECT_PLANS.where(plans.c.id == bindparam("of_plan"))

_undecided = plans.c.state.in_((PlanState.PROPOSED, PlanState.EXPIRED))
_undo = plans.alias()
# What undoes a plan refers to it: the two go one after the other.
_ended = and_(
    plans.c.state.not_in((*OPEN, PlanState.APPLYING)),
    ~plans.c.untold,
    ~exists().where(_undo.c.undoes == plans.c.id),
)


def connect(database_url: str) -> Engine:
    """An engine for a PostgreSQL address as libpq writes it (`postgresql://…`), spoken to by psycopg 3.

    Where no connection can be made, or the database has no room, its queries raise StoreAway. Raises
    UnusableDatabase for an address that can't be read.
    """
    try:
        return watched(create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1), **POOL))
    except (ArgumentError, ValueError) as error:
        raise UnusableDatabase(UNREADABLE) from error


class Store:
    """The queries. What a method changes is one transaction.

    What notes that something has been said waits for a database that is away: it can't be unsaid.
    """

    def __init__(self, engine: Engine, sleep: Callable[[float], None] = time.sleep) -> None:
        self._engine = engine
        self._transactions = in_transactions(engine)
        self._sleep = sleep
        self.history = History(engine)
        self.events = KnownEvents(engine, sleep)
        self.observations = Observations(self._engine)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Yield whether nobody else, in any process, is inside `alone` with the same name.

        Who stands still, as a suspended machine does, is in there for 15 minutes at most.
        """
        limit = func.set_config("idle_in_transaction_session_timeout", "15min", true())
        query = select(func.pg_try_advisory_xact_lock(func.hashtext(name)), limit)
        with self._transactions.begin() as connection:
            yield bool(connection.scalar(query))

    # cards

    def remember_card(self, card: SentCard, now: datetime) -> None:
        """Note what a message shows, so that a press on it is known to be on a card of ours."""

        def remember() -> None:
            with self._engine.connect() as connection:
                connection.execute(REMEMBER_CARD, {**asdict(card), "sent_at": now})

        patiently(remember, sleep=self._sleep)

    def find_card(self, message_id: str) -> SentCard | None:
        """The card that a message shows, if it is one of ours."""
        with self._engine.connect() as connection:
            row = connection.execute(FIND_CARD, {"message_id": message_id}).one_or_none()
        return SentCard(*row) if row else None

    def find_known_cards(self, message_ids: Sequence[str]) -> set[str]:
        """Those of the messages that are known to show a card."""
        with self._engine.connect() as connection:
            return set(connection.scalars(FIND_KNOWN_CARDS, {"message_ids": list(message_ids)}))

    def find_plan_cards(self, plan_id: str) -> list[SentCard]:
        """The cards that wait for the decision on a plan, newest first."""
        with self._engine.connect() as connection:
            return [SentCard(*row) for row in connection.execute(FIND_PLAN_CARDS, {"of_plan": plan_id})]

    # plans

    def add_plan(self, draft: Plan) -> Plan:
        """Store a new plan under a fresh id."""
        with self._transactions.begin() as connection:
            return _insert_plan(connection, draft)

    def add_undo(self, draft: Plan) -> Plan:
        """Store the plan that undoes another, or return the one that does so already: of two presses comes one."""
        undone = select(plans.c.id).where(plans.c.id == draft.undoes).with_for_update()
        with self._transactions.begin() as connection:
            connection.execute(undone)
            return _standing_undo(connection, draft.undoes, draft.created_at) or _insert_plan(connection, draft)

    def find_plan(self, plan_id: str) -> Plan | None:
        """The plan with that id, if there is one."""
        with self._engine.connect() as connection:
            return next(_read_plans(connection, FIND_PLAN, of_plan=plan_id), None)

    def find_undo(self, plan_id: str, now: datetime) -> Plan | None:
        """The plan that undoes that one: still to be confirmed, being applied, or done completely."""
        with self._engine.connect() as connection:
            return _standing_undo(connection, plan_id, now)

    def find_open_plans(self, person_id: str) -> list[Plan]:
        """The plans of that person that wait for a decision, and all that wait for an approval, newest first."""
        mine = or_(plans.c.requested_by == person_id, plans.c.decided_by == person_id)
        waiting = or_(plans.c.state == PlanState.AWAITING, and_(plans.c.state == PlanState.PROPOSED, mine))
        query = SELECT_PLANS.where(waiting).order_by(plans.c.created_at.desc())
        with self._engine.connect() as connection:
            return list(_read_plans(connection, query))

    def find_latest_plan(self, person_id: str, room_id: str) -> Plan | None:
        """The plan of that space that the person confirmed last, of those that were applied and are not undone.

        What did not undo all that it was to undo is none of them, but the plan that is still to be undone.
        """
        undo = plans.alias()
        undone = exists().where(
            undo.c.undoes == plans.c.id, undo.c.state == PlanState.APPLIED, ~_is_incomplete(undo)
        )
        failed_undo = and_(plans.c.undoes.is_not(None), _is_incomplete(plans))
        mine = (plans.c.decided_by == person_id, plans.c.room_id == room_id, plans.c.state == PlanState.APPLIED)
        wanted = SELECT_PLANS.where(*mine, ~undone, ~failed_undo)
        query = wanted.order_by(plans.c.decided_at.desc()).limit(1)
        with self._engine.connect() as connection:
            return next(_read_plans(connection, query), None)

    def decide_plan(self, decided: Plan, was: PlanState, entries: Sequence[Entry] = ()) -> bool:
        """Take a plan from the state that it was in to that of `decided`, with its entries of the history.

        With one that is to be applied from now on, its first change is noted as sent: what follows is its call.
        False, and nothing is done, where somebody else was first.
        """
        with (self._transactions if entries else self._engine).begin() as connection:
            first = decide(connection, decided, was)
            append(connection, entries if first else ())
        return first

    def find_decided_plan(self, event_id: str) -> Plan | None:
        """The plan that this event has decided on already, if it is answered again."""
        by_it = or_(plans.c.decided_event == event_id, plans.c.reviewed_event == event_id)
        with self._engine.connect() as connection:
            return next(_read_plans(connection, SELECT_PLANS.where(by_it)), None)

    def find_overdue_plans(self, made_before: datetime, confirmed_before: datetime) -> list[str]:
        """The ids of plans that wait for a confirmation or an approval since before these moments."""
        with self._engine.connect() as connection:
            return list(connection.scalars(overdue(made_before, confirmed_before)))

    def note_asked(self, plan_id: str, asked: str) -> None:
        """Note the id of a person or space that was asked to approve a plan."""
        with self._engine.connect() as connection:
            connection.execute(NOTE_ASKED, {"of_plan": plan_id, "who": [asked]})

    def note_told(self, plan_id: str) -> None:
        """Note that whoever asked for a plan knows what came of it, or can't be told."""

        def note() -> None:
            with self._engine.connect() as connection:
                connection.execute(NOTE_TOLD, {"of_plan": plan_id})

        patiently(note, sleep=self._sleep)

    def find_untold_plans(self) -> list[Plan]:
        """The plans that are at an end of which somebody has yet to be told, and that nobody is at work on."""
        with self._engine.connect() as connection:
            return list(_read_plans(connection, untold()))

    def find_interrupted_plans(self, decided_before: datetime) -> list[str]:
        """The ids of plans that are half applied, and that nobody is at work on.

        Those decided on before that moment are among them if their event has been given up.
        """
        with self._engine.connect() as connection:
            return list(connection.scalars(interrupted(decided_before)))

    def claim_plan(self, plan_id: str) -> Plan:
        """Take a plan up, from whoever was at work on it, as it is now. They can note nothing more about it."""
        mine = update(plans).where(plans.c.id == plan_id).values(claim=plans.c.claim + 1)
        # One transaction: of two that take it up at once, the second waits, and sees a claim of its own.
        with self._transactions.begin() as connection:
            connection.execute(mine)
            return next(_read_plans(connection, FIND_PLAN, of_plan=plan_id))

    def require_claim(self, plan: Plan) -> None:
        """Raise TakenOver if a worker has taken the plan up since."""
        with self._engine.connect() as connection:
            require_claim(connection, plan)

    def close_plan(self, plan: Plan) -> None:
        """Note the state of a plan that was being applied, and whether somebody is untold. Raises TakenOver."""
        with self._engine.connect() as connection:
            close(connection, plan)

    def record_outcome(
        self,
        plan_id: str,
        position: int,
        outcome: Outcome,
        entry: Entry | None = None,
        claim: int = 0,
        closed: Plan | None = None,
    ) -> None:
        """Note how far one change of a plan has come: before the call, and after it, with its entry.

        `closed` is the plan at its end, given with the last of its outcomes. All is one transaction, and a change
        has one entry: an event that is answered again gives no more. Raises TakenOver, and notes nothing, for
        another claim than the plan's last one.
        """
        with (self._transactions if entry else self._engine).begin() as connection:
            record(connection, plan_id, position, outcome, claim, closed)
            append(connection, [entry] if entry else ())

    def add_entry(self, entry: Entry) -> None:
        """Write an entry of the history that belongs to no change; an event gives one for a command, not two."""
        with self._transactions.begin() as connection:
            append(connection, [entry])

    def prune(self, before: datetime, plans_before: datetime) -> None:
        """Forget events, paces, cards and undecided plans of before a moment, and of another one all plans.

        The history stays, and no new plan gets the id of one that it names.
        """
        with self._transactions.begin() as connection:
            connection.execute(delete(events).where(events.c.received_at < before))
            connection.execute(delete(paces).where(paces.c.since < before))
            connection.execute(delete(sent_cards).where(sent_cards.c.sent_at < before))
            connection.execute(delete(plans).where(plans.c.created_at < before, _undecided))
            while connection.execute(delete(plans).where(plans.c.created_at < plans_before, _ended)).rowcount:
                # What was undone by one of these can go next.
                continue


def _is_incomplete(of: FromClause) -> ColumnElement[bool]:
    return exists().where(changes.c.plan_id == of.c.id, changes.c.state != ChangeState.DONE)


def _insert_plan(connection: Connection, draft: Plan) -> Plan:
    plan_id = None
    while plan_id is None:
        plan_id = connection.scalar(ADD_PLAN, plan_row(replace(draft, id=new_plan_id())))
    plan = replace(draft, id=plan_id)
    connection.execute(insert(changes), change_rows(plan))
    return plan


def _read_plans(connection: Connection, query: Select[Any], **given: str) -> Iterator[Plan]:
    return map(read_plan, connection.execute(query, given))


def _standing_undo(connection: Connection, plan_id: str | None, now: datetime) -> Plan | None:
    query = SELECT_PLANS.where(plans.c.undoes == plan_id).order_by(plans.c.created_at.desc())
    standing = (undo for undo in _read_plans(connection, query) if undo.stands(now))
    return next((undo for undo in standing if not _is_undone(connection, undo, now)), None)


def _is_undone(connection: Connection, undo: Plan, now: datetime) -> bool:
    """Whether an undo has itself been undone: then what it undid is in effect again."""
    again = _standing_undo(connection, undo.id, now)
    return again is not None and again.state is PlanState.APPLIED
