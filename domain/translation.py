"""A package's texts in English: data beside the Danish, whole or not at all. Ids and answers are the same in both."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from domain.help import EnglishHelp, help_in_english
from domain.model import Frozen
from domain.text import TypesetLine

if TYPE_CHECKING:
    from domain.package import Item, Option, Package, Section

Fault = tuple[tuple[str | int, ...], str]
"""The path of keys below `english`, and what is wrong there."""


class EnglishOptions(Frozen):
    """The labels of a scale's or an item's options, by id, and where their wording is from."""

    options: dict[str, TypesetLine]
    source: str = "own"


class EnglishItem(Frozen):
    """An item's words, and where they are from. `options` where the item has its own."""

    text: str
    options: dict[str, TypesetLine] = Field(default_factory=dict)
    minimum_label: TypesetLine = ""
    maximum_label: TypesetLine = ""
    source: str = "own"


class EnglishSection(Frozen):
    title: TypesetLine
    intro: str = ""


class English(Frozen):
    """Everything that a questionnaire says, by the ids of the Danish."""

    title: TypesetLine
    title_follow_up: TypesetLine = ""
    scales: dict[str, EnglishOptions] = Field(default_factory=dict)
    groups: dict[str, str] = Field(default_factory=dict)
    sections: dict[str, EnglishSection]
    items: dict[str, EnglishItem]
    help: EnglishHelp | None = None


def in_english(package: "Package") -> "Package":
    """The package with its English words in place of the Danish. Raises ValueError where it has none."""
    english = package.english
    if english is None:
        msg = f"{package.slug} has no English texts"
        raise ValueError(msg)
    changes = {
        "title": english.title,
        "title_follow_up": english.title_follow_up,
        "scales": {
            name: scale.model_copy(update={"options": _said(scale.options, english.scales[name].options)})
            for name, scale in package.scales.items()
        },
        "groups": tuple(group.model_copy(update={"text": english.groups[group.id]}) for group in package.groups),
        "sections": tuple(_section(section, english.sections[section.id]) for section in package.sections),
        "items": tuple(_item(item, english.items[item.id]) for item in package.items),
        "help": help_in_english(package.help, english.help) if package.help and english.help else None,
    }
    return package.model_copy(update=changes)


def translation_faults(package: "Package") -> Iterator[Fault]:
    """What the English texts lack, and what they have that the Danish have not; nothing where there are none."""
    english = package.english
    if english is None:
        return
    if bool(package.title_follow_up) != bool(english.title_follow_up):
        yield ("title_follow_up",), "must be there in both languages or in neither"
    yield from _pairs(("scales",), package.scales, english.scales)
    yield from _pairs(("groups",), [group.id for group in package.groups], english.groups)
    yield from _pairs(("sections",), [section.id for section in package.sections], english.sections)
    yield from _pairs(("items",), [item.id for item in package.items], english.items)
    for name, scale in package.scales.items():
        if name in english.scales:
            options = english.scales[name].options
            yield from _pairs(("scales", name, "options"), [option.id for option in scale.options], options)
    for section in package.sections:
        if section.id in english.sections and bool(section.intro) != bool(english.sections[section.id].intro):
            yield ("sections", section.id, "intro"), "must be there in both languages or in neither"
    if package.help is not None:
        if english.help is None:
            yield ("help",), "must be there in both languages or in neither"
        else:
            yield from _pairs(("help", "places"), [place.id for place in package.help.places], english.help.places)
    for item in package.items:
        if item.id in english.items:
            yield from _item_faults(item, english.items[item.id])


def _item_faults(item: "Item", english: EnglishItem) -> Iterator[Fault]:
    where = ("items", item.id)
    yield from _pairs((*where, "options"), [option.id for option in item.options], english.options)
    for field in ("minimum_label", "maximum_label"):
        if bool(getattr(item, field)) != bool(getattr(english, field)):
            yield (*where, field), "must be there in both languages or in neither"


def _pairs(where: tuple[str, ...], danish: Iterable[str], english: Mapping[str, object]) -> Iterator[Fault]:
    wanted = list(danish)
    for name in wanted:
        if name not in english:
            yield where, f"'{name}' is missing"
    for name in english:
        if name not in wanted:
            yield (*where, name), f"'{name}' is not in the Danish"


def _said(options: "tuple[Option, ...]", labels: Mapping[str, str]) -> "tuple[Option, ...]":
    return tuple(option.model_copy(update={"label": labels[option.id]}) for option in options)


def _section(section: "Section", english: EnglishSection) -> "Section":
    return section.model_copy(update={"title": english.title, "intro": english.intro})


def _item(item: "Item", english: EnglishItem) -> "Item":
    return item.model_copy(
        update={
            "text": english.text,
            "short": "",
            "options": _said(item.options, english.options),
            "minimum_label": english.minimum_label,
            "maximum_label": english.maximum_label,
        }
    )
