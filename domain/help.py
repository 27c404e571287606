"""Where to turn for whoever is not well: what a package says of it, and what the office has told of the way there."""

import datetime as dt
from dataclasses import dataclass

from pydantic import Field

from domain.denmark import quality_unit
from domain.model import Frozen
from domain.text import TypesetLine, WebAddress

CRISIS_CORPS, OWN_DOCTOR, QUALITY_UNIT = "krisekorps", "egen_laege", "kvalitetsenhed"
EVERY_PACKAGE_NAMES = (CRISIS_CORPS, OWN_DOCTOR, QUALITY_UNIT)
"""The places that no package leaves out, by id."""


@dataclass(frozen=True)
class CrisisCorps:
    """How to reach PLO's krisekorps, as the office has told it; empty where it has not, and then nothing is guessed."""

    phone: str = ""
    page: str = ""


class HelpPlace(Frozen):
    """Somebody to turn to: who, with what, and how to get there. A number or an address only with its source."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    who: TypesetLine
    text: str = Field(min_length=1)
    find: str = Field(min_length=1)
    """How it is found, as long as neither number nor page is known."""
    phone: TypesetLine = ""
    page: WebAddress | None = None
    source: str = Field(min_length=1)


class Help(Frozen):
    """What whoever is not well is told: on a slide, in the results, in the mail after the meeting, with the thanks."""

    title: TypesetLine
    lead: str = Field(min_length=1)
    places: tuple[HelpPlace, ...]


class EnglishPlace(Frozen):
    who: TypesetLine
    text: str = Field(min_length=1)
    find: str = Field(min_length=1)


class EnglishHelp(Frozen):
    """The same in English, its places by id."""

    title: TypesetLine
    lead: str = Field(min_length=1)
    places: dict[str, EnglishPlace]


def help_in_english(danish: Help, english: EnglishHelp) -> Help:
    """The Danish with the English words; numbers, pages and sources stay."""
    places = tuple(place.model_copy(update=dict(english.places[place.id])) for place in danish.places)
    return danish.model_copy(update={"title": english.title, "lead": english.lead, "places": places})


def help_for(found: Help | None, region: str, day: dt.date, corps: CrisisCorps) -> Help | None:
    """The help as one cluster's doctors see it: their region's quality unit by its name, the krisekorps as told us.

    None where a kept version of the package has none.
    """
    if found is None:
        return None
    unit = quality_unit(region, day)
    return found.model_copy(update={"places": tuple(_place(place, unit, corps) for place in found.places)})


def _place(place: HelpPlace, unit: str | None, corps: CrisisCorps) -> HelpPlace:
    if place.id == QUALITY_UNIT and unit:
        return place.model_copy(update={"who": f"{place.who} ({unit})"})
    if place.id == CRISIS_CORPS and (corps.phone or corps.page):
        told = {"phone": corps.phone or place.phone, "page": corps.page or place.page}
        return place.model_copy(update=told)
    return place


def way_to(place: HelpPlace) -> str:
    """How to get there, in a sentence or two: "Ring på 12 34 56 78. Læs mere på https://…", or where to look."""
    ways = [f"Ring på {place.phone}." if place.phone else "", f"Læs mere på {place.page}" if place.page else ""]
    return " ".join(filter(None, ways)) or place.find
