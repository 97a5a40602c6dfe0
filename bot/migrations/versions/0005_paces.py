"""How many events a person has caused within a minute"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_paces")),
    )
    op.create_index(op.f("ix_paces_since"), "paces", ["since"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_paces_since"), table_name="paces")
    op.drop_table("paces")
