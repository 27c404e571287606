"""A doctor answers: page by page, nothing kept on the way, once."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from domain.by import coordinator
from domain.commands import CloseSurvey, RemoveMember
from domain.model import OrderId, Round
from storage import ballot_box, survey_roll
from storage.ballot_box import ballot_table
from storage.survey_roll import invitation_table
from tests.web.application import SAMARBEJDE, Web
from tests.web.reading import Shown, Visitor
from web.app import create_app
from web.services import CrisisCorps


def invited(web: Web, package: str = "trivsel-og-arbejdsglaede") -> tuple[str, list[str]]:
    order = web.place(package=package)
    web.plan(order)
    return order, web.open_survey(order)


def box(web: Web, order: str, round_: Round = Round.BASELINE) -> list[dict[str, Any]]:
    """What the box holds once it is closed."""
    with web.database.write() as connection:
        ballot_box.close_round(connection, OrderId(order), round_)
        return ballot_box.open_box(connection, web.services.keys, OrderId(order), round_)


def ballots(web: Web) -> int:
    with web.database.read() as connection:
        return connection.execute(select(func.count()).select_from(ballot_table)).scalar_one()


def test_the_welcome_says_what_how_long_and_who_sees_what(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(http.get(link))
    assert page.heading == "Trivsel og arbejdsglæde"
    assert "Cirka 5 minutter" in page.words
    assert "22 spørgsmål" in page.words
    assert "fredag den 13. marts 2026" in page.words
    assert "Vi kan se, at du har svaret – ikke hvad du har svaret." in page.words
    assert "færre end 5" in page.words


def test_a_whole_questionnaire_ends_in_the_box_as_it_was_answered(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("videre")
    visitor.press("videre", who5_1="hele_tiden", who5_2="det_meste", who5_3="over_halvdelen")
    visitor.press("videre", who5_4="lidt", who5_5="aldrig")
    visitor.press("videre", arbejdsglaede="hoej")
    visitor.press("videre", positive=["personalet", "balance"])
    visitor.press("videre", belastning_01="10", belastning_02="1")
    for _ in range(3):
        visitor.press("videre")
    visitor.press("videre", haandtering=["holder_pauser"])
    review = visitor.press("videre", gode_erfaringer="Vi holder pause.\r\nHver dag.")
    assert review.heading == "Se dine svar igennem"
    assert "Du har svaret på 11 af 22" in review.words
    assert ballots(web) == 0
    assert visitor.press("send").heading == "Tak for dit svar"
    assert box(web, order) == [
        {
            "who5_1": 5, "who5_2": 4, "who5_3": 3, "who5_4": 1, "who5_5": 0, "arbejdsglaede": "hoej",
            "positive": ["personalet", "balance"], "belastning_01": 10, "belastning_02": 1,
            "haandtering": ["holder_pauser"], "gode_erfaringer": "Vi holder pause.\nHver dag.",
        }
    ]  # fmt: skip


def test_every_page_has_at_most_four_questions_each_its_own_fieldset_and_none_chosen(
    web: Web, http: httpx.Client
) -> None:
    _, (link, *_) = invited(web, SAMARBEJDE)
    visitor = Visitor(http, link)
    page, seen = visitor.press("videre"), 0
    while page.heading != "Se dine svar igennem":
        legends = page.legends()
        assert 1 <= len(legends) <= 4
        assert page.chosen() == []
        assert not page.tree.xpath("//table")
        for number, legend in enumerate(legends, seen + 1):
            assert legend.startswith(f"Spørgsmål {number} af 32")
        seen += len(legends)
        page = visitor.press("videre")
    assert seen == 32


def test_a_question_under_a_stem_carries_the_stem_in_its_legend(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    (first, *_) = Visitor(http, link).press("videre").legends()
    assert first == "Spørgsmål 1 af 22 I de sidste 2 uger … har jeg været glad og i godt humør"


def test_going_back_shows_what_was_chosen_and_clearing_forgets_it(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("videre")
    visitor.press("videre", who5_1="lidt")
    assert visitor.press("tilbage").chosen() == ["who5_1-5"]
    assert visitor.press("ryd").chosen() == []
    assert "who5_1" not in visitor.press("videre").fields()


def test_a_fourth_choice_of_three_is_said_in_place_and_kept(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    for _ in range(4):
        visitor.press("videre")
    page = visitor.press("videre", positive=["personalet", "balance", "god_tone", "oekonomi"])
    assert page.status == 422
    assert "Vælg højst 3. Du har valgt 4." in page.described_by("positive")
    assert len(page.chosen()) == 4
    (summary,) = page.tree.xpath("//*[@role='alert']")
    assert summary.get("autofocus") is not None
    assert summary.xpath(".//a/@href") == ["#positive-1"]
    assert page.tree.xpath("//title")[0].text.startswith("Fejl: ")


def test_a_long_text_comes_back_whole_to_be_shortened(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("ret:gode_erfaringer")
    page = visitor.press("videre", gode_erfaringer="å" * 1200)
    assert page.status == 422
    assert "200 tegn for lang" in page.described_by("gode_erfaringer-1")
    assert page.fields()["gode_erfaringer"] == ["å" * 1200]


def test_who_works_alone_is_not_asked_about_partners(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web, SAMARBEJDE)
    visitor = Visitor(http, link)
    visitor.press("videre")
    page = visitor.press("videre", solo="ja")
    assert page.legends()[0].startswith("Spørgsmål 2 af 29")
    visitor.press("videre", q1="hoej")
    page = visitor.press("videre")
    assert page.heading == "Struktur for samarbejdet i klinikken"
    visitor.press("send", q3="hoej")
    assert box(web, order) == [{"solo": "ja", "q1": "hoej"}]


def test_not_relevant_is_an_answer(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web, SAMARBEJDE)
    visitor = Visitor(http, link)
    visitor.press("videre")
    visitor.press("videre", solo="nej")
    visitor.press("videre", q1="ikke_relevant")
    visitor.press("gennemsyn")
    visitor.press("send")
    assert box(web, order) == [{"solo": "nej", "q1": "ikke_relevant"}]


def test_changing_an_answer_from_the_review_leads_back_to_the_review(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("ret:arbejdsglaede")
    assert visitor.press("videre", arbejdsglaede="ringe").heading == "Se dine svar igennem"
    assert visitor.press("ret:arbejdsglaede").chosen() == ["arbejdsglaede-4"]


def test_a_half_answered_who5_is_told_before_sending(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("ret:who5_1")
    assert "Du mangler 3 af de fem" in visitor.press("videre", who5_1="lidt", who5_2="lidt").words


def test_sending_nothing_is_refused_kindly(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Visitor(http, link).press("send")
    assert page.status == 422
    assert "Du har ikke svaret på noget endnu." in page.words
    assert ballots(web) == 0


def test_forged_answers_are_refused_and_shown_where_they_are(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    answer = http.post(link, data={"go": "send", "belastning_01": "11", "who5_1": "99", "andet": "x"})
    page = Shown(answer)
    assert page.status == 422
    assert page.described_by("who5_1")
    assert ballots(web) == 0


def test_opening_the_link_changes_nothing(web: Web, http: httpx.Client) -> None:
    _, links = invited(web)

    def roll() -> list[Any]:
        with web.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(invitation_table))]

    before = roll()
    for link in links:
        assert http.get(link).status_code == 200
        assert http.head(link).status_code == 200
        assert http.get(link + "/tak").status_code == 303
    assert roll() == before


def test_turning_pages_stores_nothing(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    visitor = Visitor(http, link)
    visitor.press("videre")
    visitor.press("videre", who5_1="lidt")
    visitor.press("gennemsyn")
    assert ballots(web) == 0


def test_an_answer_counts_once(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    data = {"go": "send", "arbejdsglaede": "hoej"}
    first, second = http.post(link, data=data), http.post(link, data=data)
    assert (first.status_code, first.headers["location"]) == (303, link + "/tak")
    assert second.status_code == 409
    assert ballots(web) == 1
    page = Shown(http.get(link))
    assert (page.status, page.heading) == (200, "Du har svaret. Tak!")
    assert Shown(http.get(link + "/tak")).heading == "Tak for dit svar"


def test_an_answer_is_taken_on_either_database(web_on_both: Web) -> None:
    web = web_on_both
    order, (link, *_) = invited(web)
    with web.client() as http:
        assert http.post(link, data={"go": "send", "arbejdsglaede": "hoej"}).status_code == 303
    assert box(web, order) == [{"arbejdsglaede": "hoej"}]


def test_thanks_mention_help_without_presuming(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(http.post(link, data={"go": "send", "who5_1": "aldrig"}, follow_redirects=True))
    other = Shown(http.post(invited_again(web), data={"go": "send", "who5_1": "hele_tiden"}, follow_redirects=True))
    assert "krisekorps" in page.words
    assert page.words == other.words


def test_thanks_tell_where_to_look_and_make_up_no_number(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(http.post(link, data={"go": "send", "who5_1": "aldrig"}, follow_redirects=True))
    assert "Søg på »krisekorps« på laeger.dk, eller spørg PLO." in page.words
    assert page.tree.xpath("//main//a") == []
    assert not re.search(r"\d\d", page.words)


async def test_thanks_give_the_number_and_the_page_the_office_has_told(web: Web) -> None:
    told = CrisisCorps(phone="12 34 56 78", page="https://plo.example/krisekorps")
    _, (link, *_) = invited(web)
    app = httpx.ASGITransport(create_app(replace(web.services, crisis_corps=told)))
    async with httpx.AsyncClient(transport=app, base_url=web.address) as http:
        page = Shown(await http.post(link, data={"go": "send", "who5_1": "aldrig"}, follow_redirects=True))
    assert [link.get("href") for link in page.tree.xpath("//main//a")] == ["tel:12345678", told.page]
    assert "Ring til krisekorpset på 12 34 56 78" in page.words
    assert "Søg på" not in page.words


def invited_again(web: Web) -> str:
    """Another member's link of the only order."""
    (order,) = set(web.orders.started)
    with web.database.read() as connection:
        waiting = survey_roll.outstanding(connection, OrderId(order), Round.BASELINE)
    return f"/svar/{waiting[0].token(web.services.keys)}"


