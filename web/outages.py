"""What is answered while the database can't be had: nobody loses what they wrote, and hears when to try again."""

import logging

from fastapi import Request, Response
from starlette.datastructures import FormData

from storage.outage import DatabaseUnavailable
from web.console.refusals import ask_again
from web.console.router import is_console
from web.messages import message
from web.problems import RETRY_AFTER, of_unavailable, problem_response
from web.services import services_of
from web.templating import page

LOGGER = logging.getLogger("web")

RETRY = {"Retry-After": str(RETRY_AFTER)}
NOT_NOW = "Det lykkedes ikke lige nu"
STILL_HERE = (
    "Vi kan ikke gemme lige nu, og det er vores fejl. Det, du har skrevet, står her stadig. "
    "Vent et øjeblik, og tryk på knappen igen."
)
NO_PAGE = ("Siden kan ikke vises lige nu", ("Det er vores fejl, ikke din. Vent et øjeblik, og genindlæs siden.",))


async def answer_outage(request: Request, error: Exception) -> Response:
    """The handler for DatabaseUnavailable: problem+json under `/api`, the form as it was sent, or a kind page."""
    tell(error)
    if request.url.path.startswith("/api/"):
        return problem_response(of_unavailable(request.method))
    if is_console(request.url.path):
        title = NOT_NOW if request.method == "POST" else NO_PAGE[0]
        return await ask_again(request, title, STILL_HERE)
    if request.method == "POST":
        return _as_it_was_sent(await request.form())
    title, paragraphs = NO_PAGE
    return message(services_of(request), 503, title, paragraphs, headers=RETRY)


def tell(error: Exception) -> None:
    """A line for operations: what is wrong with the database, and neither where nor for whom it was noticed."""
    if isinstance(error, DatabaseUnavailable):
        LOGGER.warning("%s", error)


def _as_it_was_sent(form: FormData) -> Response:
    """Nothing of the order can be looked up, so the form is one button: the same request once more."""
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return page("again.html", 503, headers=RETRY, title=NOT_NOW, message=STILL_HERE, fields=fields)
