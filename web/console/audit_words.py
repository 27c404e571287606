"""The audit log in Danish: who, what and from where, with the names that are there today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.by import By, Capacity
from domain.danish import listing
from domain.denmark import REGIONS
from domain.model import PersonId, StaffId
from domain.words import past_line
from storage import audit, clusters, people, staff
from storage.audit import Deed, Edge, Entry, Happened
from storage.staff import OFFICE
from web.console.principal import ROLES
from web.requests.catalogue import FOR_PEOPLE

DEEDS: dict[Deed, str] = {
    Deed.ORDER_PLACED: "Bestillingen kom ind",
    Deed.SIGNED_IN: "Loggede ind",
    Deed.SIGNED_OUT: "Loggede ud",
    Deed.SESSION_ENDED: "Loggede en anden af sine enheder ud",
    Deed.SESSIONS_ENDED: "Loggede ud alle andre steder",
    Deed.PASSWORD_CHOSEN: "Valgte adgangskode ved et link",
    Deed.PASSWORD_CHANGED: "Skiftede adgangskode",
    Deed.LINK_MADE: "Lavede et link til at vælge adgangskode",
    Deed.STAFF_ADDED: "Oprettede en kollega",
    Deed.STAFF_CHANGED: "Rettede en kollegas navn eller mailadresse",
    Deed.STAFF_LEFT: "Noterede, at en kollega er holdt op",
    Deed.ROLE_CHANGED: "Ændrede en rolle",
    Deed.MAIL_STOPPED: "Stoppede mails til en læge",
    Deed.MAIL_ALLOWED: "Tillod mails til en læge igen",
    Deed.KEY_MADE: "Lavede en API-nøgle",
    Deed.KEY_REVOKED: "Lukkede en API-nøgle",
    Deed.MAIL_RESOLVED: "Afgjorde, hvad der blev af en mail",
    Deed.MAIL_AGAIN: "Lod en mail, der ikke blev sendt, prøve igen",
    Deed.MAIL_SET_ASIDE: "Lod en mail, der ikke blev sendt, ligge",
    Deed.REGION_SET: "Rettede en klynges region",
    Deed.CLUSTERS_IMPORTED: "Lagde klynger ind fra en fil",
    Deed.WEBHOOK_ADDED: "Tilføjede en modtager af hændelser",
    Deed.WEBHOOK_CHANGED: "Ændrede en modtager af hændelser",
    Deed.WEBHOOK_REMOVED: "Fjernede en modtager af hændelser",
}
EDGES: dict[Edge, str] = {Edge.PAGE: "siden", Edge.API: "API", Edge.TERMINAL: "terminal"}
CAPACITIES: dict[Capacity, str] = {
    Capacity.COORDINATOR: "koordinator",
    Capacity.CONSULTANT: "konsulent",
    Capacity.OPERATIONS: "drift",
    Capacity.ADMINISTRATOR: "administrator",
    Capacity.API: "API-nøgle",
    Capacity.SYSTEM: "terminal",
    Capacity.MEMBER: "medlem",
}
WEBHOOKS = {
    "paused": "sat på pause",
    "resumed": "sat i gang igen",
    "replayed": "hændelser sendt igen",
    "rotated": "ny hemmelighed",
}
RESOLVED = {"left": "afsendt", "never_left": "aldrig afsendt"}
GONE = "navnet er slettet"
REGION_NAMES = {region.id: region.name for region in REGIONS}


@dataclass(frozen=True)
class LineShown:
    """A line in words. `who_id` is what the log is filtered by."""

    id: int
    at: dt.datetime
    who: str
    who_id: str
    role: str
    what: str
    about: str
    order_id: str
    why: str
    edge: str
    network: str


def shown(connection: Connection, lines: Sequence[Entry]) -> list[LineShown]:
    """The lines in words: a name that is erased is said to be so."""
    names = _names(connection, lines)
    did = audit.what_happened(connection, lines)
    return [
        LineShown(
            id=line.id,
            at=line.at,
            who=_who(line.by, names),
            who_id=line.by.who,
            role=CAPACITIES[line.by.role],
            what=_what(line, did.get(line.request_id or "", ())),
            about=names.get(line.about, line.about) if line.about != line.by.who else "",
            order_id=line.order_id,
            why=line.why,
            edge=EDGES[line.origin.edge],
            network=line.origin.network,
        )
        for line in lines
    ]


def name_of(connection: Connection, id_: str) -> str:
    """Somebody's name by their id; "" where there is none."""
    found = staff.staff_called(connection, [StaffId(id_)])
    if found:
        return found[0].name or GONE
    person = people.people(connection, [PersonId(id_)]).get(PersonId(id_))
    return "" if person is None else person.name or GONE


def _who(by: By, names: Mapping[str, str]) -> str:
    if by.role is Capacity.SYSTEM:
        return "Terminalen"
    return names.get(by.who, by.who)


def _names(connection: Connection, lines: Sequence[Entry]) -> dict[str, str]:
    wanted = {line.by.who for line in lines} | {line.about for line in lines}
    found: dict[str, str] = {OFFICE: "KiAP’s postkasse"}
    found |= {str(each.id): each.name or GONE for each in staff.staff_called(connection, map(StaffId, wanted))}
    known = people.people(connection, [PersonId(each) for each in wanted - found.keys()])
    found |= {str(each.id): each.name or GONE for each in known.values()}
    if any(line.deed is Deed.REGION_SET for line in lines):
        found |= {str(each.id): each.name for each in clusters.clusters(connection)}
    return found


def _what(line: Entry, did: Sequence[Happened]) -> str:
    if line.deed is Deed.COMMAND:
        if did:
            return ". ".join(past_line(each.code, each.facts) for each in did)
        return f"{FOR_PEOPLE[line.facts['command']].LABEL} – ændrede ikke noget"
    if line.deed is Deed.STAFF_ADDED and line.about == line.by.who:
        return "Blev den første administrator"
    what = DEEDS[line.deed]
    if line.deed is Deed.ROLE_CHANGED:
        old, new = (ROLES[staff.StaffRole(line.facts[name])].lower() for name in ("from", "to"))
        return f"{what}: fra {old} til {new}"
    if line.deed is Deed.MAIL_RESOLVED:
        return f"{what}: {RESOLVED[line.facts['finding']]}"
    if line.deed is Deed.WEBHOOK_CHANGED:
        return f"{what}: {WEBHOOKS[line.facts['did']]}"
    if line.deed is Deed.REGION_SET:
        return f"{what}: {REGION_NAMES[line.facts['region']]}"
    if line.deed is Deed.CLUSTERS_IMPORTED:
        return f"{what}: {line.facts['new']} nye, {line.facts['changed']} rettet"
    if line.deed is Deed.KEY_MADE:
        return f"{what}: {listing(line.facts['scopes'].split())}"
    return what
