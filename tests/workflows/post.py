"""The mails that have left, read from the sender's folder."""

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path

from domain.meeting import danish


@dataclass(frozen=True)
class Mail:
    """One mail: when it left, on which occasion, to whom."""

    at: dt.datetime
    occasion: str
    to: str
    message: EmailMessage

    @property
    def at_home(self) -> dt.datetime:
        """When it left, as Danish clocks show it."""
        return danish(self.at)

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def attached(self, filename: str) -> str:
        """The text of an attached file."""
        (part,) = (part for part in self.message.iter_attachments() if part.get_filename() == filename)
        return bytes(part.get_payload(decode=True)).decode()

    def link(self, path: str) -> str:
        """What follows `path` in the mail's link."""
        return self.text.partition(path)[2].split()[0]


@dataclass(frozen=True)
class Delivery:
    """The mails of one occasion that left together."""

    day: dt.date
    occasion: str
    mails: int


def mails_in(folder: Path) -> list[Mail]:
    """All mails, in the order they left; those of one letter by address."""
    return sorted((_read(file) for file in folder.glob("*.eml")), key=lambda mail: (mail.at, mail.occasion, mail.to))


def deliveries(mails: list[Mail]) -> list[Delivery]:
    """What left, a line an occasion and day."""
    together = groupby(mails, key=lambda mail: (mail.at_home.date(), mail.occasion))
    return [Delivery(day, occasion, len(list(group))) for (day, occasion), group in together]


def _read(file: Path) -> Mail:
    stamp, occasion, _ = file.name.split(".", 2)
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    at = dt.datetime.strptime(stamp, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    (to,) = message["To"].addresses
    return Mail(at, occasion, to.addr_spec, message)
