"""The help slide and the paragraph in the results: there with many answers and with few, in both rounds."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from pptx import Presentation

from domain.help import CrisisCorps, help_for
from domain.model import Round
from domain.package import Package
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.reporting.clusters import MADE_ON, PACKAGES, a_baseline, a_follow_up, some_results
from tests.reporting.test_document import words_of

SAID = ("PLO’s krisekorps", "Din egen læge", "Den regionale kvalitetsenhed")


def follow_up_of(package: Package, n: int) -> ReportContext:
    return a_follow_up(package, some_results(package, 34), some_results(package, n, Round.FOLLOW_UP, seed=2))


def help_slides(deck: bytes) -> list[str]:
    slides = Presentation(BytesIO(deck)).slides
    texts = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in slides]
    return [text for text in texts if all(said in text for said in SAID)]


@pytest.mark.parametrize("n", [4, 34])
@pytest.mark.parametrize("report_of", [a_baseline, follow_up_of])
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_deck_and_document_say_where_to_turn_however_few_have_answered(
    package: Package, report_of: Callable[[Package, int], ReportContext], n: int
) -> None:
    report = report_of(package, n)
    assert len(help_slides(make_deck(report))) == 1
    assert all(said in words_of(make_document(report)) for said in SAID)


def test_both_print_the_regions_own_unit_and_the_number_the_office_has_told() -> None:
    package = PACKAGES[0]
    told = help_for(package.help, "midtjylland", MADE_ON, CrisisCorps("12 34 56 78"))
    report = replace(a_baseline(package, 12), help=told)
    (slide,) = help_slides(make_deck(report))
    for words in (slide, words_of(make_document(report))):
        assert "MidtKraft" in words
        assert "Ring på 12 34 56 78." in words


def test_a_kept_version_without_help_makes_its_papers_as_before() -> None:
    package = PACKAGES[0].model_copy(update={"help": None})
    report = a_baseline(package, 12)
    assert help_slides(make_deck(report)) == []
    assert "Hvis du vil tale med nogen" not in words_of(make_document(report))
