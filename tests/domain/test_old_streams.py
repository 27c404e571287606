"""Events read plainly: what was agreed once stands, whatever may be agreed today, and newer fields are left aside."""

import json

import pytest

from domain import commands as do
from domain import events as ev
from domain import policies as rules
from domain.decisions import decide
from domain.events import Event
from domain.evolution import load
from domain.model import Rejected
from domain.package import AS_KEPT, Package
from domain.policies import BOUNDS, FLOORS, Disclosure, Policies, problems_of
from domain.stages import Stage
from storage.upcasters import read_event
from tests.domain.story import AGREE, CALLED, PLACE, Life, life_at

SINGLE = [name for name, value in Policies() if isinstance(value, int) and not isinstance(value, bool)]
"""Policies that are one number each."""
TIGHTER = {
    "survey_open_days": (20, 60),
    "call_within": (1, 2),
    "reminders_after": (8, 250),
    "deck_before_meeting": (10, 60),
    "erase_after_days": (1, 30),
}


@pytest.fixture
def tighter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds of tomorrow, which the packages of today are outside of."""
    monkeypatch.setattr(rules, "BOUNDS", {**BOUNDS, **TIGHTER})
    monkeypatch.setattr(rules, "FLOORS", FLOORS.model_copy(update={"at_least": 8, "percentages_from": 20}))
    assert problems_of(PLACE.package.policies).keys() == TIGHTER.keys()
    assert problems_of(PLACE.package.disclosure).keys() == {"at_least", "percentages_from"}


def as_stored(event: Event, **more: object) -> str:
    return json.dumps({**event.model_dump(mode="json"), **more})


def stored_and_read(life: Life, **more: object) -> list[Event]:
    return [read_event(event.type, event.SCHEMA, as_stored(event, **more)) for event in life.events]


@pytest.mark.usefixtures("tighter")
@pytest.mark.parametrize("stage", Stage)
def test_an_old_stream_is_read_and_lives_on_after_a_bound_was_tightened(stage: Stage) -> None:
    life = life_at(stage)
    read = stored_and_read(life)
    assert read == life.events
    assert load(read) == life.order


@pytest.mark.parametrize("stage", Stage)
def test_a_field_of_a_newer_release_is_left_aside(stage: Stage) -> None:
    life = life_at(stage)
    assert stored_and_read(life, colour="blue", since="2031-05-14") == life.events


def test_an_unknown_field_inside_is_left_aside_too() -> None:
    [placed, agreed] = life_at(Stage.PLANNED).events
    assert isinstance(placed, ev.OrderPlaced)
    assert isinstance(agreed, ev.PlanAgreed)
    data = placed.model_dump(mode="json")
    data["policies"]["reminders_on_saturdays"] = True
    data["disclosure"]["noise"] = 0.1
    data["members"][0]["shoe_size"] = 38
    assert read_event(placed.type, placed.SCHEMA, json.dumps(data)) == placed
    data = agreed.model_dump(mode="json")
    data["meeting"]["catering"] = "smørrebrød"
    assert read_event(agreed.type, agreed.SCHEMA, json.dumps(data)) == agreed


def test_a_policy_that_an_old_event_does_not_have_is_todays_default() -> None:
    placed = life_at(Stage.ORDERED).events[0]
    data = placed.model_dump(mode="json")
    del data["policies"]["follow_up_notice_days"]
    read = read_event(placed.type, placed.SCHEMA, json.dumps(data))
    assert isinstance(read, ev.OrderPlaced)
    assert read.policies.follow_up_notice_days == Policies().follow_up_notice_days


@pytest.mark.usefixtures("tighter")
def test_an_order_placed_under_the_old_bounds_is_planned_without_being_asked_for_them() -> None:
    """What the call changes is held to the bounds of the day; what it leaves is the order's own."""
    life = life_at(Stage.ORDERED)
    assert decide(life.order, AGREE, CALLED)
    with pytest.raises(Rejected) as refusal:
        decide(life.order, AGREE.model_copy(update={"policies": {"survey_open_days": 14}}), CALLED)
    assert (refusal.value.code, refusal.value.facts) == ("bad_policy", {"policy": "survey_open_days"})
    changed = AGREE.model_copy(update={"policies": {"survey_open_days": 21}})
    assert decide(life.order, changed, CALLED)


@pytest.mark.usefixtures("tighter")
def test_a_package_is_held_to_the_bounds_at_the_door_and_not_where_it_is_kept() -> None:
    data = PLACE.package.model_dump(mode="json")
    with pytest.raises(ValueError, match="survey_open_days"):
        Package.model_validate(data)
    assert Package.model_validate(data, context=AS_KEPT) == PLACE.package


@pytest.mark.parametrize(
    "policies",
    [
        *({name: BOUNDS[name][0] - 1} for name in SINGLE),
        *({name: BOUNDS[name][1] + 1} for name in SINGLE),
        {"reminders_after": (5, 251)},
        {"record_asked_after": (-1, 3)},
        {"record_asked_after": ()},
        {"reminders_after": (9, 5)},
        {"reminders_after": (5, 5)},
    ],
    ids=str,
)
def test_every_bound_is_checked_at_the_call(policies: dict[str, object]) -> None:
    life = life_at(Stage.ORDERED)
    with pytest.raises(Rejected) as refusal:
        decide(life.order, AGREE.model_copy(update={"policies": policies}), CALLED)
    assert (refusal.value.code, refusal.value.facts) == ("bad_policy", {"policy": next(iter(policies))})


def test_every_number_among_the_policies_has_bounds() -> None:
    choices = {"remind_on_last_day", "mail_hours"}
    assert set(BOUNDS) == set(Policies.model_fields) - choices
    assert problems_of(Policies()) == problems_of(Disclosure()) == {}


def test_a_command_reads_strictly_all_the_same() -> None:
    with pytest.raises(ValueError, match="colour"):
        do.COMMAND.validate_python({"type": "start_follow_up", "colour": "blue"})
