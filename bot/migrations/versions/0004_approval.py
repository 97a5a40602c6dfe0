"""Approval by a second person. Who may decide on a plan follows from its changes and the policy, each time anew.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note who reviewed a plan; forget the permission that it needed when it was made."""
    op.drop_column("plans", "permission")
    op.add_column("plans", sa.Column("reviewed_by", sa.Text()))
    op.add_column("plans", sa.Column("reviewed_name", sa.Text()))
    op.add_column("plans", sa.Column("reviewed_at", sa.DateTime(timezone=True)))
    op.add_column("plans", sa.Column("reviewed_event", sa.Text()))
    op.add_column("plans", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.alter_column("plans", "reason", server_default=None)


def downgrade() -> None:
    """Plans that are still open need the most again: an older version would take any lesser one."""
    for column in ("reviewed_by", "reviewed_name", "reviewed_at", "reviewed_event", "reason"):
        op.drop_column("plans", column)
    op.add_column("plans", sa.Column("permission", sa.Text(), nullable=False, server_default="settings"))
    op.alter_column("plans", "permission", server_default=None)
