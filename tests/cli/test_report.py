"""`klyngeflow report`: from CSV files to deck, document and results.json, or one clear line and nothing written."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from cli import out_folder
from demo.answers import Raw, baseline_answers, follow_up_answers, plausible_answers
from domain.model import Round
from domain.package import Package
from reporting.reading import ChartData, read_chart_data
from storage.packages import PACKAGES
from tests.cli.command_line import CommandLine, csv_of, run_installed
from tests.made_once import Shelf, made_once
from tests.reporting.slides import notes_of, slides_of, titles_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

BOTH = pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
PERCENTAGE = re.compile(r"\d+(?:,\d+)?\s?%")
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "answers.csv"


@dataclass(frozen=True)
class Made:
    """What stands in a folder after a report."""

    folder: Path

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    @property
    def deck(self) -> bytes:
        return next(self.folder.glob("*.pptx")).read_bytes()

    @property
    def results(self) -> Any:
        return json.loads((self.folder / "results.json").read_text())

    @property
    def charts(self) -> list[ChartData]:
        """The charts of the cluster's own answers."""
        return [chart for chart in read_chart_data(self.deck) if chart.name != "Landstal"]

    def chart(self, name: str) -> ChartData:
        return next(chart for chart in self.charts if chart.name == name)

    @property
    def said(self) -> str:
        """Every word of deck and document."""
        slides = [words_of(slide) + "\n" + notes_of(slide) for slide in slides_of(self.deck)]
        return "\n".join([*slides, self.document])

    @property
    def document(self) -> str:
        document = Document(str(next(self.folder.glob("*.docx"))))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells]).replace("\N{NO-BREAK SPACE}", " ")


class Reports:
    """Reports of made-up answers, each made once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, slug: str, n: int) -> Made:
        package = TRIVSEL if slug == TRIVSEL.slug else SAMARBEJDE

        def report(folder: Path) -> None:
            folder.mkdir()
            answers = folder / "svar.csv"
            answers.write_text(csv_of(package, Round.BASELINE, people(package, n)))
            given = ("report", slug, "--answers", answers, "--cluster", "Klynge Nord", "--members", str(n + 3))
            assert CommandLine()(*given, "--out", folder / "ud").code == 0

        return Made(made_once(self._root / f"report-{slug}-{n}", report) / "ud")


def people(package: Package, n: int) -> list[Raw]:
    """The first of them write, so that free text is there to be held back."""
    found = plausible_answers(package, Round.BASELINE, n)
    for number, person in enumerate(found):
        if package is TRIVSEL and number < 8:
            person["gode_erfaringer"] = [f"Hemmelig erfaring {number}"]
    return found


@pytest.fixture(scope="session")
def reports(shelf: Shelf) -> Reports:
    return Reports(shelf.folder)


@pytest.fixture
def svar(tmp_path: Path) -> Path:
    """34 people's answers to Trivsel og arbejdsglæde."""
    file = tmp_path / "svar.csv"
    file.write_text(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)[:34]))
    return file


@pytest.fixture
def ud(tmp_path: Path) -> Path:
    return tmp_path / "ud"


def arguments(answers: Path, ud: Path, *more: str | Path, members: int = 42) -> tuple[str | Path, ...]:
    base = ("report", TRIVSEL.slug, "--answers", answers, "--cluster", "Klynge Nord", "--members", str(members))
    return (*base, "--out", ud, *more)


# What few answers would give away


@BOTH
def test_four_answers_give_no_result_anywhere(reports: Reports, package: Package) -> None:
    made = reports.of(package.slug, 4)
    assert made.results == {
        "package": package.slug, "package_version": 1, "round": "baseline", "n": 4, "members": 7, "suppressed": True,
        "items": {},
    }  # fmt: skip
    assert made.charts == []
    assert "4 af 7 har svaret" in made.document
    assert "Hemmelig" not in made.said
    tabled = [option.label for item in package.items if item.kind == "choices" for option in package.options_of(item)]
    assert not [label for label in tabled if label in made.document]


@BOTH
def test_nine_answers_give_counts_and_nothing_finer(reports: Reports, package: Package) -> None:
    made = reports.of(package.slug, 9)
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


@BOTH
def test_nine_answers_give_no_percentages_in_the_document(reports: Reports, package: Package) -> None:
    own_figures = yaml.safe_load((PACKAGES / package.slug / "package.yaml").read_text())["references"]
    told = json.dumps(own_figures, ensure_ascii=False).replace(".", ",")
    found = set(PERCENTAGE.findall(reports.of(package.slug, 9).document))
    assert {figure for figure in found if figure.rstrip("% ") not in told} <= {"95 %"}
    assert set(PERCENTAGE.findall(reports.of(package.slug, 34).document)) - {"95 %"} > found - {"95 %"}


