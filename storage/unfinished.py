"""Orders that need a workflow: those that are open, and those that ended before their ballots were destroyed."""

from domain.model import OrderId
from storage.ballot_box import undestroyed
from storage.database import Database
from storage.open_orders import all_open


def unfinished(database: Database) -> list[OrderId]:
    """Their ids, each once."""
    with database.read() as connection:
        with_ballots = [order for order, _round in undestroyed(connection)]
    return list(dict.fromkeys([*map(OrderId, all_open(database)), *with_ballots]))
