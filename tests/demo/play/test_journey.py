"""Moving time: what is due on the way is done, doctors answer, and everything stands still again afterwards."""

import datetime as dt

import httpx
import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.dependencies import Dependencies
from demo.country.marked_mail import TEXT
from demo.people import an_order
from demo.play.chores import TIMES
from demo.play.open_orders import next_in, unsettled
from demo.play.steps import Leap, later
from demo.time_machine import is_settled
from domain.by import Capacity
from domain.calendar import working_day_from
from domain.mailings import letters_to_come
from domain.meeting import at, danish
from domain.model import OrderId, Round
from domain.order import Order
from storage import outbox, survey_roll
from storage.log_reader import last_position
from storage.open_orders import unfinished
from storage.outbox import MailState
from storage.survey_rounds import NoSuchRound
from tests.demo.play.stage import Stage

pytestmark = pytest.mark.temporal

A_WEEK, AN_HOUR = dt.timedelta(days=7), dt.timedelta(hours=1)
MANY_WEEKS = 20
"""More than lie between any day and the next survey that opens: the summer's holidays, and a plan before them."""


def orders(stage: Stage) -> list[Order]:
    return [stage.work.order(order) for order in unfinished(stage.database)]


def answered(stage: Stage) -> int:
    """How many places on all rolls say that somebody has answered."""
    found = 0
    with stage.database.read() as connection:
        for order in unfinished(stage.database):
            for round_ in Round:
                try:
                    found += survey_roll.count(connection, OrderId(order), round_).answers
                except NoSuchRound:
                    continue
    return found


def position(stage: Stage) -> int:
    with stage.database.read() as connection:
        return last_position(connection)


def nothing_is_due(work: Dependencies, now: dt.datetime) -> bool:
    """Asked of every order itself, and of what the journey goes by."""
    return all(is_settled(work.order(order), now) for order in unfinished(work.database)) and not unsettled(work, now)


def test_the_next_event_is_gone_to_and_done(stage: Stage) -> None:
    coming, before = next_in(stage.database, stage.now), position(stage)
    assert coming is not None
    stage.travel(Leap.EVENT)
    assert stage.now >= coming
    assert position(stage) > before, "something has happened"
    assert nothing_is_due(stage.work, stage.now)


def test_a_day_later_it_is_the_same_time_of_day(stage: Stage) -> None:
    before = danish(stage.now)
    stage.travel(Leap.DAY)
    after = danish(stage.now)
    assert after.date() == before.date() + dt.timedelta(days=1)
    assert after - dt.datetime.combine(after.date(), before.time(), after.tzinfo) < dt.timedelta(hours=1)
    assert nothing_is_due(stage.work, stage.now)


def test_a_week_that_ends_summer_time_is_seven_days_on_the_clock() -> None:
    assert later(at(dt.date(2026, 10, 22), dt.time(9)), Leap.WEEK) == at(dt.date(2026, 10, 29), dt.time(9))


def test_the_mails_that_were_due_have_gone_marked_as_a_demonstration(stage: Stage) -> None:
    """From week to week, until some were due: a country may have a quiet one."""
    for _ in range(MANY_WEEKS):
        now = stage.now
        due = [
            (order.id, each.letter.key, each.at)
            for order in orders(stage)
            for each in letters_to_come(order, now)
            if each.at <= now + A_WEEK
        ]
        earlier = {mail.file for mail in stage.mails()}
        stage.travel(Leap.WEEK)
        if due:
            break
    for order_id, letter, at_ in due:
        with stage.database.read() as connection:
            of_letter = outbox.mails(connection, order_id, letter)
        assert {mail.state for mail in of_letter} <= {MailState.SENT, MailState.SKIPPED}, (order_id, letter)
        assert all(mail.sent_at - at_ < AN_HOUR for mail in of_letter if mail.sent_at), "in its own morning"
    new = [mail for mail in stage.mails() if mail.file not in earlier]
    assert new
    for mail in new:
        assert mail.subject.startswith("[Demonstration] ")
        assert mail.text.startswith(TEXT)
        assert TEXT in mail.html


def test_doctors_answer_the_surveys_that_open(stage: Stage) -> None:
    for _ in range(MANY_WEEKS):
        before = answered(stage)
        stage.travel(Leap.DAY)
        last = stage.playground.journey.last
        if last is not None and last.answers and answered(stage) > before:
            return
    pytest.fail("no doctor answered anything")


