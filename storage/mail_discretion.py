"""What nobody is told of mail: who has answered. A reminder that was sent, or was not, would say so."""

from domain.letters import Letter, Occasion
from domain.mailings import mailing_of
from storage.outbox import MailState

IN_TROUBLE = frozenset({MailState.FAILED, MailState.UNKNOWN, MailState.BOUNCED})
"""Somebody has to look at it, so it is told whose it is."""


def goes_to_the_rest(letter: Letter) -> bool:
    """Whether its readers are those who have not answered by then; nobody has when the invitation leaves."""
    return mailing_of(letter).to == "not_answered" and letter.occasion is not Occasion.INVITATION


def tells_who_answered(letter: Letter, state: MailState) -> bool:
    """Whether that somebody has this mail, in this state, says whether they had answered."""
    return goes_to_the_rest(letter) and state not in IN_TROUBLE
