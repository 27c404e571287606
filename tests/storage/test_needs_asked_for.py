"""The list of needs as it is asked for: mine, nobody's, by reason, put off or not, in order, page by page."""

import datetime as dt
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event

from domain import events as ev
from domain.calendar import end_of_work
from domain.model import StaffId, TextId
from domain.needs import Reason
from domain.task_kinds import TaskKind
from storage import incidents
from storage.database import Database
from storage.incidents import IncidentKind
from storage.needs import PutOff, Wanted, Whose, count_needs, needs
from storage.outbox import To
from storage.projections import projection_statuses
from storage.rebuild import rebuild
from storage.staff import StaffRole, staff_left
from storage.tasks import task_table
from tests.storage.lives import PLACED, planned
from tests.storage.office import A_DAY, INVITATION, NOW, Office, after_the_meeting, coordinator_of, member_of, reasons

WHY = TextId("tekst-hvorfor")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def put_off(until: date, task: TaskKind = TaskKind.HOLD_THE_CALL) -> ev.TaskPostponed:
    return ev.TaskPostponed(at=NOW, task=task, until=until, why=WHY)


# --- whose ----------------------------------------------------------------------------------------------------------


def test_mine_is_what_waits_for_me(office: Office) -> None:
    anne, bo = office.staff("Anne Holm"), office.staff("Bo Lund")
    office.order(1, consultant=anne)
    office.order(2, consultant=bo)
    office.order(3)
    assert [need.owner for need in office.needs(whose=anne)] == ["Anne Holm"]
    assert office.counts(whose=anne) == {"call_due": 1}
    assert office.counts(whose=StaffId("ingen")) == {}


def test_nobodys_is_kiaps_with_nobody_to_see_to_it(office: Office) -> None:
    anne = office.staff("Anne Holm")
    with_consultant = office.order(1, *after_the_meeting(), consultant=anne)
    office.order(2)
    office.unknown(with_consultant, INVITATION, To(member_of(with_consultant, 1)))
    with office.database.write() as connection:
        incidents.report(connection, IncidentKind.OVERDUE, with_consultant, "make_deck", "overdue", NOW)
    wanted = {"consultant_missing": 1, "call_due": 1, "mail_unknown": 1, "order_stands_still": 1}
    assert office.counts(whose=Whose.NOBODYS) == wanted
    assert Counter(reasons(office.needs(whose=Whose.NOBODYS))) == wanted
    assert office.counts() == wanted | {"record_awaited": 1}, "what waits for a coordinator is in all of them"


def test_what_waits_for_a_colleague_who_has_left_is_nobodys(office: Office) -> None:
    anne, bo = office.staff("Anne Holm"), office.staff("Bo Lund", StaffRole.CONSULTANT)
    order = office.order(1, consultant=anne)
    office.order(2, consultant=bo)
    office.bounced(order, INVITATION, To(member_of(order, 1)))
    assert office.needs(whose=Whose.NOBODYS) == []
    with office.database.write() as connection:
        staff_left(connection, anne, NOW)
    assert office.counts(whose=Whose.NOBODYS) == {"call_due": 1, "wrong_address": 1}
    assert {need.owner for need in office.needs(whose=Whose.NOBODYS)} == {""}


# --- by reason ------------------------------------------------------------------------------------------------------


def a_bit_of_everything(office: Office) -> None:
    anne = office.staff("Anne Holm")
    order = office.order(1, consultant=anne)
    office.order(2, when=PLACED - 20 * A_DAY)
    office.bounced(order, INVITATION, To(member_of(order, 1)))
    office.unknown(order, INVITATION, To(member_of(order, 2)))
    office.failed(order, INVITATION, To(member_of(order, 3)))
    with office.database.write() as connection:
        for kind in (IncidentKind.OVERDUE, IncidentKind.STEP_FAILS):
            incidents.report(connection, kind, order, "make_deck", "KeyError", NOW)


