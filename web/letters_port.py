"""A mail in words: as it was sent, for the console, or as it would be. `activities/letter_shown.py` writes it."""

import datetime as dt
from typing import Protocol

from domain.order import Order


class LetterShown(Protocol):
    """The words of a mail. Links that are their readers' alone come without their secrets."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def attachments(self) -> tuple[str, ...]: ...


class Letters(Protocol):
    """Writes mails that nobody gets."""

    def as_sent(self, mail_id: str) -> LetterShown | None:
        """The mail with this id, as its order stood when it left; None where that can't be written any more."""

    def after_meeting(
        self, order: Order, ideas: str | None, agreed: str | None, now: dt.datetime
    ) -> LetterShown | None:
        """What members would get of a meeting recorded with these words; `order` is as it would be then."""
