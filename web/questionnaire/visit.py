"""Who comes with a link: somebody with a questionnaire to answer, or somebody for whom a door is closed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Response

from domain.evolution import load
from domain.model import Round
from domain.order import Order
from domain.package import Package
from domain.policies import Disclosure
from domain.translation import in_english
from storage import clusters, survey_roll
from storage.ballot_box import Submission
from storage.survey_roll import Invitation, InvitationState
from storage.survey_rounds import RoundState
from web.contact import contact_of
from web.questionnaire.help_told import help_told
from web.questionnaire.words import Language, in_address, words_in
from web.services import Services
from web.templating import page

Door = Literal["unknown", "revoked", "closed", "closed_early", "all_answered", "answered", "cancelled"]
"""Why there is nothing to answer."""

_STATUS: dict[Door, int] = {"unknown": 404, "answered": 200}
"""Gone for good, where nothing else is said."""
_DOORS: dict[Submission, Door] = {
    Submission.UNKNOWN: "unknown",
    Submission.REVOKED: "revoked",
    Submission.ALREADY_ANSWERED: "answered",
}

DRAFT_DAYS = 30
"""So long a browser keeps a draft that nobody goes on with."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""The questionnaire's own: as everywhere, but with our own script, which keeps the draft in the browser."""
HEADERS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}


@dataclass(frozen=True)
class Visit:
    """A member with an open questionnaire."""

    services: Services
    token: str
    order: Order
    package: Package
    round: Round
    cluster: str
    language: Language

    @property
    def title(self) -> str:
        return (self.round is Round.FOLLOW_UP and self.package.title_follow_up) or self.package.title

    @property
    def closes(self) -> dt.date | None:
        survey = self.order.survey(self.round)
        return survey.closes if survey else None

    @property
    def disclosure(self) -> Disclosure:
        return self.order.disclosure

    @property
    def seal(self) -> str:
        """What only the page gives, and the last button sends along: who has not opened the page can't answer."""
        return self.services.keys.token("questionnaire page", self.token)

    @property
    def draft_key(self) -> str:
        """The server's half of the draft's key. It is given out while the round is open, and kept nowhere."""
        return self.services.keys.token("questionnaire draft", self.token)

    @property
    def other_language(self) -> Language | None:
        """The language that the questionnaire can be had in as well."""
        other: Language = "da" if self.language == "en" else "en"
        return other if self.package.english else None

    def address(self, path: str = "") -> str:
        return address_of(self.token, self.language, path)


def address_of(token: str, language: Language, path: str = "") -> str:
    """Where the questionnaire is. The language is in the address, since there are no cookies."""
    return f"/svar/{token}{path}{in_address(language)}"


def visit_of(services: Services, token: str, language: Language, *, sending: bool = False) -> Visit | Response:
    """The visit, or the page for whom there is nothing to answer."""
    invitation = invitation_of(services, token)
    order = load(services.store.load(invitation.order_id)) if invitation else None
    if invitation is None or order is None:
        return closed_door(services, language, Submission.UNKNOWN)
    if order.cancelled:
        return closed_door(services, language, Submission.CLOSED, order=order)
    if invitation.state is InvitationState.ANSWERED:
        answered, of = Submission.ALREADY_ANSWERED, invitation.round
        return closed_door(services, language, answered, sending=sending, order=order, round_=of)
    if invitation.state is InvitationState.REVOKED:
        return closed_door(services, language, Submission.REVOKED, order=order)
    if order.ended or invitation.round_state is not RoundState.OPEN:
        return closed_door(services, language, Submission.CLOSED, order=order, round_=invitation.round)
    with services.database.read() as connection:
        cluster = clusters.cluster(connection, order.cluster).name
    package = services.packages.of(order)
    spoken: Language = language if package.english else "da"
    shown = in_english(package) if spoken == "en" else package
    return Visit(services, token, order, shown, invitation.round, cluster, spoken)


def invitation_of(services: Services, token: str) -> Invitation | None:
    with services.database.read() as connection:
        return survey_roll.find(connection, token)


def closed_door(
    services: Services,
    language: Language,
    outcome: Submission,
    *,
    sending: bool = False,
    order: Order | None = None,
    round_: Round | None = None,
) -> Response:
    """The page that says why there is nothing to answer, and whom to ask: the order's consultant, if it is known.

    A draft in the browser goes with it.
    """
    door = _door(outcome, order, round_)
    status = 409 if sending and door == "answered" else _STATUS.get(door, 410)
    told = help_told(services, order, round_, language) if door == "answered" and round_ else None
    contact = contact_of(services, order)
    return show("questionnaire/door.html", services, language, status, door=door, contact=contact, told=told)


def show(
    template: str,
    services: Services,
    language: Language,
    status: int = 200,
    *,
    headers: dict[str, str] | None = None,
    **facts: Any,  # noqa: ANN401
) -> Response:
    """One of the questionnaire's pages."""
    return page(
        template,
        status,
        headers={**HEADERS, **(headers or {})},
        lang=language,
        say=words_in(language),
        in_address=in_address(language),
        office=services.office,
        crisis_corps=services.crisis_corps,
        **facts,
    )


def _door(outcome: Submission, order: Order | None, round_: Round | None) -> Door:
    if outcome is not Submission.CLOSED:
        return _DOORS[outcome]
    survey = order.survey(round_) if order and round_ else None
    if order is not None and order.cancelled:
        return "cancelled"
    if survey is not None and survey.closed_why == "by_hand":
        return "closed_early"
    if survey is not None and survey.closed_why == "everyone_answered":
        return "all_answered"
    return "closed"
