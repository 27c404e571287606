"""deck.yaml: what it may say, and that all that is wrong with it is told where it stands."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from domain.deck_plan import DeckPlan, SlidePlan
from domain.meeting import Format
from domain.model import Round
from domain.package import Package
from reporting.deck import MAKERS
from reporting.deck_check import deck_problems
from reporting.facts import Fact, facts_of, titles_for
from reporting.report_context import ReportContext
from reporting.slide_kinds import KINDS
from storage.packages import PackageError, read_package
from tests.reporting.clusters import a_baseline, the_retreat
from tests.the_packages import SAMARBEJDE, TRIVSEL

FOLDER = Path(__file__).parents[2] / "klyngepakker" / "trivsel-og-arbejdsglaede"


def a_slide(**fields: Any) -> SlidePlan:
    return SlidePlan.model_validate(
        {"kind": "degree", "title": "T", "items": ["arbejdsglaede"], "notes": "N", **fields}
    )


def problems_of(slide: SlidePlan, package: Package = TRIVSEL) -> list[str]:
    """What is wrong with a deck of this slide alone, each after its place in the slide."""
    found = list(deck_problems(package.model_copy(update={"deck": DeckPlan(slides=(slide,))})))
    assert all(problem.where[:3] == ("deck", "slides", 0) for problem in found)
    return [f"{'.'.join(map(str, problem.where[3:]))}: {problem.what}" for problem in found]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"notes": ""}, "at least 1 character"),
        ({"titles": [{"when": {"high": {}}, "say": "Ja"}]}, "a condition is either"),
        ({"titles": [{"when": {"high": {"over": 1}}, "say": "Ja"}]}, "Extra inputs are not permitted"),
        ({"rounds": []}, "at least 1 item"),
    ],
)
def test_what_is_no_slide_at_all_is_refused_with_the_reason(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        a_slide(**fields)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "lagkage"}, "kind: 'lagkage' is no kind of slide; the kinds are agenda, answers, "),
        ({"title": "Om {klyngen}"}, "title: title 'Om {klyngen}': 'klyngen' is not known for degree"),
        ({"title": "{high} er glade"}, "title: the neutral title may only use"),
        ({"title": "Et { for meget"}, "title: title 'Et { for meget': expected '}'"),
        ({"titles": [{"say": "{mean} point"}]}, "titles.0: title '{mean} point': 'mean' is not known for degree"),
        ({"titles": [{"say": "{"}]}, "titles.0: title '{': "),
        ({"titles": [{"when": {"mean": {"at_least": 3}}, "say": "Ja"}]}, "titles.0: when: 'mean' is not known"),
        (
            {"titles": [{"when": {"high": {"is": "up"}}, "say": "Ja"}]},
            "titles.0: when: 'high' is compared",
        ),
        ({"items": []}, "items: degree needs items"),
        ({"items": ["arbejdsglaede", "arbejdsglaede"]}, "items: degree shows exactly one item"),
        ({"items": ["nix"]}, "items.0: degree names 'nix', which is no item"),
        ({"items": ["positive"]}, "items.0: degree cannot show 'positive', which is a choices"),
        ({"kind": "homework"}, "items.0: homework cannot show 'arbejdsglaede', which is a degree"),
        ({"kind": "group_work", "items": []}, ": group_work needs a body or a part"),
        ({"kind": "text", "items": []}, ": text needs a body"),
        ({"kind": "video", "items": []}, ": video needs the number of a video"),
        ({"kind": "national", "items": []}, ": national needs references"),
        (
            {"kind": "before_after_index", "index": "who5", "items": []},
            "rounds: before_after_index belongs to the follow_up round only",
        ),
        ({"index": "who5"}, "index: degree shows no index"),
        ({"kind": "index_bands", "items": []}, ": index_bands needs an index: who5"),
        ({"kind": "index_bands", "items": [], "index": "nix"}, "index: 'nix' is no index of the package; it has who5"),
        (
            {"kind": "index_reading", "items": [], "index": "who5", "titles": [{"say": "{high} trives"}]},
            "titles.0: title '{high} trives': 'high' is not known for index_reading",
        ),
    ],
)
def test_a_slide_that_cannot_be_made_is_told_with_the_reason(fields: dict[str, Any], problem: str) -> None:
    found = problems_of(a_slide(**fields))
    assert any(told.startswith(problem) for told in found), found


def a_comparing_slide(**fields: Any) -> SlidePlan:
    return a_slide(**{"kind": "before_after_index", "index": "who5", "items": [], "rounds": ["follow_up"], **fields})


SEVERAL: dict[str, Any] = {"kind": "before_after_shares", "index": None, "items": ["arbejdsglaede"]}


@pytest.mark.parametrize("claim", ["Trivslen er steget", "Det går bedre", "Et fald til {after}"])
@pytest.mark.parametrize("when", [{}, {"verdict": {"is": "uncertain"}}, {"difference": {"at_least": 5}}])
def test_a_title_may_not_claim_a_change_unless_the_interval_says_so(claim: str, when: dict[str, Any]) -> None:
    [problem] = problems_of(a_comparing_slide(titles=[{"when": when, "say": claim}]))
    assert problem.endswith("must depend on 'verdict' being up or down")


def test_a_title_may_not_call_a_difference_uncertain_unless_it_was_reckoned() -> None:
    rule = {"say": "Forskellen er inden for usikkerheden"}
    [one] = problems_of(a_comparing_slide(titles=[rule]))
    assert one.endswith("must depend on 'verdict' being uncertain")
    [several] = problems_of(a_comparing_slide(**SEVERAL, titles=[rule]))
    assert several.endswith("must depend on 'uncertain' being at least 1")


def test_a_neutral_title_tells_of_no_change() -> None:
    [problem] = problems_of(a_comparing_slide(title="Trivslen er steget"))
    assert problem == "title: the neutral title 'Trivslen er steget' tells of a change"


def test_a_title_may_tell_a_change_that_the_interval_shows() -> None:
    rule = {"when": {"verdict": {"is": "up"}}, "say": "Trivslen er steget"}
    assert problems_of(a_comparing_slide(titles=[rule])) == []


def test_a_title_over_several_questions_may_only_tell_of_changes_that_are_there() -> None:
    [problem] = problems_of(a_comparing_slide(**SEVERAL, titles=[{"say": "{up} er steget"}]))
    assert problem.endswith("must depend on 'up' or 'down' being at least 1")


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"kind": "degree", "items": ["nix"]}, "items[1]", "which is no item"),
        ({"kind": "degree", "items": ["positive"]}, "items[1]", "cannot show 'positive', which is a choices"),
        ({"kind": "national", "references": ["nix"]}, "references[1]", "'nix' is no reference"),
        ({"kind": "group_work", "part": "nix"}, "part", "'nix' is no part of the programme"),
        ({"kind": "group_work", "part": "pause"}, "part", "has no tasks"),
        ({"kind": "group_work", "part": "gruppe_positive", "tasks": [1, 2]}, "tasks[2]", "has no task 2"),
        ({"kind": "video", "video": 9}, "video", "the package has 2 videos"),
    ],
)
def test_a_slide_that_does_not_fit_its_package_is_told_with_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], field: str, problem: str
) -> None:
    folder = tmp_path / FOLDER.name
    folder.mkdir()
    (folder / "package.yaml").write_text((FOLDER / "package.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    slides = {"slides": [{"title": "T", "notes": "N", **change}]}
    (folder / "deck.yaml").write_text(yaml.safe_dump(slides), encoding="utf-8")
    with pytest.raises(PackageError) as refused:
        read_package(folder, deck_problems)
    fault = refused.value.faults[0]
    assert fault.file.endswith("deck.yaml")
    assert fault.field.startswith(f"slides[1].{field}")
    assert problem in fault.message


def test_an_index_slide_needs_a_package_with_an_index() -> None:
    slide = SlidePlan(kind="index_scores", index="who5", title="T", notes="N")
    assert problems_of(slide, SAMARBEJDE) == ["kind: index_scores: the package has no index"]
    assert problems_of(slide, TRIVSEL) == []


def test_every_kind_of_slide_can_be_made() -> None:
    assert set(MAKERS) == set(KINDS)


def test_a_deck_kept_from_before_a_rule_was_made_stricter_is_read_back() -> None:
    kept = TRIVSEL.model_copy(
        update={"deck": DeckPlan(slides=(a_slide(kind="lagkage", title="{klyngen}", items=["nix"]),))}
    )
    assert Package.model_validate_json(kept.model_dump_json()).model_dump() == kept.model_dump()


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
@pytest.mark.parametrize("round_", list(Round))
def test_both_packages_begin_with_a_front_and_end_with_what_to_take_home(package: Any, round_: Round) -> None:
    kinds = [slide.kind for slide in package.deck.slides if round_.value in slide.rounds]
    assert kinds[0] == "title"
    assert kinds[-1] == "homework"


def test_a_plan_survives_being_written_and_read() -> None:
    for package in (TRIVSEL, SAMARBEJDE):
        assert DeckPlan.model_validate(package.deck.model_dump(mode="json")) == package.deck


# --- which sentence becomes the title -------------------------------------------------------------------------------


def told(slide: SlidePlan, **facts: float) -> str:
    return titles_for(slide, {name: Fact(value, f"{value:.0%}") for name, value in facts.items()})[0]


SENTENCES = a_slide(
    title="Arbejdsglæden",
    titles=[
        {"when": {"high": {"at_least": 0.5}}, "say": "{high} har det godt"},
        {"when": {"low": {"at_least": 0.2, "below": 0.5}}, "say": "{low} har det ikke godt"},
    ],
)


def test_the_first_sentence_that_is_true_becomes_the_title() -> None:
    assert told(SENTENCES, high=0.5, low=0.3) == "50% har det godt"
    assert told(SENTENCES, high=0.49, low=0.3) == "30% har det ikke godt"


def test_the_neutral_title_stands_where_nothing_is_true_or_may_be_told() -> None:
    assert told(SENTENCES, high=0.1, low=0.5) == "Arbejdsglæden"
    assert told(SENTENCES, low=0.1) == "Arbejdsglæden"
    assert told(SENTENCES) == "Arbejdsglæden"


def test_a_tie_for_first_place_names_nobody() -> None:
    report = a_baseline(TRIVSEL, 34)
    label, other = list(report.results.items["positive"].counts)[:2]
    tied = report.results.items["positive"].model_copy(update={"counts": {label: 9, other: 9}})
    results = report.results.model_copy(update={"items": {**report.results.items, "positive": tied}})
    slide = next(slide for slide in report.slides if slide.kind == "top")
    assert "first" not in facts_of(slide, replace(report, results=results))


@pytest.mark.parametrize(
    ("low", "high", "against", "title"),
    [
        (36.0, 44.0, "below", "Klyngens 40 point ligger under det, I kan sammenligne med (58,1 og 68)"),
        (54.0, 62.0, "mixed", "Klyngens 58 point: billedet afhænger af, hvem I sammenligner med (58,1 og 68)"),
        (57.0, 69.0, "near", "Klyngens 63 point kan ikke skelnes sikkert fra det, I kan sammenligne med (58,1 og 68)"),
        (70.0, 78.0, "above", "Klyngens 74 point ligger over det, I kan sammenligne med (58,1 og 68)"),
    ],
)
def test_a_comparison_weighs_every_figure_it_shows(low: float, high: float, against: str, title: str) -> None:
    report, slide = comparing(low, high), comparison(TRIVSEL)
    facts = facts_of(slide, report)
    assert facts["against"].value == against
    assert titles_for(slide, facts)[0].replace("\N{NO-BREAK SPACE}", " ") == title


def test_only_a_single_figure_may_be_named_alone() -> None:
    falck = TRIVSEL.model_copy(update={"references": tuple(r for r in TRIVSEL.references if r.id == "who5_falck_2023")})
    assert "reference_name" not in facts_of(comparison(TRIVSEL), comparing(54, 62))
    alone = facts_of(comparison(falck), replace(comparing(54, 62), package=falck))
    assert alone["reference_name"].value == "Falck Sundhedsbarometeret"
    assert (alone["reference"].text, alone["against"].value) == ("58,1", "near")


def comparison(package: Package) -> SlidePlan:
    return next(slide.of(Format.IN_PERSON) for slide in package.deck.slides if slide.kind == "index_comparison")


def comparing(low: float, high: float) -> ReportContext:
    """A cluster whose mean has this interval."""
    report = the_retreat()
    who5 = report.results.indices["who5"].model_copy(update={"mean": (low + high) / 2, "low": low, "high": high})
    return replace(report, results=report.results.model_copy(update={"indices": {"who5": who5}}))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "likert", "items": ["q8", "q4_korte"]}, "items: likert shows questions on one scale"),
        ({"kind": "two_sides", "items": ["q4_korte"]}, "items: two_sides needs a scale with high and low"),
        (
            {"kind": "before_after_shares", "items": ["q4_korte"], "rounds": ["follow_up"]},
            "items: before_after_shares needs a scale with high and low",
        ),
    ],
)
def test_questions_that_can_not_be_drawn_together_or_have_no_ends_are_told(
    fields: dict[str, Any], problem: str
) -> None:
    assert problems_of(a_slide(**fields), SAMARBEJDE) == [problem]


def test_one_question_without_ends_is_told_among_others_that_have_them() -> None:
    slide = a_slide(kind="before_after_shares", items=["q8", "q4_korte"], rounds=["follow_up"])
    assert problems_of(slide, SAMARBEJDE) == [
        "items: before_after_shares shows questions on one scale",
        "items: before_after_shares needs a scale with high and low",
    ]


def test_ratings_of_different_spans_are_not_drawn_together() -> None:
    items = [item.model_copy(update={"maximum": 5}) if item.id == "belastning_02" else item for item in TRIVSEL.items]
    slide = a_slide(kind="ratings", items=["belastning_01", "belastning_02"])
    (told,) = problems_of(slide, TRIVSEL.model_copy(update={"items": tuple(items)}))
    assert told == "items: ratings shows ratings from the same least number to the same greatest"
