"""What stands still is seen: an order's own step that is late, a read model that is behind, a stream that was cut."""

import datetime as dt

from sqlalchemy import delete

from activities.watch import OVERDUE_AFTER, Stuck, Watch
from domain import commands as do
from domain.meeting import Meeting
from domain.model import Round
from storage import incidents, outbox
from storage.database import Database
from storage.incidents import NO_ORDER, Incident, IncidentKind
from storage.outbox import To
from storage.projections import projection_table
from storage.rebuild import rebuild
from tests.activities.desk import MEETING, OPENED, START, Desk

A_SECOND = dt.timedelta(seconds=1)


def found(database: Database) -> list[Incident]:
    with database.read() as connection:
        return incidents.incidents(connection)


def look(desk: Desk, now: dt.datetime) -> Stuck:
    return Watch(desk.at).look_around(now)


def all_letters_gone(desk: Desk) -> None:
    for key in list(desk.order.pending_letters):
        desk.do(do.RecordLetters(key=key, sent=1, seen=desk.order.version))


def planned(desk: Desk) -> dt.datetime:
    """An order whose next own step is to open its survey; when that is."""
    desk.place()
    desk.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
    all_letters_gone(desk)
    assert desk.order.baseline is not None
    return OPENED.replace(hour=6, minute=30)


def test_an_order_is_late_when_its_own_step_is_an_hour_overdue_and_no_sooner(desk: Desk) -> None:
    due = planned(desk)
    assert look(desk, START).standing_still == 0
    assert look(desk, due + OVERDUE_AFTER).standing_still == 0
    assert look(desk, due + OVERDUE_AFTER + A_SECOND).standing_still == 1
    (late,) = found(desk.stack.database)
    assert (late.kind, late.order_id, late.step) == (IncidentKind.OVERDUE, desk.order_id, "survey_opens")
    assert late.since == due


def test_what_is_done_at_last_is_no_longer_told(desk: Desk) -> None:
    due = planned(desk)
    look(desk, due + 2 * OVERDUE_AFTER)
    desk.do(do.OpenSurvey(round=Round.BASELINE), now=due + 2 * OVERDUE_AFTER)
    all_letters_gone(desk)
    assert look(desk, desk.now).standing_still == 0
    assert found(desk.stack.database) == []


def test_a_letter_that_nobody_sends_is_told_by_its_name(desk: Desk) -> None:
    desk.place()
    assert look(desk, desk.now + 3 * OVERDUE_AFTER).standing_still == 1
    (late,) = found(desk.stack.database)
    assert late.step in desk.order.pending_letters


def test_a_letter_that_is_tried_again_later_does_not_stand_still_until_then(desk: Desk) -> None:
    desk.place()
    all_letters_gone(desk)
    key, later = "order_received//", desk.now + dt.timedelta(hours=6)
    with desk.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, desk.order_id, key, [To(desk.order.coordinator)], desk.now)
        outbox.put_off(connection, [mail.id], later)
    desk.do(do.RecordLetters(key=key, sent=0, waiting=1, seen=desk.order.version))
    assert look(desk, later).standing_still == 0
    assert look(desk, later + OVERDUE_AFTER + A_SECOND).standing_still == 1


def test_an_order_that_waits_for_people_does_not_stand_still(desk: Desk) -> None:
    desk.place()
    all_letters_gone(desk)
    assert look(desk, desk.now + dt.timedelta(hours=20)).standing_still == 0


def test_a_read_model_that_is_behind_or_was_never_built_is_told_until_it_is_rebuilt(desk: Desk) -> None:
    desk.place()
    all_letters_gone(desk)
    database = desk.stack.database
    with database.write() as connection:
        connection.execute(delete(projection_table).where(projection_table.c.name == "task"))
    look(desk, desk.now)
    assert [(each.kind, each.order_id, each.step, each.reason) for each in found(database)] == [
        (IncidentKind.READ_MODEL_BEHIND, NO_ORDER, "task", "never_built")
    ]
    rebuild(database)
    look(desk, desk.now)
    assert found(database) == []


def test_an_order_whose_workflow_failed_is_not_started_again_by_itself(desk: Desk) -> None:
    desk.place()
    with desk.stack.database.write() as connection:
        incidents.report(
            connection, IncidentKind.WORKFLOW_FAILED, desk.order_id, "", "StreamShorterThanKnown", desk.now
        )
    assert look(desk, desk.now).cut_short == {desk.order_id}
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    all_letters_gone(desk)
    look(desk, desk.now)
    assert found(desk.stack.database) == [], "an order that is finished needs no workflow"
