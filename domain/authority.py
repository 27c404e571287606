"""Who may give which command to which order, and what KiAP's own may do besides: the one place that says so."""

from enum import StrEnum

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


class Right(StrEnum):
    """What a page of KiAP's console asks of its reader. Whether they may give a command is for `may` to say."""

    READ = "read"
    OPERATE = "operate"
    ADMINISTER = "administer"


RIGHTS: dict[Right, frozenset[Capacity]] = {
    Right.READ: frozenset({Capacity.CONSULTANT, Capacity.OPERATIONS, Capacity.ADMINISTRATOR}),
    Right.OPERATE: frozenset({Capacity.OPERATIONS, Capacity.ADMINISTRATOR}),
    Right.ADMINISTER: frozenset({Capacity.ADMINISTRATOR}),
}
"""Everybody of KiAP's own reads everything; operations settle mail and keep the system going; an administrator also
has people, roles, accounts and keys."""


def has_right(by: By, right: Right) -> bool:
    """Whether somebody may do this in the console."""
    return by.role in RIGHTS[right]
