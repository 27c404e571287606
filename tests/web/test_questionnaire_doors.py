"""Who has nothing to answer, or has answered: why, where help is, and whom to ask."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from domain.by import coordinator
from domain.commands import CloseSurvey, RemoveMember
from domain.help import CrisisCorps
from domain.model import OrderId, Round
from storage import ballot_box, survey_roll
from tests.web.application import Web, fill_in
from tests.web.reading import Shown
from web.app import create_app
from web.services import Office


def invited(web: Web) -> tuple[str, list[str]]:
    order = web.place()
    web.plan(order)
    return order, web.open_survey(order)


def both(http: httpx.Client, link: str) -> list[httpx.Response]:
    """The link opened, and the last button pressed on a page that was opened in time."""
    return [http.get(link), http.post(link, data={"go": "send", "skema": "x", "arbejdsglaede": "hoej"})]


def test_thanks_and_the_page_of_who_has_answered_tell_where_help_is_without_presuming(
    web: Web, http: httpx.Client
) -> None:
    _, (low, high, *_) = invited(web)
    fill_in(http, low, who5_1="aldrig")
    fill_in(http, high, who5_1="hele_tiden")
    for path in ("/tak", ""):
        page = Shown(http.get(low + path))
        assert page.words == Shown(http.get(high + path)).words
        assert "krisekorps" in page.words
        assert "Din egen læge. Læger har også brug for en læge." in page.words
        assert "Den regionale kvalitetsenhed (Nord-KAP)." in page.words


def test_help_makes_up_no_number_and_tells_where_to_look(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    fill_in(http, link, who5_1="aldrig")
    page = Shown(http.get(link + "/tak"))
    assert "Søg på »krisekorps« på laeger.dk, eller spørg PLO." in page.words
    assert page.links() == []
    assert not re.search(r"\d\d", page.words)


@pytest.mark.parametrize("path", ["/tak", ""])
async def test_help_gives_the_number_and_the_page_the_office_has_told(web: Web, path: str) -> None:
    told = CrisisCorps(phone="12 34 56 78", page="https://plo.example/krisekorps")
    _, (link, *_) = invited(web)
    with web.client() as http:
        fill_in(http, link, who5_1="aldrig")
    app = httpx.ASGITransport(create_app(replace(web.services, crisis_corps=told)))
    async with httpx.AsyncClient(transport=app, base_url=web.address) as http:
        page = Shown(await http.get(link + path))
    assert page.links()[:2] == ["tel:12345678", told.page]
    assert "Ring på 12 34 56 78" in page.words
    assert "Søg på »krisekorps«" not in page.words


async def test_every_closed_door_says_whom_to_ring(web: Web) -> None:
    office = Office("KiAP i Odense", "11 22 33 44", "hjaelp@kiap.example")
    order, links = invited(web)
    app = httpx.ASGITransport(create_app(replace(web.services, office=office)))
    said = "Ring til KiAP i Odense på 11 22 33 44, eller skriv til hjaelp@kiap.example."

    async def shown(path: str) -> Shown:
        async with httpx.AsyncClient(transport=app, base_url=web.address) as http:
            return Shown(await http.get(path))

    with web.client() as http:
        fill_in(http, links[0], who5_1="aldrig")
    for path in ("/svar/forkert", links[0]):
        assert said in (await shown(path)).words
    web.close_survey(order)
    page = await shown(links[1])
    assert (page.heading, said in page.words) == ("Spørgeskemaet er lukket", True)
    assert page.links() == ["tel:11223344", "mailto:hjaelp@kiap.example"]


def test_a_closed_round_takes_no_answer(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    web.close_survey(order)
    for answer in both(http, link):
        assert (answer.status_code, Shown(answer).heading) == (410, "Spørgeskemaet er lukket")


def test_a_round_that_kiap_closed_early_says_so_and_not_that_the_time_was_up(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    web.command(order, type="close_survey", round="baseline")
    with web.database.write() as connection:
        ballot_box.close_round(connection, OrderId(order), Round.BASELINE)
    for answer in both(http, link):
        page = Shown(answer)
        assert (page.status, page.heading) == (410, "Spørgeskemaet er lukket før tid")
        assert "KiAP har lukket det før svarfristen" in page.words
        assert "udløbet" not in page.words
    assert "Lukket før tid af KiAP." in Shown(http.get(web.page_of(order))).words


def test_a_round_closed_because_all_had_answered_says_so(web: Web, http: httpx.Client) -> None:
    order, links = invited(web)
    for link in links[1:]:
        fill_in(http, link, arbejdsglaede="hoej")
    (late, *_) = web.order(order).active_members
    web.orders.give(order, RemoveMember(member=late), by=coordinator(web.order(order).coordinator))
    web.orders.give(order, CloseSurvey(round=Round.BASELINE, why="everyone_answered"))
    page = Shown(http.get(web.page_of(order)))
    assert "Lukket før tid, fordi alle havde svaret." in page.words
    assert Shown(http.get(links[1])).heading == "Du har svaret. Tak!"


def test_a_cancelled_orders_questionnaire_is_closed(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    web.command(order, type="cancel_order")
    answer = http.get(link)
    assert (answer.status_code, Shown(answer).heading) == (410, "Klyngens bestilling er aflyst")


def test_a_member_who_was_taken_off_is_told(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    (member, *_) = web.order(order).active_members
    web.orders.give(order, RemoveMember(member=member), by=coordinator(web.order(order).coordinator))
    with web.database.write() as connection:
        survey_roll.revoke(connection, OrderId(order), Round.BASELINE, member)
    answer = http.get(link)
    assert (answer.status_code, Shown(answer).heading) == (410, "Du er ikke længere på listen")


@pytest.mark.parametrize("token", ["forkert", "%00", "a" * 2000, "æøå"])
def test_a_wrong_link_is_a_kind_404(http: httpx.Client, token: str) -> None:
    answer = http.get(f"/svar/{token}")
    assert (answer.status_code, Shown(answer).heading) == (404, "Linket virker ikke")


def test_where_there_is_nothing_to_answer_a_draft_is_removed_and_no_key_for_it_given(
    web: Web, http: httpx.Client
) -> None:
    order, (link, *_) = invited(web)

    def drafts(page: Shown) -> tuple[list[Any], list[Any]]:
        return page.tree.xpath("//@data-draft"), page.tree.xpath("//@data-draft-key")

    gone, key = drafts(Shown(http.get(link)))
    assert (gone, len(key)) == ([], 1)
    web.close_survey(order)
    for path in (link, "/svar/forkert"):
        assert drafts(Shown(http.get(path))) == (["gone"], [])
