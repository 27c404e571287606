"""What a report of few answers does not give away: no result, nothing finer than counts, no free text."""

import json
import re
from pathlib import Path

import pytest
import yaml

from demo.answers import baseline_answers, follow_up_answers
from domain.model import Round
from domain.package import Package
from storage.packages import PACKAGES
from tests.cli.command_line import CommandLine
from tests.cli.reports import BOTH_PACKAGES, Made, Reports, arguments, respondents, write_answers
from tests.reporting.slides import slides_of, words_of
from tests.the_packages import TRIVSEL

PERCENTAGE = re.compile(r"\d+(?:,\d+)?\s?%")


@BOTH_PACKAGES
def test_four_answers_give_no_result_anywhere(reports: Reports, package: Package) -> None:
    made = reports.of(package, 4)
    assert made.results == {
        "package": package.slug, "package_version": package.version, "round": "baseline", "n": 4, "members": 7,
        "suppressed": True, "items": {},
    }  # fmt: skip
    assert made.charts == []
    assert "4 af 7 har svaret" in made.document
    assert "Hemmelig" not in made.said
    tabled = [option.label for item in package.items if item.kind == "choices" for option in package.options_of(item)]
    assert not [label for label in tabled if label in made.document]


@BOTH_PACKAGES
def test_nine_answers_give_counts_and_nothing_finer(reports: Reports, package: Package) -> None:
    made = reports.of(package, 9)
    for item_id, result in made.results["items"].items():
        assert not {"share", "min", "max", "sd"} & set(result), item_id
        if package.item(item_id).kind == "rating":
            assert list(result["counts"]) == ["1–3", "4–7", "8–10"]
    assert not {"scores", "share", "min", "max"} & set(made.results.get("who5", {}))
    assert not [chart.name for chart in made.charts if chart.name == "WHO-5: alle scorer"]
    counts = [
        value
        for chart in made.charts
        for name, values in chart.series.items()
        for value in values
        if "ennemsnit" not in name and value is not None
    ]
    assert len(counts) > 20
    assert all(value == int(value) for value in counts)
    assert max(counts) <= 9
    assert "Hemmelig" not in made.said


@BOTH_PACKAGES
def test_nine_answers_give_no_percentages_in_the_document(reports: Reports, package: Package) -> None:
    own_figures = yaml.safe_load((PACKAGES / package.slug / "package.yaml").read_text())["references"]
    told = json.dumps(own_figures, ensure_ascii=False).replace(".", ",")
    found = set(PERCENTAGE.findall(reports.of(package, 9).document))
    assert {figure for figure in found if figure.rstrip("% ") not in told} <= {"95 %"}
    assert set(PERCENTAGE.findall(reports.of(package, 34).document)) - {"95 %"} > found - {"95 %"}


def test_an_item_that_four_answered_is_not_told_and_not_how_few(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path
) -> None:
    some = baseline_answers(TRIVSEL)[:20]
    for person in some[4:]:
        del person["positive"]
    answers = write_answers(tmp_path / "a.csv", some)
    assert klyngeflow(*arguments(answers, ud)).code == 0
    assert Made(ud).results["items"]["positive"] == {"n": 0, "counts": {}, "suppressed": True}
    assert "At der er balance mellem arbejde og fritid" not in Made(ud).said


def test_a_first_round_under_five_is_compared_with_nothing(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    before = write_answers(tmp_path / "b.csv", baseline_answers(TRIVSEL)[:4])
    now = write_answers(tmp_path / "a.csv", follow_up_answers(TRIVSEL), Round.FOLLOW_UP)
    ran = klyngeflow(*arguments(now, ud, "--baseline", before))
    assert ran.code == 0
    assert "baseline: 4 of 42 answered; under 5 answers no results are shown" in ran.err
    assert "change" not in Made(ud).results
    assert json.loads((ud / "results-baseline.json").read_text())["suppressed"]


@pytest.mark.parametrize(("first", "second", "code"), [(34, 33, 1), (30, 34, 1), (34, 34, 0), (29, 34, 0), (4, 6, 0)])
def test_a_result_that_differs_by_a_few_answers_is_not_put_beside_the_earlier_one(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path, first: int, second: int, code: int
) -> None:
    people = baseline_answers(TRIVSEL)
    file = write_answers(tmp_path / "a.csv", people[:first])
    assert klyngeflow(*arguments(file, ud)).code == 0
    ran = klyngeflow(*arguments(write_answers(file, people[:second]), ud))
    assert (ran.code, Made(ud).results["n"]) == (code, first if code else second)
    assert len(ran.err.splitlines()) == 1
    assert klyngeflow(*arguments(file, ud, "--cluster", "En anden klynge")).code == 0


# --- free texts -----------------------------------------------------------------------------------------------------


def test_free_texts_stay_out_unless_asked_for(reports: Reports) -> None:
    assert "Hemmelig" not in reports.of(TRIVSEL, 34).said


def test_free_texts_are_shown_where_asked_for_and_never_in_results_json(
    klyngeflow: CommandLine, svar: Path, ud: Path
) -> None:
    text = "Vi har fredet frokosten."
    assert text in svar.read_text()
    assert klyngeflow(*arguments(svar, ud, "--free-texts")).code == 0
    assert text in Made(ud).document
    assert any(text in words_of(slide) for slide in slides_of(Made(ud).deck))
    assert "frokosten" not in (ud / "results.json").read_text()


def test_free_texts_of_nine_answers_stay_out_even_where_asked_for(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path
) -> None:
    answers = write_answers(tmp_path / "a.csv", respondents(TRIVSEL, 9))
    assert klyngeflow(*arguments(answers, ud, "--free-texts")).code == 0
    assert "Hemmelig" not in Made(ud).said
