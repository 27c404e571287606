"""Asking for a link by a mail address: whose it is, and pauses that are the same for an address nobody has."""

import datetime as dt

from sqlalchemy import Connection

from domain.model import OrderId, PersonId
from domain.recognition import address_key
from storage import people
from storage.keys import Keys
from storage.sign_in_pauses import Limit, hold_back

ADDRESS = Limit(free=3, longest=dt.timedelta(hours=1))
NETWORK = Limit(free=20, longest=dt.timedelta(minutes=15))


def ask(connection: Connection, keys: Keys, email: str, network: str, now: dt.datetime) -> dt.timedelta:
    """How long to wait before asking; nothing where one may ask now, and then it counts."""
    limits = {
        keys.fingerprint("link-request-address", address_key(email)): ADDRESS,
        keys.fingerprint("link-request-network", network): NETWORK,
    }
    return hold_back(connection, limits, now)


def who_asked(connection: Connection, email: str) -> list[tuple[OrderId, PersonId]]:
    """Everybody at the address, with each order that has had them and is not erased. Nobody where it is unknown."""
    those = people.at_address(connection, email)
    orders = people.orders_with(connection, those)
    return [(order, person) for person in those for order in orders.get(person, [])]
