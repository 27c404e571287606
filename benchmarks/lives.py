"""Orders whose people do all they are asked for, lived without Temporal up to an instant."""

import datetime as dt
from collections.abc import Iterator

from domain.postbox import next_letter

from benchmarks.clusters import kind_day
from domain import commands as do
from domain.calendar import add_months, closing_time, mail_time, morning, working_day_from
from domain.commands import Command, PlaceOrder
from domain.decisions import decide
from domain.events import Event
from domain.evolution import evolve
from domain.meeting import Meeting, at, danish
from domain.model import DocumentId, Round, StaffId
from domain.order import Order, Survey

WEEKS_TO_THE_MEETING = 9
MONTHS_TO_THE_FOLLOW_UP = 10

Timed = tuple[dt.datetime, Command]


def life(command: PlaceOrder, consultant: StaffId, until: dt.datetime, age: int) -> list[Event]:
    """What has happened by then to an order placed so many days ago."""
    now = min(at(working_day_from((until - dt.timedelta(days=age)).date()), dt.time(10)), until - dt.timedelta(hours=1))
    events: list[Event] = []
    order: Order | None = None
    people = _what_people_do(command, consultant, now)
    while True:
        clock = _what_the_clock_does(order, now) if order and order.consultant else []
        when, what = min([*clock, *people[:1]], key=lambda timed: timed[0])
        if when > until:
            return events
        if people and what is people[0][1]:
            people.pop(0)
        now = max(now, when)
        for event in decide(order, what, now):
            order = evolve(order, event)
            events.append(event)
        assert order is None or order.ended is None, f"an order of {age} days has ended: take fewer"


def _what_people_do(place: PlaceOrder, consultant: StaffId, begins: dt.datetime) -> list[Timed]:
    call = begins + dt.timedelta(days=2)
    day = kind_day(danish(call).date() + dt.timedelta(weeks=WEEKS_TO_THE_MEETING))
    told = at(working_day_from(day + dt.timedelta(days=1)), dt.time(12))
    opens = kind_day(add_months(day, MONTHS_TO_THE_FOLLOW_UP))
    absent = len(place.members) * 2 // 7
    attended = len(place.members) - absent
    return [
        (begins, place),
        (begins, do.AssignConsultant(consultant=consultant)),
        (call, do.AgreePlan(meeting=Meeting(starts=dt.datetime.combine(day, dt.time(17))))),
        (told, do.RecordMeeting(attended=attended, absent=absent, follow_up="agreed", follow_up_opens=opens)),
    ]


def _what_the_clock_does(order: Order, now: dt.datetime) -> Iterator[Timed]:
    """The next letter, and the next step of the round that is under way."""
    due = next_letter(order, now)
    if due is not None:
        yield due.at, do.RecordLetters(key=due.letter.key, sent=1)
    if order.second is None and order.follow_up.agreed and order.follow_up.opens:
        yield mail_time(morning(order.follow_up.opens), order.policies), do.OpenSurvey(round=Round.FOLLOW_UP)
    for survey in order.surveys:
        if not survey.destroyed:
            yield _step(order, survey, now)


def _step(order: Order, survey: Survey, now: dt.datetime) -> Timed:
    round_, everybody = survey.round, len(order.active_members)
    if not survey.opened:
        return mail_time(morning(survey.opens), order.policies), do.OpenSurvey(round=round_)
    if not survey.closed:
        return closing_time(survey.closes), do.CloseSurvey(round=round_, why="due")
    if survey.enough is None:
        return now, do.RecordTurnout(round=round_, answers=everybody, invited=everybody)
    if not survey.tabulated:
        return now, do.RecordResults(round=round_, answers=everybody, free_texts=everybody // 3)
    if survey.review_until is None:
        documents = (DocumentId(f"deck-{round_}-1"), DocumentId(f"dokument-{round_}-1"))
        return now, do.RecordDeck(round=round_, version=1, documents=documents)
    if not survey.over:
        return survey.review_until, do.ReleaseDeck(automatic=True)
    return now, do.RecordDestruction(round=round_)
