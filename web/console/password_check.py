"""Whose password it is: the same work and one answer for every no, in its turn, with pauses between failures."""

import datetime as dt
import math
from dataclasses import dataclass

from anyio import to_thread

from domain.danish import count
from storage import accounts, audit, passwords, sign_in_pauses
from storage.sign_in_pauses import Attempt
from storage.staff import Staff
from web.services import Services


@dataclass(frozen=True)
class Credentials:
    """What was typed. `password` is "" where it was nothing that could be a password."""

    email: str
    password: str


@dataclass(frozen=True)
class Wait:
    """There have been too many failures: so long to wait."""

    pause: dt.timedelta

    @property
    def seconds(self) -> int:
        """Whole seconds, one at least."""
        return max(1, math.ceil(self.pause.total_seconds()))

    @property
    def line(self) -> str:
        """How long to wait, in Danish."""
        minutes = math.ceil(self.seconds / 60)
        many = count(self.seconds, "sekund", "sekunder") if self.seconds < 60 else count(minutes, "minut", "minutter")
        return f"Der har været for mange forsøg. Prøv igen om {many}."


async def whose_password(services: Services, given: Credentials, network: str, now: dt.datetime) -> Staff | Wait | None:
    """Whose password it is; None where it is nobody's; or how long to wait before it is looked at.

    Few are looked at together, and who waits for their turn holds no thread that a page needs.
    """
    return await to_thread.run_sync(_checked, services, given, network, now, limiter=services.password_turns)


def _checked(services: Services, given: Credentials, network: str, now: dt.datetime) -> Staff | Wait | None:
    with services.database.write() as connection:
        account = accounts.account_by_email(connection, given.email)
        known = account is not None and audit.has_signed_in_from(connection, account.staff.id, network)
        attempt = Attempt(given.email, network, from_known=known)
        pause = sign_in_pauses.begin_attempt(connection, services.keys, attempt, now)
    if pause:
        return Wait(pause)
    kept = account.password_hash if account else None
    if not passwords.is_password(given.password, kept) or account is None or kept is None:
        return None
    renewed = passwords.password_hash(given.password) if passwords.is_outdated(kept) else None
    with services.database.write() as connection:
        sign_in_pauses.attempt_succeeded(connection, services.keys, attempt, now)
        if renewed is not None:
            accounts.set_password_hash(connection, account.staff.id, renewed, now)
    return account.staff
