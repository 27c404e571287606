"""What tests of maintenance stand on: orders that do nothing, a Monday in spring, a mail that fails."""

import datetime as dt

from domain.by import By
from domain.commands import AnyCommand
from domain.model import OrderId, Rejected
from storage import outbox
from storage.outbox import To
from tests.activities.desk import Desk

MONDAY = dt.datetime(2031, 4, 21, 6, 35, tzinfo=dt.UTC)
A_DAY = dt.timedelta(days=1)


class Refusing:
    """Orders that refuse every command; who was woken is kept."""

    def __init__(self) -> None:
        self.woken: list[OrderId] = []

    async def start_missing(self, orders: list[OrderId]) -> int:
        return len(orders)

    async def look_again(self, order_id: OrderId) -> None:
        self.woken.append(order_id)

    async def execute(self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str) -> object:
        raise Rejected("no", f"{order_id} {command.type} {by.who} {request_id}")


def a_mail_fails(desk: Desk, number: int, now: dt.datetime) -> None:
    with desk.stack.database.write() as connection:
        (failed,) = outbox.queue(connection, desk.order_id, f"plan_agreed//{number}", [To(desk.order.coordinator)], now)
        outbox.claim(connection, failed.id, now)
        outbox.mark_failed(connection, failed.id, "smtp_550")
