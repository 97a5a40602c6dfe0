"""Who may decide on a plan follows from its changes and the access policy, each time anew.

Revision ID: 0004
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the permission that a plan needed when it was made."""
    op.drop_column("plans", "permission")


def downgrade() -> None:
    """Plans that are still open need the most again: an older version would take any lesser one."""
    op.add_column("plans", sa.Column("permission", sa.Text(), nullable=False, server_default="settings"))
    op.alter_column("plans", "permission", server_default=None)
