"""Who was asked to approve a plan, and whether somebody has yet to be told what came of it.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The defaults stay: workers of the version before store plans, too, until they are restarted."""
    op.add_column("plans", sa.Column("asked", JSONB(), nullable=False, server_default="[]"))
    op.add_column("plans", sa.Column("untold", sa.Boolean(), nullable=False, server_default="false"))


def downgrade() -> None:
    """Who was not told until now is not told any more."""
    op.drop_column("plans", "untold")
    op.drop_column("plans", "asked")
