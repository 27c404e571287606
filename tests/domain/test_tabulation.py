"""From answers to `results.json`, with the figures of the source documents."""

import json
import secrets
from collections.abc import Sequence

import pytest

from demo.answers import Raw, baseline_answers, follow_up_answers, plausible_answers
from domain.answers import read_answers
from domain.comparison import compare
from domain.disclosure import disclose, disclose_texts
from domain.model import Round
from domain.package import Answers, Package
from domain.results import Results
from domain.tabulation import Tabulation, tabulate
from tests.the_packages import SAMARBEJDE, TRIVSEL


def read(package: Package, round_: Round, people: Sequence[Raw]) -> list[Answers]:
    return [read_answers(package, round_, person) for person in people]


def counted(package: Package, rows: Sequence[Answers], round_: Round = Round.BASELINE, members: int = 42) -> Tabulation:
    return tabulate(package, round_, members, rows, secrets.SystemRandom().shuffle)


def results_of(package: Package, people: Sequence[Raw], round_: Round = Round.BASELINE, members: int = 42) -> Results:
    return disclose(counted(package, read(package, round_, people), round_, members), package.disclosure)


@pytest.fixture(scope="module")
def baseline() -> Results:
    return results_of(TRIVSEL, baseline_answers(TRIVSEL))


@pytest.fixture(scope="module")
def follow_up() -> Results:
    return results_of(TRIVSEL, follow_up_answers(TRIVSEL), Round.FOLLOW_UP)


def test_the_documents_first_round_comes_out(baseline: Results) -> None:
    assert (baseline.n, baseline.members) == (38, 42)
    assert baseline.indices["who5"].mean == 58


def test_the_documents_follow_up_comes_out(follow_up: Results) -> None:
    assert (follow_up.n, follow_up.members) == (34, 42)
    assert round(follow_up.indices["who5"].mean) == 63
    assert follow_up.indices["who5"].bands == {"high": 26, "low": 5, "very_low": 3}
    assert follow_up.indices["who5"].max == 100
    joy = follow_up.items["arbejdsglaede"]
    assert list(joy.counts.values()) == [5, 13, 12, 4, 0]
    assert [round(100 * count / joy.n) for count in joy.counts.values()] == [15, 38, 35, 12, 0]
    assert set(follow_up.items) == {"who5_1", "who5_2", "who5_3", "who5_4", "who5_5", "arbejdsglaede"}


def test_high_and_low_leave_the_middle_out_of_the_bars_and_in_the_base(follow_up: Results) -> None:
    share = follow_up.items["arbejdsglaede"].share
    assert share is not None
    assert share["high"].value == pytest.approx(18 / 34)
    assert share["low"].value == pytest.approx(4 / 34)


def test_the_rise_from_58_to_63_is_told_honestly(baseline: Results, follow_up: Results) -> None:
    changes = compare(baseline, follow_up, TRIVSEL)
    assert set(changes) == {"who5", "who5.heeded", "arbejdsglaede.high", "arbejdsglaede.low"}
    who5 = changes["who5"]
    assert who5.difference == pytest.approx(4.94, abs=0.01)
    assert -4 < who5.low < -3
    assert 13 < who5.high < 14
    assert who5.verdict == "uncertain"
    assert changes["arbejdsglaede.high"].difference == pytest.approx(18 / 34 - 14 / 38)


def test_a_rise_beyond_the_uncertainty_is_up_and_the_way_back_is_down() -> None:
    low = results_of(TRIVSEL, [{f"who5_{i}": [str(1 + n % 2)] for i in range(1, 6)} for n in range(20)])
    high = results_of(TRIVSEL, [{f"who5_{i}": [str(3 + n % 2)] for i in range(1, 6)} for n in range(20)])
    assert compare(low, high, TRIVSEL)["who5"].verdict == "up"
    assert compare(high, low, TRIVSEL)["who5"].verdict == "down"


def test_between_five_and_nine_only_who5_is_compared(baseline: Results) -> None:
    few = results_of(TRIVSEL, follow_up_answers(TRIVSEL)[:7], Round.FOLLOW_UP)
    assert set(compare(baseline, few, TRIVSEL)) == {"who5"}


def test_with_fewer_than_five_in_either_round_nothing_is_compared(baseline: Results) -> None:
    few = results_of(TRIVSEL, follow_up_answers(TRIVSEL)[:4], Round.FOLLOW_UP)
    assert compare(baseline, few, TRIVSEL) == {}


def test_a_half_answered_who5_gives_no_score_and_counts_in_its_items() -> None:
    people = [{f"who5_{i}": ["4"] for i in range(1, 6)} for _ in range(11)] + [{"who5_1": ["0"]}]
    results = results_of(TRIVSEL, people)
    assert (results.indices["who5"].n, results.indices["who5"].mean) == (11, 80)
    assert results.items["who5_1"].n == 12
    assert results.items["who5_2"].n == 11


