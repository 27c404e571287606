"""Mail is found by its state, the newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("state IN ('queued', 'claimed', 'unknown')")


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_state_queued_at_id"), "outbox", ["state", "queued_at", "id"])
    op.drop_index("ix_outbox_unsettled", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_unsettled", "outbox", ["state"], sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)
    op.drop_index(op.f("ix_outbox_state_queued_at_id"), "outbox")
