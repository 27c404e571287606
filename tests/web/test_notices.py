"""The privacy notice and the accessibility statement: linked from everywhere, and made of the rules' own figures."""

import re
from dataclasses import replace

import httpx
import pytest

from domain.national_gate import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST
from domain.policies import FLOORS, Policies
from tests.web.application import Web, fill_in
from tests.web.reading import Shown
from web.app import create_app
from web.questionnaire.visit import DRAFT_DAYS
from web.services import Controller

BOTH = ("/privatliv", "/tilgaengelighed")
WHOLE = Controller(
    "Foreningen Klynger", "Torvet 1, 5000 Odense C", "data@klynger.example", "dpo@klynger.example", "Vores grundlag"
)


def test_every_page_for_people_links_to_both_in_its_foot(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.plan(order)
    link, other, *_ = web.open_survey(order)
    fill_in(http, other, arbejdsglaede="hoej")
    order_page = web.page_of(order)
    paths = [
        "/",
        link,
        other,
        other + "/tak",
        "/svar/x",
        order_page,
        order_page + "/flyt",
        "/moede/x.y",
        "/d/x",
        "/nej",
    ]
    for path in [*paths, *BOTH]:
        page = Shown(http.get(path))
        links = [str(each).partition("?")[0] for each in page.tree.xpath("//footer//a/@href")]
        assert set(BOTH) <= set(links), path


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize(("language", "lang"), [("", "da"), ("?lang=en", "en"), ("?lang=xx", "da")])
def test_each_is_there_in_both_languages_and_says_which(
    http: httpx.Client, path: str, language: str, lang: str
) -> None:
    page = Shown(http.get(path + language))
    assert (page.status, page.tree.get("lang")) == (200, lang)
    others = page.tree.xpath("//main//a[@hreflang]/@href")
    assert Shown(http.get(path if lang == "en" else path + "?lang=en")).status == 200
    assert others == [path if lang == "en" else path + "?lang=en"]


async def test_the_data_controller_is_named_as_the_settings_have_it(web: Web) -> None:
    app = httpx.ASGITransport(create_app(replace(web.services, controller=WHOLE)))
    async with httpx.AsyncClient(transport=app, base_url=web.address) as http:
        for language in ("", "?lang=en"):
            page = Shown(await http.get("/privatliv" + language))
            for said in (WHOLE.name, WHOLE.address, WHOLE.contact, WHOLE.dpo, WHOLE.legal_basis):
                assert said in page.words
            assert "ikke oplyst" not in page.words
            assert "Not stated" not in page.words
            assert "Mangler der noget" not in page.words
            assert "If something is missing" not in page.words


def test_what_the_controller_has_not_said_is_not_made_up(http: httpx.Client) -> None:
    danish, english = (Shown(http.get("/privatliv" + language)).words for language in ("", "?lang=en"))
    assert danish.count("Er ikke oplyst her endnu.") == english.count("Not stated here yet.") == 5
    assert "Mangler der noget her, så spørg KiAP på 7196 8844 eller support@kiap.dk." in danish
    assert "If something is missing here, ask KiAP on 7196 8844 or support@kiap.dk." in english


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_every_figure_of_the_privacy_notice_is_a_rules_own(http: httpx.Client, language: str) -> None:
    words = re.sub(r"WHO-5|7196 8844|support@kiap\.dk", "", Shown(http.get("/privatliv" + language)).words)
    allowed = {FLOORS.at_least, FLOORS.percentages_from, FLOORS.free_text_from, DRAFT_DAYS, Policies().erase_after_days}
    allowed |= {CLUSTERS_AT_LEAST, ANSWERS_AT_LEAST}
    assert {int(each) for each in re.findall(r"\d+", words)} == allowed


def test_both_languages_say_the_same_things_in_the_same_order(http: httpx.Client) -> None:
    for path in BOTH:
        danish, english = (Shown(http.get(path + language)).tree for language in ("", "?lang=en"))
        for shape in ("//main//h2", "//main//dt", "//main//li", "//main//p"):
            assert len(danish.xpath(shape)) == len(english.xpath(shape)), (path, shape)


def test_health_information_rights_and_who_could_break_the_seal_are_told(http: httpx.Client) -> None:
    words = Shown(http.get("/privatliv")).words
    for said in (
        "Svarene på WHO-5 er helbredsoplysninger",
        "frivilligt at svare",
        "Datatilsynet",
        "har både databasen og hovednøglen, kan teknisk låse svarene op",
        "får din adresse og mailens tekst, aldrig dine svar",
    ):
        assert said in words
