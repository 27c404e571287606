"""Package files as their authors write them, right and wrong."""

import shutil
from pathlib import Path

import pytest

from domain.fitting import usual
from domain.meeting import Format
from domain.model import Round
from domain.package import Package
from domain.programme_times import in_blocks, on_the_clock
from reporting.deck_check import deck_problems
from storage.packages import (
    PACKAGES,
    PackageError,
    UnknownPackage,
    find_package,
    package_digest,
    package_folders,
    packages_in,
    read_package,
)
from tests.the_packages import SAMARBEJDE, TRIVSEL

SLUG = "trivsel-og-arbejdsglaede"
DECK = """
slides:
  - kind: title
    title: Trivsel i klyngen
    notes: Byd velkommen.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Trivsel og arbejdsglæde without its deck."""
    folder = tmp_path / SLUG
    folder.mkdir()
    shutil.copy(PACKAGES / SLUG / "package.yaml", folder)
    return folder


VERSION = f"version: {TRIVSEL.version}\n"


def change(folder: Path, old: str, new: str) -> int:
    """Changes the file once and gives the line where the new text stands."""
    file = folder / "package.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    before, _, after = text.partition(old)
    file.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1 + new.rstrip("\n").count("\n")


def faults(folder: Path) -> list[str]:
    with pytest.raises(PackageError) as caught:
        read_package(folder, deck_problems)
    return str(caught.value).splitlines()


def test_a_second_question_in_words_is_told_where_its_answers_would_be_mixed_with_the_firsts(folder: Path) -> None:
    change(folder, "    items: [gode_erfaringer]\n", "    items: [gode_erfaringer, tanker]\n")
    english = "items:\n    who5_1:"
    change(folder, english, english.replace("    who5_1:", "    tanker: {text: More?}\n    who5_1:"))
    line = change(
        folder,
        "\n# De fem udsagn",
        "\n  - id: tanker\n    kind: text\n    text: Mere?\n    source: own\n\n# De fem udsagn",
    )
    (fault,) = faults(folder)
    assert fault.startswith(f"{SLUG}/package.yaml:{line - 4}: items[23].kind (tanker): a package has one text at most")


def test_a_fifth_condition_is_one_too_many_for_the_pages(tmp_path: Path) -> None:
    folder = tmp_path / "samarbejde-og-faellesskab"
    folder.mkdir()
    shutil.copy(PACKAGES / folder.name / "package.yaml", folder)
    options = "".join(f"      - {{id: o{number}, label: Nummer {number}}}\n" for number in range(4))
    change(folder, '      - {id: nej, label: "Nej"}\n', '      - {id: nej, label: "Nej"}\n' + options)
    for number, item in enumerate(("q2_strategisk", "q2_drift", "q2_personale")):
        change(folder, f"  - id: {item}\n", f"  - id: {item}\n    only_if: {{item: solo, option: o{number}}}\n")
    read_package(folder, deck_problems)
    change(folder, "  - id: q2_faglig\n", "  - id: q2_faglig\n    only_if: {item: solo, option: o3}\n")
    (fault,) = faults(folder)
    assert "items: the items have more than 4 different conditions (only_if)" in fault


def test_both_packages_of_the_source_documents_are_there() -> None:
    assert set(packages_in(deck_problems)) >= {"samarbejde-og-faellesskab", SLUG}


def test_trivsel_asks_what_the_documents_ask() -> None:
    ids = [item.id for item in TRIVSEL.asked_in(Round.BASELINE)]
    burdens = [f"belastning_{number:02}" for number in range(1, 14)]
    who5 = [f"who5_{number}" for number in range(1, 6)]
    assert ids == [*who5, "arbejdsglaede", "positive", *burdens, "haandtering", "gode_erfaringer"]
    assert [item.id for item in TRIVSEL.asked_in(Round.FOLLOW_UP)] == [*who5, "arbejdsglaede"]
    assert TRIVSEL.item("who5_5").text == "har min dagligdag været fyldt med ting der interesserer mig"
    assert [(o.value, o.label) for o in TRIVSEL.options_of(TRIVSEL.item("who5_1"))] == [
        (5, "Hele tiden"), (4, "Det meste af tiden"), (3, "Lidt mere end halvdelen af tiden"),
        (2, "Lidt mindre end halvdelen af tiden"), (1, "Lidt af tiden"), (0, "På intet tidspunkt"),
    ]  # fmt: skip
    assert TRIVSEL.item("positive").at_most == 3


