"""`klyngeflow package`: what authors and scripts are told of packages, their faults, and how they will look."""

import json
import re
import shutil
from pathlib import Path

import pytest
from docx import Document

from demo.answers import plausible_answers
from domain.model import Round
from reporting.papers.catalogue import PAPERS
from reporting.reading import read_chart_data
from storage.packages import PACKAGES, package_folders
from tests.cli.command_line import CommandLine, csv_of, run_installed
from tests.made_once import Shelf, made_once
from tests.reporting.slides import slides_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

EXAMPLE = "Eksempel med opdigtede svar"
EVERY = [folder.name for folder in package_folders()]
"""The packages that come along."""


@pytest.fixture
def pakker(tmp_path: Path) -> Path:
    """A folder with a copy of all packages, to be spoiled."""
    return Path(shutil.copytree(PACKAGES, tmp_path / "pakker"))


def spoil(folder: Path, old: str, new: str, file: str = "package.yaml") -> int:
    """Put a mistake in place of the first `old`; the line it stands on."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


# list


def test_list_names_the_packages(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("package", "list")
    assert ran.code == 0
    assert "trivsel-og-arbejdsglaede" in ran.out
    assert "Samarbejde og fællesskab" in ran.out


def test_list_as_json_has_what_a_script_needs(klyngeflow: CommandLine) -> None:
    listed = {package["package"]: package for package in klyngeflow("package", "list", "--json").json}
    assert list(listed) == EVERY
    assert listed["samarbejde-og-faellesskab"]["programme_minutes"] == 150
    assert listed["trivsel-og-arbejdsglaede"]["title"] == "Trivsel og arbejdsglæde"


def test_list_still_lists_the_others_where_one_is_faulty(klyngeflow: CommandLine, pakker: Path) -> None:
    spoil(pakker / TRIVSEL.slug, f"version: {TRIVSEL.version}", "version: nul")
    ran = klyngeflow("package", "list", "--json", "--packages", pakker)
    others = [slug for slug in EVERY if slug != TRIVSEL.slug]
    assert (ran.code, [package["package"] for package in ran.json]) == (2, others)
    assert "left out, because they have faults: trivsel-og-arbejdsglaede" in ran.err


def test_an_empty_folder_has_no_packages(klyngeflow: CommandLine, tmp_path: Path) -> None:
    ran = klyngeflow("package", "list", "--packages", tmp_path)
    assert ran.code == 2
    assert "there are no packages" in ran.err


def test_the_folder_of_packages_may_come_from_the_environment(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(pakker / TRIVSEL.slug)
    monkeypatch.setenv("KLYNGEFLOW_PACKAGES", str(pakker))
    listed = [package["package"] for package in klyngeflow("package", "list", "--json").json]
    assert listed == [slug for slug in EVERY if slug != TRIVSEL.slug]


# show


def test_show_gives_every_item_with_kind_options_range_and_source(klyngeflow: CommandLine) -> None:
    shown = klyngeflow("package", "show", TRIVSEL.slug, "--json").json
    items = {item["id"]: item for item in shown["items"]}
    assert list(items) == [item.id for item in TRIVSEL.asked_in(Round.BASELINE)]
    assert len(items) == 22
    assert items["who5_3"]["range"] == [0, 5]
    assert items["who5_3"]["options"][0] == {
        "id": "hele_tiden", "label": "Hele tiden", "value": 5, "source": "WHO-5 Trivselsindeks, dansk ordlyd"
    }  # fmt: skip
    assert (items["who5_3"]["group"], items["who5_3"]["stem"]) == ("who5", "I de sidste 2 uger …")
    assert items["who5_3"]["rounds"] == ["baseline", "follow_up"]
    burden = items["belastning_13"]
    assert (burden["kind"], burden["range"], burden["options"], burden["source"]) == ("rating", [1, 10], [], "own")
    assert (burden["maximum_label"], burden["rounds"]) == ("Høj negativ indflydelse", ["baseline"])
    assert (items["positive"]["kind"], items["positive"]["at_most"], items["positive"]["range"]) == ("choices", 3, None)
    assert {option["source"] for option in items["positive"]["options"]} == {
        "own", "KiAP: Klyngepakken Samarbejde og fællesskab, afsnit 1 (PLO 2019)"
    }  # fmt: skip
    assert items["gode_erfaringer"]["kind"] == "text"


def test_every_rule_on_few_answers_is_documented_with_its_least(klyngeflow: CommandLine) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    rules = klyngeflow("package", "show", TRIVSEL.slug, "--json").json["disclosure"]
    section = (docs / "package-json.md").read_text().partition("## disclosure")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", section, re.MULTILINE)) == {
        name: str(least) for name, least in rules.items()
    }
    assert "second_deck_differs_by_at_least" in (docs / "results-json.md").read_text()


def test_show_tells_who_is_not_asked_and_what_may_be_not_relevant(klyngeflow: CommandLine) -> None:
    items = {item["id"]: item for item in klyngeflow("package", "show", SAMARBEJDE.slug, "--json").json["items"]}
    assert items["q3"]["only_if"] == {"item": "solo", "option": "nej"}
    assert items["q7_tone"]["may_be_not_relevant"]
    assert not items["q8"]["may_be_not_relevant"]
    assert [option["label"] for option in items["q8"]["options"]] == [
        "I meget høj grad", "I høj grad", "I nogen grad", "I ringe grad", "Slet ikke",
    ]  # fmt: skip


def test_every_answer_made_from_show_alone_is_taken_by_report(klyngeflow: CommandLine, tmp_path: Path) -> None:
    for slug in (TRIVSEL.slug, SAMARBEJDE.slug):
        items = klyngeflow("package", "show", slug, "--json").json["items"]
        cells = [
            item["options"][0]["id"] if item["options"] else str(item["range"][1]) if item["range"] else "Tak"
            for item in items
        ]
        header = ",".join(item["id"] for item in items)
        (tmp_path / "a.csv").write_text(f"{header}\n" + f"{','.join(cells)}\n" * 6)
        given = ("report", slug, "--answers", tmp_path / "a.csv", "--cluster", "K", "--members", "6")
        ran = klyngeflow(*given, "--out", tmp_path / slug, "--json")
        assert ran.code == 0, ran.err
        assert ran.json["n"] == 6


def test_show_in_plain_text_fits_a_terminal_and_names_all_items(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("package", "show", SAMARBEJDE.slug)
    assert ran.code == 0
    assert all(f"{item.id} " in ran.out for item in SAMARBEJDE.items)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_show_tells_which_end_of_the_numbers_is_which(klyngeflow: CommandLine) -> None:
    said = " ".join(klyngeflow("package", "show", TRIVSEL.slug).out.split())
    assert "who5_1 to who5_5: 0 = På intet tidspunkt … 5 = Hele tiden" in said
    ends = "1 = Lav negativ indflydelse … 10 = Høj negativ indflydelse"
    assert f"belastning_01 to belastning_13: {ends}" in said


def test_an_unknown_package_is_refused_with_the_known_ones(klyngeflow: CommandLine) -> None:
    assert klyngeflow.refuses("package", "show", "stress") == (
        f"There is no package 'stress'. The packages are: {', '.join(EVERY)}."
    )


# check


def test_the_packages_that_come_along_have_no_faults(tmp_path: Path) -> None:
    ran = run_installed("package", "check", cwd=tmp_path)
    *tasks, last = ran.err.splitlines()
    assert (ran.code, ran.out, last) == (0, "", f"{len(EVERY)} packages without faults.")
    assert all("no figure with a source yet" in task for task in tasks)


def test_every_fault_is_told_with_file_line_and_field(klyngeflow: CommandLine, pakker: Path) -> None:
    trivsel, samarbejde = pakker / TRIVSEL.slug, pakker / SAMARBEJDE.slug
    joy = spoil(trivsel, "    kind: degree\n    scale: grad", "    kind: degree\n    scale: grader")
    deck = spoil(samarbejde, "kind: agenda", "kind: dagsorden", "deck.yaml")
    ran = klyngeflow("package", "check", pakker)
    assert ran.code == 1
    assert any(
        line.startswith(f"{trivsel}/package.yaml:{joy + 1}: items[6].scale (arbejdsglaede): ")
        for line in ran.out.splitlines()
    ), ran.out
    assert any(line.startswith(f"{samarbejde}/deck.yaml:{deck}: ") for line in ran.out.splitlines()), ran.out
    assert ran.err.splitlines()[-1] == f"klyngeflow: {len(ran.out.splitlines())} faults in 2 packages."


def test_check_as_json_gives_file_line_field_and_message(klyngeflow: CommandLine, pakker: Path) -> None:
    line = spoil(pakker / TRIVSEL.slug, f"version: {TRIVSEL.version}", "version: 0")
    ran = klyngeflow("package", "check", pakker / TRIVSEL.slug, "--json")
    assert ran.code == 1
    (fault,) = ran.json
    file = str(pakker / TRIVSEL.slug / "package.yaml")
    assert (fault["file"], fault["line"], fault["field"]) == (file, line, "version")
    assert ran.err == "klyngeflow: 1 fault in 1 package.\n"


def test_only_the_folders_named_are_checked(klyngeflow: CommandLine, pakker: Path) -> None:
    spoil(pakker / TRIVSEL.slug, f"version: {TRIVSEL.version}", "version: 0")
    ran = klyngeflow("package", "check", pakker / SAMARBEJDE.slug)
    assert (ran.code, ran.err) == (0, "1 package without faults.\n")


def test_a_deck_without_slides_for_a_round_is_a_fault(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker)
    (pakker / SAMARBEJDE.slug / "deck.yaml").unlink()
    ran = klyngeflow("package", "check", SAMARBEJDE.slug)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "samarbejde-og-faellesskab/deck.yaml:1: slides: no slide is for the round 'baseline'",
        "samarbejde-og-faellesskab/deck.yaml:1: slides: no slide is for the round 'follow_up'",
    ]


def test_a_deck_that_leaves_out_where_to_turn_is_a_fault(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker)
    deck = pakker / SAMARBEJDE.slug / "deck.yaml"
    before, _, after = deck.read_text(encoding="utf-8").rpartition("  - kind: help\n")
    deck.write_text(f'{before}  - kind: text\n    body: ["Tal sammen"]\n{after}', encoding="utf-8")
    ran = klyngeflow("package", "check", SAMARBEJDE.slug)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "samarbejde-og-faellesskab/deck.yaml:1: slides: no slide of the kind 'help' is for the round 'follow_up'",
    ]


def test_a_deck_whose_front_is_not_its_first_slide_is_a_fault(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker)
    spoil(
        pakker / TRIVSEL.slug,
        '  - kind: agenda\n    title: "Dagsorden"\n',
        '  - kind: agenda\n    title: "Dagsorden"\n    rounds: [baseline, follow_up]\n',
        "deck.yaml",
    )
    ran = klyngeflow("package", "check", TRIVSEL.slug)
    assert (ran.code, ran.out) == (
        1,
        f"{TRIVSEL.slug}/deck.yaml:1: slides: the first slide of the round 'follow_up' is no 'title'\n",
    )


def test_a_text_that_speaks_of_a_paper_nobody_makes_is_a_fault(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker)
    line = spoil(pakker / TRIVSEL.slug, "Tal med dine kolleger i klinikken om", "Udfyld tjeklisten, og tal sammen om")
    ran = klyngeflow("package", "check", TRIVSEL.slug)
    assert ran.code == 1
    assert ran.out.startswith(f"{TRIVSEL.slug}/package.yaml:{line - 1}: homework: 'tjeklisten' is no paper")


def test_a_fault_in_the_offers_that_packages_share_is_told_with_its_line(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker.parent)
    (pakker / "faelles").mkdir(exist_ok=True)
    (pakker / "faelles" / "offers.yaml").write_text("offers:\n  - id: a\n    giver: kommunen\n", encoding="utf-8")
    ran = klyngeflow("package", "check", pakker.name)
    assert ran.code == 1
    assert ran.out.startswith(f"{pakker.name}/faelles/offers.yaml:")
    assert ":3: offers[1].giver (a): " in ran.out


def test_a_folder_without_a_package_is_a_fault_and_no_folder_is_wrong_use(
    klyngeflow: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ny").mkdir()
    for here, given, shown in (
        (tmp_path, tmp_path / "ny", f"{tmp_path}/ny/"),
        (tmp_path, "ny", "ny/"),
        (tmp_path / "ny", ".", ""),
        (tmp_path / "ny", "../ny/", ""),
    ):
        monkeypatch.chdir(here)
        ran = klyngeflow("package", "check", given)
        assert (ran.code, ran.out) == (1, f"{shown}package.yaml:1: the file is missing\n")
    assert klyngeflow.refuses("package", "check", tmp_path / "findes-ikke") == "there is no folder 'findes-ikke'."


def test_check_in_the_packages_own_folder_is_about_that_package(
    klyngeflow: CommandLine, pakker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pakker / TRIVSEL.slug)
    assert klyngeflow("package", "check", ".").err.endswith("\n1 package without faults.\n")


# preview


@pytest.fixture(scope="module")
def previewed(shelf: Shelf) -> Path:
    """A preview of Trivsel og arbejdsglæde with 34 made-up answers, by the installed program."""

    def preview(folder: Path) -> None:
        folder.mkdir()
        ran = run_installed("package", "preview", TRIVSEL.slug, "--out", "se", cwd=folder)
        assert ran.code == 0, ran.err
        assert [Path(line).name for line in ran.out.splitlines()] == [
            f"Resultater – oplæg {EXAMPLE}.pptx",
            f"Resultater {EXAMPLE}.docx",
            *(f"{kind.title} {EXAMPLE}.docx" for kind in PAPERS),
            f"Spørgeskema {EXAMPLE}.txt",
            f"Opfølgning – oplæg {EXAMPLE}.pptx",
            f"Opfølgning {EXAMPLE}.docx",
            f"Spørgeskema – opfølgning {EXAMPLE}.txt",
        ]

    return made_once(shelf.folder / "previewed", preview) / "se"


def test_a_previews_slides_with_figures_say_that_it_is_an_example(previewed: Path) -> None:
    deck = (previewed / f"Resultater – oplæg {EXAMPLE}.pptx").read_bytes()
    charts = {chart.slide: chart.name for chart in read_chart_data(deck)}
    assert len(charts) >= 7
    for number, slide in enumerate(slides_of(deck), 1):
        assert number not in charts or EXAMPLE in words_of(slide), charts[number]


def test_a_previews_document_says_so_in_its_title(previewed: Path) -> None:
    for what in ("Resultater", "Opfølgning"):
        assert Document(str(previewed / f"{what} {EXAMPLE}.docx")).paragraphs[0].text == f"{what} {EXAMPLE}"


def test_a_previews_follow_up_compares_the_rounds(previewed: Path) -> None:
    deck = (previewed / f"Opfølgning – oplæg {EXAMPLE}.pptx").read_bytes()
    shown = next(chart for chart in read_chart_data(deck) if chart.name == "WHO-5 før og nu")
    assert shown.categories == ("Første runde (34 svar)", "Nu (34 svar)")


def test_the_questionnaire_reads_as_the_doctor_meets_it(previewed: Path) -> None:
    text = (previewed / f"Spørgeskema {EXAMPLE}.txt").read_text()
    assert text.startswith("Trivsel og arbejdsglæde\n\nCirka 5 minutter. 22 spørgsmål på ")
    for item in TRIVSEL.items:
        assert item.text in text
    for option in TRIVSEL.options_of(TRIVSEL.item("positive")):
        assert f"  [ ] {option.label}\n" in text
    assert "I de sidste 2 uger …\n\nSpørgsmål 1 af 22  [who5_1]\nhar jeg været glad og i godt humør\n  ( ) Hele" in text
    assert "  1 er lav negativ indflydelse. 10 er høj negativ indflydelse.\n  ( ) 1  ( ) 2" in text
    again = (previewed / f"Spørgeskema – opfølgning {EXAMPLE}.txt").read_text()
    assert again.startswith("Trivsel og arbejdsglæde – opfølgning\n\nCirka et minut. 6 spørgsmål på ")
    assert "belastning" not in again


def test_the_questionnaire_tells_who_is_not_asked(klyngeflow: CommandLine, tmp_path: Path) -> None:
    assert klyngeflow("package", "preview", SAMARBEJDE.slug, "--out", tmp_path, "--answers", "4").code == 0
    text = (tmp_path / f"Spørgeskema {EXAMPLE}.txt").read_text()
    assert "(Stilles kun, når svaret på [solo] er »Nej« eller mangler.)" in text
    assert "  ( ) Ikke relevant\n" in text
    deck = (tmp_path / f"Resultater – oplæg {EXAMPLE}.pptx").read_bytes()
    assert {chart.name for chart in read_chart_data(deck)} == {"Landstal"}


def test_a_package_being_written_is_previewed_from_its_own_folder(klyngeflow: CommandLine, pakker: Path) -> None:
    folder = pakker / TRIVSEL.slug
    spoil(folder, "har jeg været glad og i godt humør", "har jeg grinet")
    out = pakker.parent / "se"
    assert klyngeflow("package", "preview", folder, "--out", out, "--answers", "12").code == 0
    assert "har jeg grinet" in (out / f"Spørgeskema {EXAMPLE}.txt").read_text()


def test_a_faulty_package_is_not_previewed(klyngeflow: CommandLine, pakker: Path) -> None:
    line = spoil(pakker / TRIVSEL.slug, f"version: {TRIVSEL.version}", "version: 0")
    said = klyngeflow.refuses("package", "preview", pakker / TRIVSEL.slug, "--out", pakker / "se")
    assert said.startswith(f"trivsel-og-arbejdsglaede/package.yaml:{line}: version: ")
    assert not (pakker / "se").exists()


def test_a_preview_does_not_write_into_a_file(klyngeflow: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "se").write_text("mit")
    said = klyngeflow.refuses("package", "preview", TRIVSEL.slug, "--out", tmp_path / "se")
    assert said == f"--out: '{tmp_path / 'se'}' is a file; name a folder."


# the whole program


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nonsens"], "No such command 'nonsens'. See 'klyngeflow --help'."),
        (["package", "chekc"], "No such command 'chekc'. Did you mean 'check'? See 'klyngeflow package --help'."),
        (["report"], "Missing argument 'PACKAGE'. See 'klyngeflow report --help'."),
        (["package", "list", "--nope"], "No such option: --nope. See 'klyngeflow package list --help'."),
        (["package", "preview", "x", "--out", "y", "--answers", "201"], "Invalid value for '--answers': "),
    ],
)
def test_wrong_use_ends_with_code_2_and_one_line(klyngeflow: CommandLine, given: list[str], said: str) -> None:
    assert klyngeflow.refuses(*given).startswith(said)


def test_the_installed_program_ends_as_the_shell_expects(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of(TRIVSEL, Round.BASELINE, plausible_answers(TRIVSEL, Round.BASELINE, 5)))
    given = ("report", TRIVSEL.slug, "--answers", "a.csv", "--cluster", "K", "--members", "4", "--out", "ud")
    ran = run_installed(*given, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "klyngeflow: a.csv: 5 respondents, but 4 were asked (--members).\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert json.loads(run_installed("package", "list", "--json", cwd=tmp_path).out)


def test_figures_that_a_package_lacks_are_told_to_its_author_and_are_no_fault(
    klyngeflow: CommandLine, pakker: Path
) -> None:
    told = klyngeflow("package", "check", str(pakker))
    assert (told.code, told.out) == (0, "")
    lacking = [line for line in told.err.splitlines() if "no figure with a source yet" in line]
    where = str(pakker / TRIVSEL.slug / "package.yaml")
    assert [line.startswith(where) for line in lacking].count(True) == 4
    lacking = [line for line in lacking if line.startswith(where)]
    assert (
        lacking[0]
        == f"{where}: references (who5_plo_2019): no figure with a source yet: Praktiserende læger, PLO (2019)"
    )
