"""Skovby's doctors and KiAP's people, who come in by the doors real ones do. The privacy test knows their words."""

import datetime as dt

from demo.answers import plausible_answers
from domain.answers import read_answers
from domain.by import By, Capacity, Scope
from domain.model import OrderId, PersonId, Round, StaffId
from domain.package import Answers, Package
from storage import ballot_box, people, survey_roll
from storage.audit import TERMINAL
from storage.ids import new_id
from storage.staff import StaffRole, add_staff
from tests.hand_clock import HandClock
from tests.local_orders import LocalOrders
from web.api.intake_request import OrderSent
from web.clock import Clock
from web.intake import take_order
from web.orders_port import Orders
from web.package_repository import PackageRepository
from web.services import Services
from worker.stack import Stack

FIRST_NAMES = ("Anna", "Bent", "Clara", "Dorte", "Erik", "Freja", "Gert", "Hanne", "Ida", "Jens", "Karen", "Lars")
CLUSTER, PRACTICE, SURNAME, DOMAIN = "Klyngen i Skovby", "Skovby Lægehus", "Kvistgaard", "skovby.example"
KIAP = "kiap.example"
EXPERIENCE = "Gåture ved fjorden hjælper mig, nummer"
SITE = By(role=Capacity.API, who="kiap-dk", scopes=frozenset(Scope))
"""The system that orders: kiap.dk's own key."""


def services_of(stack: Stack, orders: Orders | None = None, clock: Clock | None = None) -> Services:
    """What the web stands on, over this stack; orders without Temporal where none are given."""
    by_hand = HandClock()
    return Services(
        database=stack.database,
        keys=stack.keys,
        packages=PackageRepository(stack.database, stack.packages),
        orders=orders or LocalOrders(stack.dependencies, by_hand),
        base_url=stack.settings.url,
        clock=clock or by_hand,
    )


def order_of_skovby(package: Package, members: int) -> OrderSent:
    """What kiap.dk sends: so many doctors of one practice, and a coordinator who is none of them.

    For a package of a register's numbers there are two doctors in each of the practices.
    """
    return OrderSent.model_validate({
        "cluster": {"name": CLUSTER, "region": "midtjylland"},
        "package": package.slug,
        "coordinator": {"name": f"Karla {SURNAME}", "email": f"koordinator@{DOMAIN}"},
        "members": [
            {
                "name": f"{FIRST_NAMES[number % 12]} {SURNAME} {_letter(number)}",
                "email": f"laege{number}@{DOMAIN}",
                "practice": PRACTICE if package.evidence == "questionnaire" else practice_number(number // 2),
                "role": "ejerlæge",
            }
            for number in range(members)
        ],
    })  # fmt: skip


def practice_number(number: int) -> str:
    """The ydernummer of a practice of Skovby's."""
    return f"1{number:05}"


def place(stack: Stack, package: Package, members: int, now: dt.datetime) -> OrderId:
    """An order of Skovby's, as the API takes it; its workflow is yet to be started."""
    taken = take_order(services_of(stack), order_of_skovby(package, members), new_id(), SITE, TERMINAL, now)
    return taken.event.order


def member(stack: Stack, order: OrderId, number: int) -> PersonId:
    """Doctor `number` of the list that was sent."""
    return _by_address(stack, order, f"laege{number}@{DOMAIN}")


def _by_address(stack: Stack, order: OrderId, email: str) -> PersonId:
    with stack.database.read() as connection:
        known = people.people(connection, list(stack.dependencies.order(order).members))
    return next(person.id for person in known.values() if person.email == email)


def _letter(number: int) -> str:
    """A middle letter instead of a number, which no name has: A, B … AA, AB …"""
    first, last = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def a_consultant(stack: Stack, name: str = "Kirsten Lund", mailbox: str = "kirsten") -> StaffId:
    with stack.database.write() as connection:
        return add_staff(connection, name, f"{mailbox}@{KIAP}", StaffRole.CONSULTANT)


def answers(package: Package, how_many: int, round_: Round = Round.BASELINE) -> list[Answers]:
    """Plausible answers of so many people, always the same; everybody has a text of their own for every free field."""
    texts = [item.id for item in package.asked_in(round_) if item.kind == "text"]
    those = plausible_answers(package, round_, how_many)
    said = [raw | {item: [f"{EXPERIENCE} {number}"] for item in texts} for number, raw in enumerate(those)]
    return [read_answers(package, round_, raw) for raw in said]


def answer(stack: Stack, order: OrderId, package: Package, how_many: int, round_: Round) -> None:
    """So many of those who have not yet, answer."""
    with stack.database.read() as connection:
        waiting = survey_roll.outstanding(connection, order, round_)[:how_many]
    for invitation, ballot in zip(waiting, answers(package, how_many, round_), strict=True):
        outcome = ballot_box.submit(stack.database, invitation.token(stack.keys), ballot)
        assert outcome is ballot_box.Submission.SUBMITTED
