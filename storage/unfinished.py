"""Orders that need a workflow: those that are open, and those that ended before their ballots were destroyed."""

from domain.model import OrderId
from storage.database import Database
from storage.open_orders import all_open
from storage.survey_rounds import undestroyed


def unfinished(database: Database) -> list[OrderId]:
    """Their ids, each once."""
    with database.read() as connection:
        with_ballots = [order for order, _round in undestroyed(connection)]
    return list(dict.fromkeys([*map(OrderId, all_open(database)), *with_ballots]))
