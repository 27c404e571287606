"""A register's measures: what a package may not say of one, and what is told of a cluster's practices."""

from collections.abc import Mapping
from pathlib import Path
from statistics import quantiles

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.comparison import compare
from domain.disclosure import disclose
from domain.model import Round
from domain.register import Extract, quartiles_of
from domain.results import Results
from domain.tabulation import tabulate_extract
from reporting.deck_check import deck_problems
from storage.packages import PackageError, package_digest, read_package
from storage.yaml_file import Fault
from tests.a_register import PACKAGE_YAML, REGISTER, write_package
from tests.the_packages import TRIVSEL


def results_of(*numbers: Mapping[str, float], round_: Round = Round.BASELINE, practices: int = 0) -> Results:
    extract = Extract({f"Praksis {place}": row for place, row in enumerate(numbers)})
    return disclose(tabulate_extract(REGISTER, round_, practices, extract), REGISTER.disclosure)


def with_waits(*minutes: float, round_: Round = Round.BASELINE) -> Results:
    return results_of(*({"ventetid": each} for each in minutes), round_=round_)


TEN = (3.0, 4.5, 1.0, 9.5, 6.0, 2.5, 4.0, 5.5, 7.0, 3.5)


def test_a_round_has_the_measures_it_repeats_in_the_order_of_the_chapters() -> None:
    assert [measure.id for measure in REGISTER.measured_in(Round.BASELINE)] == ["fem_midler", "blandet", "ventetid"]
    assert [measure.id for measure in REGISTER.measured_in(Round.FOLLOW_UP)] == ["fem_midler", "ventetid"]
    assert REGISTER.asked_in(Round.BASELINE) == ()


def test_a_questionnaire_has_no_measures_and_is_the_version_it_was() -> None:
    assert (TRIVSEL.evidence, TRIVSEL.measures) == ("questionnaire", ())
    changed = TRIVSEL.model_copy(update={"evidence": "register"})
    assert package_digest(changed) != package_digest(TRIVSEL)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=40))
def test_quartiles_are_those_of_python_and_numpy(values: list[float]) -> None:
    found = quartiles_of(sorted(values))
    assert list(found) == pytest.approx(quantiles(values, n=4, method="inclusive"))
    assert list(found) == pytest.approx(list(np.quantile(values, [0.25, 0.5, 0.75])))


def test_quartiles_of_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one number"):
        quartiles_of([])


def test_from_ten_practices_every_number_is_told_in_order_and_no_practice() -> None:
    spread = with_waits(*TEN).measures["ventetid"]
    assert spread.values == tuple(sorted(TEN))
    assert (spread.n, spread.lower, spread.median, spread.upper) == (10, 3.125, 4.25, 5.875)


