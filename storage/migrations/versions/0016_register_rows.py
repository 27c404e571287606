"""What a register said of each practice of an order: sealed, a row a practice and round."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_row",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "round", "practice_id", name=op.f("pk_register_row")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("register_row")
