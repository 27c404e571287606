"""Orders sent by the public form: pauses that grow with how many come from a network, or name one mail address."""

import datetime as dt

from sqlalchemy import Connection

from domain.recognition import address_key
from storage.keys import Keys
from storage.sign_in_pauses import Limit, hold_back

ADDRESS = Limit(free=5, longest=dt.timedelta(hours=1))
NETWORK = Limit(free=20, longest=dt.timedelta(minutes=15))


def pause_before_order(connection: Connection, keys: Keys, email: str, network: str, now: dt.datetime) -> dt.timedelta:
    """How long to wait before sending an order; nothing where one may now, and then it counts."""
    limits = {
        keys.fingerprint("order-form-address", address_key(email)): ADDRESS,
        keys.fingerprint("order-form-network", network): NETWORK,
    }
    return hold_back(connection, limits, now)
