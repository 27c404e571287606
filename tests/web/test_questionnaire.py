"""A doctor answers: the whole questionnaire is one document, nothing of it is stored on the way, and it counts once."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from domain.model import OrderId, Round
from storage import ballot_box
from storage.ballot_box import ballot_table
from storage.survey_roll import invitation_table
from tests.web.application import SAMARBEJDE, Web, fill_in
from tests.web.reading import Shown, Visitor


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


def sides(page: Shown) -> list[Any]:
    """The sections with questions."""
    return list(page.tree.xpath("//section[contains(@class, 'questions')]"))


def test_the_welcome_says_what_how_long_and_until_when(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(http.get(link))
    assert page.heading == "Trivsel og arbejdsglæde"
    assert "Cirka 5 minutter" in page.words
    assert "22 spørgsmål" in page.words
    assert "fredag den 13. marts 2026" in page.words


def test_a_whole_questionnaire_ends_in_the_box_as_it_was_answered(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    done = fill_in(
        http, link, who5_1="hele_tiden", who5_2="det_meste", who5_3="over_halvdelen", who5_4="lidt", who5_5="aldrig",
        arbejdsglaede="hoej", positive=["personalet", "balance"], belastning_01="10", belastning_02="1",
        haandtering=["holder_pauser"], gode_erfaringer="Vi holder pause.\r\nHver dag.",
    )  # fmt: skip
    assert (done.status_code, done.headers["location"]) == (303, link + "/tak")
    assert Shown(http.get(link + "/tak")).heading == "Tak for dit svar"
    assert box(web, order) == [
        {
            "who5_1": 5, "who5_2": 4, "who5_3": 3, "who5_4": 1, "who5_5": 0, "arbejdsglaede": "hoej",
            "positive": ["personalet", "balance"], "belastning_01": 10, "belastning_02": 1,
            "haandtering": ["holder_pauser"], "gode_erfaringer": "Vi holder pause.\nHver dag.",
        }
    ]  # fmt: skip


def test_every_side_has_at_most_four_questions_each_its_own_fieldset_and_none_chosen(
    web: Web, http: httpx.Client
) -> None:
    _, (link, *_) = invited(web, SAMARBEJDE)
    page = Shown(http.get(link))
    assert page.chosen() == []
    assert not page.tree.xpath("//table")
    assert all(1 <= len(side.xpath(".//fieldset")) <= 4 for side in sides(page))
    legends = page.legends()
    assert len(legends) == 32
    for number, legend in enumerate(legends, 1):
        assert legend.startswith(f"Spørgsmål {number} af 32")


def test_a_question_under_a_stem_carries_the_stem_in_its_legend(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    (first, *_) = Shown(http.get(link)).legends()
    assert first == "Spørgsmål 1 af 22 I de sidste 2 uger … har jeg været glad og i godt humør"


def test_a_fourth_choice_of_three_is_said_in_place_and_kept(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(fill_in(http, link, positive=["personalet", "balance", "god_tone", "oekonomi"]))
    assert page.status == 422
    assert "Vælg højst 3. Du har valgt 4." in page.described_by("positive")
    assert len(page.chosen()) == 4
    (summary, *_) = page.tree.xpath("//*[@role='alert']")
    assert summary.get("autofocus") is not None
    assert summary.xpath(".//a/@href") == ["#positive-1"]
    assert page.tree.xpath("//title")[0].text.startswith("Fejl: ")


def test_a_long_text_comes_back_whole_to_be_shortened(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(fill_in(http, link, gode_erfaringer="å" * 1200))
    assert page.status == 422
    assert "200 tegn for lang" in page.described_by("gode_erfaringer-1")
    assert page.fields()["gode_erfaringer"] == ["å" * 1200]


def test_who_works_alone_is_not_asked_about_partners(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web, SAMARBEJDE)
    assert fill_in(http, link, solo="ja", q1="hoej", q3="hoej").status_code == 303
    assert box(web, order) == [{"solo": "ja", "q1": "hoej"}]


def test_not_relevant_is_an_answer(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web, SAMARBEJDE)
    fill_in(http, link, solo="nej", q1="ikke_relevant")
    assert box(web, order) == [{"solo": "nej", "q1": "ikke_relevant"}]


def test_sending_nothing_is_refused_kindly(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(fill_in(http, link))
    assert page.status == 422
    assert "Du har ikke svaret på noget endnu." in page.words
    assert ballots(web) == 0


def test_forged_answers_are_refused_and_shown_where_they_are(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(fill_in(http, link, belastning_01="11", who5_1="99", andet="x"))
    assert page.status == 422
    assert page.tree.xpath("//*[@role='alert'][@autofocus]//a/@href") == ["#who5_1-1", "#belastning_01-1"]
    assert "Vælg et af svarene." in page.described_by("who5_1")
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


def test_what_is_posted_without_the_last_button_comes_back_filled_in_and_stores_nothing(
    web: Web, http: httpx.Client
) -> None:
    _, (link, *_) = invited(web)
    page = Visitor(http, link).press("videre", who5_1="lidt", gode_erfaringer="Kaffe")
    assert (page.status, page.chosen(), page.fields()["gode_erfaringer"]) == (200, ["who5_1-5"], ["Kaffe"])
    assert ballots(web) == 0


def test_the_last_button_needs_what_only_the_page_gives_and_loses_nothing_without_it(
    web: Web, http: httpx.Client
) -> None:
    _, (link, other, *_) = invited(web)
    seal = Shown(http.get(other)).fields()["skema"]
    for given in ({}, {"skema": "gættet"}, {"skema": seal}):
        page = Shown(http.post(link, data={"go": "send", "arbejdsglaede": "hoej", **given}))
        assert (page.status, page.chosen()) == (422, ["arbejdsglaede-2"])
        assert "Siden var for gammel til at blive sendt" in page.words
    assert ballots(web) == 0
    assert http.post(link, data={**page.fields(), "go": "send"}).status_code == 303
    assert ballots(web) == 1


def test_an_answer_counts_once(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    data = {**Shown(http.get(link)).fields(), "go": "send", "arbejdsglaede": "hoej"}
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
        assert fill_in(http, link, arbejdsglaede="hoej").status_code == 303
    assert box(web, order) == [{"arbejdsglaede": "hoej"}]


def test_the_follow_up_asks_only_what_is_repeated_and_promises_its_own_length(web: Web, http: httpx.Client) -> None:
    order, _ = invited(web)
    web.hold_meeting(order)
    web.command(order, type="record_meeting", attended=6, absent=2, follow_up="agreed", follow_up_opens="2027-01-18")
    (link, *_) = web.open_survey(order, Round.FOLLOW_UP)
    page = Shown(http.get(link))
    assert "Cirka et minut" in page.words
    assert "6 spørgsmål" in page.words
    fill_in(http, link, arbejdsglaede="hoej", positive="balance")
    assert box(web, order, Round.FOLLOW_UP) == [{"arbejdsglaede": "hoej"}]


@pytest.mark.parametrize("package", ["trivsel-og-arbejdsglaede", SAMARBEJDE])
def test_the_page_asks_nothing_of_the_server_but_its_style_and_its_own_script(
    web: Web, http: httpx.Client, package: str
) -> None:
    _, (link, *_) = invited(web, package)
    page = Shown(http.get(link))
    assert [src.partition("?")[0] for src in page.tree.xpath("//script/@src")] == [
        "/static/draft.js",
        "/static/questionnaire.js",
    ]
    assert page.tree.xpath("//script[not(@src)] | //*[@style] | //style") == []
