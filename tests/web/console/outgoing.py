"""Mail of an order in tests: as it is in whichever state it has come to."""

from domain.model import OrderId
from storage import outbox
from storage.outbox import MailState, To
from tests.web.application import Web

INVITATION, REMINDER = "invitation/baseline/", "reminder/baseline/2026-03-09"


def put(web: Web, order: str, state: MailState, letter: str = INVITATION, number: int = 0, code: str = "") -> str:
    """A mail to the order's so many'th member that has come to this state; its id."""
    member, now = list(web.order(order).members)[number], web.clock.instant
    with web.database.write() as connection:
        (mail,) = outbox.queue(connection, OrderId(order), letter, [To(member)], now)
        if state is not MailState.QUEUED:
            outbox.claim(connection, mail.id, now)
        match state:
            case MailState.UNKNOWN:
                outbox.mark_unknown(connection, mail.id, code or "smtp_no_answer")
            case MailState.FAILED:
                outbox.mark_failed(connection, mail.id, code or "smtp_554")
            case MailState.BOUNCED:
                outbox.mark_bounced(connection, mail.id, code or "smtp_550")
            case MailState.SENT:
                outbox.mark_sent(connection, mail.id, "sg-1", now)
            case MailState.SKIPPED:
                outbox.mark_skipped(connection, mail.id, code or "told_today")
    return mail.id


def mail_now(web: Web, mail_id: str) -> outbox.OutgoingMail:
    with web.database.read() as connection:
        found = outbox.mail(connection, mail_id)
    assert found is not None
    return found