def test_each_reason_can_be_asked_for_alone_and_is_counted_as_it_is_listed(office: Office) -> None:
    a_bit_of_everything(office)
    now = end_of_work(date(2026, 1, 12)) - A_DAY
    everything = office.needs(now=now)
    assert Counter(reasons(everything)) == Counter(office.counts(now=now))
    for reason in Reason:
        alone = [need for need in everything if need.reason is reason]
        assert office.needs(reason, now=now) == alone
        assert office.counts(reason, now=now) == ({str(reason): len(alone)} if alone else {})
    some = [Reason.MAIL_FAILED, Reason.CALL_DUE, Reason.STEP_FAILS]
    assert office.needs(*some, now=now) == [need for need in everything if need.reason in some]


def test_calls_due_and_overdue_are_asked_for_apart_or_together(office: Office) -> None:
    office.order(1)
    office.order(2)
    office.append(office.order(3), put_off(date(2026, 1, 14)))
    late = end_of_work(date(2026, 1, 12)) + A_DAY
    assert office.counts(Reason.CALL_DUE, now=late) == {}
    assert office.counts(Reason.CALL_OVERDUE, now=late) == {"call_overdue": 2}
    both = office.needs(Reason.CALL_DUE, Reason.CALL_OVERDUE, now=late, put_off=PutOff.SHOWN)
    assert Counter(reasons(both)) == {"call_overdue": 2, "call_due": 1}


# --- put off --------------------------------------------------------------------------------------------------------


def test_a_task_put_off_is_hidden_until_its_day_and_can_be_shown(office: Office) -> None:
    anne = office.staff("Anne Holm")
    order = office.order(1, consultant=anne)
    office.append(order, put_off(date(2026, 1, 14)))
    assert office.needs() == []
    assert office.counts() == {}
    assert office.counts(put_off=PutOff.SHOWN) == office.counts(put_off=PutOff.ALONE) == {"call_due": 1}
    (need,) = office.needs(put_off=PutOff.ALONE)
    assert (need.postponed_until, need.due) == (date(2026, 1, 14), end_of_work(date(2026, 1, 14)))
    assert need.promised == end_of_work(date(2026, 1, 12))
    assert need.is_put_off(NOW)
    on_the_day = dt.datetime(2026, 1, 13, 23, 30, tzinfo=dt.UTC)  # half past midnight in Denmark
    (back,) = office.needs(now=on_the_day)
    assert (back.key, back.is_put_off(on_the_day)) == (need.key, False)
    assert office.needs(now=on_the_day, put_off=PutOff.ALONE) == []
    assert office.needs(now=on_the_day - 2 * A_DAY, put_off=PutOff.SHOWN) == [need]


def test_a_call_put_off_past_its_promise_is_overdue_once_its_new_day_has_passed(office: Office) -> None:
    order = office.order(1, consultant=office.staff("Anne Holm"))
    office.append(order, put_off(date(2026, 1, 14)))
    (on_the_day,) = office.needs(now=end_of_work(date(2026, 1, 14)))
    assert on_the_day.reason is Reason.CALL_DUE
    (after,) = office.needs(now=end_of_work(date(2026, 1, 14)) + A_DAY)
    assert after.reason is Reason.CALL_OVERDUE


def test_a_call_put_off_within_its_promise_is_not_overdue_before_that(office: Office) -> None:
    order = office.order(1, consultant=office.staff("Anne Holm"))
    office.append(order, put_off(date(2026, 1, 9)))
    (need,) = office.needs(now=end_of_work(date(2026, 1, 9)) + dt.timedelta(hours=1))
    assert (need.reason, need.is_overdue(NOW + 2 * A_DAY)) == (Reason.CALL_DUE, False)


def test_a_task_taken_up_or_done_is_no_longer_put_off(office: Office) -> None:
    order = office.order(1, consultant=office.staff("Anne Holm"))
    office.append(order, put_off(date(2026, 1, 14)), ev.TaskResumed(at=NOW, task=TaskKind.HOLD_THE_CALL))
    assert [need.postponed_until for need in office.needs()] == [None]
    office.append(order, put_off(date(2026, 1, 14)), planned())
    assert office.needs(put_off=PutOff.ALONE) == []