@pytest.mark.parametrize("n", [9, 34, 73])
@BOTH
def test_the_counts_are_those_of_the_file(reports: Reports, package: Package, n: int) -> None:
    made = reports.of(package.slug, n)
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
    made = reports.of(TRIVSEL.slug, n)
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
    made = reports.of(SAMARBEJDE.slug, n)
    stacked = [chart for chart in made.charts if len(chart.series) >= 5]
    assert sum(len(chart.categories) for chart in stacked) >= 25
    for chart in stacked:
        for place in range(len(chart.categories)):
            total = sum(values[place] or 0 for values in chart.series.values())
            assert total == pytest.approx(1), (chart.name, chart.categories[place])


def test_an_item_that_four_answered_is_not_told_and_not_how_few(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path
) -> None:
    answers = tmp_path / "a.csv"
    some = baseline_answers(TRIVSEL)[:20]
    for person in some[4:]:
        del person["positive"]
    answers.write_text(csv_of(TRIVSEL, Round.BASELINE, some))
    assert klyngeflow(*arguments(answers, ud)).code == 0
    assert Made(ud).results["items"]["positive"] == {"n": 0, "counts": {}, "suppressed": True}
    assert "At der er balance mellem arbejde og fritid" not in Made(ud).said


# Free texts


def test_free_texts_stay_out_unless_asked_for(reports: Reports) -> None:
    assert "Hemmelig" not in reports.of(TRIVSEL.slug, 34).said


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
    answers = tmp_path / "a.csv"
    answers.write_text(csv_of(TRIVSEL, Round.BASELINE, people(TRIVSEL, 9)))
    assert klyngeflow(*arguments(answers, ud, "--free-texts")).code == 0
    assert "Hemmelig" not in Made(ud).said


# The figures of the source documents


@pytest.fixture(scope="module")
def retreat(shelf: Shelf) -> Made:
    """38 answers, then 34 of 42, by the installed program."""

    def report(folder: Path) -> None:
        folder.mkdir()
        (folder / "før.csv").write_text(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)))
        (folder / "nu.csv").write_text(csv_of(TRIVSEL, Round.FOLLOW_UP, follow_up_answers(TRIVSEL)))
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
    assert "Fra 58 til 63 point: forskellen er inden for usikkerheden" in titles
    assert not [title for title in titles if re.search("steg|fald|bedre", title)]
    change = retreat.results["change"]["who5"]
    assert change["verdict"] == "uncertain"
    assert -4 < change["low"] < -3
    assert 13 < change["high"] < 14
    assert "forskellen er inden for usikkerheden" in retreat.document


def test_a_first_round_under_five_is_compared_with_nothing(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    before, now = tmp_path / "b.csv", tmp_path / "a.csv"
    before.write_text(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)[:4]))
    now.write_text(csv_of(TRIVSEL, Round.FOLLOW_UP, follow_up_answers(TRIVSEL)))
    ran = klyngeflow(*arguments(now, ud, "--baseline", before))
    assert ran.code == 0
    assert "baseline: 4 of 42 answered; under 5 answers no results are shown" in ran.err
    assert "change" not in Made(ud).results
    assert json.loads((ud / "results-baseline.json").read_text())["suppressed"]


# What is printed


def test_json_prints_the_file_and_nothing_else_on_stdout(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    ran = klyngeflow(*arguments(svar, ud, "--json"))
    assert ran.code == 0
    assert ran.out == (ud / "results.json").read_text()
    assert ran.err == "trivsel-og-arbejdsglaede, baseline: 34 of 42 answered\n"


def test_columns_of_the_other_round_are_left_out_and_named(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    rounds = tmp_path / "a.csv", tmp_path / "b.csv"
    for file in rounds:
        file.write_text(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)))
    ran = klyngeflow(*arguments(rounds[0], ud, "--baseline", rounds[1]))
    assert ran.code == 0
    assert ran.err.splitlines()[0].startswith("a.csv: left out, not asked in this round: positive, belastning_01, ")
    assert set(Made(ud).results["items"]) == {*TRIVSEL.who5, "arbejdsglaede"}


