"""The pages' own words: how a meeting is held, what documents are called, and which lines a coordinator is spared."""

from domain.meeting import Facilitator, Format
from domain.model import Round

FORMATS = {Format.IN_PERSON: "Fysisk møde", Format.VIDEO: "Videomøde"}
FACILITATORS = {
    Facilitator.COORDINATOR: "Koordinatoren",
    Facilitator.CONSULTANT: "Konsulenten fra KiAP",
    Facilitator.EXTERNAL: "En ekstern facilitator",
}
DOCUMENTS = {
    "deck": "PowerPoint til mødet",
    "document": "Resultater og program i Word",
    "calendar": "Kalenderfil",
    "comparison": "PowerPoint med før og efter",
}
OF_THE_FOLLOW_UP = {"deck": "PowerPoint med før og efter", "document": "Før og efter i Word"}
"""No second meeting belongs to the follow-up, and no programme."""


def document_title(kind: str, round_: Round | None) -> str:
    """What a document is called on the order's page."""
    own = OF_THE_FOLLOW_UP if round_ is Round.FOLLOW_UP else {}
    return own.get(kind) or DOCUMENTS[kind]


NOT_FOR_THE_COORDINATOR = frozenset(
    {
        "letter.call_overdue",
        "letter.too_few_answers",
        "letter.deck_review",
        "letter.order_received",
        "letter.plan_agreed",
        "letter.record_request",
        "letter.follow_up_question",
        "letter.follow_up_notice",
        "letter.deck_delivered",
        "letter.comparison_delivered",
        "consultant_assigned",
        "free_texts_read",
        "deck_remake_asked",
    }
)
"""Lines that are KiAP's own housekeeping, or a mail the coordinator has in hand."""
