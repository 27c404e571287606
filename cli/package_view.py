"""A package as JSON for scripts: what it asks, how each item is answered, and where each wording is from."""

from typing import Any

from domain.index import Index, step_of
from domain.length import minutes_to_answer
from domain.model import Round
from domain.package import Item, Package, Section
from domain.register import Measure
from domain.results import KEPT_AT_THE_TOP


def package_as_json(package: Package) -> dict[str, Any]:
    """Every key is always there; what does not apply is null or empty. See `docs/package-json.md`."""
    sections = {item_id: section for section in package.sections for item_id in section.items}
    asked = {round_: {item.id for item in package.asked_in(round_)} for round_ in Round}
    return {
        **summary_as_json(package),
        "title_follow_up": package.title_follow_up or None,
        "summary": package.summary,
        "surveyed": [role.value for role in package.surveyed],
        "follow_up": {"from_months": package.follow_up.from_months, "to_months": package.follow_up.to_months},
        "disclosure": package.disclosure.model_dump(),
        KEPT_AT_THE_TOP: next((list(each.items) for each in package.indices if each.id == KEPT_AT_THE_TOP), []),
        "indices": [_index(package, index) for index in package.indices],
        "evidence": package.evidence,
        "measures": [_measure(package, measure) for measure in package.measured_in(Round.BASELINE)],
        "items": [
            _item(package, item, sections[item.id], [round_.value for round_ in Round if item.id in asked[round_]])
            for item in package.asked_in(Round.BASELINE)
        ],
    }


def summary_as_json(package: Package) -> dict[str, Any]:
    """What `klyngeflow package list` tells of each."""
    return {
        "package": package.slug,
        "version": package.version,
        "title": package.title,
        "published": package.published.isoformat(),
        "minutes_to_answer": minutes_to_answer(package, Round.BASELINE),
        "minutes_to_answer_follow_up": minutes_to_answer(package, Round.FOLLOW_UP),
        "programme_minutes": package.programme_minutes,
    }


def has_slides(package: Package, round_: Round) -> bool:
    return any(round_.value in slide.rounds for slide in package.deck.slides)


def begins_with_its_title(package: Package, round_: Round) -> bool:
    """Whether the front comes first: slides of both rounds stand where the file has them, also before a later front."""
    return next((slide.kind for slide in package.deck.slides if round_.value in slide.rounds), None) == "title"


def tells_of_help(package: Package, round_: Round) -> bool:
    """Whether the deck of a round says where to turn: who sees a low score of their own shall see that too."""
    return any(slide.kind == "help" and round_.value in slide.rounds for slide in package.deck.slides)


def range_of(package: Package, item: Item) -> tuple[int, int] | None:
    """The lowest and highest number of a rating or score."""
    if item.minimum is not None and item.maximum is not None:
        return item.minimum, item.maximum
    values = [option.value for option in package.options_of(item) if option.value is not None]
    return (min(values), max(values)) if values else None


def ends_of(package: Package, item: Item) -> tuple[tuple[int, str], tuple[int, str]] | None:
    """The lowest and highest number of a rating or score, each with what it means to who answers."""
    if item.minimum is not None and item.maximum is not None:
        return (item.minimum, item.minimum_label), (item.maximum, item.maximum_label)
    labels = {option.value: option.label for option in package.options_of(item) if option.value is not None}
    return ((min(labels), labels[min(labels)]), (max(labels), labels[max(labels)])) if labels else None


def _index(package: Package, index: Index) -> dict[str, Any]:
    return {
        "id": index.id,
        "name": index.name,
        "items": list(index.items),
        "factor": index.factor,
        "missing": index.missing,
        "health": index.health,
        "lowest": index.lowest,
        "highest": index.highest,
        "step": step_of(package, index),
        "bands": [band.model_dump(by_alias=True) for band in index.bands],
        "not_a_diagnosis": index.not_a_diagnosis,
        "own_score": index.own_score.model_dump(),
        "source": index.source,
    }


def _measure(package: Package, measure: Measure) -> dict[str, Any]:
    section = next(each for each in package.sections if measure.id in each.measures)
    repeated = measure in package.measured_in(Round.FOLLOW_UP)
    return {
        "id": measure.id,
        "title": measure.title,
        "short": measure.chart_label,
        "section": section.id,
        "measure": section.measure or None,
        "rounds": [round_.value for round_ in Round if repeated or round_ is Round.BASELINE],
        "unit": measure.unit,
        "numerator": measure.numerator,
        "denominator": measure.denominator or None,
        "period": measure.period,
        "decimals": measure.decimals,
        "better": measure.better,
        "range": (measure.minimum, measure.maximum),
        "source": measure.source,
    }


def _item(package: Package, item: Item, section: Section, rounds: list[str]) -> dict[str, Any]:
    scale = package.scales[item.scale] if item.scale else None
    inherited = scale.source if scale else item.source
    return {
        "id": item.id,
        "kind": item.kind,
        "text": item.text,
        "short": item.chart_label,
        "group": item.group or None,
        "stem": package.group(item.group).text if item.group else None,
        "section": section.id,
        "measure": section.measure or None,
        "rounds": rounds,
        "scale": item.scale,
        "options": [
            {"id": option.id, "label": option.label, "value": option.value, "source": option.source or inherited}
            for option in package.options_of(item)
        ],
        "range": range_of(package, item),
        "minimum_label": item.minimum_label or None,
        "maximum_label": item.maximum_label or None,
        "at_most": item.at_most,
        "may_be_not_relevant": item.may_be_not_relevant,
        "only_if": item.only_if.model_dump() if item.only_if else None,
        "required": item.required,
        "source": item.source,
    }