def test_of_five_to_nine_practices_the_median_and_the_quartiles_are_told_and_no_single_one() -> None:
    for few in (TEN[:5], TEN[:9]):
        spread = with_waits(*few).measures["ventetid"]
        assert (spread.n, spread.values) == (len(few), None)
        assert spread.median == sorted(few)[len(few) // 2]
        assert min(few) < (spread.lower or 0) < (spread.upper or 0) < max(few)


def test_of_four_practices_nothing_is_told_not_even_that_there_are_four() -> None:
    rows = [{"ventetid": each} for each in TEN[:4]] + [{"fem_midler": 20.0}] * 6
    results = results_of(*rows)
    assert results.n == 10
    spread = results.measures["ventetid"]
    assert (spread.suppressed, spread.n, spread.median, spread.values) == (True, 0, None, None)
    assert results.measures["fem_midler"].n == 6
    round_of_four = with_waits(*TEN[:4])
    assert (round_of_four.suppressed, round_of_four.measures) == (True, {})


def test_a_package_may_ask_for_more_practices_before_anything_is_told() -> None:
    stricter = REGISTER.disclosure.model_copy(update={"at_least": 8, "percentages_from": 12})
    extract = Extract({str(place): {"ventetid": each} for place, each in enumerate(TEN)})
    tabulation = tabulate_extract(REGISTER, Round.BASELINE, 10, extract)
    assert disclose(tabulation, stricter).measures["ventetid"].values is None
    fewer = tabulation.model_copy(update={"n": 7, "measures": {"ventetid": tabulation.measures["ventetid"][:7]}})
    assert disclose(fewer, stricter).suppressed


def test_practices_without_any_number_are_members_of_the_round_and_no_part_of_it() -> None:
    results = results_of(*({"ventetid": each} for each in TEN), {}, {}, practices=14)
    assert (results.n, results.members) == (10, 14)
    assert results_of(*({"ventetid": each} for each in TEN), {}, practices=3).members == 11


def test_results_json_tells_the_evidence_and_the_spreads_and_a_questionnaires_has_neither() -> None:
    content = with_waits(*TEN).as_json()
    assert content["evidence"] == "register"
    assert content["measures"]["ventetid"] == {  # type: ignore[index]
        "n": 10, "median": 4.25, "lower": 3.125, "upper": 5.875, "values": sorted(TEN), "suppressed": False,
    }  # fmt: skip
    assert content["measures"]["fem_midler"] == {"n": 0, "suppressed": True}  # type: ignore[index]
    asked = Results(package=TRIVSEL.slug, package_version=1, round=Round.BASELINE, n=3, members=9, suppressed=True)
    assert {"evidence", "measures"}.isdisjoint(asked.as_json())


def test_results_without_measures_kept_earlier_are_read() -> None:
    kept = with_waits(*TEN).model_dump(mode="json", exclude={"evidence", "measures"})
    assert Results.model_validate(kept).evidence == "questionnaire"


def test_a_change_is_in_the_measures_unit_and_only_where_every_number_may_be_told() -> None:
    later = with_waits(*(each - 1 for each in TEN), round_=Round.FOLLOW_UP)
    change = compare(with_waits(*TEN), later, REGISTER)["ventetid"]
    assert change.difference == -1
    assert (change.low < -1 < 0 < change.high, change.verdict) == (True, "uncertain")
    much = with_waits(*(each / 10 for each in TEN), round_=Round.FOLLOW_UP)
    assert compare(with_waits(*TEN), much, REGISTER)["ventetid"].verdict == "down"
    assert compare(with_waits(*TEN[:9]), later, REGISTER) == {}
    assert compare(with_waits(*TEN), with_waits(*TEN[:9], round_=Round.FOLLOW_UP), REGISTER) == {}


# --- what is wrong, and where ---------------------------------------------------------------------------------------

TITLE = 'title: "Ventetid i telefonen"'


@pytest.mark.parametrize(
    ("said", "instead", "field", "message"),
    [
        ("evidence: register\n", "", "measures", "write evidence: register"),
        ("evidence: register", "evidence: noget", "evidence", "'questionnaire' or 'register'"),
        ("measures: [ventetid]", "measures: [ventetid, nix]", "sections[2].measures[2] (tid)", "which is no measure"),
        ("measures: [ventetid]", "measures: [blandet]", "sections[2].measures[1] (tid)", "in the sections twice"),
        ("measures: [ventetid]", "measures: []", "sections[2] (tid)", "names no measure"),
        ("measures: [ventetid]", "measures: []", "measures[3] (ventetid)", "stands in no section"),
        ("repeats: [fem_midler, ventetid]", "repeats: [nix]", "follow_up.repeats[1]", "which is no measure"),
        ("- id: blandet", "- id: ydernummer", "measures[2].id (ydernummer)", "the column of practices"),
        ("- id: blandet", "- id: fem_midler", "measures[2].id (fem_midler)", "stands twice"),
        (TITLE, 'title: "Fem lægemidler eller flere"', "measures[3].title (ventetid)", "are both called"),
        (TITLE, f'title: "{"Lang " * 13}"', "measures[3].title (ventetid)", "longer than 60 characters"),
        ("maximum: 240", "maximum: 0", "measures[3].minimum (ventetid)", "minimum must be below maximum"),
        ("better: lower", "better: stort", "measures[3].better (ventetid)", "'neither'"),
        ("decimals: 1\n    better", "decimals: 3\n    better", "measures[3].decimals (ventetid)", "equal to 2"),
        ("maximum: 100", "maximum: 200", "measures[1].maximum (fem_midler)", "lies from 0 to 100"),
        ('    denominator: "praksis’ patienter på 75 år og derover"\n', "", "measures[1].denominator (fem_midler)",
         "needs a denominator"),
        ('unit: "minutter"', f'unit: "{"m" * 31}"', "measures[3].unit (ventetid)", "longer than 30 characters"),
        ("item: ventetid", "item: nix", "references[2].item (tid_2024)", "no measure"),
        ("unit: measure", "unit: score", "references[2].unit (tid_2024)", "is in 'minutter': write unit: measure"),
        ("follow_up:\n", "scales: {x: {source: own, options: []}}\nfollow_up:\n", "scales", "asks nobody"),
    ],
)  # fmt: skip
def test_a_measure_that_can_not_be_is_told_with_file_line_and_field(
    tmp_path: Path, said: str, instead: str, field: str, message: str
) -> None:
    assert said in PACKAGE_YAML
    with pytest.raises(PackageError) as refused:
        read_package(write_package(tmp_path, PACKAGE_YAML.replace(said, instead, 1)), deck_problems)
    found: tuple[Fault, ...] = refused.value.faults
    assert any(fault.field == field and message in fault.message for fault in found), [str(each) for each in found]