# --- in order, page by page -----------------------------------------------------------------------------------------


def test_what_is_due_first_comes_first_and_what_has_no_deadline_from_when_it_began(office: Office) -> None:
    a_bit_of_everything(office)
    found = office.needs()
    places = [need.due or need.since for need in found]
    assert places == sorted(places)
    late = [need.is_overdue(NOW) for need in found if need.due]
    assert late == sorted(late, reverse=True), "what is overdue before what is not"
    assert any(late)
    assert not all(late)


def test_pages_follow_each_other_without_a_gap_or_a_row_twice_also_among_ties(office: Office) -> None:
    for number in range(1, 15):
        order = office.order(number)
        office.unknown(order, INVITATION, To(member_of(order, 1)))
        office.failed(order, INVITATION, To(coordinator_of(order)))
        with office.database.write() as connection:
            incidents.report(connection, IncidentKind.STEP_FAILS, order, "make_deck", "KeyError", NOW)
    everything = office.needs()
    assert len({need.key for need in everything}) == len(everything) == 14 * 5
    for size in (1, 7, 50, 100):
        pages = [office.needs(limit=size, skip=skip) for skip in range(0, len(everything) + size, size)]
        assert [need for page in pages for need in page] == everything
    assert all(a.due is None or b.due is None or a.due <= b.due for a, b in pairwise(everything))


def test_what_is_due_before_an_instant_is_asked_for_with_all_that_has_no_deadline(office: Office) -> None:
    a_bit_of_everything(office)
    limit = end_of_work(date(2026, 1, 7))
    everything, soon = office.needs(), office.needs(due_before=limit)
    assert soon == [need for need in everything if need.due is None or need.due < limit]
    assert {need.due is None for need in soon} == {True, False}
    assert len(soon) < len(everything)


# --- how it is read -------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_number_of_orders(office: Office) -> None:
    def asked() -> int:
        told: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            told.append(statement)

        event.listen(office.database.engine, "before_cursor_execute", note)
        with office.database.engine.connect() as connection:
            needs(connection, Wanted(), NOW, limit=50)
            count_needs(connection, Wanted(), NOW)
        event.remove(office.database.engine, "before_cursor_execute", note)
        return len(told)

    a_bit_of_everything(office)
    few = asked()
    for number in range(10, 40):
        office.order(number, consultant=office.staff(f"Konsulent {number}"))
        office.unknown(office.order(100 + number), INVITATION, To("nogen"))
    assert 8 <= asked() == few <= 12


def test_rebuilt_the_list_is_the_same(office: Office) -> None:
    a_bit_of_everything(office)
    order = office.order(7, consultant=office.staff("Bo Lund"))
    office.append(order, ev.CallNoted(at=NOW, outcome="spoke", note=WHY), put_off(date(2026, 1, 14)))
    before = office.needs(put_off=PutOff.SHOWN)
    rebuild(office.database)
    assert office.needs(put_off=PutOff.SHOWN) == before


def test_rows_of_before_the_read_model_had_facts_are_listed_without_them(office: Office) -> None:
    office.order(1, *after_the_meeting(), consultant=office.staff("Anne Holm"))
    office.order(2, consultant=office.staff("Bo Lund"))
    with office.database.write() as connection:
        connection.execute(task_table.update().values(promised=None, postponed_until=None, facts=None))
    awaited, call = office.needs(Reason.RECORD_AWAITED, Reason.CALL_DUE)[::-1]
    assert (awaited.reason, awaited.facts) == (Reason.RECORD_AWAITED, None)
    assert (call.reason, call.promised) == (Reason.CALL_DUE, call.due)
    assert all(status.current for status in projection_statuses(office.database))


def test_nothing_at_all_is_an_empty_list(office: Office) -> None:
    assert office.needs(limit=50) == []
    assert office.counts() == {}
