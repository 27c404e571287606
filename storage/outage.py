"""What a database cannot help: locked, full, out of reach. One exception, whatever the driver calls it."""

from enum import StrEnum


class Outage(StrEnum):
    """Why the database cannot serve just now."""

    BUSY = "busy"
    """Somebody else holds a lock, or all connections, for longer than anybody should wait."""
    FULL = "full"
    """No room to write: the disk, a quota, a limit."""
    OUT_OF_REACH = "out_of_reach"
    """Not there, not answering, refusing our sign-in, or broken off in the middle."""


class DatabaseUnavailable(Exception):  # noqa: N818 - a state of the world, named as one
    """The transaction came to nothing; the same may work in a moment.

    Where the connection broke off during the commit it may have been carried out: do it again only if that is harmless.
    Never tells what the statement was about.
    """

    def __init__(self, outage: Outage, detail: str = "") -> None:
        super().__init__(f"the database is {outage.value.replace('_', ' ')}{f': {detail}' if detail else ''}")
        self.outage = outage
