"""`klyngeflow report` reads CSV files as they really are, or says in one line where one is wrong."""

import csv
from pathlib import Path

import pytest

from demo.answers import baseline_answers
from domain.model import Round
from tests.cli.command_line import CommandLine, csv_of
from tests.cli.reports import Made, arguments, write_answers
from tests.the_packages import TRIVSEL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


# --- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_every_usual_kind_of_file_gives_the_same_results(
    klyngeflow: CommandLine, file: Path, ud: Path, encoding: str, separator: str
) -> None:
    some = [person | {"arbejdsglaede": ["I høj grad"]} for person in baseline_answers(TRIVSEL)[:4]]
    file.write_bytes(csv_of(TRIVSEL, Round.BASELINE, some, separator).encode(encoding))
    ran = klyngeflow(*arguments(file, ud, "--json"))
    assert ran.code == 0, ran.err
    assert (ran.json["n"], ran.json["suppressed"]) == (4, True)


def test_labels_in_quoted_cells_and_two_line_texts_are_read(klyngeflow: CommandLine, file: Path, ud: Path) -> None:
    row = '"I meget høj grad","At jeg lærer nyt og udvikler mig fagligt; balance","To\r\nlinjer, og komma"'
    file.write_bytes(("arbejdsglaede,positive,gode_erfaringer\r\n" + f"{row}\r\n" * 12).encode("utf-8-sig"))
    assert klyngeflow(*arguments(file, ud)).code == 0
    items = Made(ud).results["items"]
    assert items["arbejdsglaede"]["counts"]["I meget høj grad"] == 12
    assert items["positive"]["counts"]["At jeg lærer nyt og udvikler mig fagligt"] == 12
    assert items["positive"]["counts"]["At der er balance mellem arbejde og fritid"] == 12
    assert "who5" not in Made(ud).results


def test_a_half_answered_who5_counts_in_its_items_and_gives_no_score(
    klyngeflow: CommandLine, file: Path, ud: Path
) -> None:
    file.write_text("who5_1,who5_2,who5_3,who5_4,who5_5\n" + "4,4,4,4,4\n" * 11 + "0,0,,,\n")
    assert klyngeflow(*arguments(file, ud)).code == 0
    results = Made(ud).results
    assert results["n"] == 12
    assert (results["who5"]["n"], results["who5"]["mean"]) == (11, 80)
    assert (results["items"]["who5_1"]["n"], results["items"]["who5_3"]["n"]) == (12, 11)


# --- columns that are missing or too many ---------------------------------------------------------------------------


def test_columns_of_the_other_round_are_left_out_and_named(klyngeflow: CommandLine, tmp_path: Path, ud: Path) -> None:
    now, before = (write_answers(tmp_path / name, baseline_answers(TRIVSEL)) for name in ("a.csv", "b.csv"))
    ran = klyngeflow(*arguments(now, ud, "--baseline", before))
    assert ran.code == 0
    assert ran.err.splitlines()[0].startswith("a.csv: left out, not asked in this round: positive, belastning_01, ")
    assert set(Made(ud).results["items"]) == {*TRIVSEL.index("who5").items, "arbejdsglaede"}


def leave_out(file: Path, columns: set[str]) -> None:
    """Write the file again without some of its columns."""
    rows = list(csv.reader(file.read_text().splitlines()))
    kept = [number for number, name in enumerate(rows[0]) if name not in columns]
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
    klyngeflow: CommandLine, svar: Path, ud: Path, without: set[str], said: str | None
) -> None:
    leave_out(svar, without)
    ran = klyngeflow(*arguments(svar, ud))
    assert ran.code == 0
    warnings = [line for line in ran.err.splitlines() if "warning" in line]
    assert warnings == ([f"svar.csv: warning: no column for {said}"] if said else [])
    assert ("who5" in Made(ud).results) == ("who5_1" not in without)
    if said:
        assert all(Made(ud).results["items"][item]["suppressed"] for item in without)


def test_a_missing_free_text_is_told_where_it_is_asked_for(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    leave_out(svar, {"gode_erfaringer"})
    assert "no column for gode_erfaringer: no result for it." in klyngeflow(*arguments(svar, ud, "--free-texts")).err


# --- what is refused ------------------------------------------------------------------------------------------------


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
    klyngeflow: CommandLine, tmp_path: Path, file: Path, ud: Path, content: bytes, said: str
) -> None:
    file.write_bytes(content)
    assert klyngeflow.refuses(*arguments(file, ud)).startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_wrong_first_round_is_refused_too(klyngeflow: CommandLine, svar: Path, tmp_path: Path, ud: Path) -> None:
    before = tmp_path / "før.csv"
    before.write_text("who5_1\nmange\n")
    said = klyngeflow.refuses(*arguments(svar, ud, "--baseline", before))
    assert said.startswith("før.csv, row 2, column who5_1: 'mange' is not a whole number")
    assert not ud.exists()
