"""The questionnaire in English, where the package has it: the same ids, the same promises, carried in the address."""

import re

import httpx
import pytest

from tests.web.application import SAMARBEJDE, Web
from tests.web.reading import Shown, Visitor
from tests.web.test_questionnaire import box, invited
from web.questionnaire.words import words_in
from web.templating import TEMPLATES

MACRO = re.compile(r"{% macro (\w+\([^)]*\)) %}")
DANISH = re.compile(r"[æøåÆØÅ]|\b(og|ikke|svar|spørgsmål|du|til)\b")


def test_the_link_leads_to_the_same_questionnaire_in_english_and_back(web: Web, http: httpx.Client) -> None:
    order, (link, *_) = invited(web)
    danish = Shown(http.get(link))
    (there,) = danish.tree.xpath("//main//a[@hreflang='en']/@href")
    english = Shown(http.get(there))
    assert english.tree.get("lang") == "en"
    assert english.heading == "Well-being and job satisfaction"
    assert english.tree.xpath("//main//a[@hreflang='da']/@href") == [link]
    assert "About 5 minutes" in english.words
    assert "Friday 13 March 2026" in english.words
    ids = "//main//input/@id"
    assert danish.tree.xpath(ids) == english.tree.xpath(ids)
    sent = http.post(there, data={**english.fields(), "go": "send", "who5_1": "hele_tiden", "arbejdsglaede": "hoej"})
    assert (sent.status_code, sent.headers["location"]) == (303, link + "/tak?lang=en")
    thanks = Shown(http.get(link + "/tak?lang=en"))
    assert thanks.heading == "Thank you for answering"
    assert "Your own doctor. Doctors need a doctor too." in thanks.words
    assert "The region’s quality unit (Nord-KAP)" in thanks.words
    assert Shown(http.get(there)).heading == "You have answered. Thank you!"
    assert box(web, order) == [{"who5_1": 5, "arbejdsglaede": "hoej"}]


def test_nothing_danish_is_left_on_the_english_pages(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web)
    page = Shown(http.get(link + "?lang=en"))
    for other in page.tree.xpath("//*[@lang='da']"):
        other.drop_tree()
    words = " ".join(page.tree.xpath("//body")[0].text_content().split()).replace("Aalborg Øst", "")
    assert DANISH.findall(words) == []
    attributes = page.tree.xpath("//@aria-label | //@data-message | //@data-some | //@data-all | //@data-nothing")
    assert not any(DANISH.search(each) for each in attributes)
    too_many = {**page.fields(), "go": "send", "positive": ["personalet", "balance", "god_tone", "oekonomi"]}
    refused = Shown(http.post(link + "?lang=en", data={**too_many, "gode_erfaringer": "a\u200bb"}))
    assert "You have chosen 4, and that is too many." in refused.described_by("positive")
    assert "The text has an invisible sign" in refused.described_by("gode_erfaringer-1")
    assert refused.tree.xpath("//title")[0].text.startswith("Error: ")


def test_a_package_without_english_has_no_link_and_stays_danish(web: Web, http: httpx.Client) -> None:
    _, (link, *_) = invited(web, SAMARBEJDE)
    for path in (link, link + "?lang=en"):
        page = Shown(http.get(path))
        assert page.tree.get("lang") == "da"
        assert page.tree.xpath("//main//a[@hreflang]") == []
        assert page.tree.xpath("//form/@action") == [link]


@pytest.mark.parametrize("asked", ["", "?lang=da", "?lang=xx", "?lang=EN", "?lang="])
def test_danish_is_what_one_gets_without_asking_for_english(web: Web, http: httpx.Client, asked: str) -> None:
    _, (link, *_) = invited(web)
    assert Visitor(http, link + asked).page.heading == "Trivsel og arbejdsglæde"


def test_every_saying_is_there_in_both_languages_with_the_same_arguments() -> None:
    folder = TEMPLATES / "questionnaire"
    danish, english = (
        set(MACRO.findall((folder / f"words.{language}.html").read_text(encoding="utf-8"))) for language in ("da", "en")
    )
    assert danish == english


@pytest.mark.parametrize(
    "door", ["unknown", "revoked", "closed", "closed_early", "all_answered", "answered", "cancelled"]
)
def test_every_closed_door_speaks_english(door: str) -> None:
    say = words_in("en")
    for said in (say.door_title(door), say.door(door)):
        assert said.strip()
        assert not DANISH.search(said)
    assert say.door(door) != words_in("da").door(door)
