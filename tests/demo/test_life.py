"""The people of a simulated order: they react to what the clock does, not only to each other."""

import datetime as dt
from collections import Counter
from random import Random

from demo.clockwork import Clockwork
from demo.habits import Habits
from demo.life import Hands, Life
from demo.tally import Tally
from domain import events as ev
from domain.by import coordinator
from domain.commands import PlaceOrder
from domain.decisions import place
from domain.events import Joined
from domain.evolution import evolve
from domain.meeting import at
from domain.model import ClusterId, OrderId, PersonId, PracticeId, Role, StaffId
from tests.the_packages import TRIVSEL

HANDS = Hands(StaffId("konsulent"), StaffId("drift"))
PLACED = at(dt.date(2026, 1, 12), dt.time(10))
A_YEAR_AND_A_HALF = dt.timedelta(days=550)
SURE = Habits(cancels=0, moves_the_meeting=0, answers=(0.9, 0.95), records_the_meeting=1, agrees_on_follow_up=1,
              declines_follow_up=0, holds_the_deck=1)  # fmt: skip


def lived(habits: Habits, number: int = 1) -> tuple[Clockwork, Tally]:
    people = [PersonId(f"person-{each}") for each in range(20)]
    command = PlaceOrder(
        order=OrderId("en"),
        cluster=ClusterId("klynge"),
        package=TRIVSEL,
        coordinator=people[0],
        members=tuple(
            Joined(person=person, practice=PracticeId("praksis"), role=Role.OWNER, address=1) for person in people
        ),
    )
    event = place(command, coordinator(people[0]), PLACED)
    clockwork, tally = Clockwork(evolve(None, event), PLACED, events=[event]), Tally()
    Life(clockwork, HANDS, Random(number), habits, tally).live(PLACED + A_YEAR_AND_A_HALF)  # noqa: S311
    return clockwork, tally


def test_a_coordinator_who_is_asked_records_the_meeting_and_the_follow_up_comes() -> None:
    clockwork, tally = lived(SURE)
    happened = Counter(type(event) for event in clockwork.events)
    assert happened[ev.MeetingRecorded] == 1
    assert happened[ev.MeetingLeftUnrecorded] == 0
    assert happened[ev.SurveyOpened] == 2
    assert happened[ev.OrderCompleted] == 1
    assert tally.refused == {}


def test_a_consultant_who_holds_a_deck_releases_it() -> None:
    clockwork, _ = lived(SURE)
    happened = Counter(type(event) for event in clockwork.events)
    assert happened[ev.DeckHeld] == happened[ev.DeckReleased] == 2


def test_people_act_in_order_of_time_among_what_the_clock_does() -> None:
    for number in range(5):
        clockwork, _ = lived(Habits(), number)
        moments = [event.at for event in clockwork.events]
        assert moments == sorted(moments)
