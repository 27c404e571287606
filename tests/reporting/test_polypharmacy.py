"""The package of polypharmacy: a register's numbers without names, no questionnaire, no figure without a source."""

import pytest

from domain.deck_plan import SlideEntry
from domain.meeting import Format
from domain.model import Round
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.papers.catalogue import PAPERS, PaperId, paper_called
from reporting.papers.making import make_paper
from tests.reporting.clusters import a_baseline, a_follow_up, some_results
from tests.reporting.papers.meetings import a_paper
from tests.reporting.reading import deck_text, document_text
from tests.reporting.slides import titles_of
from tests.the_packages import POLYFARMACI


@pytest.mark.parametrize("round_", list(Round))
def test_each_rounds_deck_begins_with_its_front_and_ends_with_what_to_take_home(round_: Round) -> None:
    slides = POLYFARMACI.deck.of(Format.VIDEO, round_)
    assert (slides[0].kind, slides[-1].kind) == ("title", "homework")


@pytest.mark.parametrize("round_", list(Round))
def test_every_measure_of_a_round_has_a_slide(round_: Round) -> None:
    shown = {slide.measure for slide in POLYFARMACI.deck.of(Format.IN_PERSON, round_) if slide.measure}
    assert shown == {measure.id for measure in POLYFARMACI.measured_in(round_)}


def test_the_national_figure_has_its_source_and_the_one_that_lacks_is_a_task() -> None:
    by_value = {reference.value: reference for reference in POLYFARMACI.references}
    assert set(by_value) == {21, None}
    assert by_value[21].year == 2021
    assert "sundhedsdatastyrelsen.dk" in by_value[21].source
    told = deck_text(make_deck(a_baseline(POLYFARMACI, 14)))
    assert "Alle over 75 år i Danmark 2021: 21 %" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "reference mangler" not in told


def test_nobody_is_told_of_a_questionnaire_or_of_answers_that_were_given() -> None:
    first = a_baseline(POLYFARMACI, 14)
    second = a_follow_up(POLYFARMACI, first.results, some_results(POLYFARMACI, 14, Round.FOLLOW_UP))
    said = [deck_text(make_deck(report)) + document_text(make_document(report)) for report in (first, second)]
    said += [
        document_text(make_paper(paper, a_paper(POLYFARMACI)))
        for paper in PAPERS
        if paper.id in (PaperId.GUIDE, PaperId.PROGRAMME, PaperId.REFLECTION, PaperId.NOTES)
    ]
    for text in said:
        assert not [word for word in ("spørgeskema", "har svaret", "svarede", "anonyme svar") if word in text.lower()]


def test_the_guide_says_what_each_measure_counts() -> None:
    guide = paper_called(PaperId.GUIDE)
    assert guide is not None
    text = document_text(make_paper(guide, a_paper(POLYFARMACI)))
    for measure in POLYFARMACI.measures:
        assert f"{measure.chart_label}: " in text
        assert measure.denominator in text


def test_no_title_promises_that_a_number_is_good_or_bad() -> None:
    slides: tuple[SlideEntry, ...] = POLYFARMACI.deck.slides
    said = " ".join([slide.title + " ".join(rule.say for rule in slide.titles) for slide in slides]).lower()
    assert not [word for word in ("for høj", "for lav", "bedre", "dårlig", "desværre") if word in said]


@pytest.mark.parametrize("practices", [14, 7])
def test_the_titles_of_the_numbers_are_true_of_few_and_many(practices: int) -> None:
    titles = " | ".join(titles_of(make_deck(a_baseline(POLYFARMACI, practices))))
    assert ("Fra " in titles) is (practices >= 10)
    assert "Klyngens median er " in titles
