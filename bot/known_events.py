"""Which events came, which have been answered, and which message says meanwhile that one is being worked on.

The statements are made once: to make one anew for each event takes as long as to have it executed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Engine, Text, Update, and_, any_, bindparam, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.events import WINDOW, Arrival, Pace
from bot.outages import patiently
from bot.tables import events, paces

Key = tuple[str, str, str]

KEY = tuple(bindparam(name, type_=Text) for name in ("of_resource", "of_event", "of_data_id"))
IS_EVENT = and_(*(column == part for column, part in zip(events.primary_key.columns, KEY, strict=True)))
AT = bindparam("at", type_=DateTime(timezone=True))
PERSON = bindparam("person_id", type_=Text)

# Ahead of the present a minute may have begun by what the clocks of two workers differ.
_goes_on = paces.c.since.between(AT - WINDOW, AT + WINDOW)
_noted = (
    upsert(events)
    .from_select(
        [*events.primary_key.columns, events.c.received_at, events.c.person_id, events.c.room_id],
        select(*KEY, AT, PERSON, bindparam("room_id", type_=Text)),
    )
    .on_conflict_do_nothing()
    .returning(events.c.data_id)
    .cte("noted")
)
BEGIN = (
    upsert(paces)
    .from_select(
        [paces.c.person_id, paces.c.since, paces.c.count],
        select(PERSON, AT, literal(1)).select_from(_noted),
    )
    .on_conflict_do_update(
        index_elements=[paces.c.person_id],
        set_={
            "since": case((_goes_on, paces.c.since), else_=AT),
            "count": case((_goes_on, paces.c.count + 1), else_=1),
        },
    )
    .returning(paces.c.since, paces.c.count)
)
"""One statement, so that workers do not count past each other, and what is noted is counted."""

FIND = select(events.c.answered_at).where(IS_EVENT)
FINISH = update(events).where(IS_EVENT).values(answered_at=AT).returning(events.c.notice_id)
FIND_ANSWERED = select(events.c.data_id).where(
    events.c.data_id == any_(bindparam("message_ids", type_=ARRAY(Text))), events.c.answered_at.is_not(None)
)
NOTE_NOTICE = update(events).where(IS_EVENT).values(notice_id=bindparam("message_id"))
ADD_NOTICE = (
    update(events)
    .where(IS_EVENT, events.c.answered_at.is_(None))
    .values(notice_id=func.coalesce(events.c.notice_id, bindparam("message_id", type_=Text)))
    .returning(events.c.notice_id)
)
FIND_NOTICE = select(events.c.notice_id).where(IS_EVENT)


class KnownEvents:
    """The events by their key: (resource, event, id). `engine` commits each statement by itself.

    What notes that something has been said waits, by `sleep`, for a database that is away: it can't be unsaid.
    """

    def __init__(self, engine: Engine, sleep: Callable[[float], None] = time.sleep) -> None:
        self._engine = engine
        self._sleep = sleep

    def begin(self, key: Key, person_id: str, now: datetime, room_id: str | None = None) -> Pace | Arrival:
        """Note that an event came, and count it for the person who caused it; or say that it came before."""
        values = {**_of(key), "person_id": person_id, "at": now, "room_id": room_id}
        with self._engine.connect() as connection:
            counted = connection.execute(BEGIN, values).one_or_none()
            if counted:
                return Pace(*counted)
            answered = connection.scalar(FIND, _of(key))
        return Arrival.ANSWERED if answered else Arrival.UNANSWERED

    def finish(self, key: Key, now: datetime) -> str | None:
        """Note that an event has been answered. Returns the notice that still says otherwise, if there is one."""
        notice: str | None = self._note(FINISH, {**_of(key), "at": now})
        return notice

    def find_answered(self, message_ids: Sequence[str]) -> set[str]:
        """Those of the messages that have been answered."""
        with self._engine.connect() as connection:
            return set(connection.scalars(FIND_ANSWERED, {"message_ids": list(message_ids)}))

    def add_notice(self, key: Key, message_id: str) -> str | None:
        """Note a message that says that it is being worked on, unless another one does so already.

        Returns the one that stands; None where the event has been answered, so that nobody will look for any.
        """
        standing: str | None = self._note(ADD_NOTICE, {**_of(key), "message_id": message_id})
        return standing

    def replace_notice(self, key: Key, message_id: str | None) -> None:
        """Note that another message says so now; None where it has become the answer."""

        def note() -> None:
            with self._engine.connect() as connection:
                connection.execute(NOTE_NOTICE, {**_of(key), "message_id": message_id})

        patiently(note, sleep=self._sleep)

    def find_notice(self, key: Key) -> str | None:
        """The message that says so, if there is one."""
        with self._engine.connect() as connection:
            return connection.scalar(FIND_NOTICE, _of(key))

    def _note(self, noted: Update, values: Mapping[str, object]) -> Any:
        def note() -> Any:
            with self._engine.connect() as connection:
                return connection.scalar(noted, values)

        return patiently(note, sleep=self._sleep)


def _of(key: Key) -> dict[str, str]:
    return {part.key: name for part, name in zip(KEY, key, strict=True)}
