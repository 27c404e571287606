"""The application: every page and endpoint, put together."""

from functools import cache

from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from domain.model import Rejected
from storage.outage import DatabaseUnavailable
from web import documents, front, health, meeting_calendar, meeting_page, new_link, notices
from web.api import commands, intake, orders
from web.api.danish_errors import answer_invalid
from web.api.webhooks import TAG, describe_webhooks
from web.console.order import extract_in
from web.console.order.corrected_deck import DECK_IS_SENT, LARGEST_FORM
from web.console.pages import add_console
from web.error_pages import answer_http_error, apologise, refuse_the_large, refuse_the_slow
from web.order_form import routes as order_form
from web.order_page import beside as beside_the_order
from web.order_page import routes as order_page
from web.orders_port import Unavailable
from web.outages import answer_outage
from web.papers import groups_page
from web.papers import routes as papers
from web.problems import Problem, answer_problem
from web.questionnaire import routes as questionnaire
from web.security import BODY_WITHIN, BodyDeadline, BodyLimit, CrashGuard, SecurityHeaders
from web.services import Services
from web.templating import STATIC
from web.unstorable import AddressGuard

DESCRIPTION = """
Bestilling og styring af KiAP's klyngepakker.

Sign in with `Authorization: Bearer <key>`; the key decides in which capacity you act. Every refusal is
`application/problem+json` with a stable `code` and a Danish `detail` that may be shown to the person.
""".strip()

TAGS = [
    {"name": "Bestilling", "description": "Place an order and see where it stands."},
    {"name": "Kommandoer", "description": "Everything people can do to an order."},
    TAG,
    {"name": "Drift", "description": "Liveness and readiness."},
]


LARGER_FORMS = {DECK_IS_SENT: LARGEST_FORM, extract_in.EXTRACT_IS_SENT: extract_in.LARGEST_FORM}
"""Addresses to which files are sent."""


class _Static(StaticFiles):
    """Files whose address changes with their content, so they may be kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(services: Services) -> FastAPI:
    """The web, on these services."""
    served = _served()
    app = FastAPI(
        title="Klyngeflow",
        version="1",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": services.base_url}],
        middleware=[
            Middleware(SecurityHeaders, https=services.base_url.startswith("https://")),
            Middleware(BodyLimit, refuse=refuse_the_large, larger=LARGER_FORMS),
            Middleware(BodyDeadline, refuse=refuse_the_slow, within=BODY_WITHIN),
            Middleware(CrashGuard, apologise=apologise),
            Middleware(AddressGuard),
        ],
        separate_input_output_schemas=False,
        redirect_slashes=False,  # it would lead to whatever host the request names
        routes=served.routes,
        webhooks=served.webhooks,
    )
    app.exception_handlers.update(served.exception_handlers)
    app.state.services = services
    app.state.on_end = [services.watch.close]
    return app


@cache
def _served() -> FastAPI:
    """What is served on whatever services. Made once in a process, for that is nearly all the work of a start."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", _Static(directory=STATIC), name="static")
    pages = (
        front,
        questionnaire,
        beside_the_order,
        papers,
        groups_page,
        order_page,
        meeting_page,
        meeting_calendar,
        new_link,
        order_form,
        notices,
        documents,
    )
    for room in (*pages, intake, orders, commands, health):
        app.include_router(room.router)
    describe_webhooks(app)
    add_console(app)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http_error)
    for refusal in (Problem, Rejected, Unavailable):
        app.add_exception_handler(refusal, answer_problem)
    app.add_exception_handler(DatabaseUnavailable, answer_outage)
    return app
