"""The console's subjects: the one list of what is served below `/drift`."""

from fastapi import FastAPI

from web.console import (
    audit_log,
    colleagues,
    keys,
    mails,
    my_page,
    operation,
    service_sign_in,
    sign_in,
    welcome,
)
from web.console.country import page as country_page
from web.console.country import region
from web.console.guard import NotAllowed, NotFromHere
from web.console.live import stream
from web.console.needs import deeds
from web.console.needs import listing as needs_listing
from web.console.order import corrected_deck, documents, extract_in, forms, letters, members_in, page, papers, slides
from web.console.orders import bulk, export, listing, saved
from web.console.principal import NotSignedIn
from web.console.receivers import listing as receivers
from web.console.receivers import one as receiver
from web.console.refusals import say_not_from_here, say_who_may, to_sign_in
from web.console.router import refuse_unguarded

SUBJECTS = (
    sign_in, service_sign_in, welcome, my_page, needs_listing, deeds, listing, export, saved, bulk, page, documents,
    slides, letters, members_in, corrected_deck, extract_in, papers, forms, country_page, region, mails, operation,
    colleagues, keys, audit_log, stream, receivers, receiver,
)  # fmt: skip


def add_console(app: FastAPI) -> None:
    """Serve the console, with its refusals. Raises RuntimeError where a route of it is not guarded."""
    for subject in SUBJECTS:
        app.include_router(subject.router)
    app.add_exception_handler(NotSignedIn, to_sign_in)
    app.add_exception_handler(NotAllowed, say_who_may)
    app.add_exception_handler(NotFromHere, say_not_from_here)
    refuse_unguarded(app)