def test_samarbejde_asks_its_ten_questions_and_solo() -> None:
    ids = [item.id for item in SAMARBEJDE.asked_in(Round.BASELINE)]
    assert ids[0] == "solo"
    assert {item_id.split("_")[0] for item_id in ids[1:]} == {f"q{number}" for number in range(1, 11)}
    assert SAMARBEJDE.item("q7_laerer").text == "Prøver vi at lære af vores fejl"
    assert [item.id for item in SAMARBEJDE.items if item.only_if] == ["q3", "q4_korte", "q4_lange"]
    assert all(SAMARBEJDE.item(i).may_be_not_relevant for i in ids if i[:2] in ("q2", "q3", "q4", "q5", "q6", "q7"))
    assert len(SAMARBEJDE.asked_in(Round.FOLLOW_UP)) == len(ids)


def test_the_programmes_last_as_long_as_the_documents_say() -> None:
    assert TRIVSEL.programme_minutes == 120
    for form in Format:
        assert [part.minutes for part in usual(TRIVSEL.programme, form)] == TRIVSELS_MINUTES
        blocks = in_blocks(on_the_clock(usual(SAMARBEJDE.programme, form), None))
        assert [block.minutes for block in blocks] == [10, 65, 15, 25, 35]


TRIVSELS_MINUTES = [10, 8, 2, 4, 1, 10, 10, 4, 1, 25, 15, 14, 1, 10, 5]
"""KiAP's programme of the video meeting, 17.00 to 19.00."""


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
def test_every_wording_says_where_it_is_from(package: Package) -> None:
    assert all(item.source for item in package.items)
    assert all(scale.source for scale in package.scales.values())
    assert all(reference.source for reference in package.references)


def test_what_is_not_known_nationally_is_left_empty() -> None:
    values = {reference.id: reference.value for reference in TRIVSEL.references}
    assert values["who5_plo_2019"] is None
    assert values["who5_befolkning"] == 68
    assert values["who5_falck_2023"] == 58.1


def test_the_deck_beside_it_is_read_with_it(folder: Path) -> None:
    (folder / "deck.yaml").write_text(DECK, encoding="utf-8")
    assert read_package(folder, deck_problems).deck.slides[0].title == "Trivsel i klyngen"


def test_a_slide_that_shows_what_the_package_does_not_ask_is_refused_in_the_decks_file(folder: Path) -> None:
    (folder / "deck.yaml").write_text(
        DECK.replace("kind: title", "kind: degree\n    items: [glaede]"), encoding="utf-8"
    )
    assert faults(folder) == [f"{SLUG}/deck.yaml:4: slides[1].items[1]: degree names 'glaede', which is no item"]


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
def test_a_package_that_is_kept_is_read_back_as_it_was(package: Package) -> None:
    again = type(package).model_validate_json(package.model_dump_json())
    assert again == package
    assert package_digest(again) == package_digest(package)


def test_a_fault_in_the_deck_names_the_decks_file_and_line(folder: Path) -> None:
    (folder / "deck.yaml").write_text(DECK + "  - {kind: fireworks, title: Bang, notes: Pas på}\n", encoding="utf-8")
    [line] = faults(folder)
    assert line.startswith(f"{SLUG}/deck.yaml:6: slides[2].kind: ")
    assert "fireworks" in line


def test_a_field_we_do_not_know_is_named_with_its_line(folder: Path) -> None:
    line = change(folder, "title_follow_up:", "titel_follow_up:")
    assert f"{SLUG}/package.yaml:{line}: titel_follow_up: is not a field we know" in faults(folder)


def test_a_missing_field_is_named_where_it_should_stand(folder: Path) -> None:
    line = change(folder, '    text: "har jeg været glad og i godt humør"\n', "")
    [fault] = faults(folder)
    assert fault.endswith("items[1].text (who5_1): is missing")
    assert int(fault.split(":")[1]) in range(line - 5, line + 2)


def test_a_wrong_kind_of_value_is_shown(folder: Path) -> None:
    line = change(folder, "from_months: 8", "from_months: otte")
    [fault] = faults(folder)
    assert fault.startswith(f"{SLUG}/package.yaml:{line}: follow_up.from_months: ")
    assert fault.endswith("(is 'otte')")


