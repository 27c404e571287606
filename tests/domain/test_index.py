"""An index is data: what it is reckoned from, how it is told, and what a package may not say of it."""

from pathlib import Path
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.comparison import compare
from domain.disclosure import disclose
from domain.index import numbers_of, possible_points, step_of
from domain.index_check import index_faults
from domain.model import Round
from domain.package import Answers
from domain.results import Results
from domain.tabulation import tabulate
from reporting.deck_check import deck_problems
from storage.packages import PackageError, read_package
from storage.yaml_file import Fault
from tests.another_index import ARBEJDSPRES, PACKAGE_YAML, write_package
from tests.the_packages import TRIVSEL

[WHO5], [PRESS] = TRIVSEL.indices, ARBEJDSPRES.indices


def a_doctor(one: int, two: int, three: int) -> Answers:
    return {"bagud": one, "overblik": two, "overarbejde": three}


def results_of(rows: list[Answers], round_: Round = Round.BASELINE) -> Results:
    return disclose(tabulate(ARBEJDSPRES, round_, 42, rows, list.reverse), ARBEJDSPRES.disclosure)


def test_who5_is_one_of_them() -> None:
    assert (WHO5.id, WHO5.lowest, WHO5.highest, step_of(TRIVSEL, WHO5)) == ("who5", 0, 100, 4)
    assert possible_points(TRIVSEL, WHO5) == tuple(range(0, 101, 4))
    assert [(band.id, band.from_, band.to) for band in WHO5.bands] == [
        ("high", 51, 100),
        ("low", 36, 50),
        ("very_low", 0, 35),
    ]


def test_another_has_its_own_items_factor_and_bands() -> None:
    assert (PRESS.lowest, PRESS.highest, step_of(ARBEJDSPRES, PRESS)) == (0, 24, 2)
    assert PRESS.score([4, 4, 4]) == 24
    assert PRESS.in_bands({0: 1, 6: 2, 8: 3, 12: 4, 14: 5, 18: 6, 20: 7, 24: 8}) == {
        "meget_hoejt": 15,
        "hoejt": 11,
        "jaevnt": 7,
        "lavt": 3,
    }
    assert [band.id for band in PRESS.bands if band.is_heeded] == ["meget_hoejt", "hoejt"]


def test_ratings_are_added_up_from_their_lowest_to_their_highest_number() -> None:
    burdens = PRESS.model_copy(update={"items": ("belastning_01", "belastning_02"), "factor": 3})
    assert numbers_of(TRIVSEL, TRIVSEL.item("belastning_01")) == tuple(range(1, 11))
    assert possible_points(TRIVSEL, burdens) == tuple(range(6, 61, 3))
    assert step_of(TRIVSEL, burdens) == 3
    assert numbers_of(TRIVSEL, TRIVSEL.item("arbejdsglaede")) == ()


def test_the_step_is_what_lies_between_scores_wherever_they_begin() -> None:
    uneven = {"altid": 7, "tit": 4, "jaevnligt": 1, "sjaeldent": 10, "aldrig": 13}
    scale = ARBEJDSPRES.scales["tit"]
    options = tuple(option.model_copy(update={"value": uneven[option.id]}) for option in scale.options)
    scales = dict.fromkeys(ARBEJDSPRES.scales, scale.model_copy(update={"options": options}))
    package = ARBEJDSPRES.model_copy(update={"scales": scales})
    assert possible_points(package, PRESS) == tuple(range(6, 79, 6))
    assert step_of(package, PRESS) == 6


def test_who_left_one_item_out_has_no_score_and_counts_in_the_others() -> None:
    half: Answers = {"bagud": 4, "overblik": 4}
    results = results_of([*[a_doctor(1, 1, 1)] * 10, half])
    assert (results.indices["pres"].n, results.indices["pres"].mean) == (10, 6)
    assert results.items["bagud"].n == 11


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=10, max_size=40))
def test_plain_python_reckons_the_same(answers: list[tuple[int, int, int]]) -> None:
    points = [2 * sum(numbers) for numbers in answers]
    found = results_of([a_doctor(*numbers) for numbers in answers]).indices["pres"]
    assert (found.n, found.min, found.max) == (len(points), min(points), max(points))
    assert [found.mean, found.sd] == pytest.approx([mean(points), stdev(points)])
    assert found.bands == {
        "meget_hoejt": sum(each > 18 for each in points),
        "hoejt": sum(12 < each <= 18 for each in points),
        "jaevnt": sum(6 < each <= 12 for each in points),
        "lavt": sum(each <= 6 for each in points),
    }
    assert found.scores == {each: points.count(each) for each in sorted(set(points))}
    assert 0 <= found.low <= found.mean <= found.high <= 24


