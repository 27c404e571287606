"""Orders whose people do all they are asked for, lived without Temporal up to an instant."""

import datetime as dt

from benchmarks.clusters import kind_day
from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import By, consultant, coordinator, operations
from domain.calendar import add_months, working_day_from
from domain.commands import AnyCommand, PlaceOrder
from domain.decisions import place
from domain.events import Event
from domain.evolution import evolve
from domain.meeting import Meeting, at, danish
from domain.model import StaffId
from storage.staff import OFFICE

WEEKS_TO_THE_MEETING = 9
MONTHS_TO_THE_FOLLOW_UP = 10

Deed = tuple[dt.datetime, AnyCommand, By]


def life(command: PlaceOrder, staff: StaffId, until: dt.datetime, age: int) -> list[Event]:
    """What has happened by then to an order placed so many days ago."""
    begins = at(working_day_from((until - dt.timedelta(days=age)).date()), dt.time(10))
    begins = min(begins, until - dt.timedelta(hours=1))
    placed = place(command, coordinator(command.coordinator), begins)
    clockwork = Clockwork(evolve(None, placed), begins, events=[placed])
    for when, what, by in _what_people_do(command, staff, begins):
        if when > until:
            break
        clockwork.run(when)
        clockwork.does(what, by)
    clockwork.run(until)
    assert clockwork.order.ended is None, f"an order of {age} days has ended: take fewer"
    return clockwork.events


def _what_people_do(placed: PlaceOrder, staff: StaffId, begins: dt.datetime) -> list[Deed]:
    call = begins + dt.timedelta(days=2)
    day = kind_day(danish(call).date() + dt.timedelta(weeks=WEEKS_TO_THE_MEETING))
    told = at(working_day_from(day + dt.timedelta(days=1)), dt.time(12))
    opens = kind_day(add_months(day, MONTHS_TO_THE_FOLLOW_UP))
    absent = len(placed.members) * 2 // 7
    attended = len(placed.members) - absent
    record = do.RecordMeeting(attended=attended, absent=absent, follow_up="agreed", follow_up_opens=opens)
    meeting = Meeting(starts=dt.datetime.combine(day, dt.time(17)))
    return [
        (begins, do.AssignConsultant(consultant=staff), operations(OFFICE)),
        (call, do.AgreePlan(meeting=meeting), consultant(staff)),
        (told, record, coordinator(placed.coordinator)),
    ]
