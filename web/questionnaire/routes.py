"""The questionnaire under `/svar/<token>`: one document, and one button that sends it. GET changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.answers import InvalidAnswers, read_answers
from domain.evolution import load
from domain.length import minutes_to_answer
from domain.model import Round
from domain.package import Package
from domain.text import LONGEST_ANSWER
from storage import ballot_box
from storage.ballot_box import Submission
from storage.outage import DatabaseUnavailable
from storage.survey_roll import InvitationState
from web import outages
from web.forms.body import read_form
from web.questionnaire.help_told import help_told
from web.questionnaire.sheet import REVIEW, START, sheet
from web.questionnaire.visit import (
    DRAFT_DAYS,
    Visit,
    address_of,
    closed_door,
    invitation_of,
    show,
    visit_of,
)
from web.questionnaire.words import language
from web.services import CurrentServices

router = APIRouter(prefix="/svar", include_in_schema=False)

TOKEN = "/{token}"  # noqa: S105 - a path
SEAL = "skema"
"""The hidden field with what only the page gives."""
LONGEST_FIELD = 20_000
"""Characters of one field that come back in the page; far more than any answer, so that a long text is shortened."""
MOST_TOKENS = 100
"""Values of one field that come back."""

Sent = Mapping[str, Sequence[str]]
"""What a browser sent, by item."""


async def _form(request: Request) -> FormData:
    return await read_form(request, max_fields=400)


Form = Annotated[FormData, Depends(_form)]


@router.api_route(TOKEN, methods=["GET", "HEAD"])
def questionnaire(token: str, services: CurrentServices, lang: str = "") -> Response:
    """All of it: what it is and who sees what, the questions side by side, and the last look. Nothing is filled in."""
    visit = visit_of(services, token, language(lang))
    return visit if isinstance(visit, Response) else _show(visit, {})


@router.api_route(TOKEN + "/tak", methods=["GET", "HEAD"])
def thanks(token: str, services: CurrentServices, lang: str = "") -> Response:
    """After the last button. Before it, the way to the questionnaire."""
    tongue = language(lang)
    invitation = invitation_of(services, token)
    if invitation is not None and invitation.state is InvitationState.ANSWERED:
        order = load(services.store.load(invitation.order_id))
        if order is not None and order.cancelled:
            return closed_door(services, tongue, Submission.CLOSED, order=order)
        told = help_told(services, order, invitation.round, tongue)
        return show("questionnaire/thanks.html", services, tongue, told=told)
    return RedirectResponse(address_of(token, tongue), status_code=303)


@router.post(TOKEN)
def send(token: str, form: Form, services: CurrentServices, lang: str = "") -> Response:
    """The last button. Whatever else is posted gets the questionnaire back as it was filled in, and changes nothing."""
    visit = visit_of(services, token, language(lang), sending=True)
    if isinstance(visit, Response):
        return visit
    sent = _sent(form, visit.package, visit.round)
    if form.get("go") != "send":
        return _show(visit, sent)
    if form.get(SEAL) != visit.seal:
        return _show(visit, sent, unsealed=True)
    try:
        answers = read_answers(visit.package, visit.round, sent)
    except InvalidAnswers as invalid:
        return _show(visit, sent, invalid=invalid)
    try:
        outcome = ballot_box.submit(services.database, token, answers)
    except DatabaseUnavailable as unavailable:
        outages.tell(unavailable)
        return _show(visit, sent, not_now=True)
    if outcome is Submission.SUBMITTED:
        return RedirectResponse(visit.address("/tak"), status_code=303)
    order = load(services.store.load(visit.order.id))
    return closed_door(services, visit.language, outcome, sending=True, order=order, round_=visit.round)


def _sent(form: FormData, package: Package, round_: Round) -> Sent:
    """What the form says of the round's items; everything else in it is left alone."""
    sent = {}
    for item in package.asked_in(round_):
        given = [value[:LONGEST_FIELD] for value in form.getlist(item.id) if isinstance(value, str) and value]
        if given:
            sent[item.id] = given[:MOST_TOKENS]
    return sent


def _show(
    visit: Visit,
    sent: Sent,
    *,
    invalid: InvalidAnswers | None = None,
    unsealed: bool = False,
    not_now: bool = False,
) -> Response:
    """The document, filled in with what was sent; what is wrong stands first and beside its question."""
    return show(
        "questionnaire/sheet.html",
        visit.services,
        visit.language,
        503 if not_now else 422 if invalid or unsealed else 200,
        headers=outages.RETRY if not_now else None,
        visit=visit,
        package=visit.package,
        sheet=sheet(visit.package, visit.round),
        start=START,
        review=REVIEW,
        sent=sent,
        problems={problem.item: problem for problem in invalid.problems} if invalid else {},
        unsealed=unsealed,
        not_now=not_now,
        seal=(SEAL, visit.seal),
        in_other_language=address_of(visit.token, visit.other_language) if visit.other_language else "",
        minutes=minutes_to_answer(visit.package, visit.round),
        is_follow_up=visit.round is Round.FOLLOW_UP,
        has_free_text=any(item.kind == "text" for item in visit.package.asked_in(visit.round)),
        may_skip=not any(item.required for item in visit.package.asked_in(visit.round)),
        longest=LONGEST_ANSWER,
        draft_days=DRAFT_DAYS,
    )