def test_the_nights_and_mornings_work_is_done_on_the_way(stage: Stage) -> None:
    report = stage.wait_for(stage.playground.engine.report())
    for _ in range(2):
        stage.travel(Leap.DAY)
    later_report = stage.wait_for(stage.playground.engine.report())
    for before, after in zip(report.schedules, later_report.schedules, strict=True):
        assert after.last_at is not None
        assert before.last_at is None or after.last_at > before.last_at
        assert after.last_at <= stage.now < (after.next_at or stage.now)
    assert later_report.running == len(unfinished(stage.database))


def test_without_the_others_nobody_does_what_is_theirs(stage: Stage) -> None:
    """Doctors and the clock act; what KiAP's own and coordinators would do is left to whoever plays."""
    before = position(stage)
    stage.travel(Leap.WEEK)
    assert {each.by.role for each in stage.playground.services.store.read_all(before)} <= {Capacity.SYSTEM}


def place(stage: Stage, browser: httpx.Client, number: int) -> OrderId:
    """A new order by the API, of a cluster of its own."""
    sent = an_order("trivsel-og-arbejdsglaede") | {"cluster": {"name": f"Nyby {number}", "region": "nordjylland"}}
    placed = browser.post("/api/v1/orders", json=sent, headers=api(stage, f"de-andre-{number:04}"))
    assert placed.status_code == 201, placed.text
    return OrderId(placed.json()["order"])


def api(stage: Stage, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.key}", "Idempotency-Key": key}


def test_with_the_others_an_order_that_waits_for_people_goes_on(stage: Stage, browser_at: httpx.Client) -> None:
    order_id = place(stage, browser_at, 1)
    for _ in range(MANY_WEEKS):
        stage.travel(Leap.WEEK, with_others=True)
        if stage.work.order(order_id).meeting is not None:
            break
    order = stage.work.order(order_id)
    assert order.consultant in stage.playground.office.consultants
    assert order.meeting is not None
    assert nothing_is_due(stage.work, stage.now)


def test_the_others_leave_what_somebody_has_put_off_until_its_day(stage: Stage, browser_at: httpx.Client) -> None:
    order_id = place(stage, browser_at, 2)
    until = working_day_from(danish(stage.now).date() + dt.timedelta(days=20))
    put_off = {"type": "postpone_task", "task": "hold_the_call", "until": f"{until}", "why_text": "Ferie"}
    answer = browser_at.post(f"/api/v1/orders/{order_id}/commands", json=put_off, headers=api(stage, "udsat-0001"))
    assert answer.status_code < 300, answer.text
    for _ in range(2):
        stage.travel(Leap.WEEK, with_others=True)
    assert stage.work.order(order_id).consultant is not None
    assert stage.work.order(order_id).meeting is None
    for _ in range(2):
        stage.travel(Leap.WEEK, with_others=True)
    assert stage.work.order(order_id).meeting is not None


def test_with_the_others_months_go_by_themselves_to_the_meetings_record(stage: Stage) -> None:
    before, seen = position(stage), set[str]()
    wanted = {"survey_opened", "deck_released", "meeting_recorded"}
    for _ in range(2 * MANY_WEEKS):
        stage.travel(Leap.WEEK, with_others=True)
        seen |= {each.event.type for each in stage.playground.services.store.read_all(before, limit=50_000)}
        if wanted <= seen:
            return
    pytest.fail(f"{wanted - seen} never happened")


def test_every_night_and_morning_of_a_week_has_its_own_work(stage: Stage) -> None:
    began = stage.now
    stage.travel(Leap.WEEK)
    days = [danish(began).date() + dt.timedelta(days=number) for number in range(8)]
    moments = [(job, at(day, time)) for job, time in TIMES.items() for day in days]
    due = [(job, moment) for job, moment in moments if began < moment <= stage.now]
    assert len(due) >= 7 * len(TIMES) - 1
    client = stage.playground.chores.client
    for job, moment in due:
        run = client.get_workflow_handle(f"maintenance-{job}-{moment.astimezone(dt.UTC):%Y%m%dT%H%M}")
        assert stage.wait_for(run.describe()).status is WorkflowExecutionStatus.COMPLETED
