"""`decide`: what happens when a command meets an order, or why it does not."""

import datetime as dt

from domain.commands import Command
from domain.danish import short_date
from domain.decisions import deck, follow_up, letters, meeting, people, plan, survey  # noqa: F401 - they register
from domain.decisions.rules import RULES
from domain.events import Event
from domain.model import Rejected
from domain.order import Order

__all__ = ["decide"]


def decide(order: Order | None, command: Command, now: dt.datetime) -> list[Event]:
    """The events a command leads to at this instant (UTC); none where it is done already. Raises Rejected."""
    rule = RULES[type(command)]
    if order is None:
        if rule.starts:
            return rule.decide(None, command, now)
        raise Rejected("no_such_order", "Bestillingen findes ikke.")
    if rule.starts:
        raise Rejected("order_exists", "Bestillingen findes allerede.", order=order.id)
    if order.ended and not rule.after_the_end:
        ended = "aflyst" if order.ended.how == "cancelled" else "afsluttet"
        day = short_date(order.ended.at)
        raise Rejected("order_ended", f"Bestillingen blev {ended} den {day} og kan ikke ændres.")
    return rule.decide(order, command, now)
