"""Forms of the order's page: what is sent is done once, and what was written is kept where it is refused."""

import httpx
import pytest

from domain.stages import Stage
from storage import people
from storage.texts import text_table
from tests.web.application import Web
from tests.web.order_page import agree, offered, visit

# --- a form that is refused -----------------------------------------------------------------------------------------


def test_the_domains_no_stands_at_its_field_with_what_was_written_kept(
    web: Web, http: httpx.Client, planned: str
) -> None:
    page = visit(web, http, planned, "flyt").send(**{"to-dato": "2026-01-09", "to-tid": "18:30"})
    assert page.status == 409
    assert "kan tidligst ligge" in page.described_by("to-dato")
    assert page.fields()["to-dato"] == ["2026-01-09"]
    assert page.fields()["to-tid"] == ["18:30"]
    (summary,) = page.tree.xpath("//*[@role='alert']")
    assert summary.xpath(".//a/@href") == ["#to-dato"]


@pytest.mark.parametrize(("dato", "tid", "field"), [("", "17:00", "to-dato"), ("2026-04-15", "25:00", "to-tid")])
def test_a_field_that_cannot_be_read_is_said_in_place(
    web: Web, http: httpx.Client, planned: str, dato: str, tid: str, field: str
) -> None:
    before = web.order(planned)
    page = visit(web, http, planned, "flyt").send(**{"to-dato": dato, "to-tid": tid})
    assert page.status == 422
    assert page.described_by(field)
    assert web.order(planned) == before


def test_out_of_reach_keeps_what_was_written(web: Web, http: httpx.Client, met: str) -> None:
    web.orders.reachable = False
    visitor = visit(web, http, met, "referat")
    visitor.send(attended="6", ideas_text="Frokost", follow_up="later")
    page = agree(visitor)
    assert page.status == 503
    assert "Vi kan ikke gemme lige nu" in page.words
    assert page.fields()["ideas_text"] == ["Frokost"]


def test_a_coordinator_cannot_send_the_consultants_forms(web: Web, http: httpx.Client, planned: str) -> None:
    before = web.order(planned)
    for slug in ("aftale", "egne-ord", "gennemsyn"):
        answer = http.post(f"{web.page_of(planned)}/{slug}", data={"kommando": "release_deck"})
        assert answer.status_code == 303
    assert web.order(planned) == before


# --- the meeting ----------------------------------------------------------------------------------------------------


def test_the_meeting_is_moved_and_the_page_says_so(web: Web, http: httpx.Client, planned: str) -> None:
    page = visit(web, http, planned, "flyt").send(**{"to-dato": "2026-04-15", "to-tid": "18:30"})
    assert page.tree.xpath("//*[@role='status']")[0].text.startswith("Mødet er flyttet")
    assert "Onsdag den 15. april 2026 kl. 18.30" in page.words


def test_a_date_written_the_danish_way_is_read(web: Web, http: httpx.Client, planned: str) -> None:
    visit(web, http, planned, "flyt").send(**{"to-dato": "15.4.2026", "to-tid": "18.30"})
    meeting = web.order(planned).meeting
    assert meeting is not None
    assert f"{meeting.starts:%Y-%m-%d %H:%M}" == "2026-04-15 18:30"


def test_pressing_twice_is_one_command(web: Web, http: httpx.Client, planned: str) -> None:
    visitor = visit(web, http, planned, "rammer")
    fields = {**visitor.page.fields(), "minutes": "180", "place_text": "Et andet sted"}
    for _ in range(2):
        assert http.post(visitor.path, data=fields).status_code == 303
    assert web.order(planned).version == 3
    with web.database.read() as connection:
        texts = connection.execute(text_table.select()).all()
    assert sorted(text.content for text in texts) == ["Et andet sted", "Lægehuset Torvet, mødelokale 2"]


def test_length_and_form_change_without_a_new_text_where_the_place_stays(
    web: Web, http: httpx.Client, planned: str
) -> None:
    page = visit(web, http, planned, "rammer").send(minutes="180", format="video")
    assert "3 timer" in page.words
    assert "Videomøde" in page.words
    assert "Lægehuset Torvet, mødelokale 2" in page.words
    with web.database.read() as connection:
        assert len(connection.execute(text_table.select()).all()) == 1


# --- members --------------------------------------------------------------------------------------------------------


def test_a_role_that_the_package_does_not_ask_is_not_offered(web: Web, http: httpx.Client) -> None:
    roles = visit(web, http, web.place(), "nyt-medlem").page.tree.xpath("//input[@name='role']/@value")
    assert "ejerlaege" in roles
    assert "praksispersonale" not in roles


def test_a_name_is_corrected_without_the_address_being_written_again(web: Web, http: httpx.Client) -> None:
    order = web.place()
    member, *_ = web.order(order).members
    form = visit(web, http, order, "ret-medlem")
    asked = form.send(member=member)
    assert asked.status == 422
    assert "Skriv den rigtige mailadresse, det rigtige navn eller begge dele." in asked.described_by("email")
    with web.database.read() as connection:
        before = people.person(connection, member)
    assert form.send(name="Bodil Krogh").status == 200
    with web.database.read() as connection:
        after = people.person(connection, member)
    assert (after.name, after.email, after.address) == ("Bodil Krogh", before.email, 1)


# --- the order called off -------------------------------------------------------------------------------------------


def test_cancelling_is_confirmed_on_a_page_of_its_own(web: Web, http: httpx.Client, planned: str) -> None:
    form = visit(web, http, planned, "aflys")
    assert "Det kan ikke fortrydes" in form.page.words
    assert web.order(planned).ended is None
    assert form.send().status == 422
    page = form.send(reason="cluster_withdrew")
    assert "Bestillingen er aflyst" in page.words
    assert offered(page) == []
    assert web.order(planned).stage is Stage.CANCELLED
