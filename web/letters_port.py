"""A mail as it was sent, written again from its row, for the console. `activities/letter_shown.py` does the writing."""

from typing import Protocol


class LetterShown(Protocol):
    """The words of a mail. Links that are their readers' alone come without their secrets."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def attachments(self) -> tuple[str, ...]: ...


class Letters(Protocol):
    """Writes mails again."""

    def as_sent(self, mail_id: str) -> LetterShown | None:
        """The mail with this id, as its order stood when it left; None where that can't be written any more."""
