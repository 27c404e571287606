"""A package version from before programmes had forms: its parts get ids, and its slides go on pointing at them."""

from typing import Any

from domain.fitting import fitted, shortest, wished
from domain.kept_versions import as_written_today
from domain.meeting import SHORTEST_MEETING, Format
from domain.package import AS_KEPT, Package
from tests.the_packages import TRIVSEL

OLD_PROGRAMME = [
    {"title": "Velkomst", "minutes": 10, "text": "Kaffe."},
    {"title": "Pause", "minutes": 15},
    {"title": "Gruppearbejde", "minutes": 95, "text": "", "tasks": ["Hvad?", "Hvordan?"]},
]


def as_it_was() -> dict[str, Any]:
    """Today's content with the programme and a slide as version 2 had them."""
    content = TRIVSEL.model_dump(mode="json")
    slide = {"kind": "group_work", "title": "T", "notes": "N", "part": 3, "tasks": [2], "rounds": ["baseline"]}
    return {**content, "programme": OLD_PROGRAMME, "deck": {"slides": [slide]}}


def test_it_is_read_with_the_same_minutes_and_tasks_for_both_forms() -> None:
    package = Package.model_validate(as_written_today(as_it_was()), context=AS_KEPT)
    for form in Format:
        parts = package.programme.of(form)
        assert (wished(parts), [part.part.id for part in parts]) == (120, ["del_1", "del_2", "del_3"])
        assert [part.minutes for part in fitted(parts, 120)] == [10, 15, 95]
        assert [part.part.kind for part in parts] == ["results", "break", "group_work"]
        assert [task.numbered for task in parts[2].part.tasks] == ["1. Hvad?", "2. Hvordan?"]
        assert shortest(parts) <= SHORTEST_MEETING, (
            "an order placed before there was a shortest length keeps its meeting"
        )
    (slide,) = package.deck.slides
    assert (slide.part, slide.tasks) == ("del_3", (2,))


def test_todays_content_is_left_as_it_is() -> None:
    content = TRIVSEL.model_dump(mode="json")
    assert as_written_today(content) == content
