"""`klyngeflow package new`: a folder that holds together as it stands, to write on."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from cli.new_package import SKELETON
from domain.meeting import Format
from domain.model import Round
from domain.policies import Disclosure
from reporting.deck_check import deck_problems
from storage.packages import read_package
from tests.cli.command_line import CommandLine, run_installed
from tests.the_packages import TRIVSEL

EXAMPLE = "Eksempel med opdigtede svar"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and we stand in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_package_is_checked_and_previewed_as_it_stands(klyngeflow: CommandLine, empty: Path) -> None:
    made = klyngeflow("package", "new", "akutte-tider", "--title", "Akutte tider: hvem kommer til?")
    assert (made.code, made.out) == (0, "akutte-tider/package.yaml\nakutte-tider/deck.yaml\n")
    assert made.err == "Next: klyngeflow package check akutte-tider\n"
    checked = klyngeflow("package", "check", "akutte-tider")
    assert (checked.code, checked.out, checked.err) == (0, "", "1 package without faults.\n")
    shown = klyngeflow("package", "preview", "akutte-tider/", "--out", "se", "--answers", "12")
    assert shown.code == 0, shown.err
    assert (empty / "se" / f"Resultater – oplæg {EXAMPLE}.pptx").exists()
    assert (empty / "se" / f"Opfølgning – oplæg {EXAMPLE}.pptx").exists()
    assert "I hvilken grad arbejder I med emnet" in (empty / "se" / f"Spørgeskema {EXAMPLE}.txt").read_text("utf-8")


def test_the_guides_first_commands_do_what_it_says(klyngeflow: CommandLine, empty: Path) -> None:
    """The name it takes for an example is nobody's, and the folder it checks is the one that it made."""
    guide = (Path(__file__).resolve().parents[2] / "docs" / "packages.md").read_text("utf-8")
    given = re.findall(r"`klyngeflow (package (?:new|check) [^`]+)`", guide.partition("### A new version")[0])
    assert [line.split()[1] for line in given] == ["new", "check"]
    for line in given:
        assert klyngeflow(*shlex.split(line)).code == 0


def test_it_has_its_name_its_title_today_and_a_beginning_of_everything(klyngeflow: CommandLine, empty: Path) -> None:
    assert klyngeflow("package", "new", "stress-i-klinikken", "--in", "nye/pakker").code == 0
    package = read_package(empty / "nye" / "pakker" / "stress-i-klinikken", deck_problems)
    assert (package.title, package.version) == ("Stress i klinikken", 1)
    assert package.title_follow_up == "Stress i klinikken – opfølgning"
    assert {item.kind for item in package.items} == {"degree", "choices", "text"}
    assert package.disclosure == Disclosure()
    assert all(package.programme.of(form) for form in Format)
    assert all(package.asked_in(round_) for round_ in Round)
    assert package.programme_minutes == 120


@pytest.mark.parametrize("slug", ["2026", "no", "null", "0x1f", "2026-01-01"])
def test_a_name_that_yaml_takes_for_something_else_is_still_a_name(
    klyngeflow: CommandLine, empty: Path, slug: str
) -> None:
    assert klyngeflow("package", "new", slug).code == 0
    assert klyngeflow("package", "check", f"{slug}/").code == 0


def test_a_title_is_written_so_that_yaml_reads_it_back(klyngeflow: CommandLine, empty: Path) -> None:
    title = """Læger & "sygeplejersker": 'hvem' gør hvad? # $1 {n} \\ 100 %"""
    assert klyngeflow("package", "new", "roller", "--title", title).code == 0
    assert yaml.safe_load((empty / "roller" / "package.yaml").read_text("utf-8"))["title"] == title


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("Stress", "'Stress': a package's name is of a–z, 0–9 and single hyphens"),
        ("uddelegering på tid", "'uddelegering på tid': a package's name is of a–z"),
        ("../stress", "'../stress': a package's name is of a–z"),
        ("stress--nu", "'stress--nu': a package's name is of a–z"),
        ("-", "'-': a package's name is of a–z"),
        ("", "'': a package's name is of a–z"),
        ("a" * 61, f"'{'a' * 61}': a package's name has at most 60 characters."),
        (TRIVSEL.slug, f"there is a package '{TRIVSEL.slug}' already; choose another name."),
    ],
)
def test_a_name_that_can_be_no_folder_or_address_is_refused_and_nothing_is_made(
    klyngeflow: CommandLine, empty: Path, slug: str, said: str
) -> None:
    assert klyngeflow.refuses("package", "new", slug).startswith(said)
    assert list(empty.iterdir()) == []


def test_what_is_there_already_is_never_written_over(klyngeflow: CommandLine, empty: Path) -> None:
    (empty / "stress").mkdir()
    (empty / "stress" / "noter.txt").write_text("mine", encoding="utf-8")
    (empty / "andet").symlink_to("ingen-steder")
    (empty / "fil").write_text("min", encoding="utf-8")
    for slug in ("stress", "andet", "fil"):
        said = klyngeflow.refuses("package", "new", slug)
        assert said == f"'{slug}' is there already; choose another name, or another folder with --in."
    assert [path.name for path in (empty / "stress").iterdir()] == ["noter.txt"]
    assert (
        klyngeflow.refuses("package", "new", "ny", "--in", "fil")
        == f"--in: '{empty / 'fil'}' is a file; name a folder."
    )


def test_a_title_that_nothing_can_carry_is_refused(klyngeflow: CommandLine, empty: Path) -> None:
    for title in ("   ", "x" * 500, "to\nlinjer"):
        assert klyngeflow.refuses("package", "new", "stress", "--title", title).startswith("--title: ")
    assert list(empty.iterdir()) == []


def test_the_installed_program_has_the_files_of_a_new_package(tmp_path: Path) -> None:
    ran = run_installed("package", "new", "stress", cwd=tmp_path)
    assert (ran.code, sorted(path.name for path in (tmp_path / "stress").iterdir())) == (
        0,
        ["deck.yaml", "package.yaml"],
    )


def test_what_is_to_be_changed_is_marked_and_the_mark_is_explained() -> None:
    for name, least in (("package.yaml", 10), ("deck.yaml", 4)):
        text = (SKELETON / name).read_text("utf-8")
        assert len(re.findall(r"# RET\b", text)) >= least, name
    assert "RET ved en linje betyder" in (SKELETON / "package.yaml").read_text("utf-8")
