"""Decisions on the links of an order's people: another one, none, the same one once more."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.model import PersonId, Rejected
from domain.order import Order


def renew_link(order: Order, command: do.RenewLink, now: dt.datetime) -> list[ev.Event]:
    """Another link by mail."""
    _held(order, command.holder)
    return [ev.LinkRenewed(at=now, holder=command.holder)]


def revoke_link(order: Order, command: do.RevokeLink, now: dt.datetime) -> list[ev.Event]:
    """The link is dead."""
    _held(order, command.holder)
    return [] if order.link_of(command.holder).revoked else [ev.LinkRevoked(at=now, holder=command.holder)]


def send_link(order: Order, command: do.SendLink, now: dt.datetime) -> list[ev.Event]:
    """The link once more, another where it was revoked; nothing where one has just been sent, or many today.

    Anybody can ask who knows an address: so a good link stays good.
    """
    _held(order, command.holder)
    link = order.link_of(command.holder)
    if not link.may_be_asked_for(now):
        return []
    if link.revoked:
        return [ev.LinkRenewed(at=now, holder=command.holder)]
    return [ev.LinkAskedFor(at=now, holder=command.holder)]


def _held(order: Order, holder: PersonId) -> None:
    if holder not in order.link_holders:
        message = "Kun koordinatoren og medlemmerne har et link til bestillingen. Vælg en af dem."
        raise Rejected("no_such_holder", message, holder=holder)
