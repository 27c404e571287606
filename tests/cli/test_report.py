"""`klyngeflow report`: what it prints, and wrong use refused with one clear line and nothing written."""

from pathlib import Path

import pytest

from demo.answers import baseline_answers
from storage.packages import PACKAGES, package_folders
from tests.cli.command_line import CommandLine
from tests.cli.reports import Made, arguments, write_answers
from tests.reporting.test_document import words_of
from tests.the_packages import TRIVSEL

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "answers.csv"


def test_json_prints_the_file_and_nothing_else_on_stdout(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    ran = klyngeflow(*arguments(svar, ud, "--json"))
    assert ran.code == 0
    assert ran.out == (ud / "results.json").read_text()
    assert ran.err == "trivsel-og-arbejdsglaede, baseline: 34 of 42 answered\n"


def test_help_names_every_option(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("report", "--help")
    assert ran.code == 0
    for option in (
        "--explain",
        "--papers",
        "--region",
        "--answers",
        "--baseline",
        "--cluster",
        "--members",
        "--baseline-members",
        "--out",
        "--free-texts",
    ):
        assert option in ran.out


def test_the_example_in_the_docs_is_a_whole_file_of_answers(klyngeflow: CommandLine, ud: Path) -> None:
    ran = klyngeflow(*arguments(EXAMPLE, ud, members=16))
    assert (ran.code, ran.err) == (0, "trivsel-og-arbejdsglaede, baseline: 12 of 16 answered\n")
    assert set(Made(ud).results["items"]) == {item.id for item in TRIVSEL.items}
    assert Made(ud).results["who5"]["n"] == 12
    readme = (EXAMPLE.parents[2] / "README.md").read_text()
    assert "--answers docs/examples/answers.csv" in readme


def test_the_papers_come_along_when_asked_for_and_hold_no_names(klyngeflow: CommandLine, ud: Path) -> None:
    assert klyngeflow(*arguments(EXAMPLE, ud, "--papers", "--region", "Nordjylland", members=16)).code == 0
    made = {file.name for file in ud.glob("*.docx")}
    assert {"Drejebog Klynge Nord.docx", "Implementeringsplan Klynge Nord.docx"} <= made
    assert not any("Grupper" in name or "liste" in name for name in made)
    assert "Nord-KAP" in words_of((ud / "Oversigt over tilbud Klynge Nord.docx").read_bytes())


def test_without_being_asked_for_no_paper_is_made(klyngeflow: CommandLine, ud: Path) -> None:
    assert klyngeflow(*arguments(EXAMPLE, ud, members=16)).code == 0
    assert [file.name for file in ud.glob("*.docx")] == ["Resultater Klynge Nord.docx"]


def test_an_unknown_region_and_one_without_papers_are_refused(klyngeflow: CommandLine, ud: Path) -> None:
    said = klyngeflow.refuses(*arguments(EXAMPLE, ud, "--papers", "--region", "Skåne", members=16))
    assert said.startswith("--region: there is no region 'Skåne'; the regions are ")
    assert klyngeflow.refuses(*arguments(EXAMPLE, ud, "--region", "nordjylland", members=16)) == (
        "--region belongs to --papers."
    )
    assert not ud.exists()


# --- what is refused ------------------------------------------------------------------------------------------------


def test_more_answers_than_members_are_refused(klyngeflow: CommandLine, svar: Path, ud: Path) -> None:
    said = klyngeflow.refuses(*arguments(svar, ud, members=33))
    assert said == "svar.csv: 34 respondents, but 33 were asked (--members)."
    assert not ud.exists()


def test_a_larger_first_round_is_told_about_its_own_number(klyngeflow: CommandLine, svar: Path, tmp_path: Path) -> None:
    before = write_answers(tmp_path / "før.csv", baseline_answers(TRIVSEL))
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
    assert klyngeflow.refuses(*arguments(svar, ud, package="trivsel")) == (
        f"There is no package 'trivsel'. The packages are: {', '.join(folder.name for folder in package_folders())}."
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
    klyngeflow: CommandLine, svar: Path, tmp_path: Path, ud: Path
) -> None:
    folder = tmp_path / "pakker" / "ny"
    folder.mkdir(parents=True)
    (folder / "package.yaml").write_text("slug: ny\nversion: nul\n")
    said = klyngeflow.refuses(*arguments(svar, ud, package=folder))
    assert said.startswith("ny/package.yaml:1: ")
    assert said.endswith("more, see 'klyngeflow package check')")
