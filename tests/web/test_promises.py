"""What doctors are told stands in `docs/promises.md`, each sentence with the test that holds it."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.letters import Occasion
from domain.model import Round
from mail.catalogue import render
from mail.letter_data import LetterData, MeetingFacts, Person, SurveyFacts
from tests.project.reference import defined_in
from tests.web.application import Web, fill_in
from tests.web.reading import Shown

PAPER = Path(__file__).resolve().parents[2] / "docs" / "promises.md"


class Promise(NamedTuple):
    said: str
    where: tuple[str, ...]
    held_by: str


PROMISES = [
    Promise(said, tuple(where.split(", ")), held_by.strip("`"))
    for said, where, held_by in (
        (cell.strip() for cell in line.strip("|\n ").split(" | "))
        for line in PAPER.read_text(encoding="utf-8").splitlines()[8:]
    )
]


@pytest.fixture(scope="module")
def read(shared_web: Web) -> dict[str, Shown | str]:
    """Every page and mail that promises something, as a doctor has it."""
    web = shared_web
    order = web.place()
    web.plan(order)
    cancelled = web.place("bestilling-0002", cluster={"name": "Vejle", "region": "syddanmark"})
    web.plan(cancelled)
    link, other, *_ = web.open_survey(order)
    called_off = web.open_survey(cancelled)[0]
    web.command(cancelled, type="cancel_order")
    with web.client() as http:
        fill_in(http, other, arbejdsglaede="hoej")
        pages = {"welcome": link, "thanks": other + "/tak", "answered": other, "cancelled": called_off,
                 "privacy": "/privatliv"}  # fmt: skip
        shown: dict[str, Shown | str] = {name: Shown(http.get(path)) for name, path in pages.items()}
    starts = dt.datetime(2026, 3, 25, 17)  # noqa: DTZ001 - Danish wall clock
    opens, today, closes = dt.date(2026, 2, 27), dt.date(2026, 3, 2), dt.date(2026, 3, 13)
    letter = LetterData(
        today=today,
        cluster="Aalborg Øst",
        package="Trivsel",
        order_number="o-1",
        coordinator=Person(name="Mette Holm"),
        link="https://klynge.example/svar/x",
        meeting=MeetingFacts(starts=starts),
        survey=SurveyFacts(round=Round.BASELINE, opens=opens, closes=closes, scores_from=10, scores_of="WHO-5"),
    )
    for occasion in (Occasion.INVITATION, Occasion.REMINDER):
        shown[occasion.value] = " ".join(render(occasion, letter).text.split())
    by_register = letter.model_copy(update={"by_register": True})
    for occasion in (Occasion.PROGRAMME, Occasion.RESULTS):
        shown[f"register_{occasion.value}"] = " ".join(render(occasion, by_register).text.split())
    return shown


def words(page: Shown | str) -> str:
    return page if isinstance(page, str) else page.words


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.said[:40])
def test_each_sentence_is_said_where_the_paper_has_it_and_held_by_a_test(
    promise: Promise, read: dict[str, Shown | str]
) -> None:
    for where in promise.where:
        assert promise.said in words(read[where]), where
    file, _, test = promise.held_by.partition(": ")
    assert test in defined_in(file)


def test_the_welcome_and_the_privacy_notice_promise_nothing_more(read: dict[str, Shown | str]) -> None:
    for name, path in (("welcome", "//div[@class='promise']//li"), ("privacy", "//main//li | //dl[@class='terms']/dd")):
        page = read[name]
        assert isinstance(page, Shown)
        told = {" ".join(each.text_content().split()) for each in page.tree.xpath(path)}
        assert told
        assert told <= {promise.said for promise in PROMISES if name in promise.where}