def test_of_few_there_is_a_rounded_mean_and_spread_and_no_single_score() -> None:
    few = results_of([a_doctor(0, 1, 2), a_doctor(4, 4, 3), a_doctor(2, 2, 2), a_doctor(1, 0, 0), a_doctor(3, 3, 4)])
    found = few.indices["pres"]
    assert (found.n, found.mean, found.sd) == (5, 12.4, 8.5)  # 8.65, to a quarter of the step of 2 points
    assert (found.min, found.max, found.scores, found.share) == (None, None, None, None)
    assert results_of([a_doctor(0, 1, 2)] * 4 + [{"bagud": 1}]).indices == {}


def test_a_change_is_in_points_and_stands_under_the_index_id() -> None:
    low = results_of([a_doctor(1, n % 2, 1) for n in range(20)])
    high = results_of([a_doctor(3, 3 + n % 2, 3) for n in range(20)], Round.FOLLOW_UP)
    change = compare(low, high, ARBEJDSPRES)
    assert set(change) == {"pres", "pres.heeded"}
    assert (change["pres"].difference, change["pres"].verdict) == (14, "up")


def test_results_json_has_every_index_and_the_one_that_was_there_first_at_the_top_too() -> None:
    shown = results_of([a_doctor(1, 2, 3)] * 12).as_json()
    assert list(shown["indices"]) == ["pres"]  # type: ignore[call-overload]
    assert "who5" not in shown
    rows: list[Answers] = [dict.fromkeys(WHO5.items, 3)] * 12
    well = disclose(tabulate(TRIVSEL, Round.BASELINE, 42, rows, list.reverse), TRIVSEL.disclosure).as_json()
    assert well["who5"] == well["indices"]["who5"]  # type: ignore[index]
    assert well["who5"]["bands"] == {"high": 12, "low": 0, "very_low": 0}  # type: ignore[index]


def test_a_round_that_asks_only_some_of_the_items_has_no_index() -> None:
    follow_up = ARBEJDSPRES.follow_up.model_copy(update={"repeats": ("bagud",)})
    package = ARBEJDSPRES.model_copy(update={"follow_up": follow_up})
    rows: list[Answers] = [{"bagud": 3}] * 12
    assert tabulate(package, Round.FOLLOW_UP, 42, rows, list.reverse).indices == {}


# --- what is wrong, and where ---------------------------------------------------------------------------------------


def faults(tmp_path: Path, *changes: tuple[str, str]) -> list[Fault]:
    text = PACKAGE_YAML
    for said, instead in changes:
        assert said in text
        text = text.replace(said, instead)
    folder = write_package(tmp_path, text)
    with pytest.raises(PackageError) as refused:
        read_package(folder, deck_problems)
    for fault in refused.value.faults:
        assert fault.file == "arbejdspres/package.yaml"
        assert fault.line > 1
    return list(refused.value.faults)


ITEMS = "    items: [bagud, overblik, overarbejde]\n    factor"
VERY_HIGH = "from: 19, to: 24"
LOWEST = "from: 0, to: 6"
EVEN = "from: 7, to: 12"


