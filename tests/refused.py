"""An entry of the history, of somebody who was refused."""

from datetime import UTC, datetime

from bot.audit import Entry, Occasion

ENTRY = Entry(
    at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    person_id="alice",
    person_name="Alice Märtin",
    room_id="room",
    event_id="event",
    occasion=Occasion.REFUSAL,
    command="extensions.delete",
    outcome="refused",
)
