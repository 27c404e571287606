"""Which letters an order has coming and when, and why one is not sent: decided here and nowhere else.

A letter is due because an event calls for it or because its day has come. Whether it is still worth sending is asked
where the list is made and again at the moment of sending, of the same function.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.calendar import mail_time, morning
from domain.events import Event
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings import deck, follow_up, links, meeting, plan, survey
from domain.mailings.mailing import ONE_DAY, PAPERS_WITHIN, Mailing, mail_day
from domain.order import Order

MAILINGS: dict[Occasion, Mailing] = (
    plan.MAILINGS | survey.MAILINGS | deck.MAILINGS | meeting.MAILINGS | follow_up.MAILINGS | links.MAILINGS
)
"""Every occasion."""

Waiting = Mapping[str, dt.datetime]
"""Letters of which mail waits in the outbox, by key, each with the instant it is to be tried."""

NOTHING: Waiting = MappingProxyType({})

GONE_FOR_GOOD = (WhyNot.OVERTAKEN, WhyNot.ORDER_ENDED)


def mailing_of(letter: Letter) -> Mailing:
    """What is said of the letter's occasion."""
    return MAILINGS[letter.occasion]


def why_not(order: Order, letter: Letter, at: dt.datetime, now: dt.datetime) -> WhyNot | None:
    """Why the letter is not worth sending at an instant, as things stand now; None where it is."""
    mailing = mailing_of(letter)
    if order.ended and not mailing.after_the_end:
        return WhyNot.ORDER_ENDED
    return mailing.why_not(order, letter, at, now)


@dataclass(frozen=True)
class Reader:
    """What is known of one recipient at the moment of sending. `waited_for`: their answer is still wanted."""

    on_the_list: bool = True
    opted_out: bool = False
    bounced: bool = False
    waited_for: bool = True
    news_waits: bool = False


def why_not_to(letter: Letter, reader: Reader) -> WhyNot | None:
    """Why one recipient does not get a letter that others do; None where they do."""
    if not reader.on_the_list:
        return WhyNot.LEFT
    if not reader.waited_for:
        return WhyNot.NOTHING_TO_ANSWER
    if reader.opted_out and mailing_of(letter).to_members:
        return WhyNot.OPTED_OUT
    if reader.bounced:
        return WhyNot.BOUNCED
    if reader.news_waits and letter.occasion is Occasion.REMINDER:
        return WhyNot.NEWS_WAITS
    return None


def pending_after(order: Order, event: Event) -> Order:
    """The order with the letters that the event it has just had calls for, and without those it has overtaken."""
    pending = {
        key: since
        for key, since in order.pending_letters.items()
        if why_not(order, Letter.parse(key), event.at, event.at) not in GONE_FOR_GOOD
    }
    for mailing in MAILINGS.values():
        letter = mailing.called_for(order, event)
        if letter is not None:
            pending.pop(letter.key, None)
            pending[letter.key] = order.version
    return order.with_pending(pending)


def next_letter(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> Due | None:
    """The next letter to send and when, within mail hours; None where nothing is coming. `at` is not before `now`."""
    coming = list(letters_to_come(order, now, waiting))
    return min([*coming, *_left_over(order, now, waiting, coming)], key=lambda due: due.at, default=None)


def letters_to_come(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> Iterator[Due]:
    """Every letter that is due or will become due as things stand, each once, none that has been sent."""
    seen = set[str]()
    for due, reason in considered(order, now, waiting):
        if reason is None and due.letter.key not in seen:
            seen.add(due.letter.key)
            yield due


def considered(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> Iterator[tuple[Due, WhyNot | None]]:
    """Every letter that is wanted and has not been sent, with when it would leave and why it will not, if so."""
    for due in _wanted(order, now, waiting):
        key = due.letter.key
        if key in order.letters and key not in order.pending_letters and key not in waiting:
            continue
        at = leaves(order, due.letter, max(due.at, now), now)
        yield Due(at, due.letter), why_not(order, due.letter, at, now)


def letters_to_settle(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> list[Due]:
    """What is due by an event or waits in the outbox, and is not worth sending any more: to be noted as such."""
    return _left_over(order, now, waiting, list(letters_to_come(order, now, waiting)))


def _left_over(order: Order, now: dt.datetime, waiting: Waiting, coming: Sequence[Due]) -> list[Due]:
    keys = {due.letter.key for due in coming}
    unsettled = dict.fromkeys([*order.pending_letters, *waiting])
    return [Due(now, Letter.parse(key), settle=True) for key in unsettled if key not in keys]


def _wanted(order: Order, now: dt.datetime, waiting: Waiting) -> Iterator[Due]:
    for key, since in order.pending_letters.items():
        record = order.letters.get(key)
        is_news = record is None or since > record.seen
        yield Due(now if is_news else waiting.get(key, now), Letter.parse(key))
    for key, at in waiting.items():
        yield Due(at, Letter.parse(key))
    if not order.ended:
        for mailing in MAILINGS.values():
            yield from (due for due in mailing.planned(order, now) if due.letter.key not in order.letters)


def leaves(order: Order, letter: Letter, earliest: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When a letter that is due can leave: in mail hours or at once; with news of the meeting not before its papers."""
    mailing, first = mailing_of(letter), order.baseline
    if mailing.after_papers and first is not None and first.being_remade and "meeting" in first.remake_for:
        earliest = max(earliest, (first.deck_wanted_at or now) + PAPERS_WITHIN)
    if mailing.at_once:
        return earliest
    at, meeting = mail_time(earliest, order.policies), order.meeting
    if meeting is None:
        return at
    if mailing.hurries and earliest < meeting.starts_at <= at:
        return earliest
    if mailing.on_a_day_of_its_own and order.told_on == mail_day(at, order):
        tomorrow = mail_time(morning(order.told_on + ONE_DAY), order.policies)
        return tomorrow if tomorrow < meeting.starts_at else at
    return at
