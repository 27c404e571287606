"""Pauses between attempts to sign in: they grow with each failure, and are the same for an account that is not there.

Three counts: of an account from one network, of a network, of an account from anywhere. The last one's pauses are short
and spare networks its holder has signed in from: nobody can be locked out by a stranger.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, String, Table, delete, select, update

from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.keys import Keys

COUNTED_FOR = dt.timedelta(hours=24)
"""A failure counts until nothing has failed for so long."""

# Fingerprints keyed by the master key, of addresses and networks: of attempts to sign in, and of links asked for
# (`storage/link_requests.py`). Removed at night when they no longer count.
attempt_table = Table(
    "sign_in_attempt",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("free_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Limit:
    """How many failures cost nothing, and the longest pause. Each further one doubles it, from one second."""

    free: int
    longest: dt.timedelta

    def pause(self, failures: int) -> dt.timedelta:
        """The pause after so many failures."""
        beyond = min(failures - self.free, 30)
        return min(dt.timedelta(seconds=2 ** (beyond - 1)), self.longest) if beyond > 0 else dt.timedelta()


ACCOUNT_FROM_NETWORK = Limit(free=5, longest=dt.timedelta(minutes=15))
NETWORK = Limit(free=20, longest=dt.timedelta(minutes=5))
ACCOUNT = Limit(free=20, longest=dt.timedelta(minutes=1))


@dataclass(frozen=True)
class Attempt:
    """Somebody trying an address from a network. `from_known` network: the account's holder has signed in from it."""

    email: str
    network: str
    from_known: bool

    def limits(self, keys: Keys) -> dict[str, Limit]:
        """The limits that hold, by the fingerprint they count under."""
        account = self.email.casefold()
        found = {
            keys.fingerprint("sign-in-account-network", f"{account}\n{self.network}"): ACCOUNT_FROM_NETWORK,
            keys.fingerprint("sign-in-network", self.network): NETWORK,
        }
        if not self.from_known:
            found[keys.fingerprint("sign-in-account", account)] = ACCOUNT
        return found


def begin_attempt(connection: Connection, keys: Keys, attempt: Attempt, now: dt.datetime) -> dt.timedelta:
    """How long to wait before trying; nothing where one may try now. Then it counts as failed until it has succeeded.

    Trying during a pause changes nothing, so a pause ends when it was said to.
    """
    return hold_back(connection, attempt.limits(keys), now)


def hold_back(connection: Connection, limits: Mapping[str, Limit], now: dt.datetime) -> dt.timedelta:
    """The same for whatever is counted under these fingerprints: how long to wait, or nothing, and then it counts."""
    fresh = [{"fingerprint": key, "failures": 0, "last_at": now, "free_at": now} for key in sorted(limits)]
    insert_missing(connection, attempt_table, fresh)
    c = attempt_table.c
    query = select(attempt_table).where(c.fingerprint.in_(limits)).order_by(c.fingerprint).with_for_update()
    rows = connection.execute(query).all()
    if wait := max((row.free_at - now for row in rows if row.free_at > now), default=dt.timedelta()):
        return wait
    for row in rows:
        failures = 1 + (row.failures if row.last_at > now - COUNTED_FOR else 0)
        values = {"failures": failures, "last_at": now, "free_at": now + limits[row.fingerprint].pause(failures)}
        connection.execute(update(attempt_table).where(c.fingerprint == row.fingerprint).values(values))
    return dt.timedelta()


def attempt_succeeded(connection: Connection, keys: Keys, attempt: Attempt, now: dt.datetime) -> None:
    """It did not fail. What failed before still counts against others, so that one's own success opens no door."""
    c = attempt_table.c
    for fingerprint, limit in attempt.limits(keys).items():
        if limit is ACCOUNT_FROM_NETWORK:
            connection.execute(delete(attempt_table).where(c.fingerprint == fingerprint))
        else:
            values = {"failures": c.failures - 1, "free_at": now}
            connection.execute(update(attempt_table).where(c.fingerprint == fingerprint).values(values))


def forget_old_attempts(connection: Connection, now: dt.datetime) -> None:
    """Remove what no longer counts."""
    connection.execute(delete(attempt_table).where(attempt_table.c.last_at <= now - COUNTED_FOR))
