"""The country's doctors: whoever gets a link may answer some hours later, through the questionnaire's own pages."""

import datetime as dt
import heapq
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from demo.country.doctor import NotAnswered, answer
from demo.mailbox import Mail, mails_in
from domain.letters import Occasion
from storage import survey_roll
from storage.survey_roll import Invitation, InvitationState
from storage.survey_rounds import RoundState
from web.services import Services
from web.submitting import order_of

ANSWERS = {Occasion.INVITATION: 0.4, Occasion.REMINDER: 0.3, Occasion.SURVEY_EXTENDED: 0.3}
"""How many of a letter's readers answer because of it."""
HOURS = 20
"""After how long, on average."""


@dataclass
class Doctors:
    """Reads the mails that left, and answers when the time for it has come. Nothing is known of who answered what."""

    services: Services
    mails: Path
    client: httpx.AsyncClient
    answered: int = 0
    """How many have, since the demonstration began."""
    _coming: list[tuple[dt.datetime, str]] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)
    _chance: Random = field(default_factory=Random)

    def read_mail(self, since: dt.datetime) -> None:
        """Decide for each new mail with a link whether and when its reader answers; not before `since`."""
        for occasion, share in ANSWERS.items():
            for mail in mails_in(self.mails, occasion):
                if mail.file in self._read:
                    continue
                self._read.add(mail.file)
                chance = Random(mail.file)  # noqa: S311 - a dice, no secret
                when = mail.at + dt.timedelta(hours=chance.expovariate(1 / HOURS))
                if chance.random() < share and when > since:
                    heapq.heappush(self._coming, (when, token_of(mail)))

    async def answer_until(self, moment: dt.datetime) -> None:
        """Those answer whose time comes by then: who has answered meanwhile, or came too late, does not."""
        while self._coming and self._coming[0][0] <= moment:
            _, token = heapq.heappop(self._coming)
            invitation = self._open(token)
            if invitation is None:
                continue
            package = self.services.packages.of(order_of(self.services, invitation.order_id))
            try:
                await answer(self.client, token, package, invitation.round, self._chance)
            except NotAnswered:  # the round was closed in this very moment
                continue
            self.answered += 1

    def _open(self, token: str) -> Invitation | None:
        with self.services.database.read() as connection:
            found = survey_roll.find(connection, token)
        return found if found is not None and is_open(found) else None


def is_open(invitation: Invitation) -> bool:
    """Whether it can be answered still."""
    return (invitation.state, invitation.round_state) == (InvitationState.OPEN, RoundState.OPEN)


def token_of(mail: Mail) -> str:
    """The secret part of the mail's link to the questionnaire. Raises LookupError where it has none."""
    return mail.link("svar").rpartition("/")[2].partition("?")[0]
