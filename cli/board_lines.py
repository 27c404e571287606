"""What `klyngeflow orders` tells of an order's row on the board."""

from typing import Any

from cli.ending import Refusal
from domain.stages import OWNERS
from storage import clusters
from storage.board import BoardRow, board_row
from storage.database import Database


def the_row(database: Database, order: str) -> BoardRow:
    """The order's row. Refusal where there is none."""
    row = board_row(database, order)
    if row is None:
        raise Refusal(f"there is no order '{order}'; `klyngeflow orders list --all` shows them", 1)
    return row


def cluster_names(database: Database) -> dict[str, str]:
    """By id."""
    with database.read() as connection:
        return {cluster.id: cluster.name for cluster in clusters.clusters(connection)}


def as_json(row: BoardRow, names: dict[str, str]) -> dict[str, Any]:
    """The row for scripts."""
    return {
        "order": row.order_id,
        "cluster": names.get(row.cluster, ""),
        "package": row.package,
        "stage": row.stage,
        "needs_action_from": row.needs_action_from,
        "due": row.due and row.due.isoformat(),
        "meeting_at": row.meeting_at and row.meeting_at.isoformat(),
        "members": row.members,
        "ended_at": row.ended_at and row.ended_at.isoformat(),
        "version": row.version,
    }


def who(owner: str | None) -> str:
    """Whom an order waits for, in Danish."""
    names = {str(role): name for role, name in OWNERS.items()}
    return names.get(owner, owner) if owner else ""
