"""How many answered each round, and before and after over all clusters."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_turnout",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("package_version", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("released_at", Instant()),
        sa.PrimaryKeyConstraint("order_id", "round", name=op.f("pk_survey_turnout")),
    )
    rates = ["quarter", "package", "round", "cluster", "answers", "invited"]
    op.create_index("ix_survey_turnout_rates", "survey_turnout", rates)
    op.create_index(op.f("ix_survey_turnout_round_released_at"), "survey_turnout", ["round", "released_at"])
    op.create_table(
        "national_batch",
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("package_version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("package", "package_version", "until", name=op.f("pk_national_batch")),
    )


def downgrade() -> None:
    op.drop_table("national_batch")
    op.drop_table("survey_turnout")
