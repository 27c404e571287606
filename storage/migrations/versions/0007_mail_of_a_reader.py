"""Whether mail has reached a reader since an instant is told by an index alone."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_recipient_state_sent_at"), "outbox", ["recipient", "state", "sent_at"])
    op.drop_index(op.f("ix_outbox_recipient"), "outbox")


def downgrade() -> None:
    op.create_index(op.f("ix_outbox_recipient"), "outbox", ["recipient"])
    op.drop_index(op.f("ix_outbox_recipient_state_sent_at"), "outbox")