def test_help_names_every_option(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("report", "--help")
    assert ran.code == 0
    for option in ("--answers", "--baseline", "--cluster", "--members", "--baseline-members", "--out", "--free-texts"):
        assert option in ran.out


# Files as they really are


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_every_usual_kind_of_file_gives_the_same_results(
    klyngeflow: CommandLine, tmp_path: Path, encoding: str, separator: str
) -> None:
    some = [person | {"arbejdsglaede": ["I høj grad"]} for person in baseline_answers(TRIVSEL)[:4]]
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(TRIVSEL, Round.BASELINE, some, separator).encode(encoding))
    ran = klyngeflow(*arguments(file, tmp_path / "ud", "--json"))
    assert ran.code == 0, ran.err
    assert (ran.json["n"], ran.json["suppressed"]) == (4, True)


def test_labels_in_quoted_cells_and_two_line_texts_are_read(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    file = tmp_path / "a.csv"
    row = '"I meget høj grad","At jeg lærer nyt og udvikler mig fagligt; balance","To\r\nlinjer, og komma"'
    file.write_bytes(("arbejdsglaede,positive,gode_erfaringer\r\n" + f"{row}\r\n" * 12).encode("utf-8-sig"))
    assert klyngeflow(*arguments(file, ud)).code == 0
    items = Made(ud).results["items"]
    assert items["arbejdsglaede"]["counts"]["I meget høj grad"] == 12
    assert items["positive"]["counts"]["At jeg lærer nyt og udvikler mig fagligt"] == 12
    assert items["positive"]["counts"]["At der er balance mellem arbejde og fritid"] == 12
    assert "who5" not in Made(ud).results


def test_a_half_answered_who5_counts_in_its_items_and_gives_no_score(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("who5_1,who5_2,who5_3,who5_4,who5_5\n" + "4,4,4,4,4\n" * 11 + "0,0,,,\n")
    assert klyngeflow(*arguments(file, ud)).code == 0
    results = Made(ud).results
    assert results["n"] == 12
    assert (results["who5"]["n"], results["who5"]["mean"]) == (11, 80)
    assert (results["items"]["who5_1"]["n"], results["items"]["who5_3"]["n"]) == (12, 11)


def columns_of(file: Path, but: set[str]) -> None:
    """34 people's answers without some columns."""
    rows = list(csv.reader(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)[:34]).splitlines()))
    kept = [number for number, name in enumerate(rows[0]) if name not in but]
    with file.open("w") as made:
        csv.writer(made).writerows([row[number] for number in kept] for row in rows)


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"who5_1"}, "who5_1: no result for it; without all its items there is no WHO-5 index."),
        ({"belastning_03", "positive"}, "positive, belastning_03: no result for them."),
        ({"gode_erfaringer"}, None),
    ],
    ids=["a WHO-5 item", "others", "free text"],
)
def test_a_column_that_is_missing_is_told_with_what_it_costs(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path, without: set[str], said: str | None
) -> None:
    file = tmp_path / "a.csv"
    columns_of(file, without)
    ran = klyngeflow(*arguments(file, ud))
    assert ran.code == 0
    warnings = [line for line in ran.err.splitlines() if "warning" in line]
    assert warnings == ([f"a.csv: warning: no column for {said}"] if said else [])
    assert ("who5" in Made(ud).results) == ("who5_1" not in without)
    if said:
        assert all(Made(ud).results["items"][item]["suppressed"] for item in without)


