"""Skovby's doctors and KiAP's people, as the directory knows them. The privacy test knows their every word."""

from demo.answers import plausible_answers
from domain.answers import read_answers
from domain.commands import PlaceOrder
from domain.events import Joined
from domain.model import ClusterId, ContactId, MemberId, OrderId, PracticeId, Role, Round, StaffId, TextId
from domain.package import Answers, Package
from storage import ballot_box, directory, survey_roll
from storage.directory import StaffRole
from storage.ids import new_id
from worker.stack import Stack

FIRST_NAMES = ("Anna", "Bent", "Clara", "Dorte", "Erik", "Freja", "Gert", "Hanne", "Ida", "Jens", "Karen", "Lars")
CLUSTER, PRACTICE, SURNAME, DOMAIN = "Klyngen i Skovby", "Skovby Lægehus", "Kvistgaard", "skovby.example"
KIAP = "kiap.example"
EXPERIENCE = "Gåture ved fjorden hjælper mig, nummer"


def place_order(stack: Stack, package: Package, members: int) -> PlaceOrder:
    """A cluster of so many doctors and its coordinator, put in the directory, and the command that orders for them."""
    with stack.database.write() as connection:
        cluster = directory.add_cluster(connection, CLUSTER, "midtjylland")
        practice = directory.add_practice(connection, cluster, PRACTICE)
        people = [(f"{FIRST_NAMES[i % 12]} {SURNAME} {i}", f"laege{i}@{DOMAIN}") for i in range(members)]
        contacts = directory.add_contacts(connection, [(f"Karla {SURNAME}", f"koordinator@{DOMAIN}"), *people])
    return order_for(cluster, practice, contacts, package)


def order_for(cluster: ClusterId, practice: PracticeId, contacts: list[ContactId], package: Package) -> PlaceOrder:
    """An order of a cluster's: the first contact is the coordinator, the others are `m0`, `m1` …"""
    return PlaceOrder(
        order=OrderId(new_id()),
        cluster=cluster,
        package=package,
        coordinator=contacts[0],
        members=tuple(joined(number, contact, practice) for number, contact in enumerate(contacts[1:])),
    )


def joined(number: int, contact: ContactId, practice: PracticeId) -> Joined:
    return Joined(member=MemberId(f"m{number}"), contact=contact, practice=practice, role=Role.OWNER)


def a_contact(stack: Stack, name: str, mailbox: str) -> ContactId:
    """Somebody new, with an address at the cluster's own domain."""
    with stack.database.write() as connection:
        return directory.add_contact(connection, name, f"{mailbox}@{DOMAIN}")


def a_consultant(stack: Stack, name: str = "Kirsten Konsulent", mailbox: str = "kirsten") -> StaffId:
    with stack.database.write() as connection:
        return directory.add_staff(connection, name, f"{mailbox}@{KIAP}", StaffRole.CONSULTANT)


def a_text(stack: Stack, order: OrderId, content: str, kind: str = "ideas") -> TextId:
    with stack.database.write() as connection:
        return directory.add_text(connection, order, kind, content)


def answers(package: Package, how_many: int, round_: Round = Round.BASELINE) -> list[Answers]:
    """Plausible answers of so many people, always the same; everybody has a text of their own for every free field."""
    texts = [item.id for item in package.asked_in(round_) if item.kind == "text"]
    people = plausible_answers(package, round_, how_many)
    said = [raw | {item: [f"{EXPERIENCE} {number}"] for item in texts} for number, raw in enumerate(people)]
    return [read_answers(package, round_, raw) for raw in said]


def answer(stack: Stack, order: OrderId, package: Package, how_many: int, round_: Round) -> None:
    """So many of those who have not yet, answer."""
    with stack.database.read() as connection:
        waiting = survey_roll.outstanding(connection, order, round_)[:how_many]
    for invitation, ballot in zip(waiting, answers(package, how_many, round_), strict=True):
        outcome = ballot_box.submit(stack.database, invitation.token(stack.keys), ballot)
        assert outcome is ballot_box.Submission.SUBMITTED
