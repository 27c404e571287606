"""What a list of members would change in an order: who is new, there already, has another address, or is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from domain.model import PersonId
from domain.order import Order
from domain.package import Package
from domain.recognition import Described, address_key, name_key, recognise
from storage import clusters, people
from web.api.roles import ROLES_MANY
from web.member_list.lines import Line
from web.requests.base import CommandRequest
from web.requests.catalogue import REQUESTS


class Change(StrEnum):
    """What a line comes to."""

    NEW = "new"
    THERE = "there"
    ADDRESS = "address"
    NAME = "name"
    WRONG = "wrong"


AS_BEFORE = "Praksis og rolle rettes ikke med en liste, og de er som før."


@dataclass(frozen=True)
class Planned:
    """A line with what it would change. `why` tells what of it comes to nothing, `before` what it would replace."""

    line: Line
    change: Change
    why: str = ""
    before: str = ""
    person: PersonId | None = None

    @property
    def request(self) -> CommandRequest | None:
        """The command that makes it so; None where nothing is to be changed."""
        line = self.line
        match self.change:
            case Change.NEW:
                given = {"name": line.name, "email": line.email, "practice": line.practice, "role": line.role.value}
                return REQUESTS["add_member"].model_validate({"type": "add_member", **given})
            case Change.ADDRESS | Change.NAME:
                given = {"member": self.person or "", "name": line.name, "email": line.email}
                return REQUESTS["readdress_member"].model_validate({"type": "readdress_member", **given})
            case _:
                return None


def plan(connection: Connection, order: Order, package: Package, lines: Sequence[Line]) -> list[Planned]:
    """Every line, in the list's order. A doctor we know from the cluster is that doctor."""
    wrong = {place: " ".join(line.problems) for place, line in enumerate(lines) if line.problems}
    seen: dict[tuple[str, str], int] = {}
    for place, line in enumerate(lines):
        if place in wrong:
            continue
        key = (name_key(line.name), address_key(line.email))
        if key in seen:
            wrong[place] = f"Står også på linje {seen[key]}."
        elif line.role not in package.surveyed:
            wrong[place] = f"Pakken er ikke for {ROLES_MANY[line.role]}."
        seen.setdefault(key, line.number)
    sound = {place: line for place, line in enumerate(lines) if place not in wrong}
    practices, _new = clusters.recognise_practices(
        connection, order.cluster, [line.practice for line in sound.values()]
    )
    described = [
        Described(line.name, line.email, practice) for line, practice in zip(sound.values(), practices, strict=True)
    ]
    known = people.known_in(connection, order.cluster, also=[*order.members, order.coordinator])
    found = dict(zip(sound, recognise(known, described), strict=True))
    names = {each.person: each for each in known}
    of_line = dict(zip(sound, practices, strict=True))
    planned = []
    for place, line in enumerate(lines):
        person = found.get(place)
        if place in wrong:
            planned.append(Planned(line, Change.WRONG, wrong[place]))
            continue
        if person is None or person not in order.active_members:
            planned.append(Planned(line, Change.NEW))
            continue
        member = order.active_members[person]
        is_as_before = (member.role, member.practice) == (line.role, of_line[place])
        why = "" if is_as_before else AS_BEFORE
        if address_key(names[person].email) != address_key(line.email):
            planned.append(Planned(line, Change.ADDRESS, why, before=names[person].email, person=person))
        elif names[person].name != line.name:
            planned.append(Planned(line, Change.NAME, why, before=names[person].name, person=person))
        else:
            planned.append(Planned(line, Change.THERE, why, person=person))
    return planned
