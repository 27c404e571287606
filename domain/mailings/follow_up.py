"""Letters to the coordinator about the follow-up: whether they want one, and that it is near."""

import datetime as dt
from collections.abc import Iterator

from domain.calendar import add_months, morning, working_day_from
from domain.decisions.follow_up import window
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings.mailing import ONE_DAY, Mailing, overtaken_unless
from domain.order import FollowUpStatus, Order


def _notices(order: Order, _now: dt.datetime) -> Iterator[Due]:
    follow_up = order.follow_up
    if not order.meeting_settled or follow_up.status is not FollowUpStatus.AGREED:
        return
    if follow_up.opens and follow_up.agreed_at:
        at = morning(working_day_from(follow_up.opens - dt.timedelta(days=order.policies.follow_up_notice_days)))
        if at > follow_up.agreed_at:
            yield Due(at, Letter(Occasion.FOLLOW_UP_NOTICE, number=follow_up.opens.isoformat()))


def _notice_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    opens = order.follow_up.opens
    agreed = order.follow_up.status is FollowUpStatus.AGREED and opens is not None
    if not agreed or opens is None or letter.number != opens.isoformat():
        return WhyNot.OVERTAKEN
    return overtaken_unless(still_so=True, at=at, until=morning(opens))


def _questions(order: Order, now: dt.datetime) -> Iterator[Due]:
    """Asked as the window opens and each month until it closes; a month missed is not made up for."""
    if not order.meeting_settled or not _is_undecided(order):
        return
    number = 1
    while (at := _asked_at(order, number)) is not None:
        if _question_ends(order, number) > now:
            yield Due(at, Letter(Occasion.FOLLOW_UP_QUESTION, number=str(number)))
        number += 1


def _asked_at(order: Order, number: int) -> dt.datetime | None:
    allowed = window(order)
    day = working_day_from(add_months(allowed.opens, (number - 1) * order.policies.follow_up_asked_every_months))
    return morning(day) if day <= allowed.closes else None


def _question_ends(order: Order, number: int) -> dt.datetime:
    window_ends = morning(window(order).closes + ONE_DAY)
    following = _asked_at(order, number + 1)
    return min(following, window_ends) if following else window_ends


def _question_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    if not order.meeting_settled or not _is_undecided(order):
        return WhyNot.OVERTAKEN
    return overtaken_unless(still_so=True, at=at, until=_question_ends(order, int(letter.number)))


def _is_undecided(order: Order) -> bool:
    return order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.FOLLOW_UP_QUESTION: Mailing(
        to="coordinator",
        past="Koordinatoren blev spurgt om opfølgning",
        coming="Koordinatoren bliver spurgt om opfølgning",
        planned=_questions,
        why_not=_question_doubts,
        housekeeping=True,
    ),
    Occasion.FOLLOW_UP_NOTICE: Mailing(
        to="coordinator",
        past="Koordinatoren fik besked om opfølgningen",
        coming="Koordinatoren får besked om, at opfølgningen nærmer sig",
        planned=_notices,
        why_not=_notice_doubts,
        housekeeping=True,
    ),
}
