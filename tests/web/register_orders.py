"""A web with a package of a register's measures: an order of six practices, and what the register says of each."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from activities.analysis import Analysis
from activities.orders import TakeStep
from domain import commands as do
from domain.meeting import at
from domain.model import OrderId, PersonId, Round
from storage.database import Database
from storage.order_links import meeting_link
from tests.a_register import EXTRACT, REGISTER, SLUG
from tests.activities.desk import run
from tests.web.application import NAMES, Web, running_web, the_packages

PRACTICES = ("012345", "023456", "034567", "045678", "056789", "067890", "Klinikken ved Åen")
OWN = {"012345": "31,4", "023456": "24", "034567": "41,3", "045678": "18", "056789": "28,6"}
"""What each practice has of the first measure, as a page prints it."""
EXTRACT_ALL = f"{EXTRACT}klinikken  ved åen;33,3;88;3\n"
"""One practice goes by its name, in another case and with another space."""


@contextmanager
def register_web(database: Database) -> Iterator[Web]:
    """The web with the package of the tests' register among its packages."""
    with running_web(database, packages=[*the_packages().values(), REGISTER]) as web:
        yield web


def members() -> list[dict[str, Any]]:
    """Eight doctors in seven practices: two share the first, the last is of no register's number."""
    return [
        {
            "name": name,
            "email": f"laege{number}@example.dk",
            "practice": PRACTICES[max(0, number - 1)],
            "role": "ejerlæge",
        }
        for number, name in enumerate(NAMES)
    ]


def placed(web: Web, key: str = "bestilling-0001", **changes: Any) -> str:
    """An order by the package, its meeting agreed."""
    order = web.place(key, **{"package": SLUG, "members": members(), **changes})
    web.plan(order)
    return order


def awaited(web: Web, order: str, round_: Round = Round.BASELINE) -> None:
    """The round's first day has come."""
    found = web.order(order)
    opens = found.baseline.opens if round_ is Round.BASELINE and found.baseline else found.follow_up.opens
    assert opens is not None
    web.clock.instant = at(opens, web.clock.instant.timetz().replace(hour=12))
    web.orders.give(order, do.OpenSurvey(round=round_))


def give(web: Web, order: str, content: str | bytes = EXTRACT) -> httpx.Response:
    """Give an extract by the API."""
    raw = content.encode() if isinstance(content, str) else content
    return web.command(order, type="give_extract", extract=base64.b64encode(raw).decode())


def tabulated(web: Web, order: str, round_: Round = Round.BASELINE) -> None:
    """As the workflow tabulates what came."""
    found = web.order(order)
    run(
        Analysis(web.orders.work).tabulate_round,
        TakeStep(order=OrderId(order), round=round_, known=found.version, now=web.clock.instant),
    )


def delivered(web: Web, order: str, content: str = EXTRACT, round_: Round = Round.BASELINE) -> None:
    """From the plan to the delivered material."""
    awaited(web, order, round_)
    answer = give(web, order, content)
    assert answer.status_code == 200, answer.text
    tabulated(web, order, round_)
    web.make_deck(order, round_, kinds=("deck", "document"))
    web.orders.give(order, do.ReleaseDeck())


def page_of_member(web: Web, order: str, person: PersonId) -> str:
    """A member's own page."""
    return f"/moede/{meeting_link(web.services.keys, OrderId(order), person)}"


def by_practice(web: Web, order: str) -> dict[str, list[PersonId]]:
    """The members of each practice, by its number or name."""
    from storage import clusters

    found = web.order(order)
    with web.database.read() as connection:
        known = clusters.practices(connection, [each.practice for each in found.members.values()])
    those: dict[str, list[PersonId]] = {}
    for person, member in found.active_members.items():
        those.setdefault(known[member.practice].name, []).append(person)
    return those
