"""The mails that left, as their recipients read them."""

import datetime as dt
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    """One mail in a file; it is opened when somebody reads what it says."""

    path: Path

    @property
    def file(self) -> str:
        return self.path.name

    @property
    def occasion(self) -> str:
        return self.path.name.split(".")[1]

    @property
    def at(self) -> dt.datetime:
        """When it left."""
        return dt.datetime.strptime(self.path.name.split(".")[0], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=dt.UTC)

    @property
    def to(self) -> str:
        return str(self._opened["To"])

    @property
    def reader(self) -> str:
        """Its reader's name alone."""
        return self.to.partition(" <")[0].strip('"')

    @property
    def subject(self) -> str:
        return str(self._opened["Subject"])

    @cached_property
    def text(self) -> str:
        body = self._opened.get_body(preferencelist=("plain",))
        return str(body.get_content()) if body else ""

    @property
    def html(self) -> str:
        """As mail programs show it."""
        body = self._opened.get_body(preferencelist=("html",))
        return str(body.get_content()) if body else ""

    @property
    def attachments(self) -> list[EmailMessage]:
        """What came along, in order."""
        return list(self._opened.iter_attachments())

    @cached_property
    def _opened(self) -> EmailMessage:
        message = email.message_from_bytes(self.path.read_bytes(), policy=email.policy.default)
        if not isinstance(message, EmailMessage):
            raise TypeError(self.file)
        return message

    def link(self, path: str) -> str:
        """The mail's link to such a page. Raises LookupError."""
        found = re.search(rf"https?://\S+/{path}/\S+", self.text)
        if not found:
            msg = f"the mail {self.occasion} has no link to /{path}/"
            raise LookupError(msg)
        return found.group().rstrip(".,)")


def mails_in(folder: Path, occasion: str = "*") -> list[Mail]:
    """The mails of an occasion, the oldest first."""
    return [Mail(file) for file in sorted(folder.glob(f"*.{occasion}.*.eml"))]
