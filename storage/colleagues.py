"""What must be so before one of KiAP's own is added, changed or leaves: asked by the console and the terminal."""

from sqlalchemy import Connection, select

from domain.model import OrderId, StaffId
from storage.board import board_table
from storage.staff import Staff, StaffRole, everybody


def holder_of_address(connection: Connection, email: str, but: StaffId | None = None) -> Staff | None:
    """The colleague who has this address already, in any case of letters."""
    wanted = email.casefold()
    return next((each for each in everybody(connection) if each.id != but and each.email.casefold() == wanted), None)


def open_orders_of(connection: Connection, staff_id: StaffId) -> list[OrderId]:
    """Orders in progress that are somebody's: they must be another's before somebody leaves."""
    c = board_table.c
    query = select(c.order_id).where(c.consultant == staff_id, c.ended_at.is_(None)).order_by(c.order_id)
    return [OrderId(order_id) for order_id in connection.execute(query).scalars()]


def is_last_administrator(connection: Connection, staff_id: StaffId) -> bool:
    """Whether nobody could administer if it were not for them."""
    those = [each.id for each in everybody(connection) if each.role is StaffRole.ADMINISTRATOR]
    return those == [staff_id]