@pytest.mark.parametrize(
    ("said", "instead", "field", "message"),
    [
        (ITEMS, "    items: [bagud, overblik, nix]\n    factor", "indices[1].items[3] (pres)",
         "names 'nix', which is no item"),
        (ITEMS, "    items: [bagud, bagud]\n    factor", "indices[1].items[2] (pres)", "stands in index 'pres' twice"),
        (ITEMS, "    items: [bagud]\n    factor", "indices[1].items (pres)", "needs at least two items"),
        (ITEMS, "    items: [bagud, hvornaar]\n    factor", "indices[1].items[2] (pres)", "is a text"),
        ("label: \"Altid\", value: 0", "label: \"Altid\", value: 4", "indices[1].items[2] (pres)", "different numbers"),
        ("{id: altid, label: \"Altid\", value: 0}", "{id: altid, label: \"Jævnt hen\", value: 0}",
         "indices[1].items[2] (pres)", "is not answered on the same scale as 'bagud'"),
        ("scale: tit_vendt, text", "scale: tit_vendt, may_be_not_relevant: true, text", "indices[1].items[2] (pres)",
         "must be asked of all"),
        ("repeats: [bagud, overblik, overarbejde]", "repeats: [bagud, overblik]", "indices[1].items (pres)",
         "lacks overarbejde"),
        (VERY_HIGH, "from: 18, to: 24", "indices[1].bands[2].to (pres, hoejt)", "overlap"),
        (EVEN, "from: 7, to: 11", "indices[1].bands[3].to (pres, jaevnt)", "there is a gap"),
        (EVEN, "from: 12, to: 7", "indices[1].bands[3].from (pres, jaevnt)", "the lower number comes first"),
        (LOWEST, "from: 2, to: 6", "indices[1].bands (pres)", "the bands go from 2 to 24, the points from 0 to 24"),
        (VERY_HIGH, "from: 19, to: 30", "indices[1].bands (pres)", "the bands go from 0 to 30, the points"),
        ("factor: 2", "factor: 4", "indices[1].bands (pres)", "the points from 0 to 48"),
        ("factor: 2", "factor: 0", "indices[1].factor (pres)", "greater than or equal to 1"),
        ("factor: 2", "factor: 2\n    missing: gaet", "indices[1].missing (pres)", "no_score"),
        ("colour: fair", "colour: rosa", "indices[1].bands[3].colour (pres, jaevnt)",
         "'good', 'fair', 'caution' or 'alarm'"),
        ("{id: hoejt,", "{id: lavt,", "indices[1].bands[4].id (pres, lavt)", "band 'lavt' stands twice"),
        ("{id: hoejt,", "{id: mean,", "indices[1].bands[2].id (pres, mean)", "titles say 'mean' of something else"),
        ("- id: pres\n    name", "- id: bagud\n    name", "indices[1].id (bagud)", "is an item's id too"),
    ],
)  # fmt: skip
def test_an_index_that_can_not_be_is_told_with_file_line_and_field(
    tmp_path: Path, said: str, instead: str, field: str, message: str
) -> None:
    found = faults(tmp_path, (said, instead))
    assert any(fault.field == field and message in fault.message for fault in found), [str(each) for each in found]


def test_a_band_that_nobody_can_lie_in_is_told(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        (EVEN, "from: 8, to: 12"),
        (LOWEST, "from: 0, to: 6, means: x, colour: good}\n      - {id: nul, label: Nul, from: 7, to: 7"),
    )
    assert "nobody can have 7 to 7 points: band 'nul' is always empty" in {fault.message for fault in found}


def test_a_band_too_narrow_for_its_name_on_the_slide_is_told(tmp_path: Path) -> None:
    [fault] = faults(
        tmp_path,
        (EVEN, "from: 9, to: 12"),
        (LOWEST, "from: 0, to: 8"),
        (VERY_HIGH, "from: 23, to: 24"),
        ("from: 13, to: 18", "from: 13, to: 22"),
    )
    assert (fault.field, "has no room" in fault.message) == ("indices[1].bands[1].label (pres, meget_hoejt)", True)


def test_more_items_or_bands_than_there_is_room_for_are_told() -> None:
    index = PRESS.model_copy(update={"items": PRESS.items * 5, "bands": PRESS.bands * 2})
    package = ARBEJDSPRES.model_copy(update={"indices": (index,)})
    assert "index 'pres' has more than 12 items" in {what for _, what in index_faults(package)}
    index = PRESS.model_copy(update={"bands": PRESS.bands * 2})
    package = ARBEJDSPRES.model_copy(update={"indices": (index,)})
    assert "index 'pres' needs 2 to 5 bands" in {what for _, what in index_faults(package)}


def test_more_indices_than_the_page_has_room_for_are_told(tmp_path: Path) -> None:
    start = PACKAGE_YAML.index("  - id: pres\n    name")
    block = PACKAGE_YAML[start : PACKAGE_YAML.index("\nfollow_up:")]
    more = "".join(block.replace("- id: pres", f"- id: pres{number}") for number in range(3))
    found = faults(tmp_path, (block, block + more))
    assert [fault.message for fault in found] == ["there are 4 indices; the questionnaire has room for 3"]
