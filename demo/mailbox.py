"""The mails that left, as their recipients read them."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    file: str
    occasion: str
    to: str
    subject: str
    text: str

    def link(self, path: str) -> str:
        """The mail's link to such a page. Raises LookupError."""
        found = re.search(rf"https?://\S+/{path}/\S+", self.text)
        if not found:
            msg = f"the mail {self.occasion} has no link to /{path}/"
            raise LookupError(msg)
        return found.group().rstrip(".,)")


def mails_in(folder: Path, occasion: str = "*") -> list[Mail]:
    """The mails of an occasion, the oldest first."""
    return [_read(file) for file in sorted(folder.glob(f"*.{occasion}.*.eml"))]


def _read(file: Path) -> Mail:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError(file.name)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body else ""
    return Mail(file.name, file.name.split(".")[1], str(message["To"]), str(message["Subject"]), text)
