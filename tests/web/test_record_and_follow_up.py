"""The coordinator's forms after the meeting: the record by number or by names, and the follow-up."""

import datetime as dt

import httpx
import pytest

from domain.commands import COMMAND
from domain.meeting import at
from domain.order import FollowUpStatus
from storage import outbox, texts
from storage.agreements import agreed_at
from tests.web.application import Web
from tests.web.order_page import agree, offered, order_page, visit

# --- the record -----------------------------------------------------------------------------------------------------


def test_the_meeting_is_recorded_by_number(web: Web, http: httpx.Client, met: str) -> None:
    assert "Det venter på dig" in order_page(web, http, met).words
    visitor = visit(web, http, met, "referat")
    visitor.send(
        attended="6", ideas_text="Fælles frokost.\nSupervision.", follow_up="agreed", follow_up_opens="2027-01-18"
    )
    page = agree(visitor)
    assert "Mødet blev noteret: 6 var med" in page.words
    order = web.order(met)
    assert order.record is not None
    assert (order.record.attended, order.record.absent) == (6, 2)
    assert str(order.follow_up.opens) == "2027-01-18"
    assert "frokost" not in "".join(COMMAND.dump_json(command).decode() for _, command in web.orders.seen)


def test_the_meeting_is_recorded_by_names(web: Web, http: httpx.Client, met: str) -> None:
    visitor = visit(web, http, met, "referat")
    names = [each.text_content() for each in visitor.page.tree.xpath("//label[starts-with(@for, 'attendance-')]")]
    assert names == [
        "Aisha Nour", "Bo Ågesen", "Jens Krogh", "Lis Frost", "Mette Holm", "Ole Bach", "Søren Øst", "Åse Ærø",
    ]  # fmt: skip
    members = visitor.page.tree.xpath("//input[@name='attendance']/@value")
    page = visitor.send(attendance=members[:5], follow_up="declined")
    assert "5 medlemmer var med, 3 var ikke." in page.words
    assert page.tree.xpath("//dd/text()") == [
        "Aisha Nour, Bo Ågesen, Jens Krogh, Lis Frost, Mette Holm",
        "Ole Bach, Søren Øst, Åse Ærø",
    ]
    agree(visitor)
    record = web.order(met).record
    assert record is not None
    assert (record.attended, record.absent) == (5, 3)
    with web.database.read() as connection:
        attendance = texts.attendance(connection, web.order(met).id)
    assert {member for member, came in attendance.items() if came} == set(members[:5])


def test_nothing_of_the_record_is_kept_or_sent_before_it_has_been_looked_through(
    web: Web, http: httpx.Client, met: str
) -> None:
    before = web.order(met)
    visitor = visit(web, http, met, "referat")
    page = visitor.send(attended="6", ideas_text="Fælles frokost.", follow_up="agreed", follow_up_opens="2027-01-18")
    assert page.heading == "Se det igennem, før det går ud"
    assert "6 medlemmer var med, 2 var ikke." in page.words
    assert "Den går til 8 medlemmer, torsdag den 26. marts kl. 9.00. Hvert medlem får sit eget link." in page.words
    (mail,) = page.tree.xpath("//div[@class='letter']")
    told = mail.text_content()
    assert "Efter klyngemødet: idéer og hjemmeopgave" in told
    assert "IDÉER FRA GRUPPERNE\n\nFælles frokost." in told
    assert "følge op mandag den 18. januar 2027" in told
    assert "/moede/" in told
    assert "skjult" in told
    assert web.order(met) == before
    with web.database.read() as connection:
        assert not outbox.mails(connection, before.id)


def test_a_record_looked_through_can_be_corrected_and_another_is_looked_through_anew(
    web: Web, http: httpx.Client, met: str
) -> None:
    visitor = visit(web, http, met, "referat")
    visitor.send(attended="6", ideas_text="Frokost", follow_up="later")
    (seen,) = visitor.page.tree.xpath("//button[@name='set']/@value")
    page = visitor.send(ret="1")
    assert page.fields()["ideas_text"] == ["Frokost"]
    assert (page.status, page.tree.xpath("//*[@role='alert']")) == (200, [])
    page = visitor.send(ideas_text="Supervision", set=str(seen))
    assert page.heading == "Se det igennem, før det går ud", "what was seen was another record"
    assert web.order(met).record is None
    agree(visitor)
    assert web.order(met).record is not None


def test_a_record_that_does_not_add_up_keeps_everything_that_was_written(
    web: Web, http: httpx.Client, met: str
) -> None:
    visitor = visit(web, http, met, "referat")
    members = visitor.page.tree.xpath("//input[@name='attendance']/@value")
    page = visitor.send(attendance=members[:5], attended="6", ideas_text="Frokost", follow_up="agreed")
    assert page.status == 409
    assert "sat navn på 5, men skrevet, at 6 var med" in page.described_by("attended")
    page = visitor.send(attended="5")
    assert page.status == 409
    assert page.described_by("follow_up_opens").endswith("Fejl: Skriv, hvornår opfølgningen skal begynde.")
    assert page.fields()["ideas_text"] == ["Frokost"]
    assert len(page.fields()["attendance"]) == 5
    assert page.tree.xpath("//details[@open]"), "the number that was written is not hidden"
    assert web.order(met).record is None


