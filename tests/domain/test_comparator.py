"""What a cluster is compared with of others: from the published counts, labelled, with the uncertainty of both."""

import pytest

from domain.comparator import Comparator, comparators, elsewhere, index_against
from domain.disclosure import disclose
from domain.model import Round
from domain.national import Batch, Told, national
from domain.package import Answers
from domain.results import IndexResult
from domain.statistics import Summary, newcombe_difference, welch_difference
from domain.tabulation import tabulate
from tests.domain.test_first_rounds import a_first_round, batch
from tests.the_packages import TRIVSEL

ROUNDS = [a_first_round(f"c{number}", 20 + number, year=2026 + number % 2) for number in range(14)]
FOUND = comparators([batch(ROUNDS[:7]), batch(ROUNDS[7:])], TRIVSEL)


def test_it_says_whose_it_is_the_years_how_many_clusters_and_how_many_answers() -> None:
    assert FOUND["who5"].label == "KiAP's klynger, 2026–2027, 14 klynger, 371 svar"
    one = batch([a_first_round(f"c{number}", 67) for number in range(6)])
    assert comparators([one], TRIVSEL)["who5"].label == "KiAP's klynger, 2027, 6 klynger, 402 svar"


def test_batches_together_are_as_if_all_had_been_counted_at_once() -> None:
    once = comparators([batch(ROUNDS)], TRIVSEL)
    assert once == FOUND
    assert set(FOUND) >= {"who5", "who5.high", "who5.low", "who5.very_low", "arbejdsglaede.high", "arbejdsglaede.low"}


def test_an_index_and_its_bands_are_reckoned_from_the_scores() -> None:
    points = [60 if each % 2 else 100 for round_ in ROUNDS for each in range(round_.results.n)]
    assert FOUND["who5"].value == pytest.approx(sum(points) / len(points))
    assert (FOUND["who5.high"].count, FOUND["who5.high"].value) == (371, 100)
    assert FOUND["who5.very_low"].value == 0


def test_a_region_has_only_the_parts_of_its_own() -> None:
    rounds = [a_first_round(f"c{number}", 25, "nordjylland" if number < 6 else "syddanmark") for number in range(13)]
    found = [batch(rounds)]
    assert comparators(found, TRIVSEL, "nordjylland")["who5"].clusters == 6
    assert comparators(found, TRIVSEL, "midtjylland") == {}


def test_a_clusters_difference_has_the_uncertainty_of_both() -> None:
    mean = Comparator(value=60, unit="score", n=402, clusters=14, first_year=2027, last_year=2027, sd=18)
    own = Summary(34, 66, 17)
    assert mean.mean_against(own) == welch_difference(Summary(402, 60, 18), own)
    index = IndexResult(n=34, mean=66, low=60, high=72, sd=17, bands={})
    assert index_against(mean, index) == mean.mean_against(own)
    share = Comparator(value=50, unit="%", n=402, clusters=14, first_year=2027, last_year=2027, count=201)
    assert share.share_against(20, 34) == newcombe_difference(201, 402, 20, 34)
    assert mean.share_against(20, 34) is share.mean_against(own) is None


def test_ratings_are_means_and_choices_are_shares() -> None:
    known = {option.id for option in TRIVSEL.options_of(TRIVSEL.item("haandtering"))}
    rows: list[Answers] = [{"belastning_01": 1 + each % 10, "haandtering": (min(known),)} for each in range(30)]
    results = disclose(tabulate(TRIVSEL, Round.BASELINE, 40, rows, list.reverse), TRIVSEL.disclosure)
    rounds = [a_first_round(f"c{number}", 30) for number in range(6)]
    rounds = [type(each)(each.cluster, each.region, each.year, results) for each in rounds]
    found = comparators([batch(rounds)], TRIVSEL)
    assert (found["belastning_01"].value, found["belastning_01"].unit) == (5.5, "score")
    assert found[f"haandtering.{min(known)}"].value == 100
    assert not [key for key in found if key.startswith("gode_erfaringer")]


def test_what_changed_for_others_is_by_the_same_targets() -> None:
    told = Told(orders=12, n_before=240, n_after=228, difference=0.04, low=-0.05, high=0.13)
    found = elsewhere([], national([Batch(orders=12, clusters=12, changes={"arbejdsglaede.high": told})]), TRIVSEL)
    change = found.changes["arbejdsglaede.high"]
    assert change.label == "KiAP's klynger med opfølgning (12 forløb, 240 og 228 svar)"
    assert (found.comparators, change.difference) == ({}, 0.04)
