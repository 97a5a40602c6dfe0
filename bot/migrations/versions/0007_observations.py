"""What workers find out about the bot's surroundings, for the web process to tell.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each thing that is looked at."""
    op.create_table(
        "observations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_observations"),
    )


def downgrade() -> None:
    """Workers make it anew."""
    op.drop_table("observations")
