"""A deck's slides as pictures in the page, with their notes; a download where this machine can make none."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from domain.order import Order
from reporting.slide_pictures import NoPictures, SlideWords, can_make_pictures, slide_words
from storage import documents
from storage.documents import Document
from web.console.frame import REFERRER, console_page, message_page
from web.console.order.documents import NO_SUCH_DOCUMENT, document_of
from web.console.order.found import document_address, find_order, no_such_order
from web.console.orders.filters import ORDERS
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.services import CurrentServices, Services

router = ConsoleRouter()


@dataclass(frozen=True)
class Slides:
    """A deck to be looked at. `has_pictures` where this machine makes them; `slides` are empty for what is no deck."""

    document: Document
    slides: Sequence[SlideWords]
    has_pictures: bool

    @property
    def address(self) -> str:
        """Where the deck is downloaded; its pictures are below."""
        return document_address(self.document.info)


def slides_of(deck: Document) -> Slides:
    """The deck with its slides' words."""
    try:
        words = slide_words(deck.content)
    except NoPictures:
        words = []
    return Slides(deck, words, bool(words) and can_make_pictures())


def deck_in_review(services: Services, order: Order) -> Slides | None:
    """The deck that waits to be looked at, None where none does."""
    for survey in order.surveys:
        if not survey.in_review:
            continue
        with services.database.read() as connection:
            made = [documents.document(connection, document) for document in survey.documents]
        return next((slides_of(each) for each in made if each is not None and each.info.kind == "deck"), None)
    return None


@router.page("/forloeb/{order}/dokumenter/{document}/sider", needs=Right.READ)
async def deck_page(order: str, document: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """Every slide of a deck."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    deck = await run_in_threadpool(document_of, services, order, document)
    if deck is None or deck.info.kind != "deck":
        return message_page(me, 404, *NO_SUCH_DOCUMENT)
    slides = await run_in_threadpool(slides_of, deck)
    return console_page("console/order/slides.html", me, here=ORDERS, view=found.view, slides=slides)


@router.page("/forloeb/{order}/dokumenter/{document}/sider/{number}", needs=Right.READ)
async def picture(order: str, document: str, number: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """One slide's picture. The first of a deck's to be asked for waits until they are made."""
    deck = await run_in_threadpool(document_of, services, order, document)
    if deck is None or deck.info.kind != "deck" or not can_make_pictures():
        services.pictures.forget(document)
        return message_page(me, 404, *NO_SUCH_DOCUMENT)
    try:
        pictures = await services.pictures.pictures(deck.info.id, deck.content)
    except NoPictures:
        return message_page(me, 503, "Billedet kunne ikke laves", "Hent præsentationen i stedet.")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if not 0 < wanted <= len(pictures):
        return message_page(me, 404, "Siden findes ikke", "Så mange sider har præsentationen ikke.")
    return Response(pictures[wanted - 1], media_type="image/png", headers=REFERRER)
