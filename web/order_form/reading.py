"""The order form read into what kiap.dk would have sent, or into a Danish line beside each field that is wrong."""

import datetime as dt
from collections.abc import Callable, Sequence

from domain.text import cluster_name, email_address, person_name, phone_number, words_or_nothing
from domain.unfit import Unfit
from storage.clusters import Cluster
from web.api.intake_request import CoordinatorSent, MemberSent, OrderSent
from web.forms.reader import FormReader
from web.member_list.grid import UnreadableList, rows_of_text
from web.member_list.lines import Otherwise, lines_of
from web.order_form.which_cluster import CLUSTER, NEW, REGION, chosen_cluster

PACKAGE, NAME, EMAIL, PHONE, WISHES, MEMBERS = "pakke", "navn", "mail", "telefon", "oensker", "medlemmer"
TRAP = "fax"
"""A field that nobody sees; programs that fill in whatever they find do fill it in."""
ORDER = (PACKAGE, CLUSTER, REGION, NAME, EMAIL, PHONE, WISHES, MEMBERS, TRAP)
"""The fields as they stand on the page."""
MOST_MEMBERS = 500
MOST_LINES_SHOWN = 3

FIELD_OF = {
    "package": PACKAGE,
    "cluster.name": CLUSTER,
    "cluster.region": REGION,
    "coordinator.name": NAME,
    "coordinator.email": EMAIL,
    "coordinator.phone": PHONE,
    "wishes": WISHES,
}
"""Where on the page something stands that the order's own rules name."""


def field_of(path: str) -> str:
    """The page's field for a request's."""
    return FIELD_OF.get(path, MEMBERS)


def read_order(reader: FormReader, packages: Sequence[str], known: Sequence[Cluster], day: dt.date) -> OrderSent | None:
    """What is ordered; None with problems in the reader. `known` are the clusters we have."""
    if reader.given(TRAP):
        reader.refuse(TRAP, "Feltet skal stå tomt. Tøm det, og send igen.")
    package = reader.given(PACKAGE)
    if package not in packages:
        reader.refuse(PACKAGE, "Vælg en pakke.")
    cluster = _read(reader, CLUSTER, cluster_name, "Skriv klyngens navn eller nummer.")
    name = _read(reader, NAME, person_name, "Skriv dit navn.")
    email = _read(reader, EMAIL, email_address, "Skriv din mailadresse. Den sender vi kvitteringen til.")
    phone = _read(reader, PHONE, phone_number, "Skriv dit telefonnummer, så konsulenten kan ringe.")
    wishes = _read(reader, WISHES, words_or_nothing, "")
    chosen = chosen_cluster(reader, cluster, known, day) if cluster else None
    members = _members(reader)
    if reader.problems or not (chosen and package and name and email and phone):
        return None
    note = "\n\n".join(each for each in (wishes, NEW if chosen.is_new else "") if each)
    return OrderSent(
        cluster=chosen.sent,
        package=package,
        coordinator=CoordinatorSent(name=name, email=email, phone=phone),
        members=members,
        wishes=note or None,
    )


def _read(reader: FormReader, field: str, door: Callable[[str], str], missing: str) -> str | None:
    """The field by its door. An empty one is refused with `missing`, or may be empty where that is."""
    given = reader.given(field)
    if not given.strip():
        if missing:
            reader.refuse(field, missing)
        return None
    try:
        return door(given)
    except Unfit as unfit:
        reader.refuse(field, str(unfit))
        return None


def _members(reader: FormReader) -> tuple[MemberSent, ...]:
    """The pasted list; empty where there is none, or with what is wrong in the reader."""
    given = reader.given(MEMBERS)
    if not given.strip():
        return ()
    try:
        lines = lines_of(rows_of_text(given), Otherwise())
    except UnreadableList as unreadable:
        reader.refuse(MEMBERS, str(unreadable))
        return ()
    wrong = [f"Linje {line.number}: {' '.join(line.problems)}" for line in lines if line.problems]
    if len(lines) > MOST_MEMBERS:
        wrong = [f"Listen må højst have {MOST_MEMBERS} medlemmer."]
    if wrong:
        more = len(wrong) - MOST_LINES_SHOWN
        rest = [f"Og {more} linjer mere." if more > 1 else "Og en linje mere."] if more > 0 else []
        reader.refuse(MEMBERS, " ".join([*wrong[:MOST_LINES_SHOWN], *rest]))
        return ()
    return tuple(MemberSent(name=line.name, email=line.email, practice=line.practice, role=line.role) for line in lines)
