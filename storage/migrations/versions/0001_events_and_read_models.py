"""Events, open orders and the read models."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END""",
)
_POSTGRES_TRIGGERS = (
    """CREATE FUNCTION refuse_to_touch_events() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'an event is never %',
           CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END USING ERRCODE = 'restrict_violation';
       END $$""",
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_touch_events()""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE OR TRUNCATE ON event
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_touch_events()""",
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.String()),
        sa.Column("causation_id", sa.String()),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event")),
        sa.UniqueConstraint("stream", "version", name=op.f("uq_event_stream_version")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_event_id")),
    )
    for trigger in _SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRES_TRIGGERS:
        op.execute(trigger)
    op.create_table(
        "open_order",
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("cluster", "package", name=op.f("pk_open_order")),
        sa.UniqueConstraint("order_id", name=op.f("uq_open_order_order_id")),
    )
    op.create_table(
        "projection",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_projection")),
    )
    _read_models()


def _read_models() -> None:
    op.create_table(
        "order_board",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("coordinator", sa.String(), nullable=False),
        sa.Column("consultant", sa.String()),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("meeting_at", Instant()),
        sa.Column("survey_opens", sa.Date()),
        sa.Column("survey_closes", sa.Date()),
        sa.Column("due", Instant()),
        sa.Column("needs_action_from", sa.String()),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("baseline_answers", sa.Integer()),
        sa.Column("follow_up_opens", sa.Date()),
        sa.Column("ended_at", Instant()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_board")),
    )
    op.create_index(op.f("ix_order_board_cluster"), "order_board", ["cluster"])
    op.create_index(op.f("ix_order_board_consultant"), "order_board", ["consultant"])
    op.create_table(
        "task",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String()),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("due", Instant()),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_owner_role_owner_id"), "task", ["owner_role", "owner_id"])
    op.create_table(
        "timeline_entry",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("past", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "past", "seq", name=op.f("pk_timeline_entry")),
    )
