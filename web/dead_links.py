"""Where a link opens nothing: why, as far as its bearer may know, whom to ring, and the way to another.

A link that never was anybody's tells nothing of the order it names. One that was good once says why it is no more.
"""

from fastapi import Response

from domain.evolution import load
from domain.model import PersonId
from domain.order import Order
from storage.order_links import Page, is_erased, once_held, order_of
from web.contact import contact_of
from web.messages import message
from web.services import Services

TITLE = "Linket virker ikke"
ANOTHER = ("/nyt-link", "Send mig et nyt link")

BROKEN = "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen."
STRANGE: dict[Page, tuple[str, ...]] = {
    Page.ORDER: (
        BROKEN,
        "Har klyngen fået en ny koordinator, virker det gamle link ikke mere. Den nye koordinator har fået sit eget.",
        "Er bestillingen afsluttet for længe siden, er den slettet.",
    ),
    Page.MEETING: (BROKEN, "Er du ikke længere med i klyngen, eller er bestillingen slettet, virker linket ikke mere."),
    Page.CALENDAR: ("Kalenderen har et link, der ikke virker mere. Hent mødet igen fra din egen side.",),
}
ERASED = "Bestillingen er slut for længe siden, og alt, hvad der stod her, er slettet."
REPLACED = "Klyngen har fået en ny koordinator, og derfor er dit link lukket. Den nye koordinator har fået sit eget."
LEFT = "Du står ikke længere på klyngens liste. Derfor er dit link lukket."
REVOKED = "KiAP har lukket dit link."
RENEWED = "Du har fået et nyere link på mail, og det er det, der virker."
OFFERED = "Du kan få linket på mail."
"""While the order is in progress: its workflow sends the mail."""
OF_A_CALENDAR = "Kalenderen har et link, der er lukket. Hent mødet igen fra din egen side."


def dead_link(services: Services, page: Page, link: str) -> Response:
    """The kind page, with a way to another link where its bearer may have one."""
    order = load(services.store.load(order_of(link)))
    holder = once_held(services.keys, page, link, order) if order else None
    if order is None or holder is None:
        action = None if page is Page.CALENDAR else ANOTHER
        return message(services, 404, TITLE, STRANGE[page], action=action)
    with services.database.read() as connection:
        if is_erased(connection, order):
            return message(services, 404, TITLE, (ERASED,))
    may_have_another = page is not Page.CALENDAR and order.ended is None and _holds_one(page, order, holder)
    paragraphs = (_why(page, order, holder), *([OFFERED] if may_have_another else []))
    action = ANOTHER if may_have_another else None
    return message(services, 404, TITLE, paragraphs, action=action, contact=contact_of(services, order))


def _holds_one(page: Page, order: Order, holder: PersonId) -> bool:
    return holder == order.coordinator if page is Page.ORDER else holder in order.link_holders


def _why(page: Page, order: Order, holder: PersonId) -> str:
    if not _holds_one(page, order, holder):
        return REPLACED if page is Page.ORDER else LEFT
    if page is Page.CALENDAR:
        return OF_A_CALENDAR
    return REVOKED if order.link_of(holder).revoked else RENEWED
