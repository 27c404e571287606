"""An order from the call to the comparison, on a real Temporal server that skips time."""

import datetime as dt

import pytest

from domain.model import Round
from domain.stages import Stage
from storage.survey_rounds import RoundState
from tests.workflows.mailbox import Delivery
from tests.workflows.time_skipping import FOLLOW_UP_OPENS, MEETING, OPENS, START, OrderSystem

pytestmark = pytest.mark.temporal

A_ROUND = ["survey_opened", "survey_closed", "turnout_counted", "results_tabulated", "deck_made", "deck_released"]
WHOLE_LIFE = [
    "order_placed",
    "consultant_assigned",
    "plan_agreed",
    *A_ROUND,
    "ballots_destroyed",
    "meeting_recorded",
    "follow_up_agreed",
    *A_ROUND,
    "ballots_destroyed",
    "comparison_shared",
    "order_completed",
]


USUAL_POST = [
    Delivery(START.date(), "order_received", 1),
    Delivery(START.date(), "order_assigned", 1),
    Delivery(START.date(), "plan_agreed", 1),
    Delivery(OPENS, "invitation", 12),
    Delivery(dt.date(2031, 4, 25), "reminder", 1),
    Delivery(dt.date(2031, 5, 1), "reminder", 1),
    Delivery(dt.date(2031, 5, 2), "reminder", 1),
    Delivery(dt.date(2031, 5, 5), "deck_review", 1),
    Delivery(dt.date(2031, 5, 7), "deck_delivered", 1),
    Delivery(dt.date(2031, 5, 7), "programme", 12),
    Delivery(dt.date(2031, 5, 13), "meeting_reminder", 12),
    Delivery(dt.date(2031, 5, 15), "record_request", 1),
    Delivery(dt.date(2031, 5, 15), "after_meeting", 12),
    Delivery(dt.date(2032, 2, 2), "follow_up_notice", 1),
    Delivery(FOLLOW_UP_OPENS, "invitation", 12),
    Delivery(dt.date(2032, 3, 8), "reminder", 2),
    Delivery(dt.date(2032, 3, 12), "reminder", 2),
    Delivery(dt.date(2032, 3, 15), "reminder", 2),
    Delivery(dt.date(2032, 3, 16), "deck_review", 1),
    Delivery(dt.date(2032, 3, 18), "comparison_delivered", 1),
    Delivery(dt.date(2032, 3, 18), "comparison", 12),
]


async def test_an_order_lives_from_call_to_comparison(system_on_each: OrderSystem) -> None:
    system = system_on_each
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.live_on_to_the_end()
    assert system.types() == WHOLE_LIFE
    assert system.deliveries() == USUAL_POST
    (to_coordinator,) = system.mails("comparison_delivered")
    assert "Det kan du til og med" in to_coordinator.text
    by_itself = [
        mail
        for mail in system.mails()
        if mail.occasion not in ("order_assigned", "order_received", "plan_agreed", "after_meeting", "comparison")
    ]
    assert {(mail.at_home.hour, mail.at_home.minute) for mail in by_itself} == {(8, 30)}
    assert system.documents() == [
        (Round.BASELINE, "deck", 1),
        (Round.BASELINE, "document", 1),
        (Round.FOLLOW_UP, "deck", 1),
        (Round.FOLLOW_UP, "document", 1),
    ]
    assert system.box(Round.BASELINE) is system.box(Round.FOLLOW_UP) is RoundState.DESTROYED
    assert [system.results_of(round_).n for round_ in Round] == [11, 10]


async def test_an_order_without_follow_up_ends_when_its_last_letter_has_gone(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.hold_the_meeting(follow_up="declined")
    await system.until(Stage.COMPLETED)
    assert system.types()[-3:] == ["meeting_recorded", "follow_up_declined", "order_completed"]
    assert system.occasions()[-1] == "after_meeting"
    assert system.order.ended is not None
    assert system.order.ended.at.date() == MEETING + dt.timedelta(days=1)
