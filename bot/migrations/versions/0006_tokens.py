"""The newest tokens for Webex Calling, encrypted, and what Webex has refused.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text()),
        sa.Column("sealed", sa.Text()),
        sa.Column("refused_at", sa.DateTime(timezone=True)),
        sa.Column("announced", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tokens")),
    )


def downgrade() -> None:
    op.drop_table("tokens")
