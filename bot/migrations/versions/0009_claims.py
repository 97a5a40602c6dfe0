"""Who is at work on a plan: each worker that takes it up has a number of its own.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The default stays: workers of the version before store plans, too, until they are restarted."""
    op.add_column("plans", sa.Column("claim", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Nobody asks for it any more."""
    op.drop_column("plans", "claim")
