"""The console's mails: found by state, settled and tried again by operations, and silent about who has answered."""

import datetime as dt

import pytest

from domain.model import OrderId
from storage import outbox, people
from storage.audit import Deed
from storage.outbox import MailState, To
from storage.people import Person
from storage.staff import StaffRole
from tests.the_packages import SAMARBEJDE
from tests.web.application import Web
from tests.web.console.office import log_of, signed_in
from tests.web.console.outgoing import REMINDER, mail_now, put
from tests.web.reading import Shown
from web.console.mails import LINES


def people_of(web: Web, order: str) -> list[Person]:
    with web.database.read() as connection:
        known = people.people(connection, list(web.order(order).members))
    return [known[member] for member in web.order(order).members]


def test_mails_stand_in_heaps_and_trouble_is_counted(web: Web) -> None:
    order, other = web.place(), web.place("bestilling-0002", package=SAMARBEJDE.slug)
    ids = {state: put(web, order, state, number=number) for number, state in enumerate(MailState)}
    put(web, other, MailState.UNKNOWN)

    def listed(query: str) -> set[str]:
        links = Shown(me.get(f"/drift/mails?{query}")).tree.xpath("//tbody//th/a/@href")
        return {link.rpartition("/")[2] for link in links}

    with signed_in(web, StaffRole.CONSULTANT) as me:
        page = Shown(me.get("/drift/mails"))
        assert "Kræver nogen 4" in page.words
        assert "Venter 2" in page.words
        of_order = f"forloeb={order}"
        troubled = {ids[MailState.UNKNOWN], ids[MailState.FAILED], ids[MailState.BOUNCED]}
        assert listed(of_order) == troubled
        assert len(listed("")) == 4
        assert listed(f"stak=venter&{of_order}") == {ids[MailState.QUEUED], ids[MailState.CLAIMED]}
        assert listed(f"stak=sendt&{of_order}") == {ids[MailState.SENT]}
        assert listed(f"stak=sprunget-over&{of_order}") == {ids[MailState.SKIPPED]}
        assert listed(f"stak=noget-andet&side=x&{of_order}") == troubled, "what is not understood is as if not said"
        assert listed("forloeb=ingen") == set()


def test_a_page_has_so_many_lines_and_leads_on(web: Web) -> None:
    order = web.place()
    member = next(iter(web.order(order).members))
    with web.database.write() as connection:
        for number in range(LINES + 1):
            at = web.clock.instant + dt.timedelta(minutes=number)
            outbox.queue(connection, OrderId(order), f"meeting_reminder//{number}", [To(member)], at)
    with signed_in(web) as me:
        first = Shown(me.get("/drift/mails?stak=venter"))
        (later,) = first.tree.xpath("//a[text()='Ældre']/@href")
        second = Shown(me.get(later))
        (earlier,) = second.tree.xpath("//a[text()='Nyere']/@href")
    assert len(first.tree.xpath("//tbody/tr")) == LINES
    assert len(second.tree.xpath("//tbody/tr")) == 1
    assert not first.tree.xpath("//a[text()='Nyere']")
    assert earlier == "/drift/mails?stak=venter"


@pytest.mark.parametrize("state", [MailState.SENT, MailState.QUEUED, MailState.SKIPPED])
def test_nobody_is_told_whom_a_reminder_went_to_or_passed_by(web: Web, state: MailState) -> None:
    order = web.place()
    mail = put(web, order, state, REMINDER)
    heap = {MailState.SENT: "sendt", MailState.QUEUED: "venter", MailState.SKIPPED: "sprunget-over"}[state]
    members = [person.name for person in people_of(web, order)]
    with signed_in(web, StaffRole.ADMINISTRATOR) as me:
        for page in (f"/drift/mails?stak={heap}", f"/drift/mails/{mail}"):
            shown = Shown(me.get(page))
            assert "siges ikke" in shown.words
            assert not any(name in shown.text for name in members)


def test_one_in_trouble_is_told_with_its_reader_for_somebody_has_to_look(web: Web) -> None:
    order = web.place()
    mail = put(web, order, MailState.UNKNOWN, REMINDER)
    reader = people_of(web, order)[0]
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/mails/{mail}"))
    assert f"{reader.name} <{reader.email}>" in shown.words
    assert "mailserveren svarede ikke" in shown.words


@pytest.mark.parametrize(
    ("finding", "state", "code"),
    [("left", MailState.SENT, "left"), ("never_left", MailState.QUEUED, "never_left")],
)
def test_operations_settle_a_mail_of_unknown_outcome(web: Web, finding: str, state: MailState, code: str) -> None:
    order = web.place()
    mail = put(web, order, MailState.UNKNOWN)
    with signed_in(web) as me:
        answer = me.post(f"/drift/mails/{mail}/afgjort", fundet=finding)
        shown = Shown(me.get(answer.headers["location"]))
        assert me.post(f"/drift/mails/{mail}/afgjort", fundet=finding).status_code == 409, "it is settled once"
    assert (mail_now(web, mail).state, mail_now(web, mail).code) == (state, code)
    assert shown.tree.xpath("//p[@class='done']")
    _placed, line = log_of(web)
    assert (line.deed, line.about, line.order_id, line.facts) == (Deed.MAIL_RESOLVED, mail, order, {"finding": finding})


