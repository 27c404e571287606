"""`klyngeflow simulate`: a country's years as a table and as CSV, the same each time for the same seed."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine

SMALL = ("--clusters", "3", "--packages", "4", "--years", "1")


def a_row_a_day(klyngeflow: CommandLine, file: Path, *arguments: str) -> list[dict[str, str]]:
    ran = klyngeflow("simulate", *SMALL, *arguments, "--csv", file)
    assert (ran.code, ran.err) == (0, "")
    with file.open(newline="") as rows:
        return list(csv.DictReader(rows))


def test_the_table_has_a_line_a_quarter_in_danish(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("simulate", *SMALL)
    assert (ran.code, ran.err) == (0, "")
    head, *lines = ran.out.splitlines()
    assert "Mails om dagen" in head
    assert [line.split()[0] for line in lines[:4]] == ["01.01.2027", "01.04.2027", "01.07.2027", "01.10.2027"]
    assert "," in lines[1], "decimals as Danes write them"


def test_the_csv_has_a_row_for_every_day(klyngeflow: CommandLine, tmp_path: Path) -> None:
    rows = a_row_a_day(klyngeflow, tmp_path / "days.csv")
    days = [dt.date.fromisoformat(row["day"]) for row in rows]
    assert days == [dt.date(2027, 1, 1) + dt.timedelta(days=number) for number in range(365)]
    assert set(rows[0]) == {"day", "placed", "ended", "mails", "calls", "decks", "too_few", "open"}
    placed, ended = (sum(int(row[column]) for row in rows) for column in ("placed", "ended"))
    assert placed > 3
    assert int(rows[-1]["open"]) == placed - ended
    assert sum(int(row["mails"]) for row in rows) > 10 * placed


def test_the_same_seed_is_the_same_country_and_another_seed_another(klyngeflow: CommandLine, tmp_path: Path) -> None:
    first = a_row_a_day(klyngeflow, tmp_path / "1.csv", "--seed", "7")
    assert a_row_a_day(klyngeflow, tmp_path / "2.csv", "--seed", "7") == first
    assert a_row_a_day(klyngeflow, tmp_path / "3.csv", "--seed", "8") != first


def test_a_file_that_cannot_be_written_is_refused_in_one_line(klyngeflow: CommandLine, tmp_path: Path) -> None:
    said = klyngeflow.refuses("simulate", *SMALL, "--csv", tmp_path)
    assert said == f"'{tmp_path}' cannot be written: Is a directory"


@pytest.mark.parametrize("wrong", [("--clusters", "0"), ("--years", "0"), ("--packages", "1.5")], ids=" ".join)
def test_a_country_that_cannot_be_is_refused_in_one_line(klyngeflow: CommandLine, wrong: tuple[str, str]) -> None:
    assert klyngeflow.refuses("simulate", *wrong).startswith(f"Invalid value for '{wrong[0]}'")
