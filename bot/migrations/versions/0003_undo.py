"""Undo: which plan a plan undoes"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("undoes", sa.Text(), nullable=True))
    op.create_index(op.f("ix_plans_undoes"), "plans", ["undoes"], unique=False)
    op.create_foreign_key(op.f("fk_plans_undoes"), "plans", "plans", ["undoes"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_plans_undoes"), "plans", type_="foreignkey")
    op.drop_index(op.f("ix_plans_undoes"), table_name="plans")
    op.drop_column("plans", "undoes")
