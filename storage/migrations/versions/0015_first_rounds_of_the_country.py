"""First rounds over all clusters, in batches; and what a round is compared with, kept beside its results."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_rounds_batch",
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("package_version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("package", "package_version", "until", name=op.f("pk_first_rounds_batch")),
    )
    op.add_column("tabulation", sa.Column("elsewhere", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tabulation", "elsewhere")
    op.drop_table("first_rounds_batch")
