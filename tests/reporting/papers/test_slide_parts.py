"""The clock beside each slide: the part it belongs to, also in a deck that somebody has corrected."""

import pytest

from domain.deck_plan import SlidePlan
from domain.fitting import fitted, wished
from domain.meeting import Format
from domain.model import Round
from domain.package import Package
from domain.programme import MeetingPart
from reporting.papers.slide_parts import parts_of_slides
from tests.reporting.clusters import PACKAGES
from tests.the_packages import SAMARBEJDE, TRIVSEL


def parts(package: Package, form: Format = Format.IN_PERSON) -> tuple[MeetingPart, ...]:
    own = package.programme.of(form)
    return fitted(own, wished(own))


def belongings(package: Package) -> list[tuple[str, str]]:
    plans = package.deck.of(Format.IN_PERSON, Round.BASELINE)
    found = parts_of_slides([plan.notes for plan in plans], plans, parts(package))
    return [(plan.kind, part) for plan, part in zip(plans, found, strict=True)]


def test_each_slide_of_trivsel_stands_in_the_part_that_shows_it() -> None:
    there = belongings(TRIVSEL)
    assert ("title", "introduktion") in there
    assert ("index_scores", "trivsel_og_arbejdsglaede") in there
    assert ("top", "positive_forhold") in there
    assert ("group_work", "gruppe_positive") in there
    assert ("ratings", "belastninger") in there
    assert ("homework", "afslutning") in there


def test_each_slide_of_samarbejde_stands_in_its_block() -> None:
    there = [part for kind, part in belongings(SAMARBEJDE) if kind == "likert"]
    assert there == ["ledelse"] * 2 + ["struktur_og_kultur"] * 3 + ["kollegial_stoette"] * 2


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_the_clock_never_goes_back(package: Package) -> None:
    order: list[str] = [part.id for part in parts(package)]
    places = [order.index(part) for _, part in belongings(package)]
    assert places == sorted(places)


def test_a_slide_that_somebody_put_in_stands_with_the_one_before_it_and_one_taken_out_moves_none() -> None:
    plans = TRIVSEL.deck.of(Format.IN_PERSON, Round.BASELINE)
    notes = [plan.notes for plan in plans]
    usual = parts_of_slides(notes, plans, parts(TRIVSEL))
    assert parts_of_slides([*notes[:8], "Mit eget slide", *notes[8:]], plans, parts(TRIVSEL))[8] == usual[7]
    assert parts_of_slides([*notes[:3], *notes[4:]], plans, parts(TRIVSEL)) == (*usual[:3], *usual[4:])


def test_without_a_programme_no_slide_has_a_part() -> None:
    plans = TRIVSEL.deck.of(Format.IN_PERSON, Round.BASELINE)
    assert parts_of_slides(["a", "b"], plans, ()) == ("", "")


def test_a_slide_goes_by_no_part_that_a_later_slide_names() -> None:
    def plan(kind: str, part: str | None = None) -> SlidePlan:
        return SlidePlan(kind=kind, title="En titel", notes=f"{kind} {part}", part=part)

    programme = [
        MeetingPart(id="start", title="Start", minutes=5, kind="introduction"),
        MeetingPart(id="gruppe", title="Grupper", minutes=5, kind="group_work"),
        MeetingPart(id="tal", title="Tal", minutes=5, kind="results"),
    ]
    plans = [plan("title"), plan("likert"), plan("group_work", "gruppe"), plan("ranking")]
    found = parts_of_slides([each.notes for each in plans], plans, programme)
    assert found == ("start", "start", "gruppe", "tal")
