"""`klyngeflow clusters`: those that never ordered are put in from a file, all of it or nothing."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from domain.model import StaffId
from storage.audit import Deed, Wanted, entries
from storage.clusters import cluster_table, clusters, recognise_cluster
from storage.staff import StaffRole, add_staff
from tests.activities.desk import Desk
from tests.cli.command_line import CommandLine

FILE = """Klyngenavn;Region;Nummer;Medlemmer
Ribe;Region Syddanmark;kiap-7;30
Ærø;syddanmark;;12

Thy;Nordjylland;kiap-9;
"""
HEADINGS = "Første linje skal være overskrifter: navn, region og eventuelt nummer."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, FILE)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "klynger.csv"
    file.write_bytes(text.encode(encoding))
    return file


def known(desk: Desk) -> set[tuple[str, str, str | None]]:
    with desk.stack.database.read() as connection:
        return {(each.name, each.region, each.external_id) for each in clusters(connection)}


ALL = {("Ribe", "syddanmark", "kiap-7"), ("Ærø", "syddanmark", None), ("Thy", "nordjylland", "kiap-9")}


def test_a_file_is_looked_through_first_and_changes_nothing(klyngeflow: CommandLine, desk: Desk, file: Path) -> None:
    ran = klyngeflow("clusters", "import", file)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "ny: Ribe, Region Syddanmark, kiap-7",
        "ny: Thy, Region Nordjylland, kiap-9",
        "ny: Ærø, Region Syddanmark",
        "Kolonner, vi ikke bruger: Medlemmer.",
        "3 nye klynger, 0 rettet, 0 som før. Intet er lagt ind endnu: kør igen med --save.",
    ]
    assert known(desk) == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_saved_they_are_known_and_again_is_no_change(
    klyngeflow: CommandLine, desk: Desk, tmp_path: Path, encoding: str
) -> None:
    file = written(tmp_path, FILE, encoding)
    assert klyngeflow("clusters", "import", file, "--save").out.endswith("3 nye klynger, 0 rettet, 0 som før.\n")
    assert known(desk) == ALL
    again = klyngeflow("clusters", "import", file, "--save")
    assert again.out.splitlines()[-1] == "0 nye klynger, 0 rettet, 3 som før."
    assert known(desk) == ALL
    with desk.stack.database.read() as connection:
        lines = [line for line in entries(connection, Wanted(), limit=10) if line.deed is Deed.CLUSTERS_IMPORTED]
    assert [(line.facts["new"], line.facts["changed"]) for line in lines] == [("3", "0")]


def test_a_cluster_that_ordered_is_the_same_one_and_a_number_brings_its_new_name(
    klyngeflow: CommandLine, desk: Desk, file: Path
) -> None:
    with desk.stack.database.write() as connection:
        ordered = recognise_cluster(connection, "ribe", "syddanmark", None)
        renamed = recognise_cluster(connection, "Thisted", "nordjylland", "kiap-9")
        recognise_cluster(connection, "Køge", "sjaelland", None)
    seen = klyngeflow("clusters", "import", file)
    assert "rettes: Thisted, Region Nordjylland, kiap-9 → Thy, Region Nordjylland, kiap-9" in seen.out
    assert seen.out.splitlines()[-1].startswith("1 ny klynge, 2 rettet, 0 som før.")
    klyngeflow("clusters", "import", file, "--save")
    assert known(desk) == {*ALL, ("Køge", "sjaelland", None)}
    with desk.stack.database.read() as connection:
        names = {row.id: row.name for row in connection.execute(select(cluster_table))}
    assert (names[ordered], names[renamed]) == ("Ribe", "Thy")


def test_each_wrong_line_is_told_and_nothing_is_kept(klyngeflow: CommandLine, desk: Desk, tmp_path: Path) -> None:
    text = (
        "navn,region,nummer\nRibe,Syddanmark,1\n,Syddanmark,2\nThy,Jylland,3\nÆrø,Syddanmark,nr 4\n...,Syddanmark,5\n"
    )
    ran = klyngeflow("clusters", "import", written(tmp_path, text), "--save")
    assert (ran.code, ran.out) == (2, "")
    told = ran.err.splitlines()
    assert [line.partition(":")[0] for line in told[:-1]] == ["Linje 3", "Linje 4", "Linje 5", "Linje 6"]
    assert told[0] == "Linje 3: Klyngens navn mangler."
    assert told[1].startswith("Linje 4: Regionen findes ikke i dag. Der er Region ")
    assert told[2].startswith("Linje 5: Nummeret må kun have")
    assert told[-1] == "klyngeflow: klynger.csv: 4 linjer skal rettes; intet er lagt ind"
    assert known(desk) == set()


@pytest.mark.parametrize(
    "twice",
    [
        "Ribe,Syddanmark,\nRIBE,syddanmark,\n",
        "Ribe,Syddanmark,7\nVejen,Syddanmark,7\n",
        "Ribe,Syddanmark,7\nRibe,Syddanmark,\n",
    ],
)
def test_two_lines_of_one_cluster_are_told(klyngeflow: CommandLine, desk: Desk, tmp_path: Path, twice: str) -> None:
    ran = klyngeflow("clusters", "import", written(tmp_path, f"navn,region,nummer\n{twice}"), "--save")
    assert ran.code == 2
    assert ran.err.splitlines()[0] == "Linje 3 er den samme klynge som linje 2. Slet den ene."
    assert known(desk) == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", f"klynger.csv: Filen er tom. {HEADINGS}"),
        ("Ribe,Syddanmark\n", f"klynger.csv: {HEADINGS}"),
        ("navn,klynge,region\nA,B,C\n", f"klynger.csv: {HEADINGS}"),
        ("navn,region\n", "klynger.csv: Der er ingen klynger under overskrifterne."),
        ("navn,region\0\n", "klynger.csv: Filen kan ikke læses. Send en Excel-fil (.xlsx) eller en CSV-fil."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_clusters_is_refused_in_a_line(
    klyngeflow: CommandLine, desk: Desk, tmp_path: Path, text: str, told: str
) -> None:
    assert klyngeflow.refuses("clusters", "import", written(tmp_path, text), "--save") == told
    assert known(desk) == set()


def test_a_file_that_is_not_there_or_too_large_is_refused(klyngeflow: CommandLine, desk: Desk, tmp_path: Path) -> None:
    assert "No such file" in klyngeflow.refuses("clusters", "import", tmp_path / "nej.csv")
    large = written(tmp_path, "navn,region\n" + "x" * 5_000_001)
    assert klyngeflow.refuses("clusters", "import", large).endswith("for stor til at være en liste over klynger.")
    assert known(desk) == set()


def test_an_excel_sheet_is_read_too(klyngeflow: CommandLine, desk: Desk, tmp_path: Path) -> None:
    book = Workbook()
    for row in (("Klynge", "Region", "Nummer"), ("Ribe", "Region Syddanmark", 7)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "klynger.xlsx")
    klyngeflow("clusters", "import", tmp_path / "klynger.xlsx", "--save")
    assert known(desk) == {("Ribe", "syddanmark", "7")}


def test_the_log_says_who_put_them_in(
    klyngeflow: CommandLine, desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.stack.database.write() as connection:
        ole: StaffId = add_staff(connection, "Ole Dahl", "ole@kiap.example", StaffRole.OPERATIONS)
    monkeypatch.setenv("KLYNGEFLOW_STAFF", "ole@kiap.example")
    klyngeflow("clusters", "import", file, "--save")
    with desk.stack.database.read() as connection:
        (line,) = [each for each in entries(connection, Wanted(), limit=10) if each.deed is Deed.CLUSTERS_IMPORTED]
    assert line.by.who == ole


def test_the_list_has_every_cluster(klyngeflow: CommandLine, desk: Desk, file: Path) -> None:
    assert klyngeflow("clusters", "list").out == "Vi kender ingen klynger endnu.\n"
    klyngeflow("clusters", "import", file, "--save")
    lines = klyngeflow("clusters", "list").out.splitlines()
    assert [line.split()[1] for line in lines] == ["Klynge", "Ribe", "Thy", "Ærø"]
    told = klyngeflow("clusters", "list", "--json").json
    assert [(each["name"], each["region"], each["number"]) for each in told][2] == ("Ærø", "syddanmark", None)
