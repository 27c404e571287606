"""`klyngeflow report` and `package preview` of a register: an extract in, files out, and each figure explained."""

import csv
import io
import json
import statistics
from pathlib import Path

import pytest

from cli.explained import explained
from cli.package_preview import preview_files
from demo.extract import extract_csv, plausible_extract
from domain.model import Round
from domain.register_extract import read_extract
from tests.a_register import EXTRACT, REGISTER, SLUG, write_package
from tests.cli.command_line import CommandLine
from tests.reporting.reading import deck_text
from tests.reporting.test_register import TWELVE, first_round, follow_up


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    root = tmp_path / "pakker"
    root.mkdir()
    write_package(root)
    return root


def the_report(
    klyngeflow: CommandLine, packages: Path, extract: str, *more: str | Path, practices: int = 8
) -> tuple[int, str, str, Path]:
    file, out = packages.parent / "udtræk.csv", packages.parent / "ud"
    file.write_text(extract)
    given = ("report", SLUG, "--answers", file, "--cluster", "Nord", "--members", str(practices), "--out", out)
    done = klyngeflow(*given, "--packages", packages, *more)
    return done.code, done.out, done.err, out


def test_an_extract_becomes_deck_document_and_results(klyngeflow: CommandLine, packages: Path) -> None:
    code, _, err, out = the_report(klyngeflow, packages, EXTRACT)
    assert (code, "opdigtet-register, baseline: 6 of 8 practices with a number" in err) == (0, True)
    assert "under 10 practices medians and quartiles are shown" in err
    results = json.loads((out / "results.json").read_text())
    assert (results["evidence"], results["n"], results["members"], results["items"]) == ("register", 6, 8, {})
    assert results["measures"]["fem_midler"] == {
        "n": 5, "median": 28.6, "lower": 24.0, "upper": 31.4, "suppressed": False,
    }  # fmt: skip
    assert results["measures"]["ventetid"]["n"] == 5
    written = b"".join(file.read_bytes() for file in out.iterdir())
    assert b"012345" not in written


def test_an_extract_that_can_not_be_read_is_refused_with_its_first_fault_and_nothing_is_written(
    klyngeflow: CommandLine, packages: Path
) -> None:
    code, _, err, out = the_report(klyngeflow, packages, EXTRACT.replace("24,0", "mange").replace("98", "x"))
    assert (code, out.exists()) == (2, False)
    assert (
        err.strip()
        .splitlines()[-1]
        .endswith(
            "udtræk.csv: Linje 3, kolonnen »fem_midler«: »mange« er ikke et tal. Skriv et tal som 24,5, eller lad "
            "feltet stå tomt. (og 1 fejl mere i filen)"
        )
    )
    code, _, err, _ = the_report(klyngeflow, packages, EXTRACT, practices=5)
    assert (code, "rows of 6 practices, but the cluster has 5 (--members)" in err) == (2, True)


def test_a_measure_is_explained_by_the_command_and_one_that_is_not_there_is_refused(
    klyngeflow: CommandLine, packages: Path
) -> None:
    code, out, _, _ = the_report(klyngeflow, packages, EXTRACT, "--explain", "fem_midler")
    assert (code, "lower quartile = 24.0000, median = 28.6000, upper quartile = 31.4000" in out) == (0, True)
    code, _, err, _ = the_report(klyngeflow, packages, EXTRACT, "--explain", "nix")
    assert (code, "has no measure 'nix'" in err) == (2, True)


def test_an_explanation_reckons_median_quartiles_and_shift_as_plain_python_does() -> None:
    before, after = TWELVE, [each - 7 for each in TWELVE]
    report = follow_up(before, after)
    text = "\n".join(explained(REGISTER, "fem_midler", report.results, report.baseline))
    lower, median, upper = statistics.quantiles(after, n=4, method="inclusive")
    assert f"lower quartile = {lower:.4f}, median = {median:.4f}, upper quartile = {upper:.4f}" in text
    differences = sorted(round(b - a, 9) for a in before for b in after)
    assert f"12 × 12 = 144 differences: {statistics.median(differences):+.4f}" in text
    assert f"k = 38: {differences[37]:+.4f} to {differences[-38]:+.4f}" in text  # U 37: Siegel (1956), table K
    ordered = sorted(after)
    assert f"median's uncertainty: {ordered[2]:.4f} to {ordered[-3]:.4f}" in text  # n 12: from the 3rd to the 10th


def test_nothing_is_explained_that_the_results_do_not_tell() -> None:
    few = first_round(TWELVE[:7])
    text = "\n".join(explained(REGISTER, "fem_midler", few.results, None))
    assert "single numbers are not told" in text
    assert not any(f"{each:.1f}" in text.split("lower quartile")[0] for each in TWELVE)
    too_few = "\n".join(explained(REGISTER, "fem_midler", first_round(TWELVE[:3]).results, None))
    assert "Under 5 practices: no result." in too_few
    again = follow_up(TWELVE, TWELVE[:7])
    assert "what changed can't be told" in "\n".join(explained(REGISTER, "ventetid", again.results, again.baseline))
    assert "not in this round" in "\n".join(explained(REGISTER, "blandet", again.results, again.baseline))


def test_show_and_list_tell_the_measures(klyngeflow: CommandLine, packages: Path) -> None:
    told = klyngeflow("package", "show", SLUG, "--packages", packages).out
    assert ["ventetid", "minutter", "0–240", "yes"] in [line.split() for line in told.splitlines()]
    assert "Item" not in told
    shown = klyngeflow("package", "show", SLUG, "--json", "--packages", packages).json
    assert (shown["evidence"], shown["items"], shown["minutes_to_answer"]) == ("register", [], 0)
    assert [measure["id"] for measure in shown["measures"]] == ["fem_midler", "blandet", "ventetid"]
    assert shown["measures"][1] == {
        "id": "blandet", "title": "Gennemgange af medicin", "short": "Gennemgange af medicin", "section": "medicin",
        "measure": "Målepunkt 1", "rounds": ["baseline"], "unit": "pr. 1.000 patienter",
        "numerator": "gennemgange af medicin", "denominator": "praksis’ patienter", "period": "2025", "decimals": 0,
        "better": "higher", "range": [0, 2000], "source": "own",
    }  # fmt: skip
    listed = klyngeflow("package", "list", "--json", "--packages", packages).json
    assert [package["minutes_to_answer"] for package in listed] == [0]


def test_a_preview_has_made_up_numbers_marked_so_and_the_extract_they_are_of() -> None:
    files = preview_files(REGISTER, 12)
    assert not any("Spørgeskema" in name for name in files)
    assert all("Eksempel med opdigtede tal" in name for name in files)
    extract = files["Udtræk Eksempel med opdigtede tal.csv"].decode()
    assert read_extract(extract, REGISTER) == plausible_extract(REGISTER, Round.BASELINE, 12)
    assert [row[0] for row in csv.reader(io.StringIO(extract), delimiter=";")][1] == "990001"
    (deck,) = [content for name, content in files.items() if name.startswith("Resultater – oplæg")]
    assert "Eksempel med opdigtede tal" in deck_text(deck)


def test_made_up_numbers_are_plausible_and_the_same_each_time() -> None:
    for round_ in Round:
        extract = plausible_extract(REGISTER, round_, 60)
        assert extract == plausible_extract(REGISTER, round_, 60)
        assert read_extract(extract_csv(REGISTER, extract, round_), REGISTER, round_) == extract
