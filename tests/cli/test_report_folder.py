"""The folder a report goes to: all of its files or none, and what else stands there stays."""

from pathlib import Path

import pytest

from cli import out_folder
from tests.cli.command_line import CommandLine
from tests.cli.reports import Made, arguments
from tests.reporting.slides import slides_of, words_of


def test_a_file_where_the_folder_should_be_is_refused(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    ud.write_text("mit")
    for out in (ud, ud / "nedenunder"):
        assert klyngeflow.refuses(*arguments(svar, out)) == f"--out: '{ud}' is a file; name a folder."
    assert ud.read_text() == "mit"


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
