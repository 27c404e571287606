"""A cluster's own questions in deck and document: whatever they are and however few answered, all has its room."""

import random
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model import Round
from domain.own_package import AskedQuestion, with_own_questions
from domain.own_questions import LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, is_own
from domain.package import Answers, Package
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.papers.facilitators_guide import make_guide
from reporting.report_context import ReportContext
from tests.reporting.clusters import MADE_ON, a_follow_up, a_round, an_answer
from tests.reporting.papers.meetings import a_paper
from tests.reporting.reading import document_text
from tests.reporting.slides import notes_of, overflows, slides_of, the_chart, the_slide, titles_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

WORD = "arbejdstilrettelæggelse "
LONG = (WORD * 9)[: LONGEST_QUESTION - 1].strip() + "?"
ANSWERS = tuple(f"{number} {WORD * 3}"[:LONGEST_OPTION].strip() for number in range(1, MOST_OPTIONS + 1))
SHORT = (
    AskedQuestion("agreement", "Klyngen giver mig noget", repeated=True),
    AskedQuestion("agreement", "Jeg kommer gerne igen", repeated=True),
    AskedQuestion("yes_no", "Holder I pause sammen?", repeated=True),
    AskedQuestion("choice", "Hvad vil du helst tale om?", options=("Telefonen", "Vagterne")),
    AskedQuestion("text", "Hvad skal klyngen tage op?"),
)
LONGEST = (
    AskedQuestion("agreement", LONG, repeated=True),
    AskedQuestion("agreement", LONG[::-1].strip(), repeated=True),
    AskedQuestion("degree", LONG, scale="egen_hyppighed", repeated=True),
    AskedQuestion("choice", LONG, options=ANSWERS, repeated=True),
    AskedQuestion("text", LONG, repeated=True),
)


def some(package: Package, n: int, round_: Round) -> list[Answers]:
    chance = random.Random(n)  # noqa: S311
    return [{item.id: an_answer(package, item, chance) for item in package.asked_in(round_)} for _ in range(n)]


def a_report(questions: tuple[AskedQuestion, ...], n: int, package: Package = TRIVSEL) -> ReportContext:
    extended = with_own_questions(package, questions)
    results = a_round(extended, some(extended, n, Round.BASELINE), 40)
    own_texts = {item.id: ("Vagterne.", "Telefonen.") for item in extended.items if is_own(item.id)} if n >= 10 else {}
    return ReportContext(package=extended, results=results, cluster="Odense", made_on=MADE_ON, own_texts=own_texts)


def the_follow_up(questions: tuple[AskedQuestion, ...], n: int) -> ReportContext:
    package = with_own_questions(TRIVSEL, questions)
    before, after = (a_round(package, some(package, n, round_), 40, round_) for round_ in Round)
    return a_follow_up(package, before, after)


@pytest.mark.parametrize("questions", [SHORT, LONGEST], ids=["short", "longest"])
@pytest.mark.parametrize("n", [4, 5, 9, 12, 34])
def test_nothing_runs_out_of_its_place(questions: tuple[AskedQuestion, ...], n: int) -> None:
    for deck in (make_deck(a_report(questions, n)), make_deck(the_follow_up(questions, n))):
        assert not list(overflows(deck)), list(overflows(deck))


def test_those_on_one_scale_stand_together_and_the_notes_have_each_in_full() -> None:
    deck = make_deck(a_report(LONGEST, 12))
    slide = the_slide(deck, "Helt enig / enig")
    assert titles_of(deck).count("Det har I selv spurgt om") == 1
    assert f"»{LONG}«" in notes_of(slide)
    assert "ingen andre har svaret på dem" in notes_of(slide)


def test_each_of_the_others_has_its_question_as_title_and_the_chapter_above_it() -> None:
    deck = make_deck(a_report(SHORT, 12, SAMARBEJDE))
    for title in ("Holder I pause sammen?", "Hvad vil du helst tale om?", "Hvad skal klyngen tage op?"):
        assert title in titles_of(deck)
        assert "Klyngens egne spørgsmål" in words_of(the_slide(deck, title))
    chart = the_chart(deck, "Hvad vil du helst tale om?")
    assert set(chart.categories) == {"Telefonen", "Vagterne"}
    assert "»Vagterne.«" in words_of(the_slide(deck, "Hvad skal klyngen tage op?"))


def test_the_package_s_own_texts_and_the_cluster_s_are_kept_apart() -> None:
    report = a_report(SHORT, 12)
    deck = make_deck(report)
    assert "Gode erfaringer fra klyngen" not in titles_of(deck)
    paper = document_text(make_document(report))
    assert "»Telefonen.«" in paper
    assert "Der er ingen svar at vise denne gang." in paper


@pytest.mark.parametrize("n", [9, 12])
def test_the_document_has_a_table_of_each(n: int) -> None:
    paper = make_document(a_report(SHORT, n))
    for question in SHORT:
        assert question.text in document_text(paper)
    found = {row[0]: row[1] for table in Document(BytesIO(paper)).tables for row in _cells(table)}
    for answer in ("Ja", "Nej", "Telefonen", "Vagterne"):
        assert ("%" in found[answer]) == (n >= 10)
        assert ("af" in found[answer]) == (n < 10)


def _cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows if len(row.cells) > 1]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30))
@settings(deadline=None, max_examples=15)
def test_however_many_wrote_and_however_much_every_word_of_it_is_in_the_deck(lengths: list[int]) -> None:
    written = tuple(
        f"Svar {number} {'er at gå en tur ' * length}slut {number}" for number, length in enumerate(lengths)
    )
    report = replace(a_report(SHORT, 12), free_texts=written, own_texts={"egen_5": written})
    said = " ".join(words_of(slide) for slide in slides_of(make_deck(report)))
    assert [said.count(f"»{' '.join(text.split())}«") for text in written] == [2] * len(written)


def test_under_five_answers_nothing_of_them_is_told() -> None:
    paper = document_text(make_document(a_report(SHORT, 4)))
    assert "Holder I pause sammen?" not in paper
    assert "Holder I pause sammen?" not in titles_of(make_deck(a_report(SHORT, 4)))


def test_the_follow_up_compares_those_that_are_asked_again_before_the_homework() -> None:
    deck = make_deck(the_follow_up(SHORT, 20))
    titles = titles_of(deck)
    place = titles.index("Det har I selv spurgt om")
    assert titles[place : place + 2] == ["Det har I selv spurgt om", "Holder I pause sammen?"]
    assert "Hvad vil du helst tale om?" not in titles
    assert the_chart(deck, "Holder I pause sammen? før og nu").categories
    assert "Holder I pause sammen?" in document_text(make_document(the_follow_up(SHORT, 20)))


def test_the_facilitators_guide_has_them_between_the_slides_they_stand_between() -> None:
    report = a_report(SHORT, 12)
    paper = a_paper(TRIVSEL)
    guide = document_text(make_guide(replace(paper, package=report.package, deck=make_deck(report))))
    places = [
        guide.index(title) for title in ("Det har I selv spurgt om", "Holder I pause sammen?", "Hjemmeopgave og tak")
    ]
    assert places == sorted(places)
