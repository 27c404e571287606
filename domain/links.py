"""The links by which people open their pages of an order: which one is good, and when another mail with it may go."""

import datetime as dt
from dataclasses import dataclass, replace

SENT_AGAIN_AFTER = dt.timedelta(minutes=15)
"""So long after a link's mail another is not sent for the asking."""
SENT_AT_MOST = 3
"""Mails with a link that one reader of an order is sent for the asking within `SENT_WITHIN`."""
SENT_WITHIN = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class HolderLink:
    """One person's link to one order. `issue` counts those that they have had: only the last is good, unless revoked.

    `letter` is the number of the mail that was last asked for, `renewed` whether it brings another link than before.
    """

    issue: int = 1
    revoked: bool = False
    letter: str = ""
    renewed: bool = False
    asked_at: tuple[dt.datetime, ...] = ()

    def sent_again(self, letter: str, at: dt.datetime) -> "HolderLink":
        """The same link in another mail."""
        return replace(self, letter=letter, renewed=False, asked_at=self._with(at))

    def anew(self, letter: str, at: dt.datetime) -> "HolderLink":
        """Another link in a mail; those before it are dead."""
        return HolderLink(self.issue + 1, letter=letter, renewed=True, asked_at=self._with(at))

    def dead(self) -> "HolderLink":
        """No link is good until another is made."""
        return replace(self, revoked=True, letter="")

    def may_be_asked_for(self, now: dt.datetime) -> bool:
        """Whether another mail may go to whoever asks: not at once, and not many times a day."""
        lately = [at for at in self.asked_at if now - at < SENT_WITHIN]
        return len(lately) < SENT_AT_MOST and all(now - at >= SENT_AGAIN_AFTER for at in lately)

    def _with(self, at: dt.datetime) -> tuple[dt.datetime, ...]:
        return (*self.asked_at, at)[-SENT_AT_MOST:]


FIRST = HolderLink()
"""Everybody's, until something is done about it."""
