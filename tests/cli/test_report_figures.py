"""A report's figures: those of the file, the same in deck, document and results.json, and KiAP's own."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from demo.answers import baseline_answers, follow_up_answers
from domain.model import Round
from domain.package import Package
from tests.cli.command_line import run_installed
from tests.cli.reports import BOTH_PACKAGES, Made, Reports, write_answers
from tests.made_once import Shelf, made_once
from tests.reporting.slides import titles_of
from tests.the_packages import SAMARBEJDE, TRIVSEL


@pytest.mark.parametrize("n", [9, 34, 73])
@BOTH_PACKAGES
def test_the_counts_are_those_of_the_file(reports: Reports, package: Package, n: int) -> None:
    made = reports.of(package, n)
    rows = list(csv.DictReader(io.StringIO((made.folder.parent / "svar.csv").read_text())))
    assert (made.results["n"], made.results["members"]) == (n, n + 3)
    checked = 0
    for item in package.items:
        result = made.results["items"][item.id]
        if item.kind not in ("degree", "choice", "choices") or result["suppressed"]:
            continue
        given = Counter(token for row in rows for token in row[item.id].split(";") if token)
        assert result["counts"] == {option.label: given[option.id] for option in package.options_of(item)}
        assert result.get("not_relevant", 0) == given["ikke_relevant"]
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("n", [34, 73])
def test_the_charts_hold_what_results_json_tells(reports: Reports, n: int) -> None:
    made = reports.of(TRIVSEL, n)
    joy = made.results["items"]["arbejdsglaede"]
    shown = made.chart("Arbejdsglæde")
    assert [round(value * joy["n"]) for value in shown.series["Svar"]] == list(joy["counts"].values())
    dots = Counter(int(score) for score, _ in made.chart("WHO-5: alle scorer").series["Svar"])
    assert {str(score): count for score, count in dots.items()} == {
        score: count for score, count in made.results["who5"]["scores"].items() if count
    }
    assert made.results["who5"]["n"] == n


@pytest.mark.parametrize("n", [34, 73])
def test_every_line_of_many_questions_adds_up_to_the_whole(reports: Reports, n: int) -> None:
    made = reports.of(SAMARBEJDE, n)
    stacked = [chart for chart in made.charts if len(chart.series) >= 5]
    assert sum(len(chart.categories) for chart in stacked) >= 25
    for chart in stacked:
        for place in range(len(chart.categories)):
            total = sum(values[place] or 0 for values in chart.series.values())
            assert total == pytest.approx(1), (chart.name, chart.categories[place])


# --- the figures of KiAP's minutes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retreat(shelf: Shelf) -> Made:
    """38 answers, then 34 of 42, by the installed program."""

    def report(folder: Path) -> None:
        folder.mkdir()
        write_answers(folder / "før.csv", baseline_answers(TRIVSEL))
        write_answers(folder / "nu.csv", follow_up_answers(TRIVSEL), Round.FOLLOW_UP)
        ran = run_installed(
            *("report", TRIVSEL.slug, "--answers", "nu.csv", "--baseline", "før.csv"),
            *("--cluster", "Klynge Aalborg Øst", "--members", "42", "--baseline-members", "44", "--out", "ud"),
            cwd=folder,
        )
        assert ran.code == 0, ran.err
        assert [Path(line).name for line in ran.out.splitlines()] == [
            "Opfølgning – oplæg Klynge Aalborg Øst.pptx",
            "Opfølgning Klynge Aalborg Øst.docx",
            "results.json",
            "results-baseline.json",
        ]

    return Made(made_once(shelf.folder / "report-retreat", report) / "ud")


def test_both_rounds_have_their_results(retreat: Made) -> None:
    before = json.loads((retreat.folder / "results-baseline.json").read_text())
    assert (before["round"], before["n"], before["members"]) == ("baseline", 38, 44)
    assert before["who5"]["mean"] == 58
    assert "change" not in before
    assert (retreat.results["round"], retreat.results["n"], retreat.results["members"]) == ("follow_up", 34, 42)
    assert round(retreat.results["who5"]["mean"]) == 63


def test_eight_are_below_50_and_three_of_them_below_35(retreat: Made) -> None:
    scores = {int(score): count for score, count in retreat.results["who5"]["scores"].items()}
    assert sum(count for score, count in scores.items() if score < 50) == 8
    assert sum(count for score, count in scores.items() if score < 35) == 3
    assert retreat.results["who5"]["bands"] == {"high": 26, "low": 5, "very_low": 3}
    dots = [score for score, _ in retreat.chart("WHO-5: alle scorer").series["Svar"]]
    assert (len(dots), sum(score < 50 for score in dots), sum(score < 35 for score in dots)) == (34, 8, 3)


def test_joy_of_work_is_15_38_35_12_per_cent_in_the_decks_own_data(retreat: Made) -> None:
    now = [values[1] for values in retreat.chart("Arbejdsglæde før og nu").series.values()]
    assert [round(100 * value) for value in now] == [15, 38, 35, 12, 0]
    assert [round(34 * value) for value in now] == [5, 13, 12, 4, 0]
    for cell in ("15 % (5)", "38 % (13)", "35 % (12)", "12 % (4)"):
        assert cell in retreat.document


def test_the_deck_says_that_58_to_63_is_within_the_uncertainty(retreat: Made) -> None:
    assert retreat.chart("WHO-5 før og nu").series == {"WHO-5, gennemsnit": (58.0, 62.9)}
    titles = titles_of(retreat.deck)
    assert "Fra 58 til 63 point: om trivslen er ændret, kan ikke afgøres (−3,4 til +13,3)" in titles
    assert not [title for title in titles if re.search("steg|fald|bedre", title)]
    change = retreat.results["change"]["who5"]
    assert change["verdict"] == "uncertain"
    assert -4 < change["low"] < -3
    assert 13 < change["high"] < 14
    assert "det kan ikke afgøres, om tallet er steget eller faldet" in retreat.document
