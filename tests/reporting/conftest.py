"""Decks and documents are made once in a test run for the tests that only read them."""

from collections.abc import Callable

import pytest

from domain.model import Round
from domain.package import Package
from reporting.deck import make_deck
from reporting.document import make_document
from tests.made_once import Shelf
from tests.reporting.clusters import a_baseline, a_follow_up, some_results, the_retreat
from tests.the_packages import SAMARBEJDE, TRIVSEL

DeckOf = Callable[[str, int], bytes]
DocumentOf = Callable[[Package, int], bytes]


@pytest.fixture(scope="session")
def deck_of(shelf: Shelf) -> DeckOf:
    """The baseline deck of "trivsel" or "samarbejde" with so many answers."""
    packages = {"trivsel": TRIVSEL, "samarbejde": SAMARBEJDE}
    return lambda name, n: shelf.bytes_of(f"{name}-{n}.pptx", lambda: make_deck(a_baseline(packages[name], n)))


@pytest.fixture(scope="session")
def retreat_deck(shelf: Shelf) -> bytes:
    """The follow-up of the source documents."""
    return shelf.bytes_of("retreat.pptx", lambda: make_deck(the_retreat()))


@pytest.fixture(scope="session")
def samarbejde_follow_up_deck(shelf: Shelf) -> bytes:
    before, after = some_results(SAMARBEJDE, 34), some_results(SAMARBEJDE, 31, Round.FOLLOW_UP, seed=2)
    report = a_follow_up(SAMARBEJDE, before, after)
    return shelf.bytes_of("samarbejde-follow-up.pptx", lambda: make_deck(report))


@pytest.fixture(scope="session")
def document_of(shelf: Shelf) -> DocumentOf:
    """The baseline document of a package with so many answers."""
    return lambda package, n: shelf.bytes_of(f"{package.slug}-{n}.docx", lambda: make_document(a_baseline(package, n)))


@pytest.fixture(scope="session")
def retreat_document(shelf: Shelf) -> bytes:
    """The follow-up of the source documents."""
    return shelf.bytes_of("retreat.docx", lambda: make_document(the_retreat()))
