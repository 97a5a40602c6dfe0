"""The budgets of calls, the notices of events that take longer, and turns for spaces.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TAKE_TURNS = """
CREATE FUNCTION take_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT NEW.priority + coalesce(min(priority) - 1, 0) INTO NEW.priority FROM procrastinate_jobs
    WHERE lock = NEW.lock AND status IN ('todo', 'doing');
    RETURN NEW;
END;
$$
"""


def upgrade() -> None:
    """A job waits behind as many others as wait in its own space, so that a flood in one holds up no other.

    The priorities of a space only fall while anything in it waits or runs: its order stays.
    """
    # Not logged, as nothing is lost with it: after a crash of the database every budget is full. So a call costs
    # no write to the disk.
    op.create_table(
        "budgets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_budgets")),
        prefixes=["UNLOGGED"],
    )
    op.add_column("events", sa.Column("notice_id", sa.Text()))
    op.execute(
        "CREATE INDEX engine_jobs_lock_priority ON procrastinate_jobs (lock, priority) "
        "WHERE status IN ('todo', 'doing')"
    )
    op.execute(TAKE_TURNS)
    op.execute(
        "CREATE TRIGGER take_turns BEFORE INSERT ON procrastinate_jobs "
        "FOR EACH ROW WHEN (NEW.lock IS NOT NULL) EXECUTE FUNCTION take_turns()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER take_turns ON procrastinate_jobs")
    op.execute("DROP FUNCTION take_turns")
    op.execute("DROP INDEX engine_jobs_lock_priority")
    op.drop_column("events", "notice_id")
    op.drop_table("budgets")
