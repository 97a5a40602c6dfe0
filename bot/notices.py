"""Which message says that an event is being worked on: known to whoever goes on after a worker that was killed."""

from sqlalchemy import ColumnElement, Engine, select, update

from bot.tables import events


class Notices:
    """The notices that stand in Webex, by the key of their event. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, key: tuple[str, str, str], message_id: str | None) -> None:
        """Note the message that says so; None where it has become the answer."""
        query = update(events).where(*is_event(key)).values(notice_id=message_id)
        with self._engine.begin() as connection:
            connection.execute(query)

    def find(self, key: tuple[str, str, str]) -> str | None:
        """The message that says so, if there is one."""
        with self._engine.connect() as connection:
            return connection.scalar(select(events.c.notice_id).where(*is_event(key)))


def is_event(key: tuple[str, str, str]) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the row of an event."""
    resource, event, data_id = key
    return events.c.resource == resource, events.c.event == event, events.c.data_id == data_id