def test_a_mail_that_did_not_leave_is_tried_again_once_asked_for(web: Web) -> None:
    order = web.place()
    mail = put(web, order, MailState.FAILED)
    with signed_in(web) as me:
        assert "Prøv igen" in Shown(me.get(f"/drift/mails/{mail}")).words
        assert me.post(f"/drift/mails/{mail}/igen").status_code == 303
        assert me.post(f"/drift/mails/{mail}/igen").status_code == 409
    assert (mail_now(web, mail).state, mail_now(web, mail).code) == (MailState.QUEUED, "never_left")
    assert [line.deed for line in log_of(web)][1:] == [Deed.MAIL_AGAIN]


def test_what_came_too_late_and_what_bounced_are_not_tried_again(web: Web) -> None:
    order = web.place()
    late = put(web, order, MailState.FAILED, code="too_late")
    bounced = put(web, order, MailState.BOUNCED, number=1)
    with signed_in(web) as me:
        assert "Prøv igen" not in Shown(me.get(f"/drift/mails/{late}")).words
        shown = Shown(me.get(f"/drift/mails/{bounced}"))
        assert me.post(f"/drift/mails/{bounced}/igen").status_code == 409
    assert "mailserveren svarede 550" in shown.words
    assert "Ret den på forløbet" in shown.words
    assert mail_now(web, bounced).state is MailState.BOUNCED


@pytest.mark.parametrize("form", [{}, {"fundet": ""}, {"fundet": "måske"}])
def test_a_choice_that_is_none_changes_nothing_and_says_so(web: Web, form: dict[str, str]) -> None:
    mail = put(web, web.place(), MailState.UNKNOWN)
    with signed_in(web) as me:
        answer = me.post(f"/drift/mails/{mail}/afgjort", form)
    assert answer.status_code == 422
    assert "Vælg, hvad du har fundet ud af." in Shown(answer).words
    assert mail_now(web, mail).state is MailState.UNKNOWN


def test_a_consultant_reads_and_settles_nothing(web: Web) -> None:
    mail = put(web, web.place(), MailState.UNKNOWN)
    with signed_in(web, StaffRole.CONSULTANT) as me:
        shown = Shown(me.get(f"/drift/mails/{mail}"))
        refused = me.post(f"/drift/mails/{mail}/afgjort", fundet="left")
        assert me.post(f"/drift/mails/{mail}/til-side").status_code == 403
    assert "Driften afgør det." in shown.words
    assert not shown.tree.xpath("//main//form")
    assert refused.status_code == 403
    assert mail_now(web, mail).state is MailState.UNKNOWN


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.BOUNCED])
def test_a_mail_that_did_not_leave_is_set_aside_and_needs_nobody_any_more(web: Web, state: MailState) -> None:
    order = web.place()
    mail = put(web, order, state)
    with signed_in(web) as me:
        assert "Sæt til side" in Shown(me.get(f"/drift/mails/{mail}")).words
        answer = me.post(f"/drift/mails/{mail}/til-side")
        shown = Shown(me.get(answer.headers["location"]))
        again = me.post(f"/drift/mails/{mail}/til-side")
        troubled = Shown(me.get(f"/drift/mails?forloeb={order}"))
        aside = Shown(me.get(f"/drift/mails?stak=sat-til-side&forloeb={order}"))
    assert "Den er sat til side." in shown.words
    assert "Den blev sat til side" in shown.words
    assert not shown.tree.xpath("//main//button[text()='Sæt til side']")
    assert again.status_code == 409, "once"
    assert mail_now(web, mail).state is state
    assert "Ingen mails kræver nogen." in troubled.words
    assert aside.tree.xpath(f"//tbody//a[@href='/drift/mails/{mail}']")
    _placed, line = log_of(web)
    assert (line.deed, line.about, line.order_id) == (Deed.MAIL_SET_ASIDE, mail, order)


@pytest.mark.parametrize("state", [MailState.UNKNOWN, MailState.QUEUED, MailState.SENT])
def test_what_may_have_left_or_still_may_is_not_set_aside(web: Web, state: MailState) -> None:
    mail = put(web, web.place(), state)
    with signed_in(web) as me:
        assert "Sæt til side" not in Shown(me.get(f"/drift/mails/{mail}")).words
        assert me.post(f"/drift/mails/{mail}/til-side").status_code == 409
    assert mail_now(web, mail).set_aside_at is None
    assert len(log_of(web)) == 1, "what came to nothing is no line of the log"


def test_one_set_aside_and_tried_again_needs_somebody_again_if_it_fails(web: Web) -> None:
    mail = put(web, web.place(), MailState.FAILED)
    with signed_in(web) as me:
        me.post(f"/drift/mails/{mail}/til-side")
        assert me.post(f"/drift/mails/{mail}/igen").status_code == 303
    assert mail_now(web, mail).state is MailState.QUEUED
    assert mail_now(web, mail).set_aside_at is None


def test_a_mail_that_is_gone_says_so(web: Web) -> None:
    with signed_in(web) as me:
        assert me.get("/drift/mails/ingen").status_code == 404
        assert me.post("/drift/mails/ingen/igen").status_code == 404
        assert me.post("/drift/mails/ingen/til-side").status_code == 404
