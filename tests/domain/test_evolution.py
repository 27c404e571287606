"""What an event means is said in fields that exist: a misspelt one fails, in mypy and at run time."""

import ast
import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain import evolution, order
from domain.commands import COMMANDS
from domain.events import Event
from domain.evolution import evolve, load
from domain.stages import Stage
from tests.domain.story import life_at

DOMAIN = Path(evolution.__file__).parent
DECIDES = [DOMAIN / "evolution.py", *sorted((DOMAIN / "decisions").glob("*.py"))]
PARTS = [
    value
    for value in vars(order).values()
    if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == order.__name__
]


def parts_of_orders() -> Iterator[object]:
    """One of each dataclass that an order is made of."""
    whole = life_at(Stage.COMPLETED).with_letters_gone().order
    yield from (whole, whole.follow_up, whole.record, whole.ended, *whole.surveys)
    yield from (*whole.members.values(), *whole.letters.values(), *whole.announcements)
    yield from life_at(Stage.PLANNED).with_letters_gone().order.announcements


@pytest.mark.parametrize("part", PARTS)
def test_a_misspelt_field_in_an_evolution_fails_at_run_time(part: type) -> None:
    value = next(each for each in parts_of_orders() if type(each) is part)
    with pytest.raises(TypeError, match="meetng"):
        dataclasses.replace(value, meetng=None)  # type: ignore[type-var]
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(value, "meetng", None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(part)[0].name, None)


@pytest.mark.parametrize("path", DECIDES, ids=lambda path: path.name)
def test_no_decision_and_no_meaning_goes_round_the_types(path: Path) -> None:
    """No `Any`, no fields by `**`, no `model_copy`, which takes whatever it is given, and no `setattr`."""
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Name) and node.id in ("Any", "setattr")), node.lineno
        assert not (isinstance(node, ast.Attribute) and node.attr in ("model_copy", "__dict__", "having")), node.lineno
        assert not (isinstance(node, ast.keyword) and node.arg is None), node.lineno


def test_every_decision_and_every_meaning_has_a_name() -> None:
    """`assert_never` has mypy see that none is missing; here that each is a function, named as its command."""
    nodes = itertools.chain.from_iterable(ast.walk(ast.parse(path.read_text())) for path in DECIDES)
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert "_" not in names
    assert {str(command.model_fields["type"].default) for command in COMMANDS} <= names


@pytest.mark.parametrize("stage", Stage)
def test_evolve_changes_nothing_it_is_given(stage: Stage) -> None:
    events: list[Event] = life_at(stage).events
    before = load(events[:-1])
    as_it_was = repr(before)
    after = evolve(before, events[-1])
    assert repr(before) == as_it_was
    assert after == life_at(stage).order
    assert after.version == len(events)
