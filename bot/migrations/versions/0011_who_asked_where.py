"""Who asked, and where, of each event: whether it goes on for a person who has asked several things in a space.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both may be missing: of what came before, and of what workers of the version before note until they end."""
    op.add_column("events", sa.Column("person_id", sa.Text()))
    op.add_column("events", sa.Column("room_id", sa.Text()))


def downgrade() -> None:
    op.drop_column("events", "room_id")
    op.drop_column("events", "person_id")