def test_a_record_that_tells_nobody_who_came_is_asked_for_the_number(web: Web, http: httpx.Client, met: str) -> None:
    page = visit(web, http, met, "referat").send(ideas_text="Frokost")
    assert page.status == 409
    assert "Skriv, hvor mange medlemmer der var med." in page.described_by("attended")
    assert web.order(met).record is None


def test_a_follow_up_outside_its_window_is_refused_at_the_date(web: Web, http: httpx.Client, met: str) -> None:
    page = visit(web, http, met, "referat").send(attended="6", follow_up="agreed", follow_up_opens="2026-05-01")
    assert page.status == 409
    assert "Opfølgningen kan begynde" in page.described_by("follow_up_opens")
    assert web.order(met).record is None


AGREED = "- Fælles frokost kl. 12, alle, fra 1. maj\n\n- <b>Supervision</b>, Mette, før sommer"


def test_what_was_agreed_is_looked_through_kept_as_a_text_and_shown(web: Web, http: httpx.Client, met: str) -> None:
    visitor = visit(web, http, met, "referat")
    assert "slettes med bestillingen" in visitor.page.words
    visitor.send(attended="6", agreed_text=AGREED, follow_up="later")
    page = agree(visitor)
    assert "Det aftalte I" in page.words
    points = ["Fælles frokost kl. 12, alle, fra 1. maj", "<b>Supervision</b>, Mette, før sommer"]
    assert [
        each.text_content() for each in page.tree.xpath("//h3[.='Det aftalte I']/following-sibling::ul[1]/li")
    ] == points
    record = web.order(met).record
    assert record is not None
    with web.database.read() as connection:
        assert texts.words_of(connection, record.agreed) == "\n".join(points)
        told = [event.model_dump_json() for event in web.services.store.load(web.order(met).id)]
    assert "frokost" not in "".join(told), "events have the text's id alone"
    assert "frokost" not in "".join(COMMAND.dump_json(command).decode() for _, command in web.orders.seen)


def test_more_agreements_than_a_slide_has_room_for_are_refused_beside_their_field(
    web: Web, http: httpx.Client, met: str
) -> None:
    six = "\n".join(f"Aftale {number}" for number in range(6))
    page = visit(web, http, met, "referat").send(attended="6", agreed_text=six, follow_up="later")
    assert "Skriv højst 5 aftaler, én på hver linje. Her er 6." in page.words
    assert page.fields()["agreed_text"] == [six]
    assert web.order(met).record is None


def test_a_record_without_agreements_shows_none(web: Web, http: httpx.Client, met: str) -> None:
    web.command(met, type="record_meeting", attended=6, absent=2)
    assert "Det aftalte I" not in order_page(web, http, met).words


def test_agreements_are_sent_over_the_api_and_are_gone_with_the_orders_texts(
    web: Web, http: httpx.Client, met: str
) -> None:
    answer = web.command(met, type="record_meeting", attended=6, absent=2, agreed_text=AGREED)
    assert answer.status_code == 200, answer.text
    with web.database.write() as connection:
        assert len(agreed_at(connection, web.order(met))) == 2
        texts.erase_texts(connection, web.order(met).id, web.clock.instant)
        assert agreed_at(connection, web.order(met)) == ()
    assert "Det aftalte I" not in order_page(web, http, met).words
    refused = web.command(met, type="record_meeting", attended=6, agreed_text="x" * 200)
    assert "Aftale 1 er for lang" in refused.text


# --- the follow-up --------------------------------------------------------------------------------------------------


@pytest.fixture
def recorded(web: Web, met: str) -> str:
    """The record is written, and says nothing of a follow-up."""
    web.command(met, type="record_meeting", attended=6, absent=2)
    return met


def test_the_follow_up_is_agreed_moved_and_started(web: Web, http: httpx.Client, recorded: str) -> None:
    visit(web, http, recorded, "opfoelgning").send(kommando="agree_follow_up", opens="2027-01-18")
    visit(web, http, recorded, "opfoelgning").send(kommando="move_follow_up", opens="2027-02-01")
    assert str(web.order(recorded).follow_up.opens) == "2027-02-01"
    web.clock.set("2026-12-01")
    assert "Sæt opfølgningen i gang nu" in visit(web, http, recorded, "opfoelgning").page.words
    page = visit(web, http, recorded, "opfoelgning").send(kommando="start_follow_up")
    assert "Opfølgningen blev sat i gang" in page.words


def test_the_follow_up_can_be_agreed_on_just_after_midnight_too(web: Web, http: httpx.Client, recorded: str) -> None:
    """In Denmark it is the 20th already, and by UTC still the 19th."""
    web.clock.instant = at(dt.date(2027, 1, 20), dt.time(0, 30))
    assert "Aftal en dato for opfølgningen" in visit(web, http, recorded, "opfoelgning").page.words


def test_a_follow_up_that_was_declined_is_told_and_asked_about_no_more(
    web: Web, http: httpx.Client, recorded: str
) -> None:
    page = visit(web, http, recorded, "opfoelgning").send(kommando="decline_follow_up")
    assert "Klyngen sagde nej tak til opfølgning" in page.words
    assert "Tag stilling til opfølgning" not in offered(page)
    assert web.order(recorded).follow_up.status is FollowUpStatus.DECLINED
