"""What needs a person: tasks put off, with their facts; addresses that refuse mail; mail that is set aside."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_REFUSED = sa.text("(state = 'bounced' OR (state = 'skipped' AND code = 'bounced'))")
_UNSETTLED = sa.text("(state IN ('unknown', 'failed', 'bounced') AND set_aside_at IS NULL)")


def upgrade() -> None:
    op.add_column("task", sa.Column("promised", Instant()))
    op.add_column("task", sa.Column("postponed_until", sa.Date()))
    op.add_column("task", sa.Column("facts", sa.JSON()))
    op.create_index(op.f("ix_task_due"), "task", ["due"])
    op.create_index(op.f("ix_task_owner_id_due"), "task", ["owner_id", "due"])
    op.add_column("outbox", sa.Column("set_aside_at", Instant()))
    op.create_index("ix_outbox_refused", "outbox", ["order_id"], sqlite_where=_REFUSED, postgresql_where=_REFUSED)
    op.create_index(
        "ix_outbox_unsettled", "outbox", ["order_id", "letter"], sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_unsettled", "outbox")
    op.drop_index("ix_outbox_refused", "outbox")
    op.drop_column("outbox", "set_aside_at")
    op.drop_index(op.f("ix_task_owner_id_due"), "task")
    op.drop_index(op.f("ix_task_due"), "task")
    op.drop_column("task", "facts")
    op.drop_column("task", "postponed_until")
    op.drop_column("task", "promised")
