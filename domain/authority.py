"""Who may give which command to which order: the one place that says so."""

from domain.by import By, Capacity, Scope
from domain.commands import PEOPLE, Command
from domain.order import Order


def may(by: By, command: Command | type[Command], order: Order | None) -> bool:
    """Whether somebody may give a command to an order, whatever its rules say then. `order` is None for a new one.

    A coordinator has the orders they coordinate. KiAP's own people have all orders, for colleagues stand in for each
    other and the log tells who did what. A member has no commands. An API key can do what its scopes say.
    """
    match by.role:
        case Capacity.API:
            wanted = Scope.PLACE_ORDERS if order is None else Scope.GIVE_COMMANDS
            return wanted in by.scopes and bool(command.BY & PEOPLE)
        case Capacity.COORDINATOR:
            owns = order is None or by.who == order.coordinator
            return owns and by.role in command.BY
        case _:
            return by.role in command.BY
