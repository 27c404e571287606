"""The mails that have left, read from the sender's folder."""

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from itertools import groupby
from pathlib import Path

from domain.meeting import danish


class Mail:
    """One mail: when it left, on which occasion, to whom. Read when it is asked for."""

    def __init__(self, file: Path) -> None:
        self.file = file
        stamp, self.occasion, _ = file.name.split(".", 2)
        self.at = dt.datetime.strptime(stamp, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=dt.UTC)

    @cached_property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @cached_property
    def to(self) -> str:
        (to,) = self.message["To"].addresses
        return str(to.addr_spec)

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
    """All mails, in the order they left: the names tell the second alone."""
    return [Mail(file) for file in sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)]


def deliveries(mails: list[Mail]) -> list[Delivery]:
    """What left, a line an occasion and day."""
    together = groupby(mails, key=lambda mail: (mail.at_home.date(), mail.occasion))
    return [Delivery(day, occasion, len(list(group))) for (day, occasion), group in together]