def test_all_that_does_not_hang_together_is_told_at_once(folder: Path) -> None:
    undefined = change(folder, "    scale: grad\n", "    scale: grader\n")
    unplaced = change(folder, "    items: [positive]\n", "    items: [positivt]\n")
    assert [fault.removeprefix(f"{SLUG}/package.yaml:") for fault in faults(folder)] == [
        f"{unplaced}: sections[3].items[1] (positive): section 'positive' names 'positivt', which is no item",
        f"{undefined}: items[6].scale (arbejdsglaede): item 'arbejdsglaede': scale 'grader' is not defined",
        f"{undefined + 5}: items[7] (positive): item 'positive' stands in no section",
    ]


def test_a_field_taken_over_from_another_item_is_found_where_it_was_written(folder: Path) -> None:
    line = change(folder, "    maximum: 10\n", "    maximum: ti\n")
    found = faults(folder)
    assert len(found) == 13
    assert all(fault.startswith(f"{SLUG}/package.yaml:{line}: items[") for fault in found)


def test_the_same_key_twice_is_refused_instead_of_the_last_one_winning(folder: Path) -> None:
    line = change(folder, VERSION, VERSION * 2)
    assert faults(folder) == [f"{SLUG}/package.yaml:{line}: version: stands twice in one place"]


def test_broken_yaml_names_the_line(folder: Path) -> None:
    line = change(folder, VERSION, "version: [1\n")
    [fault] = faults(folder)
    assert "not YAML" in fault
    assert int(fault.split(":")[1]) in (line, line + 1)


@pytest.mark.parametrize("content", [b"", b"- 1\n", b"published: 2026-13-45\n", b"a: \x01\n", "æ".encode("latin-1")])
def test_a_file_that_is_no_package_is_refused_with_its_name(folder: Path, content: bytes) -> None:
    (folder / "package.yaml").write_bytes(content)
    assert all(fault.startswith(f"{SLUG}/package.yaml:1: ") for fault in faults(folder))


def test_yaml_that_bites_its_own_tail_is_refused(folder: Path) -> None:
    (folder / "package.yaml").write_text("slug: &a [*a]\n", encoding="utf-8")
    assert faults(folder)


def test_the_slug_is_the_folders_name(folder: Path) -> None:
    moved = folder.rename(folder.parent / "andet-navn")
    [fault] = faults(moved)
    assert "'trivsel-og-arbejdsglaede' must be the folder's name, 'andet-navn'" in fault


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("at_most: 3", "at_most: 0", "at_most is a number from 1"),
        ("value: 5}", "value: 7}", "the bands go from 0 to 100, the points from 0 to 140"),
        ('label: "Slet ikke"', 'label: "I ringe grad"', "two options have the same id or label"),
        ('label: "Slet ikke"', 'label: "Slet ikke; aldrig"', "can't contain ';'"),
        ('label: "Slet ikke"', 'label: "Ikke relevant"', "write may_be_not_relevant: true"),
        ("high: [meget_hoej, hoej]", "high: [meget_hoej, ringe]", "both in high and in low"),
        ("minimum: 1\n", "minimum: 10\n", "a minimum below its maximum"),
        ("to_months: 12", "to_months: 8", "must come before to_months"),
        ("- id: belastning\n", "- id: belastninger\n", "group 'belastning' is not defined"),
        ("homework: >-", "disclosure: {at_least: 3}\nhomework: >-", "at_least can't be below 5"),
    ],
)
def test_a_rule_that_is_broken_is_explained(folder: Path, old: str, new: str, says: str) -> None:
    change(folder, old, new)
    assert says in "\n".join(faults(folder))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{item: solo, option: nej}", "{item: ene, option: nej}", "only_if names 'ene', which is no item"),
        ("{item: solo, option: nej}", "{item: solo, option: måske}", "'måske' is not an option of 'solo'"),
        ("{item: solo, option: nej}", "{item: q8, option: hoej}", "'q8' must be asked before 'q3'"),
    ],
)
def test_a_condition_that_can_not_hold_is_explained(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = tmp_path / "samarbejde-og-faellesskab"
    folder.mkdir()
    shutil.copy(PACKAGES / folder.name / "package.yaml", folder)
    change(folder, old, new)
    assert says in "\n".join(faults(folder))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ('"Triv\\u200Bsel"', "has an invisible sign (ZERO WIDTH SPACE) after character 4; delete it, "),
        ("Triv\u00adsel", "has an invisible sign (SOFT HYPHEN) after character 4; delete it, "),
        ('"Trivsel \\0 her"', "has a control character (U+0000) after character 8; "),
        ('"Triv\\uFFFDsel"', "a letter that was lost (REPLACEMENT CHARACTER)"),
        ('"Trivsel\\nog arbejde"', "must be one line"),
        (f'"{"T" * 121}"', "has 121 characters, more than 120"),
        ('""', "must not be empty"),
    ],
)
def test_a_title_no_slide_or_subject_line_could_carry_is_refused(folder: Path, given: str, says: str) -> None:
    line = change(folder, "title: Trivsel og arbejdsglæde\n", f"title: {given}\n")
    (fault,) = faults(folder)
    assert fault.startswith(f"{SLUG}/package.yaml:{line}: title: ")
    assert says in fault
    assert "Triv" not in fault


