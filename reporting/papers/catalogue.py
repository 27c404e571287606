"""The papers there are: what each is called, who may have it, and from when."""

from dataclasses import dataclass
from enum import StrEnum


class PaperId(StrEnum):
    """The value stands in addresses."""

    GUIDE = "drejebog"
    PROGRAMME = "program"
    NOTES = "moedenoter"
    REFLECTION = "refleksionsark"
    PLAN = "implementeringsplan"
    OFFERS = "tilbud"
    GROUPS = "grupper"
    SIGN_IN = "deltagerliste"
    ATTENDANCE = "fremmoedeliste"


class Since(StrEnum):
    """What must have happened before a paper can be made."""

    MEETING_AGREED = "agreed"
    DECK_DELIVERED = "delivered"
    MEETING_RECORDED = "recorded"


@dataclass(frozen=True)
class PaperKind:
    """A paper. `title` is what people call it; `words` are how texts speak of it, each as it stands there."""

    id: PaperId
    title: str
    about: str
    since: Since
    words: tuple[str, ...]
    for_members: bool = False
    has_names: bool = False
    """Whether doctors' names stand on it: such a paper is made when it is asked for, and kept nowhere."""


PAPERS: tuple[PaperKind, ...] = (
    PaperKind(
        PaperId.GUIDE,
        "Drejebog",
        "Slide for slide: hvad klokken er, hvad du kan sige, og hvad målene betyder",
        Since.DECK_DELIVERED,
        ("drejebog", "drejebogen"),
    ),
    PaperKind(
        PaperId.PROGRAMME,
        "Program til deltagerne",
        "Tider, punkter og spørgsmål til grupperne",
        Since.MEETING_AGREED,
        ("program", "programmet", "deltagerprogram", "deltagerprogrammet"),
        for_members=True,
    ),
    PaperKind(
        PaperId.NOTES,
        "Ark til mødenoter",
        "Plads til det vigtigste under hvert emne",
        Since.MEETING_AGREED,
        ("ark til mødenoter", "arket til mødenoter"),
        for_members=True,
    ),
    PaperKind(
        PaperId.REFLECTION,
        "Refleksionsark",
        "Gruppernes spørgsmål med plads til dine egne svar",
        Since.MEETING_AGREED,
        ("refleksionsark", "refleksionsarket"),
        for_members=True,
    ),
    PaperKind(
        PaperId.PLAN,
        "Implementeringsplan",
        "Hvad, hvem, hvornår, og hvordan vi ser det",
        Since.MEETING_AGREED,
        ("implementeringsplan", "implementeringsplanen", "materiale til implementering"),
        for_members=True,
    ),
    PaperKind(
        PaperId.OFFERS,
        "Oversigt over tilbud",
        "Støtte fra regionen, PLO-E og KiAP, når I arbejder videre",
        Since.MEETING_AGREED,
        ("oversigt over tilbud", "oversigten over tilbud", "oversigten", "oversigten over de regionale tilbud"),
        for_members=True,
    ),
    PaperKind(
        PaperId.GROUPS,
        "Grupper på fire",
        "To runder, uden kolleger fra samme praksis",
        Since.MEETING_AGREED,
        ("gruppeliste", "gruppelisten"),
        has_names=True,
    ),
    PaperKind(
        PaperId.SIGN_IN,
        "Deltagerliste",
        "Til at krydse af på mødet",
        Since.MEETING_AGREED,
        ("deltagerliste", "deltagerlisten"),
        has_names=True,
    ),
    PaperKind(
        PaperId.ATTENDANCE,
        "Fremmødeliste til PLO og region",
        "Hvem der var med, som I har noteret det",
        Since.MEETING_RECORDED,
        ("fremmødeliste", "fremmødelisten"),
        has_names=True,
    ),
)
"""In the order they are listed. The results document is beside them: it is kept with the deck (decision 21)."""


ALSO_MADE = (
    *("uddelingskopi", "uddelingskopien", "uddelingskopier", "uddelingskopierne"),
    *("resultatdokument", "resultatdokumentet"),
)
"""Words for the handouts together, and for the results document, which is kept with the deck (decision 21)."""


def paper_called(slug: str) -> PaperKind | None:
    """The paper with this name in addresses."""
    return next((paper for paper in PAPERS if paper.id == slug), None)
