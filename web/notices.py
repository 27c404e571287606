"""The privacy notice and the accessibility statement: facts from the settings, figures from the rules."""

import datetime as dt

from fastapi import APIRouter, Response

from domain.national_gate import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST
from domain.policies import FLOORS, Policies
from web.questionnaire.visit import DRAFT_DAYS
from web.questionnaire.words import language
from web.services import CurrentServices
from web.templating import page

router = APIRouter(include_in_schema=False)

PRIVACY = "/privatliv"
ACCESSIBILITY = "/tilgaengelighed"
ASSESSED = dt.date(2026, 11, 28)
"""When the pages were last gone through against WCAG 2.2 AA, by ourselves."""


@router.api_route(PRIVACY, methods=["GET", "HEAD"])
def privacy(services: CurrentServices, lang: str = "") -> Response:
    """Who is responsible, what is kept, why and how long, who sees it, and what one can ask for."""
    tongue = language(lang)
    return page(
        f"notices/privacy.{tongue}.html",
        lang=tongue,
        here=PRIVACY,
        controller=services.controller,
        office=services.office,
        rules=FLOORS,
        erase_after_days=Policies().erase_after_days,
        draft_days=DRAFT_DAYS,
        clusters_at_least=CLUSTERS_AT_LEAST,
        answers_at_least=ANSWERS_AT_LEAST,
    )


@router.api_route(ACCESSIBILITY, methods=["GET", "HEAD"])
def accessibility(services: CurrentServices, lang: str = "") -> Response:
    """How accessible the pages are, how that is known, and whom to tell of what is not."""
    tongue = language(lang)
    return page(
        f"notices/accessibility.{tongue}.html",
        lang=tongue,
        here=ACCESSIBILITY,
        controller=services.controller,
        office=services.office,
        assessed=ASSESSED,
    )
