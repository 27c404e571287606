"""What an author gets wrong in a programme is told with its line."""

import shutil
from pathlib import Path

import pytest

from reporting.deck_check import deck_problems
from storage.packages import PACKAGES, PackageError, read_package

SLUG = "samarbejde-og-faellesskab"


def fault_of(tmp_path: Path, old: str, new: str, file: str = "package.yaml") -> str:
    """The first fault of the package once this is changed."""
    folder = tmp_path / SLUG
    shutil.copytree(PACKAGES / SLUG, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackageError) as refused:
        read_package(folder, deck_problems)
    return str(refused.value.faults[0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "      minimum: 5\n      wish: 10\n",
            "      minimum: 15\n      wish: 10\n",
            "at least 15 minutes is more than",
        ),
        ("    - id: ledelse\n", "    - id: introduktion\n", "part 'introduktion' stands twice"),
        ("      block: blok_1\n", "      block: blok_9\n", "block 'blok_9' is not among the blocks"),
        ("      kind: break\n", "      kind: coffee\n", "Input should be"),
        ("        - number: 2\n", "        - number: 3\n", "task 2 of the part is numbered 3"),
        ("          who: ikke_sololaeger\n", "          who: ingen\n", "Input should be"),
        ("      weight: 5\n", "      weight: 5\n      over: 60\n", "there is no room for the break"),
        ("    check_in: 30\n", "    check_in: 500\n", "less than or equal to 120"),
        ('      text: {fysisk: "", video:', '      text: {fysisk: "", zoom:', "is missing"),
    ],
)
def test_a_fault_in_the_programme_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    fault = fault_of(tmp_path, old, new)
    assert said in fault
    assert fault.startswith(f"{SLUG}/package.yaml:")
    assert ": programme" in fault


def test_slides_follow_the_programme_and_name_parts_it_has(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "    part: kollegial_stoette\n", "    part: introduktion\n", "deck.yaml")
    assert "comes before the part of an earlier slide" in fault


def test_what_belongs_to_the_follow_up_is_not_worded_by_form(tmp_path: Path) -> None:
    old = "      Afslut med en runde: én ting, hver tager med hjem. Skriv klyngens aftale ned.\n"
    fault = fault_of(tmp_path, f"    notes: >-\n{old}", "    notes:\n      fysisk: A\n      video: B\n", "deck.yaml")
    assert "the follow-up's meeting may be of any form" in fault
