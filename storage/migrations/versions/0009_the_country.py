"""What the country's page asks of the board is found by index alone."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_order_board_use", "order_board", ["cluster", "package", "stage", "meeting_at", "ended_at"])
    op.create_index(op.f("ix_order_board_meeting_at"), "order_board", ["meeting_at"])
    op.create_index(op.f("ix_order_board_survey_closes"), "order_board", ["survey_closes"])


def downgrade() -> None:
    op.drop_index(op.f("ix_order_board_survey_closes"), "order_board")
    op.drop_index(op.f("ix_order_board_meeting_at"), "order_board")
    op.drop_index("ix_order_board_use", "order_board")
