"""The questionnaire's pages under `/svar/<token>`. GET changes nothing; only the last button does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.answers import InvalidAnswers, read_answers
from domain.evolution import load
from domain.model import Round
from domain.order import Order
from domain.package import Answers, Item, Package
from storage import ballot_box, clusters, survey_roll
from storage.ballot_box import Submission
from storage.outage import DatabaseUnavailable
from storage.survey_roll import Invitation, InvitationState
from storage.survey_rounds import RoundState
from web import outages
from web.forms.body import read_form
from web.questionnaire.draft import Draft, in_words, look_at
from web.questionnaire.paging import Page, pages
from web.services import CurrentServices, Services
from web.templating import page

router = APIRouter(prefix="/svar", include_in_schema=False)

TOKEN = "/{token}"  # noqa: S105 - a path
STILL_HERE = (
    "Vi kan ikke tage imod svar lige nu, og det er vores fejl. Dine svar står her stadig. "
    "Vent et øjeblik, og tryk på »Send mine svar« igen."
)


@dataclass(frozen=True)
class _Visit:
    """A member with an open questionnaire."""

    services: Services
    token: str
    order: Order
    package: Package
    round: Round
    cluster: str

    @property
    def title(self) -> str:
        return (self.round is Round.FOLLOW_UP and self.package.title_follow_up) or self.package.title

    def facts(self) -> dict[str, Any]:
        return {"token": self.token, "package": self.package, "title_of_package": self.title, "cluster": self.cluster}

    def pages(self, draft: Draft) -> tuple[Page, ...]:
        return pages(self.package, self.round, draft.answers(self.package, self.round))


async def _form(request: Request) -> FormData:
    return await read_form(request, max_fields=400)


Form = Annotated[FormData, Depends(_form)]


@router.api_route(TOKEN, methods=["GET", "HEAD"])
def welcome(token: str, services: CurrentServices) -> Response:
    """What it is, how long it takes, who sees what."""
    visit = _visit(services, token)
    if isinstance(visit, Response):
        return visit
    survey = visit.order.survey(visit.round)
    return page(
        "questionnaire/welcome.html",
        **visit.facts(),
        closes=survey.closes if survey else None,
        is_follow_up=visit.round is Round.FOLLOW_UP,
        questions=sum(len(each.items) for each in visit.pages(Draft())),
        disclosure=visit.order.disclosure,
        has_free_text=any(item.kind == "text" for item in visit.package.asked_in(visit.round)),
    )


@router.api_route(TOKEN + "/tak", methods=["GET", "HEAD"])
def thanks(token: str, services: CurrentServices) -> Response:
    """After the last button. Before it, the way to the questionnaire."""
    invitation = _invitation(services, token)
    if invitation is not None and invitation.state is InvitationState.ANSWERED:
        order = load(services.store.load(invitation.order_id))
        if order is not None and order.cancelled:
            return _closed_door(Submission.CLOSED, order=order)
        return page("questionnaire/thanks.html", crisis_corps=services.crisis_corps)
    return RedirectResponse(f"/svar/{token}", status_code=303)


@router.post(TOKEN)
def turn(token: str, form: Form, services: CurrentServices) -> Response:
    """Every button of every page: next, back, clear, review, change, send."""
    visit = _visit(services, token, sending=True)
    if isinstance(visit, Response):
        return visit
    draft = Draft.of(form, visit.package, visit.round)
    layout = visit.pages(draft)
    here = next((each for each in layout if each.key == form.get("side")), None)
    go = str(form.get("go", "videre"))
    reviewing = form.get("gennemsyn") == "ja"
    if go == "send":
        return _send(visit, draft)
    if go.startswith("ret:"):
        there = next((each for each in layout if each.key == go.removeprefix("ret:")), layout[0])
        return _show(visit, draft, there, reviewing=True)
    if here is None:
        return _review(visit, draft) if go == "gennemsyn" else _show(visit, draft, layout[0])
    if go == "ryd":
        return _show(visit, draft.without(here.items), here, reviewing=reviewing)
    return _move(visit, draft, here, go, reviewing=reviewing)


def _move(visit: _Visit, draft: Draft, here: Page, go: str, *, reviewing: bool) -> Response:
    layout = visit.pages(draft)
    at = [each.key for each in layout].index(here.key)
    if go == "tilbage":
        return _show(visit, draft, layout[at - 1]) if at else _show(visit, draft, here)
    problems = _problems(visit.package, here.items, draft)
    if problems:
        return _show(visit, draft, here, problems=problems, reviewing=reviewing)
    if reviewing or at + 1 == len(layout):
        return _review(visit, draft)
    return _show(visit, draft, layout[at + 1])


def _problems(package: Package, items: Sequence[Item], draft: Draft) -> dict[str, str]:
    looked = {item.id: look_at(package, item, draft.of_item(item))[1] for item in items}
    return {item_id: problem for item_id, problem in looked.items() if problem}


def _show(
    visit: _Visit, draft: Draft, here: Page, *, problems: dict[str, str] | None = None, reviewing: bool = False
) -> Response:
    layout = visit.pages(draft)
    asked = [item.id for each in layout for item in each.items]
    on_page = {item.id for item in here.items}
    carried = [(name, token) for name, tokens in draft.raw.items() if name not in on_page for token in tokens]
    return page(
        "questionnaire/page.html",
        422 if problems else 200,
        **visit.facts(),
        here=here,
        numbers={item_id: number for number, item_id in enumerate(asked, 1)},
        of=len(asked),
        done=asked.index(here.items[0].id),
        draft=draft.raw,
        carried=carried,
        problems=problems or {},
        summary=[(f"{item.id}-1", _named(item, problems[item.id])) for item in here.items if item.id in problems]
        if problems
        else [],
        reviewing=reviewing,
        is_first=here.key == layout[0].key,
        is_last=here.key == layout[-1].key,
    )


def _named(item: Item, problem: str) -> str:
    """The line of the summary: which question, and what to do."""
    return f"{item.chart_label}: {problem}"


def _review(visit: _Visit, draft: Draft, *, problem: str = "", not_now: bool = False) -> Response:
    answers = draft.answers(visit.package, visit.round)
    layout = visit.pages(draft)
    asked = [item for each in layout for item in each.items]
    left = [item for item in asked if item.id not in answers]
    return page(
        "questionnaire/review.html",
        503 if not_now else 422 if problem else 200,
        headers=outages.RETRY if not_now else None,
        **visit.facts(),
        layout=layout,
        words={item.id: in_words(visit.package, item, answers[item.id]) for item in asked if item.id in answers},
        carried=[(name, token) for name, tokens in draft.raw.items() for token in tokens],
        numbers={item.id: number for number, item in enumerate(asked, 1)},
        left=len(left),
        asked=len(asked),
        who5_missing=_who5_missing(visit.package, asked, answers),
        last=layout[-1],
        problem=problem,
        not_now=(outages.NOT_NOW, STILL_HERE) if not_now else None,
    )


def _who5_missing(package: Package, asked: Sequence[Item], answers: Answers) -> int:
    """How many of the five are unanswered, where some are answered: then they give no score."""
    ids = {item.id for item in asked}
    five = [item_id for item_id in package.who5 if item_id in ids]
    answered = sum(item_id in answers for item_id in five)
    return len(five) - answered if answered else 0


def _send(visit: _Visit, draft: Draft) -> Response:
    try:
        answers = read_answers(visit.package, visit.round, draft.raw)
    except InvalidAnswers as invalid:
        for each in visit.pages(draft):
            on_page = {item.id for item in each.items}
            problems = {item: message for item, message in invalid.by_item.items() if item in on_page}
            if problems:
                return _show(visit, draft, each, problems=problems, reviewing=True)
        return _review(visit, draft, problem=invalid.problems[0].message)
    try:
        outcome = ballot_box.submit(visit.services.database, visit.token, answers)
    except DatabaseUnavailable as unavailable:
        outages.tell(unavailable)
        return _review(visit, draft, not_now=True)
    if outcome is Submission.SUBMITTED:
        return RedirectResponse(f"/svar/{visit.token}/tak", status_code=303)
    return _closed_door(
        outcome, sending=True, order=load(visit.services.store.load(visit.order.id)), round_=visit.round
    )


# --- who comes ------------------------------------------------------------------------------------------------------


def _invitation(services: Services, token: str) -> Invitation | None:
    with services.database.read() as connection:
        return survey_roll.find(connection, token)


def _visit(services: Services, token: str, *, sending: bool = False) -> _Visit | Response:
    """The visit, or the page for whom there is nothing to answer."""
    invitation = _invitation(services, token)
    order = load(services.store.load(invitation.order_id)) if invitation else None
    if invitation is None or order is None:
        return _closed_door(Submission.UNKNOWN)
    if order.cancelled:
        return _closed_door(Submission.CLOSED, order=order)
    if invitation.state is InvitationState.ANSWERED:
        return _closed_door(Submission.ALREADY_ANSWERED, sending=sending)
    if invitation.state is InvitationState.REVOKED:
        return _closed_door(Submission.REVOKED)
    if order.ended or invitation.round_state is not RoundState.OPEN:
        return _closed_door(Submission.CLOSED, order=order, round_=invitation.round)
    with services.database.read() as connection:
        cluster = clusters.cluster(connection, order.cluster).name
    return _Visit(services, token, order, services.packages.of(order), invitation.round, cluster)


_DOORS = {
    Submission.UNKNOWN: (
        404,
        "Linket virker ikke",
        (
            "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen.",
            "Har du fået en nyere mail om spørgeskemaet, så brug linket i den. Et nyt link gør det gamle ugyldigt.",
        ),
    ),
    Submission.REVOKED: (
        410,
        "Du er ikke længere på listen",
        (
            "Klyngen har meldt, at du ikke er med i denne bestilling mere, så du skal ikke svare.",
            "Er det en fejl? Skriv til din klyngekoordinator, så får du et nyt link.",
        ),
    ),
    Submission.CLOSED: (
        410,
        "Spørgeskemaet er lukket",
        (
            "Svarfristen er udløbet, så der kan ikke svares mere. Tak, fordi du kiggede forbi.",
            "Du skal ikke gøre noget. Klyngen kan mødes og tale videre, uanset hvem der nåede at svare.",
        ),
    ),
    Submission.ALREADY_ANSWERED: (
        200,
        "Du har svaret. Tak!",
        (
            "Dit svar er talt med, og du får ikke flere påmindelser om spørgeskemaet.",
            "Vi kan se, at du har svaret – ikke hvad du har svaret. Derfor kan svaret ikke findes frem og rettes.",
        ),
    ),
}


_CANCELLED = (
    410,
    "Klyngens bestilling er aflyst",
    (
        "Du skal ikke svare på spørgeskemaet. De svar, der nåede at komme, bliver slettet.",
        "Er du i tvivl, så spørg din klyngekoordinator.",
    ),
)
_CLOSED_EARLY = (
    410,
    "Spørgeskemaet er lukket før tid",
    (
        "KiAP har lukket det før svarfristen, så der kan ikke svares mere. Tak, fordi du kiggede forbi.",
        "Du skal ikke gøre noget. Klyngen kan mødes og tale videre, uanset hvem der nåede at svare.",
    ),
)

_ALL_ANSWERED = (
    410,
    "Spørgeskemaet er lukket før tid",
    (
        "Alle på listen havde svaret, så det blev lukket før svarfristen. Tak, fordi du kiggede forbi.",
        "Du skal ikke gøre noget. Klyngen får resultaterne samlet.",
    ),
)


def _closed_door(
    outcome: Submission, *, sending: bool = False, order: Order | None = None, round_: Round | None = None
) -> Response:
    status, title, paragraphs = _DOORS[outcome]
    if outcome is Submission.CLOSED and order is not None:
        survey = order.survey(round_) if round_ else None
        if order.cancelled:
            status, title, paragraphs = _CANCELLED
        elif survey is not None and survey.closed_why == "by_hand":
            status, title, paragraphs = _CLOSED_EARLY
        elif survey is not None and survey.closed_why == "everyone_answered":
            status, title, paragraphs = _ALL_ANSWERED
    if sending and outcome is Submission.ALREADY_ANSWERED:
        status = 409
    return page("message.html", status, title=title, paragraphs=paragraphs)
