"""Sides of the one document: what leads where, and what an answer takes away."""

import pytest

from domain.index import MOST_INDICES, MOST_ITEMS
from domain.model import Round
from domain.package import Item, OnlyIf, Package
from tests.another_index import ARBEJDSPRES
from tests.the_packages import SAMARBEJDE, TRIVSEL
from web.questionnaire.sheet import REVIEW, START, Side, WayOn, sheet
from web.templating import STATIC


def side_of(package: Package, item: str) -> Side:
    return next(side for side in sheet(package, Round.BASELINE).sides if item in {each.id for each in side.page.items})


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE])
def test_one_can_go_through_all_sides_and_back_whatever_is_answered(package: Package) -> None:
    sides = {side.id: side for side in sheet(package, Round.BASELINE).sides}
    for shut in (False, True):
        here, seen = "side-1", []
        while here != REVIEW:
            seen.append(here)
            here = only(sides[here].onwards, shut)
        assert seen == [side.id for side in sides.values() if not (shut and side.gate)]
        here, back = seen[-1], []
        while here != START:
            back.append(here)
            here = only(sides[here].back, shut)
        assert back == seen[::-1]


def only(steps: tuple[WayOn, ...], shut: bool) -> str:
    """The one link that is there while all gates are shut, or open."""
    (there,) = [step for step in steps if (shut and not step.unless) or (not shut and not step.when)]
    return there.target


def test_a_side_that_is_all_for_those_with_partners_has_their_gate_and_is_gone_round() -> None:
    assert side_of(SAMARBEJDE, "q3").gate == 1
    before = side_of(SAMARBEJDE, "q2_faglig")
    assert [(step.unless, step.when) for step in before.onwards] == [(1, ()), (0, (1,))]


def test_an_answer_shuts_the_gates_that_want_another() -> None:
    whole = sheet(SAMARBEJDE, Round.BASELINE)
    solo = SAMARBEJDE.item("solo")
    assert [whole.shuts(solo, option) for option in ("ja", "nej", "ikke_relevant")] == ["1", "", "1"]
    assert [whole.gate(SAMARBEJDE.item(each)) for each in ("q1", "q3", "q4_korte")] == [0, 1, 1]


def test_two_conditions_in_a_row_are_gone_round_one_by_one_or_both() -> None:
    def item(number: int, only_if: OnlyIf | None = None) -> Item:
        given = {"id": f"i{number}", "kind": "text", "text": f"Nummer {number}?", "source": "own"}
        return Item.model_validate({**given, "only_if": only_if and only_if.model_dump()})

    solo = SAMARBEJDE.item("solo")
    items = (
        solo,
        item(1),
        item(2, OnlyIf(item="solo", option="ja")),
        item(3, OnlyIf(item="solo", option="nej")),
        item(4),
    )
    section = SAMARBEJDE.sections[0].model_copy(update={"items": tuple(each.id for each in items)})
    package = SAMARBEJDE.model_copy(update={"items": items, "sections": (section,)})
    _, before, *_ = sheet(package, Round.BASELINE).sides
    assert before.onwards == (WayOn("side-3", 1, ()), WayOn("side-4", 2, (1,)), WayOn("side-5", 0, (1, 2)))


def test_the_items_of_an_index_share_out_all_places_that_the_style_has_rules_for() -> None:
    asked = sheet(ARBEJDSPRES, Round.BASELINE)
    assert [index.id for index in asked.indices] == ["pres"]
    assert asked.parts_of_indices(ARBEJDSPRES.item("bagud")) == "index-1-1"
    assert asked.parts_of_indices(ARBEJDSPRES.item("overblik")) == "index-1-2"
    assert asked.parts_of_indices(ARBEJDSPRES.item("overarbejde")).split() == [f"index-1-{n}" for n in range(3, 13)]
    assert asked.parts_of_indices(ARBEJDSPRES.item("hvornaar")) == ""


def test_the_style_has_rules_for_every_index_and_place_there_can_be() -> None:
    style = (STATIC / "questionnaire.css").read_text(encoding="utf-8")
    for number in range(1, MOST_INDICES + 1):
        assert f".index-{number}-note {{ display: block; }}" in style
        for place in range(1, MOST_ITEMS + 1):
            assert style.count(f".index-{number}-{place} :checked") == 2


def test_a_round_without_the_items_of_an_index_does_not_speak_of_it() -> None:
    follow_up = TRIVSEL.follow_up.model_copy(update={"repeats": ("arbejdsglaede",)})
    assert sheet(TRIVSEL.model_copy(update={"follow_up": follow_up}), Round.FOLLOW_UP).indices == ()
