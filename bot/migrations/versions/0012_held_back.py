"""Until when no process asks for new tokens, as Webex did not give them, or asks for a pause.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("held_back_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("tokens", "held_back_until")
