"""The mail that brings somebody their link, another one or the same once more: to one reader."""

import datetime as dt

from domain import events as ev
from domain.events import Event
from domain.letters import Letter, Occasion, WhyNot
from domain.mailings.mailing import Mailing, overtaken_unless
from domain.model import PersonId
from domain.order import Order


def holder_of(order: Order, letter: Letter) -> PersonId | None:
    """Whose link the mail brings; None where a later mail does, the link is revoked, or they hold none any more."""
    held = (holder for holder, link in order.links.items() if link.letter == letter.number)
    holder = next(held, None)
    return holder if holder in order.link_holders else None


def _on_its_way(order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.LinkRenewed | ev.LinkAskedFor):
        return Letter(Occasion.NEW_LINK, number=order.link_of(event.holder).letter)
    return None


def _doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(holder_of(order, letter) is not None, at)


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.NEW_LINK: Mailing(
        to="holder",
        past="Et link blev sendt til den, det tilhører",
        coming="Et link sendes til den, det tilhører",
        called_for=_on_its_way,
        why_not=_doubts,
        at_once=True,
        housekeeping=True,
    ),
}
