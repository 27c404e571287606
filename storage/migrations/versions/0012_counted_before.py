"""What the country's page tells of ended orders is counted; open orders are found by what is due; rates by cluster."""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")
_SOONEST: list[str | sa.TextClause] = [sa.text("(due IS NULL)"), "due", "placed_at", "order_id"]
_USE = sa.table(
    "package_use",
    sa.column("year", sa.Integer()),
    sa.column("cluster", sa.String()),
    sa.column("package", sa.String()),
    sa.column("held", sa.Integer()),
    sa.column("last_held", Instant()),
)
_BOARD = sa.table(
    "order_board",
    sa.column("cluster", sa.String()),
    sa.column("package", sa.String()),
    sa.column("stage", sa.String()),
    sa.column("meeting_at", Instant()),
    sa.column("ended_at", Instant()),
)


def upgrade() -> None:
    op.create_table(
        "package_use",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("last_held", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("year", "cluster", "package", name=op.f("pk_package_use")),
    )
    _count()
    op.drop_index("ix_order_board_use", "order_board")
    op.create_index("ix_order_board_soonest", "order_board", _SOONEST, sqlite_where=_OPEN, postgresql_where=_OPEN)
    of_stage: list[str | sa.TextClause] = ["stage", *_SOONEST]
    op.create_index("ix_order_board_stage_soonest", "order_board", of_stage, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_index("ix_survey_turnout_rates", "survey_turnout")
    rates = ["quarter", "round", "cluster", "package", "answers", "invited"]
    op.create_index("ix_survey_turnout_rates", "survey_turnout", rates)


def _count() -> None:
    """Orders that had ended by now; later ones are counted as they end."""
    b, found = _BOARD.c, dict[tuple[int, str, str], list[dt.datetime]]()
    ended = sa.select(_BOARD).where(b.ended_at.is_not(None), b.meeting_at.is_not(None))
    for row in op.get_bind().execute(ended):
        if row.stage == "cancelled" and row.ended_at < row.meeting_at:
            continue
        for year in (0, row.meeting_at.astimezone(ZoneInfo("Europe/Copenhagen")).year):
            found.setdefault((year, row.cluster, row.package), []).append(row.meeting_at)
    rows = [
        {"year": year, "cluster": cluster, "package": package, "held": len(meetings), "last_held": max(meetings)}
        for (year, cluster, package), meetings in found.items()
    ]
    if rows:
        op.bulk_insert(_USE, rows)


def downgrade() -> None:
    op.drop_index("ix_survey_turnout_rates", "survey_turnout")
    rates = ["quarter", "package", "round", "cluster", "answers", "invited"]
    op.create_index("ix_survey_turnout_rates", "survey_turnout", rates)
    for name in ("ix_order_board_stage_soonest", "ix_order_board_soonest"):
        op.drop_index(name, "order_board")
    op.create_index("ix_order_board_use", "order_board", ["cluster", "package", "stage", "meeting_at", "ended_at"])
    op.drop_table("package_use")