def test_a_sign_nobody_sees_is_refused_wherever_it_stands_and_told_where(folder: Path) -> None:
    line = change(folder, "Lidt af tiden", "Lidt af\u200b tiden")
    (folder / "deck.yaml").write_text(DECK.replace("Byd vel", "Byd\u202e vel"), encoding="utf-8")
    first, second = faults(folder)
    assert first.startswith(f"{SLUG}/deck.yaml:5: slides[1].notes: has an invisible sign (RIGHT-TO-LEFT OVERRIDE)")
    assert second.startswith(f"{SLUG}/package.yaml:{line}: ")
    assert "has an invisible sign (ZERO WIDTH SPACE) after character 7; delete it" in second


def test_what_nobody_sees_at_the_ends_falls_away_and_what_is_typeset_stays(folder: Path) -> None:
    change(folder, "title: Trivsel og arbejdsglæde\n", 'title: "\ufeffTrivsel og\u00a0arbejdsgl\u00e6de\u200b "\n')
    change(folder, "summary: >-\n", "summary: >-\n  \u200bA\u030arhus:\n")
    package = read_package(folder, deck_problems)
    assert package.title == "Trivsel og\u00a0arbejdsglæde"
    assert package.summary.startswith("Århus: ")


@pytest.mark.parametrize(
    "given", ["20260105", "0", "1767571200", "2026-01-05 00:00:00", "'2026-01-05T00:00'", "0001-01-01"]
)
def test_the_day_of_publication_is_a_date_and_nothing_else(folder: Path, given: str) -> None:
    line = change(folder, f"published: {TRIVSEL.published}", f"published: {given}")
    (fault,) = faults(folder)
    assert fault.startswith(f"{SLUG}/package.yaml:{line}: published: must be ")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.kiap.dk", "https://kiap.dk/en side", 'https://x.dk/\\"'])
def test_a_link_is_a_web_address(folder: Path, url: str) -> None:
    line = change(folder, "videos:\n", f'videos:\n  - {{title: Video, url: "{url}"}}\n')
    assert f"{SLUG}/package.yaml:{line}: videos[1].url: must be an http or https address" in faults(folder)


def test_one_broken_package_does_not_hide_the_faults_of_another(folder: Path) -> None:
    shutil.copytree(folder, folder.parent / "kopi")
    change(folder, VERSION, "version: 0\n")
    with pytest.raises(PackageError) as caught:
        packages_in(deck_problems, folder.parent)
    assert {fault.file.split("/")[0] for fault in caught.value.faults} == {SLUG, "kopi"}


def test_an_unknown_package_is_answered_with_the_known() -> None:
    with pytest.raises(UnknownPackage, match=r"no package 'trivsel'.*samarbejde-og-faellesskab"):
        find_package("trivsel", deck_problems)


def test_only_folders_with_a_package_count(tmp_path: Path) -> None:
    (tmp_path / "noter").mkdir()
    assert package_folders(tmp_path) == []


def test_the_digest_is_of_what_the_package_says_and_not_of_its_layout(folder: Path) -> None:
    first = package_digest(read_package(folder, deck_problems))
    change(folder, VERSION, f"version:    {TRIVSEL.version}  # den første\n")
    assert package_digest(read_package(folder, deck_problems)) == first
    change(folder, "På intet tidspunkt", "Aldrig")
    assert package_digest(read_package(folder, deck_problems)) != first
