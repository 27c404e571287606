"""Decks are made once for the tests that only read them."""

from collections.abc import Callable
from functools import lru_cache

import pytest

from domain.model import Round
from reporting.deck import make_deck
from tests.reporting.clusters import a_baseline, a_follow_up, some_results, the_retreat
from tests.the_packages import SAMARBEJDE, TRIVSEL

DeckOf = Callable[[str, int], bytes]


@lru_cache
def _deck(slug: str, n: int) -> bytes:
    return make_deck(a_baseline({"trivsel": TRIVSEL, "samarbejde": SAMARBEJDE}[slug], n))


@pytest.fixture(scope="session")
def deck_of() -> DeckOf:
    """The baseline deck of "trivsel" or "samarbejde" with so many answers."""
    return _deck


@pytest.fixture(scope="session")
def retreat_deck() -> bytes:
    """The follow-up of the source documents."""
    return make_deck(the_retreat())


@pytest.fixture(scope="session")
def samarbejde_follow_up_deck() -> bytes:
    before, after = some_results(SAMARBEJDE, 34), some_results(SAMARBEJDE, 31, Round.FOLLOW_UP, seed=2)
    return make_deck(a_follow_up(SAMARBEJDE, before, after))
