"""A corrected deck: a file that is looked through, and goes beside its command."""

from typing import Literal

from pydantic import Base64Bytes, Field

from domain import commands as do
from domain.decisions.rules import current_round
from domain.model import DocumentId, Rejected
from domain.text import Words
from domain.unfit import Unfit
from reporting.given_deck import looked_through
from storage import clusters, documents
from storage.enclosures import EnclosedDeck, Enclosure
from storage.ids import new_id
from web.api.danish_errors import invalid
from web.problems import FieldProblem
from web.requests.base import CommandRequest, Context, Submission, enclosed


class ReplaceDeck(CommandRequest):
    """A corrected deck takes the place of the one that stands; the coordinator is told where it is delivered."""

    type: Literal["replace_deck"]
    deck: Base64Bytes = Field(
        title="Den rettede præsentation",
        description="the .pptx file in base64, some 700 KB at most (the console takes 15 MB); in a terminal deck=@FILE",
    )
    why_text: Words = Field(title="Hvad er rettet?", description="for KiAP's own history")


def replace_deck(request: ReplaceDeck, context: Context) -> Submission:
    """The file as it may be kept. Raises Rejected where none stands; Problem where the file is not one to keep."""
    order, survey = context.order, current_round(context.order)
    stands = documents.latest(context.connection, order.id, survey.round, "deck")
    if stands is None:
        raise Rejected("no_deck_yet", "Der er ikke nogen præsentation at rette endnu.")
    cluster = clusters.cluster(context.connection, order.cluster).name
    try:
        content = looked_through(request.deck, order.id, survey.round, cluster)
    except Unfit as unfit:
        raise invalid([FieldProblem(field="deck", detail=unfit.danish)]) from None
    why, written = enclosed("correction", request.why_text)
    if why is None:  # the request has it, or it is not read
        raise Rejected("correction_missing", "Skriv, hvad der er rettet.")
    deck = EnclosedDeck(id=DocumentId(new_id()), round=survey.round, filename=stands.filename, content=content)
    return Submission(do.ReplaceDeck(document=deck.id, why=why), Enclosure(texts=written, deck=deck))
