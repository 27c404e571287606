"""A real SMTP server on loopback: aiosmtpd."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from tests.mail.loopback import HOST


class Mailbox:
    """Takes what it is given, or answers what it is told to."""

    def __init__(self, *, at_rcpt: str = "", at_data: str = "250 OK queued as 4XyZ9") -> None:
        self.received: list[Received] = []
        self._at_rcpt = at_rcpt
        self._at_data = at_data

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        if self._at_rcpt:
            return self._at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802
        self.received.append(envelope)
        return self._at_data


@contextmanager
def receiving(handler: object, **options: Any) -> Iterator[int]:
    controller = Controller(handler, hostname=HOST, port=free_port(), **options)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])
