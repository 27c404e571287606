"""The headers that name a mailbox, folded so that a name stays a name and can bring no address of its own."""

from email.header import Header
from email.policy import Policy
from email.utils import quote
from typing import Self

LONGEST_QUOTED = 60
"""Characters of a name that stand on a line of 78 with the header's own name (RFC 5322, 2.1.1)."""


class _MailboxHeader(str):
    """What `email.message` takes for a header that is made already, and asks to fold itself.

    In the library's own folding a name too long for a line loses its quotation marks: "Holm, Bo" becomes two
    mailboxes, and a name can bring an address of its own.
    """

    name: str

    def __new__(cls, name: str, value: str) -> Self:
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy: Policy) -> str:
        """The header's lines."""
        return f"{self.name}: {self}".replace("\n", policy.linesep) + policy.linesep


def mailbox_header(name: str, shown: str, address: str) -> str:
    """`To: "Bo Holm" <bo@klinik.dk>`, to be set on a message. `shown` is one line, and may be empty.

    Long names and letters beyond ASCII are encoded words (RFC 2047), also beside an address that needs SMTPUTF8.
    """
    if not shown:
        return _MailboxHeader(name, address)
    if shown.isascii() and len(shown) <= LONGEST_QUOTED:
        return _MailboxHeader(name, f'"{quote(shown)}" <{address}>')
    encoded = Header(shown, "utf-8", header_name=name).encode()
    return _MailboxHeader(name, f"{encoded}\n <{address}>")