def test_a_missing_free_text_is_told_where_it_is_asked_for(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    file = tmp_path / "a.csv"
    columns_of(file, {"gode_erfaringer"})
    assert "no column for gode_erfaringer: no result for it." in klyngeflow(*arguments(file, ud, "--free-texts")).err


# What is refused, with nothing written


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.csv: the file is empty; the first line must name the columns, e.g. an item id each."),
        (b"\r\n  \r\n", "a.csv: the file is empty; the first line must name the columns, e.g. an item id each."),
        (b"who5_1,arbejdsglede\n3,hoej\n", "a.csv: unknown column 'arbejdsglede'; did you mean 'arbejdsglaede'?"),
        (b"who5_1\n3\n6\n", "a.csv, row 3, column who5_1: '6' is not a whole number from 0 to 5"),
        (b"belastning_13\n0\n", "a.csv, row 2, column belastning_13: '0' is not a whole number from 1 to 10"),
        (b"arbejdsglaede\nmeget\n", "a.csv, row 2, column arbejdsglaede: 'meget' is none of the options"),
        (b'positive\n"balance;oekonomi;struktur;god_tone"\n', "a.csv, row 2, column positive: 4 choices, at most 3"),
        (b"positive;who5_1\nbalance;oekonomi;3\n", "a.csv, row 2: 3 cells under 2 columns; put a cell that contains"),
        (b"who5_1\nikke_relevant\n", "a.csv, row 2, column who5_1: this item has no 'ikke_relevant'"),
        (b"who5_1,who5_1\n3,3\n", "a.csv: the column 'who5_1' stands twice"),
        ("gode_erfaringer\nVi går\n".encode("utf-16-le"), "a.csv, row 1: a NUL byte, as in UTF-16"),
        ("gode_erfaringer\nжурнал\n".encode("cp1251"), "a.csv, row 2: the letters can't be read"),
        (b"PK\x03\x04xl/workbook.xml", "a.csv: this is a spreadsheet, not a CSV file"),
        (b'who5_1\n"3\n', "a.csv, row 2: not readable as CSV"),
        (b"who5_1,who5_2\r\n", "a.csv: no row under the header has an answer to this survey; there must be one."),
        (b"who5_1,who5_2\n,\n , \n", "a.csv: no row under the header has an answer to this survey"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_one_line_that_says_where(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    assert klyngeflow.refuses(*arguments(file, ud)).startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_wrong_first_round_is_refused_too(klyngeflow: CommandLine, svar: Path, tmp_path: Path, ud: Path) -> None:
    before = tmp_path / "før.csv"
    before.write_text("who5_1\nmange\n")
    said = klyngeflow.refuses(*arguments(svar, ud, "--baseline", before))
    assert said.startswith("før.csv, row 2, column who5_1: 'mange' is not a whole number")
    assert not ud.exists()


def test_more_answers_than_members_are_refused(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    said = klyngeflow.refuses(*arguments(svar, ud, members=33))
    assert said == "svar.csv: 34 respondents, but 33 were asked (--members)."
    assert not ud.exists()


def test_a_larger_first_round_is_told_about_its_own_number(klyngeflow: CommandLine, svar: Path, tmp_path: Path) -> None:
    before = tmp_path / "før.csv"
    before.write_text(csv_of(TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)))
    wrong = arguments(svar, tmp_path / "ud", "--baseline", before, members=34)
    assert klyngeflow.refuses(*wrong) == (
        "før.csv: 38 respondents, but 34 were asked (--members, without --baseline-members)."
    )
    assert klyngeflow(*wrong, "--baseline-members", "38").code == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--baseline-members", "3"], "--baseline-members belongs to --baseline"),
        (["--cluster", "  "], "--cluster: the name must not be empty"),
        (["--cluster", "Klynge\x07"], "--cluster: the name has a control character (U+0007) after character 6;"),
        (["--cluster", "Klynge " + "n" * 80], "--cluster: the name has 87 characters, more than 80"),
        (["--members", "0"], "Invalid value for '--members'"),
        (["--members", "mange"], "Invalid value for '--members'"),
        (["--answers", "findes-ikke.csv"], "findes-ikke.csv: No such file or directory."),
        (["--packages", "findes-ikke"], "There is no package 'trivsel-og-arbejdsglaede'. The packages are: none."),
    ],
)
def test_wrong_use_is_refused_with_one_line(
    klyngeflow: CommandLine, svar: Path, ud: Path, more: list[str], said: str
) -> None:
    assert klyngeflow.refuses(*arguments(svar, ud, *more)).startswith(said)
    assert not ud.exists()


def test_an_unknown_package_is_told_which_there_are(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    given = ("report", "trivsel", "--answers", svar, "--cluster", "K", "--members", "40", "--out", ud)
    assert klyngeflow.refuses(*given) == (
        "There is no package 'trivsel'. The packages are: samarbejde-og-faellesskab, trivsel-og-arbejdsglaede."
    )


def test_one_file_for_both_rounds_is_refused(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    said = klyngeflow.refuses(*arguments(svar, ud, "--baseline", svar.parent / "." / svar.name))
    assert said == "--answers and --baseline are the same file; the first is the follow-up's."


def test_a_package_without_slides_for_the_round_is_refused(klyngeflow: CommandLine, svar: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pakker" / TRIVSEL.slug
    folder.mkdir(parents=True)
    (folder / "package.yaml").write_text((PACKAGES / TRIVSEL.slug / "package.yaml").read_text())
    said = klyngeflow.refuses(*arguments(svar, tmp_path / "ud", "--packages", folder.parent))
    assert said == "trivsel-og-arbejdsglaede has no slides for the round 'baseline': see its deck.yaml."


def test_a_package_with_faults_is_refused_with_the_first_of_them(
    klyngeflow: CommandLine, svar: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pakker" / "ny"
    folder.mkdir(parents=True)
    (folder / "package.yaml").write_text("slug: ny\nversion: nul\n")
    given = ("report", folder, "--answers", svar, "--cluster", "K", "--members", "40", "--out", tmp_path / "ud")
    said = klyngeflow.refuses(*given)
    assert said.startswith("ny/package.yaml:1: ")
    assert said.endswith("more, see 'klyngeflow package check')")


# The folder


def test_a_file_where_the_folder_should_be_is_refused(klyngeflow: CommandLine, svar: Path, tmp_path: Path) -> None:
    (tmp_path / "ud").write_text("mit")
    for out in (tmp_path / "ud", tmp_path / "ud" / "nedenunder"):
        assert klyngeflow.refuses(*arguments(svar, out)) == f"--out: '{tmp_path / 'ud'}' is a file; name a folder."
    assert (tmp_path / "ud").read_text() == "mit"


def test_a_folder_that_cannot_be_made_is_refused(klyngeflow: CommandLine, svar: Path) -> None:
    said = klyngeflow.refuses(*arguments(svar, Path("/proc/klyngeflow")))
    assert said.startswith("--out: '/proc")
    assert "can't be written to" in said


def test_what_stood_in_the_folder_stays_and_older_results_are_replaced(
    klyngeflow: CommandLine, svar: Path, ud: Path
) -> None:
    ud.mkdir()
    (ud / "noter.txt").write_text("mine")
    (ud / "results.json").write_text("gamle")
    assert klyngeflow(*arguments(svar, ud)).code == 0
    assert Made(ud).names == {
        "noter.txt",
        "results.json",
        "Resultater – oplæg Klynge Nord.pptx",
        "Resultater Klynge Nord.docx",
    }
    assert (ud / "noter.txt").read_text() == "mine"
    assert Made(ud).results["n"] == 34


def test_where_one_file_cannot_be_put_all_is_as_before(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    (ud / "results.json").mkdir(parents=True)
    deck = ud / "Resultater – oplæg Klynge Nord.pptx"
    deck.write_text("den gamle")
    said = klyngeflow.refuses(*arguments(svar, ud))
    assert said == f"--out: '{ud / 'results.json'}' is a folder where a file should go."
    assert Made(ud).names == {"results.json", deck.name}
    assert deck.read_text() == "den gamle"


def test_a_disk_that_is_full_leaves_no_folder_behind(
    klyngeflow: CommandLine, svar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(out_folder, "_put", full)
    out = tmp_path / "et" / "to"
    assert klyngeflow.refuses(*arguments(svar, out)) == f"--out: '{out}' can't be written to: No space left on device."
    assert not (tmp_path / "et").exists()


def test_a_cluster_with_signs_no_file_may_have_gets_its_name_on_the_slides(
    klyngeflow: CommandLine, svar: Path, ud: Path
) -> None:
    assert klyngeflow(*arguments(svar, ud, "--cluster", "Vest/Øst: A & <B>")).code == 0
    assert "Resultater Vest-Øst- A & -B-.docx" in Made(ud).names
    assert "Vest/Øst: A & <B>" in Made(ud).document
    assert any("Vest/Øst: A & <B>" in words_of(slide) for slide in slides_of(Made(ud).deck))


@pytest.mark.parametrize(("first", "second", "code"), [(34, 33, 1), (30, 34, 1), (34, 34, 0), (29, 34, 0), (4, 6, 0)])
def test_a_result_that_differs_by_a_few_answers_is_not_put_beside_the_earlier_one(
    klyngeflow: CommandLine, tmp_path: Path, ud: Path, first: int, second: int, code: int
) -> None:
    file = tmp_path / "a.csv"
    people = baseline_answers(TRIVSEL)
    file.write_text(csv_of(TRIVSEL, Round.BASELINE, people[:first]))
    assert klyngeflow(*arguments(file, ud)).code == 0
    file.write_text(csv_of(TRIVSEL, Round.BASELINE, people[:second]))
    ran = klyngeflow(*arguments(file, ud))
    assert (ran.code, Made(ud).results["n"]) == (code, first if code else second)
    assert len(ran.err.splitlines()) == 1
    assert klyngeflow(*arguments(file, ud, "--cluster", "En anden klynge")).code == 0


# The example that comes along


def test_the_example_in_the_docs_is_a_whole_file_of_answers(klyngeflow: CommandLine, ud: Path) -> None:
    ran = klyngeflow(*arguments(EXAMPLE, ud, members=16))
    assert (ran.code, ran.err) == (0, "trivsel-og-arbejdsglaede, baseline: 12 of 16 answered\n")
    assert set(Made(ud).results["items"]) == {item.id for item in TRIVSEL.items}
    assert Made(ud).results["who5"]["n"] == 12
    readme = (EXAMPLE.parents[2] / "README.md").read_text()
    assert "--answers docs/examples/answers.csv" in readme
