"""The console's menu: the one list of its entries, and who sees which."""

from dataclasses import dataclass

from domain.authority import Right
from web.console.principal import Principal


@dataclass(frozen=True)
class MenuEntry:
    """A page of the menu, and the right it needs (as its route says)."""

    path: str
    label: str
    needs: Right = Right.READ


MENU = (
    MenuEntry("/drift", "Kræver handling"),
    MenuEntry("/drift/forloeb", "Forløb"),
    MenuEntry("/drift/landet", "Landet"),
    MenuEntry("/drift/mails", "Mails"),
    MenuEntry("/drift/drift", "Drift"),
    MenuEntry("/drift/modtagere", "Modtagere", Right.OPERATE),
    MenuEntry("/drift/kolleger", "Kolleger", Right.ADMINISTER),
    MenuEntry("/drift/noegler", "Nøgler", Right.ADMINISTER),
    MenuEntry("/drift/log", "Log"),
)


def menu_of(principal: Principal) -> list[MenuEntry]:
    """The entries somebody may open."""
    return [entry for entry in MENU if principal.may(entry.needs)]
