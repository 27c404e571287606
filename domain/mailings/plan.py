"""Letters about the order and its plan: received, assigned, call overdue, agreed, another coordinator, cancelled."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice, pairwise

from domain import events as ev
from domain.calendar import add_working_days, closing_time, mail_time, morning
from domain.events import Event
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings.mailing import Mailing, overtaken_unless
from domain.model import Round
from domain.order import Order

CALL_OVERDUE_EVERY = 5
"""Working days from one notice to operations that a promised call has not been held to the next."""


def _received(_order: Order, event: Event) -> Letter | None:
    return Letter(Occasion.ORDER_RECEIVED) if isinstance(event, ev.OrderPlaced) else None


def _receipt_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(order.coordinators == 1 and order.meeting is None, at)


def _assigned(order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.ConsultantAssigned):
        return Letter(Occasion.ORDER_ASSIGNED, number=str(order.assignments))
    return None


def _assignment_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(letter.number == str(order.assignments), at)


def _replaced(order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.CoordinatorReplaced):
        return Letter(Occasion.COORDINATOR_WELCOME, number=str(order.coordinators))
    return None


def _welcome_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(letter.number == str(order.coordinators), at)


def _overdue_calls(order: Order, now: dt.datetime) -> Iterator[Due]:
    """One notice a week; those an outage has made late are not made up for."""
    if order.meeting is not None:
        return
    soonest = mail_time(now, order.policies)
    for number, (notice, next_one) in enumerate(pairwise(_notices(order)), 1):
        letter = Letter(Occasion.CALL_OVERDUE, number=str(number))
        if soonest < next_one and letter.key not in order.letters:
            yield Due(notice, letter)
            return


def _notices(order: Order) -> Iterator[dt.datetime]:
    """When each notice is due; from day to day, since each would take longer than the one before to count anew."""
    day = add_working_days(order.call_due, 1)
    while True:
        yield morning(day)
        day = add_working_days(day, CALL_OVERDUE_EVERY)


def _overdue_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    next_one = next(islice(_notices(order), int(letter.number), None))
    return overtaken_unless(order.meeting is None, at, next_one)


def _plan_told(order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.PlanAgreed | ev.MeetingMoved | ev.MeetingChanged):
        return Letter(Occasion.PLAN_AGREED, number=str(order.meeting_edition))
    return None


def plan_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    """A letter of one edition of the meeting's plan, worth sending until the meeting begins."""
    if order.meeting is None or order.meeting_settled:
        return WhyNot.OVERTAKEN
    return overtaken_unless(letter.number == str(order.meeting_edition), at, order.meeting.starts_at)


def _cancelled(_order: Order, event: Event) -> Letter | None:
    return Letter(Occasion.ORDER_CANCELLED) if isinstance(event, ev.OrderCancelled) else None


def _members_expect_something(order: Order, event: Event) -> Letter | None:
    """Who has an invitation or a programme is told, while there is something left to wait for."""
    if not isinstance(event, ev.OrderCancelled):
        return None
    told = order.has_gone(Letter(Occasion.INVITATION, Round.BASELINE)) or order.has_gone(Letter(Occasion.PROGRAMME))
    ahead = order.meeting is not None and not order.meeting_settled and event.at < order.meeting.starts_at
    asked = order.open_survey is not None and order.has_gone(Letter(Occasion.INVITATION, order.open_survey.round))
    return Letter(Occasion.MEETING_CANCELLED) if (told and ahead) or asked else None


def _cancellation_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    ends = [order.meeting.starts_at] if order.meeting is not None and not order.meeting_settled else []
    if order.open_survey is not None:
        ends.append(closing_time(order.open_survey.closes))
    return overtaken_unless(order.cancelled, at, max(ends, default=None))


def _order_cancelled_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(order.cancelled, at)


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.ORDER_RECEIVED: Mailing(
        to="coordinator",
        past="Kvittering sendt til koordinatoren",
        coming="Kvittering til koordinatoren",
        called_for=_received,
        why_not=_receipt_doubts,
        at_once=True,
        housekeeping=True,
    ),
    Occasion.ORDER_ASSIGNED: Mailing(
        to="consultant",
        past="Konsulenten fik besked om bestillingen",
        coming="Konsulenten får besked om bestillingen",
        called_for=_assigned,
        why_not=_assignment_doubts,
        at_once=True,
        housekeeping=True,
    ),
    Occasion.COORDINATOR_WELCOME: Mailing(
        to="coordinator",
        past="Den nye koordinator fik besked om, hvor bestillingen står",
        coming="Den nye koordinator får besked om, hvor bestillingen står",
        called_for=_replaced,
        why_not=_welcome_doubts,
        at_once=True,
        housekeeping=True,
    ),
    Occasion.CALL_OVERDUE: Mailing(
        to="operations",
        past="KiAP blev mindet om opkaldet",
        coming="KiAP mindes om opkaldet, hvis det ikke er holdt",
        planned=_overdue_calls,
        why_not=_overdue_doubts,
        housekeeping=True,
    ),
    Occasion.PLAN_AGREED: Mailing(
        to="coordinator",
        past="Aftalen sendt til koordinatoren",
        coming="Aftalen sendes til koordinatoren",
        called_for=_plan_told,
        why_not=plan_doubts,
        at_once=True,
        after_papers=True,
        calendar="request",
        housekeeping=True,
    ),
    Occasion.ORDER_CANCELLED: Mailing(
        to="coordinator",
        past="Koordinatoren fik besked om, at bestillingen er aflyst",
        coming="Koordinatoren får besked om, at bestillingen er aflyst",
        called_for=_cancelled,
        why_not=_order_cancelled_doubts,
        at_once=True,
        after_the_end=True,
        calendar="cancel",
    ),
    Occasion.MEETING_CANCELLED: Mailing(
        to="members",
        past="Besked om aflysningen",
        coming="Medlemmerne får besked om aflysningen",
        called_for=_members_expect_something,
        why_not=_cancellation_doubts,
        hurries=True,
        after_the_end=True,
        calendar="cancel",
    ),
}
