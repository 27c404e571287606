"""Items on pages: related ones together, at most four, long ones alone."""

from itertools import chain

import pytest

from domain.model import Round
from domain.package import Package
from tests.the_packages import SAMARBEJDE, TRIVSEL
from web.questionnaire.paging import MOST, pages

BOTH = [TRIVSEL, SAMARBEJDE]


def sizes(package: Package) -> list[int]:
    return [len(page.items) for page in pages(package, Round.BASELINE)]


@pytest.mark.parametrize("package", BOTH)
def test_every_item_stands_on_one_page_in_the_questionnaires_order(package: Package) -> None:
    shown = chain.from_iterable(page.items for page in pages(package, Round.BASELINE))
    assert [item.id for item in shown] == [item.id for item in package.asked_in(Round.BASELINE)]


def test_thirteen_burdens_are_split_evenly_and_lists_stand_alone() -> None:
    assert sizes(TRIVSEL) == [3, 2, 1, 1, 4, 3, 3, 3, 1, 1]


@pytest.mark.parametrize("package", BOTH)
def test_no_page_has_more_than_four(package: Package) -> None:
    assert max(sizes(package)) <= MOST


def test_a_sections_introduction_stands_once() -> None:
    opens = [page.section.id for page in pages(TRIVSEL, Round.BASELINE) if page.opens_section]
    assert opens == [section.id for section in TRIVSEL.sections]
