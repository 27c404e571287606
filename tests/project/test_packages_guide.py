"""docs/packages.md says what packages can be: a field or a kind of slide that it does not tell of fails here."""

import re
from typing import get_args

import pytest

from domain.package import MOST_CONDITIONS, Kind
from domain.programme import PartKind
from reporting.papers.catalogue import PAPERS
from reporting.slide_kinds import KINDS
from tests.project.packages_guide import GUIDE, SPOKEN_OF, TABLES, needs_and_facts, rows, section

TEXT = GUIDE.read_text()


@pytest.mark.parametrize("heading", sorted(TABLES))
def test_every_field_has_its_row_and_no_other(heading: str) -> None:
    told = rows("What an item has" if heading == "An item" else heading)
    assert set(told) == set(TABLES[heading].model_fields)
    assert all("".join(cells) for cells in told.values())


@pytest.mark.parametrize("heading", sorted(SPOKEN_OF))
def test_every_field_of_a_programme_and_of_help_is_spoken_of(heading: str) -> None:
    told = section(heading)
    assert [name for name in SPOKEN_OF[heading].model_fields if not re.search(rf"\b{name}\b", told)] == []


def test_every_kind_of_slide_has_what_it_shows_needs_and_may_say() -> None:
    told = rows("Kinds of slide")
    assert {name: cells[1:] for name, cells in told.items()} == {n: needs_and_facts(kind) for n, kind in KINDS.items()}
    assert all(len(shows) > 15 for shows, *_ in told.values())


def test_every_kind_of_item_has_the_slides_that_show_it() -> None:
    told = rows("An item")
    assert set(told) == set(get_args(Kind))
    for name in get_args(Kind):
        shown_by = {kind for kind, slide in KINDS.items() if slide.items and slide.shows(name)}
        assert set(re.findall(r"`(\w+)`", told[name][1])) == shown_by, name


def test_every_kind_of_part_and_every_paper_is_named() -> None:
    assert set(re.findall(r"`(\w+)`", section("The programme").partition("Kinds of part:")[2].partition("\n")[0])) == {
        *get_args(PartKind)
    }
    papers = section("The papers")
    assert [kind.title for kind in PAPERS if kind.title.split(" til PLO")[0] not in papers] == []


def test_the_guides_commands_and_addresses_within_are_there() -> None:
    headings = {
        re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") for name in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= headings
    for command in ("package new", "package check", "package preview", "klyngeflow report"):
        assert command in section("From an idea to an order")
    assert f"{('no', 'one', 'two', 'three', 'four')[MOST_CONDITIONS].capitalize()} different conditions" in TEXT
