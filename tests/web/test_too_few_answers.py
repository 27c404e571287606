"""Too few answers on the coordinator's page: more time while there is some, or on without results."""

import httpx
import pytest

from domain.stages import Stage
from tests.web.application import Web, fill_in
from tests.web.order_page import offered, order_page, visit, waiting


@pytest.fixture
def unanswered(web: Web, planned: str) -> str:
    """A round that is closed and that nobody answered."""
    web.open_survey(planned)
    web.close_survey(planned)
    return planned


def test_too_few_answers_wait_for_a_decision_and_can_be_given_more_time(
    web: Web, http: httpx.Client, unanswered: str
) -> None:
    page = order_page(web, http, unanswered)
    assert "Det venter på dig" in page.words
    assert {"Giv mere tid til at svare", "Gå videre uden resultater"} <= set(offered(page))
    visit(web, http, unanswered, "forlaeng").send(closes="2026-03-18")
    assert web.order(unanswered).stage is Stage.SURVEY_OPEN


def test_the_form_for_more_time_says_which_days_are_possible_and_takes_the_first_and_the_last(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.open_survey(planned)
    form = visit(web, http, planned, "forlaeng")
    assert "Den nye frist kan ligge fra den 16. marts 2026 til den 23. marts 2026." in form.page.words
    assert [form.send(closes=day).status for day in ("2026-03-24", "2026-03-15")] == [409, 409]
    assert form.send(closes="2026-03-23").status == 200
    assert http.get(f"{web.page_of(planned)}/forlaeng").status_code == 303, "there is no later day"


def test_too_few_answers_are_told_with_what_can_be_done_and_what_comes_by_itself(
    web: Web, http: httpx.Client, planned: str
) -> None:
    links = web.open_survey(planned)
    fill_in(http, links[0], arbejdsglaede="hoej")
    web.close_survey(planned)
    page = order_page(web, http, planned)
    assert "1 af 8 har svaret, og der skal være mindst 5 svar til en opgørelse." in page.words
    assert "Klyngen kan få mere tid eller gå videre uden egne tal." in page.words
    assert "Gerne senest onsdag den 18. marts 2026. Sker der ikke noget inden da" in page.words
    assert waiting(page) == [f"{web.page_of(planned)}/forlaeng", f"{web.page_of(planned)}/uden-resultater"]


def test_where_there_is_no_time_left_to_give_the_page_leads_on_without_results(
    web: Web, http: httpx.Client, unanswered: str
) -> None:
    web.clock.set("2026-03-24")
    page = order_page(web, http, unanswered)
    assert "Giv mere tid til at svare" not in offered(page)
    assert "Mødet er for tæt på til, at fristen kan rykkes." in page.words
    assert waiting(page) == [f"{web.page_of(unanswered)}/uden-resultater"]


def test_the_coordinator_goes_on_without_results(web: Web, http: httpx.Client, unanswered: str) -> None:
    visit(web, http, unanswered, "uden-resultater").send(sikker="ja")
    survey = web.order(unanswered).baseline
    assert survey is not None
    assert survey.without_results
