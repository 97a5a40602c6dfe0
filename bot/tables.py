"""The tables of the bot, as the migrations make them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

events = Table(
    "events",
    metadata,
    Column("resource", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("data_id", Text, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
    Column("answered_at", DateTime(timezone=True)),
    Column("notice_id", Text),
    Column("person_id", Text),
    Column("room_id", Text),
)

budgets = Table(
    "budgets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("full_at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)

paces = Table(
    "paces",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("since", DateTime(timezone=True), nullable=False, index=True),
    Column("count", Integer, nullable=False),
)

sent_cards = Table(
    "sent_cards",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("parent_id", Text),
    Column("plan_id", Text, index=True),
    Column("sent_at", DateTime(timezone=True), nullable=False, index=True),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_name", Text, nullable=False),
    Column("room_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("warnings", JSONB, nullable=False),
    Column("decided_by", Text),
    Column("decided_name", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_event", Text),
    Column("reviewed_by", Text),
    Column("reviewed_name", Text),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("reviewed_event", Text),
    Column("reason", Text, nullable=False),
    Column("undoes", Text, ForeignKey("plans.id"), index=True),
    Column("claim", Integer, nullable=False, server_default="0"),
    Column("asked", JSONB, nullable=False, server_default="[]"),
    Column("untold", Boolean, nullable=False, server_default="false"),
)

changes = Table(
    "changes",
    metadata,
    Column("plan_id", Text, ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("thing", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("target_id", Text),
    Column("location_id", Text),
    Column("location_name", Text),
    Column("state", Text, nullable=False),
    Column("result_id", Text),
    Column("tracking_id", Text),
    Column("detail", Text, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("room_id", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("thing", Text),
    Column("label", Text),
    Column("location_id", Text),
    Column("location_name", Text),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("plan_id", Text),
    Column("position", Integer),
    Column("requested_by", Text),
    Column("requested_name", Text),
    Column("approved_by", Text),
    Column("approved_name", Text),
    Column("tracking_id", Text),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # A change of a plan comes to one end, and an event that is answered again is not refused twice.
    UniqueConstraint("plan_id", "position", name="uq_history_plan_id_position"),
    Index(
        "uq_history_event_id_command",
        "event_id",
        "command",
        unique=True,
        postgresql_where=text("position IS NULL"),
    ),
)

observations = Table(
    "observations",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("value", Text, nullable=False),
)

history_head = Table(
    "history_head",
    metadata,
    Column("single", Boolean, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("single", name="ck_history_head_single"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seed", Text),
    Column("sealed", Text),
    Column("refused_at", DateTime(timezone=True)),
    Column("announced", Text),
    Column("held_back_until", DateTime(timezone=True)),
)

jobs = table("procrastinate_jobs", column("status"), column("args", JSONB))
"""Of the engine's own table, which its own migrations make: the events that are waiting or worked on."""
