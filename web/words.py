"""The pages' own words: how a meeting is held, what documents are called, and which lines a coordinator is spared."""

from collections.abc import Sequence

from domain.by import By, Capacity
from domain.danish import listing
from domain.events import Remake
from domain.meeting import Facilitator, Format
from domain.model import Round
from domain.words import is_housekeeping

FORMATS = {Format.IN_PERSON: "Fysisk møde", Format.VIDEO: "Videomøde"}
FACILITATORS = {
    Facilitator.COORDINATOR: "Koordinatoren",
    Facilitator.CONSULTANT: "Konsulenten fra KiAP",
    Facilitator.EXTERNAL: "En ekstern facilitator",
}
DOCUMENTS = {"deck": "PowerPoint til mødet", "document": "Resultater og program i Word"}
OF_THE_FOLLOW_UP = {"deck": "PowerPoint med før og efter", "document": "Før og efter i Word"}
"""No second meeting belongs to the follow-up, and no programme."""

REMADE_FOR: dict[Remake, str] = {
    "meeting": "mødets tid eller rammer er ændret",
    "free_texts": "du har læst, hvad lægerne skrev med egne ord",
    "asked": "du bad om det",
    "extract": "der er kommet et nyt udtræk fra registret",
}
"""Why there is another version of the material, to the consultant."""


def remade_for(reasons: Sequence[Remake]) -> str:
    """What has changed since the version before."""
    return listing([REMADE_FOR[each] for each in reasons])


def document_title(kind: str, round_: Round | None) -> str:
    """What a document is called on the order's page."""
    own = OF_THE_FOLLOW_UP if round_ is Round.FOLLOW_UP else {}
    return own.get(kind) or DOCUMENTS[kind]


def is_for(by: By, code: str) -> bool:
    """Whether a line of the timeline is for its reader: a coordinator is spared what is KiAP's own housekeeping."""
    return by.role is not Capacity.COORDINATOR or not is_housekeeping(code)