def test_without_one_full_who5_there_is_no_index() -> None:
    assert results_of(TRIVSEL, [{"who5_1": ["3"]}] * 12).indices == {}


def test_not_relevant_is_out_of_the_base_and_counted_beside_it() -> None:
    people = [{"q7_tone": ["enig"]}] * 12 + [{"q7_tone": ["ikke_relevant"]}] * 3 + [{"q8": ["hoej"]}]
    item = results_of(SAMARBEJDE, people).items["q7_tone"]
    assert (item.n, item.not_relevant) == (12, 3)
    assert item.share is not None
    assert item.share["high"].value == 1
    assert results_of(SAMARBEJDE, people).items["q8"].suppressed


def test_several_choices_are_counted_by_person() -> None:
    people = [{"positive": ["balance", "oekonomi"]}] * 6 + [{"positive": ["balance"]}] * 6
    item = results_of(TRIVSEL, people).items["positive"]
    assert item.n == 12
    assert item.counts["At der er balance mellem arbejde og fritid"] == 12
    assert item.counts["At praksis har en god økonomi"] == 6
    assert item.share is not None
    assert item.share["At praksis har en god økonomi"].value == 0.5
    assert list(item.counts) == [option.label for option in TRIVSEL.item("positive").options]


def test_a_rating_has_mean_extremes_and_a_count_for_every_number() -> None:
    people = [{"belastning_01": [str(value)]} for value in (1, 2, 2, 5, 5, 5, 7, 8, 9, 10)]
    item = results_of(TRIVSEL, people).items["belastning_01"]
    assert (item.mean, item.min, item.max) == (5.4, 1, 10)
    assert list(item.counts) == [str(number) for number in range(1, 11)]
    assert [item.counts[number] for number in ("1", "2", "3", "5")] == [1, 2, 0, 3]
    few = results_of(TRIVSEL, people[:9]).items["belastning_01"]
    assert few.counts == {"1–3": 3, "4–7": 4, "8–10": 2}


def test_free_texts_come_out_of_order_and_not_in_the_results() -> None:
    people = [{"gode_erfaringer": [f"Erfaring {letter}"]} for letter in "abcdefghijkl"]
    tabulation = tabulate(TRIVSEL, Round.BASELINE, 20, read(TRIVSEL, Round.BASELINE, people), shuffle=list.reverse)
    texts = disclose_texts(tabulation, TRIVSEL.disclosure)["gode_erfaringer"]
    assert texts[0] == "Erfaring l"
    results = disclose(tabulation, TRIVSEL.disclosure)
    assert results.items["gode_erfaringer"].n == 12
    assert "Erfaring" not in json.dumps(results.as_json())
    assert "Erfaring" not in repr(tabulation)


def test_the_shuffle_is_not_the_order_of_the_rows() -> None:
    people = [{"gode_erfaringer": [f"{number:02}"]} for number in range(40)]
    rows = read(TRIVSEL, Round.BASELINE, people)
    orders = {counted(TRIVSEL, rows).texts["gode_erfaringer"] for _ in range(3)}
    assert len(orders) == 3
    assert all(set(order) == {f"{number:02}" for number in range(40)} for order in orders)


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
@pytest.mark.parametrize("round_", list(Round))
@pytest.mark.parametrize("n", [0, 1, 4, 5, 9, 10, 34, 73])
def test_any_number_of_rows_gives_results_that_keep_the_rules(package: Package, round_: Round, n: int) -> None:
    people = plausible_answers(package, round_, n, seed=n)
    shown = results_of(package, people, round_, members=73).as_json()
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["n"], shown["members"], shown["suppressed"]) == (n, 73, n < 5)
    items = shown["items"]
    assert isinstance(items, dict)
    assert set(items) == (set() if n < 5 else {item.id for item in package.asked_in(round_)})
    for item_id, item in items.items():
        answered = [person for person in people if item_id in person and person[item_id] != ["ikke_relevant"]]
        if len(answered) < 5:
            assert item == {"n": 0, "counts": {}, "suppressed": True}
            continue
        assert item["n"] == len(answered)
        assert len(answered) >= 10 or not {"share", "min", "max", "sd"} & set(item)
        if package.item(item_id).kind not in ("choices", "text"):
            assert sum(item["counts"].values()) == len(answered)
        if len(answered) >= 10 and package.item(item_id).kind in ("degree", "choice", "choices"):
            assert item["share"]
    assert ("who5" in shown) == (n >= 5 and bool(package.indices))


def test_identical_answers_of_a_whole_cluster_are_counted_too() -> None:
    results = results_of(TRIVSEL, [{f"who5_{i}": ["5"] for i in range(1, 6)} | {"arbejdsglaede": ["hoej"]}] * 12)
    assert (
        results.indices["who5"].mean,
        results.indices["who5"].low,
        results.indices["who5"].high,
        results.indices["who5"].sd,
    ) == (100, 100, 100, 0)
    assert compare(results, results, TRIVSEL)["who5"].verdict == "uncertain"
