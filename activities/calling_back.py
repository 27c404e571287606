"""Calling letters back whose mail turned out never to have left: their orders are asked to send them again."""

import asyncio
from collections import defaultdict

from activities.dependencies import Dependencies
from activities.digest import NO_ORDER, OVERTAKEN
from activities.orders_port import Orders
from domain.commands import SendLettersAgain
from domain.model import Actor, OrderId, Rejected
from storage import outbox
from storage.outbox import MailState, OutgoingMail


class CallingBack:
    """Safe to repeat."""

    def __init__(self, dependencies: Dependencies, orders: Orders) -> None:
        self._deps = dependencies
        self._orders = orders

    async def call_back(self) -> tuple[int, list[str]]:
        """Ask the orders to send the letters again whose mail never left; how many, and why others were not asked."""
        called_back, failures = 0, list[str]()
        for mails in await asyncio.to_thread(self._never_left):
            try:
                called_back += await self._call_letter_back(mails)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{mails[0].order_id} {type(error).__name__}")
        return called_back, failures

    def _never_left(self) -> list[list[OutgoingMail]]:
        """By letter, for letters that have gone: one still to come takes all its mail along by itself."""
        by_letter: dict[tuple[OrderId, str], list[OutgoingMail]] = defaultdict(list)
        with self._deps.database.read() as connection:
            for mail in outbox.never_left(connection):
                by_letter[mail.order_id, mail.letter].append(mail)
        return [mails for (order_id, key), mails in by_letter.items() if self._has_gone(order_id, key)]

    def _has_gone(self, order_id: OrderId, key: str) -> bool:
        if order_id == NO_ORDER:
            return True
        order = self._deps.order(order_id)
        return order.ended is not None or (key in order.letters and key not in order.pending_letters)

    async def _call_letter_back(self, mails: list[OutgoingMail]) -> int:
        """Its order sends it, by all the rules of sending; 0 where it is not worth sending any more."""
        order_id, key = mails[0].order_id, mails[0].letter
        if order_id == NO_ORDER:
            await asyncio.to_thread(self._leave_unsent, mails, OVERTAKEN)
            return 0
        try:
            command = await asyncio.to_thread(self._again, order_id, key, len(mails))
            version = await asyncio.to_thread(self._deps.store.version, order_id)
            request = f"again-{mails[0].id}-{version}"  # what has happened since makes it another question
            await self._orders.execute(order_id, command, actor=Actor.SYSTEM, request_id=request)
        except Rejected as overtaken:
            await asyncio.to_thread(self._leave_unsent, mails, overtaken.code)
            return 0
        return 1

    def _again(self, order_id: OrderId, key: str, waiting: int) -> SendLettersAgain:
        with self._deps.database.read() as connection:
            counts = outbox.counts(connection, order_id, key)
        return SendLettersAgain(
            key=key,
            sent=counts[MailState.SENT] + counts[MailState.DELIVERED] + counts[MailState.BOUNCED],
            failed=counts[MailState.FAILED] + counts[MailState.UNKNOWN],
            waiting=waiting,
        )

    def _leave_unsent(self, mails: list[OutgoingMail], reason: str) -> None:
        with self._deps.database.write() as connection:
            for mail in mails:
                outbox.mark_skipped(connection, mail.id, reason)
