"""What the country's page asks of orders that go on, and of what was counted, is found by index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    open_ones = ["cluster", "package", "meeting_at", "ended_at"]
    op.create_index("ix_order_board_going_on", "order_board", open_ones, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_package_use_figures", "package_use", ["year", "cluster", "package", "held", "last_held"])


def downgrade() -> None:
    op.drop_index("ix_package_use_figures", "package_use")
    op.drop_index("ix_order_board_going_on", "order_board")
