"""The append-only table of the history: entries are appended and read, and PostgreSQL refuses all else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningUpdate

from bot.audit import NO_HEAD, Break, Entry, Head, Link, find_break, link
from bot.outages import in_transactions
from bot.tables import history, history_head

HEAD = select(history_head.c.sequence, history_head.c.hash)
LOCK_HEAD = HEAD.with_for_update()


def _add(**same: Any) -> ReturningUpdate[Any]:
    """The statement that adds an entry and moves the head to it; it gives nothing where the same one is there."""
    # Named otherwise than the columns, which an update takes for what it is to set.
    values = {column: bindparam(f"new_{column.name}", type_=column.type) for column in history.columns}
    row = upsert(history).values(values).on_conflict_do_nothing(**same)
    added = row.returning(history.c.sequence, history.c.previous, history.c.hash).cte("added")
    moved = update(history_head).where(history_head.c.hash == added.c.previous)
    return moved.values(sequence=added.c.sequence, hash=added.c.hash).returning(added.c.sequence)


# Made once, as to make a statement takes as long as to have it executed.
ADD_OF_CHANGE = _add(index_elements=[history.c.plan_id, history.c.position])
"""A change has one entry."""

ADD_OTHER = _add(index_elements=[history.c.event_id, history.c.command], index_where=history.c.position.is_(None))
"""What is about no change has one for each event and command."""

AT_ONCE = 500
"""Rows in memory while all of the history is read."""

NAMES = ("name", "displayName")
NUMBERS = ("extension", "phoneNumber", "prefix", "mode")


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted. Times are aware: from `since` on, before `until`.

    `target` is an extension, a number, a name, a plan id, or the kind of thing; `person` are words of the name of
    who requested, decided or approved, `person_id` is their Webex id; `location` is an id or how a name begins.
    """

    target: str | None = None
    person: str | None = None
    person_id: str | None = None
    location: str | None = None
    plan_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Places:
    """What a person may see who may not see everything: these locations, and the organization level or not.

    A location name counts only where an entry has no location id. Entries about no change have no place: of those
    the person sees their own.
    """

    person_id: str
    location_ids: frozenset[str] = frozenset()
    location_names: frozenset[str] = frozenset()
    organization: bool = False


class History:
    """Reads the history."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = in_transactions(engine)

    def page(self, wanted: Filter, start: int, size: int, places: Places | None = None) -> list[Link]:
        """Links that pass the filter, the newest first, from the zero-based offset on; without `places` of all."""
        conditions = [*_conditions(wanted), *([_is_within(places)] if places else [])]
        query = select(history).where(*conditions).order_by(history.c.sequence.desc())
        with self._engine.connect() as connection:
            return [_link(row) for row in connection.execute(query.offset(start).limit(size))]

    def links(self, since: datetime | None = None) -> Iterator[Link]:
        """All links, the oldest first, read in parts; those from `since` on, where it is given."""
        query = select(history).where(*_conditions(Filter(since=since))).order_by(history.c.sequence)
        with self._transactions.connect() as connection, _links(connection, query) as links:
            yield from links

    def check(self) -> tuple[Head, Break | None]:
        """The last link as it was noted with it, and where the chain is broken; both as of one moment."""
        with self._transactions.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            row = connection.execute(HEAD).one_or_none()
            head = Head(*row) if row else NO_HEAD
            with _links(connection, select(history).order_by(history.c.sequence)) as links:
                return head, find_break(links, head)


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write entries at the end of the chain, in the transaction of the connection; not those that are there.

    The row of the head is locked until that transaction ends: so the numbers have no gaps.
    """
    if not entries:
        return
    head = Head(*connection.execute(LOCK_HEAD).one())
    for entry in entries:
        one = link(head, entry)
        row = {**asdict(entry), "sequence": one.sequence, "previous": one.previous, "hash": one.hash}
        add = ADD_OTHER if entry.position is None else ADD_OF_CHANGE
        if connection.scalar(add, {f"new_{name}": value for name, value in row.items()}):
            head = Head(one.sequence, one.hash)


@contextmanager
def _links(connection: Connection, query: Select[Any]) -> Iterator[Iterator[Link]]:
    with connection.execution_options(yield_per=AT_ONCE).execute(query) as rows:
        yield (_link(row) for row in rows)


def _link(row: Row[Any]) -> Link:
    entry = Entry(**{field.name: getattr(row, field.name) for field in fields(Entry)})
    return Link(row.sequence, entry, row.previous, row.hash)


def _is_within(places: Places) -> ColumnElement[bool]:
    columns = history.c
    unnamed = columns.location_id.is_(None)
    at_location = or_(
        columns.location_id.in_(places.location_ids),
        and_(unnamed, columns.location_name.in_(places.location_names)),
    )
    nowhere = and_(unnamed, columns.location_name.is_(None)) if places.organization else false()
    return or_(
        and_(columns.thing.is_not(None), or_(at_location, nowhere)),
        and_(columns.thing.is_(None), columns.person_id == places.person_id),
    )


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    columns = history.c
    if wanted.target:
        yield _is_about(wanted.target)
    if wanted.person or wanted.person_id:
        yield _is_by(wanted)
    if wanted.location:
        named = columns.location_name.istartswith(wanted.location, autoescape=True)
        yield or_(columns.location_id == wanted.location, named)
    if wanted.plan_id:
        yield columns.plan_id == wanted.plan_id
    if wanted.since:
        yield columns.at >= wanted.since
    if wanted.until:
        yield columns.at < wanted.until


def _is_by(wanted: Filter) -> ColumnElement[bool]:
    """By id, else by name: each word must begin one of the name's."""
    columns = history.c
    if wanted.person_id:
        ids = (columns.person_id, columns.requested_by, columns.approved_by)
        return or_(*(person_id == wanted.person_id for person_id in ids))
    named = (columns.person_name, columns.requested_name, columns.approved_name)
    names = [func.concat(" ", name) for name in named]
    words = [f" {word}" for word in (wanted.person or "").split()]
    return or_(*(and_(*(name.icontains(word, autoescape=True) for word in words)) for name in names))


def _is_about(target: str) -> ColumnElement[bool]:
    """A number must be exact, before or after; of a name, every word must be in one that it had."""
    images = (history.c.before, history.c.after)
    numbers = [image[name].astext == target for image in images for name in NUMBERS]
    names = [history.c.label, *(image[name].astext for image in images for name in NAMES)]
    words = [] if target.lstrip("+").isdigit() else target.split()
    named = [and_(*(name.icontains(word, autoescape=True) for word in words)) for name in names if words]
    thing, plan_id = history.c.thing == target.casefold().rstrip("s"), history.c.plan_id == target.upper()
    return or_(thing, plan_id, *numbers, *named)