def test_a_closed_round_takes_no_answer(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    web.close_survey(order)
    for answer in (http.get(link), http.post(link, data={"go": "send", "arbejdsglaede": "hoej"})):
        assert (answer.status_code, Shown(answer).heading) == (410, "Spørgeskemaet er lukket")


def test_a_round_that_kiap_closed_early_says_so_and_not_that_the_time_was_up(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    web.command(order, type="close_survey", round="baseline")
    with web.database.write() as connection:
        ballot_box.close_round(connection, OrderId(order), Round.BASELINE)
    for answer in (http.get(link), http.post(link, data={"go": "send", "arbejdsglaede": "hoej"})):
        page = Shown(answer)
        assert (page.status, page.heading) == (410, "Spørgeskemaet er lukket før tid")
        assert "KiAP har lukket det før svarfristen" in page.words
        assert "udløbet" not in page.words
    assert "Lukket før tid af KiAP." in Shown(http.get(web.page_of(order))).words


def test_a_round_closed_because_all_had_answered_says_so(web: Web, http: httpx.Client) -> None:
    order, links = invited(web)
    for link in links[1:]:
        http.post(link, data={"go": "send", "arbejdsglaede": "hoej"})
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


def test_the_follow_up_asks_only_what_is_repeated(web: Web, http: httpx.Client) -> None:
    order, _ = invited(web)
    web.hold_meeting(order)
    web.command(order, type="record_meeting", attended=6, absent=2, follow_up="agreed", follow_up_opens="2027-01-18")
    (link, *_) = web.open_survey(order, Round.FOLLOW_UP)
    page = Shown(http.get(link))
    assert "6 spørgsmål" in page.words
    http.post(link, data={"go": "send", "arbejdsglaede": "hoej", "positive": "balance"})
    assert box(web, order, Round.FOLLOW_UP) == [{"arbejdsglaede": "hoej"}]
