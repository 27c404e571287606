"""Whom a cluster knows: the person of a name and an address, and who may order for a cluster without a key."""

from collections.abc import Sequence

from sqlalchemy import Connection

from domain.model import ClusterId, PersonId
from domain.recognition import Known, address_key, name_key
from storage import people
from web.api.danish_errors import invalid
from web.api.intake_request import OrderSent
from web.problems import FieldProblem
from web.services import Office


def somebody(known: Sequence[Known], name: str, email: str) -> PersonId | None:
    """The known person of this name and address, in whatever practice."""
    wanted = (name_key(name), address_key(email))
    return next((each.person for each in known if (name_key(each.name), address_key(each.email)) == wanted), None)


def only_for_its_own(connection: Connection, office: Office, cluster_id: ClusterId, sent: OrderSent) -> None:
    """Who orders for a cluster whose doctors we know is one of them. Raises Problem.

    Their page shows the members, and a list changes addresses: neither is for whoever knows a cluster's name.
    """
    known = people.known_in(connection, cluster_id, people.coordinators_in(connection, cluster_id))
    if not known:
        return
    if somebody(known, sent.coordinator.name, sent.coordinator.email) is None:
        detail = (
            "Vi kender klyngen, men ikke dig med det navn og den mailadresse. Ret dem, hvis vi plejer at skrive "
            f"til en anden adresse, eller ring til {office.name} på {office.phone}, så bestiller vi sammen."
        )
        raise invalid([FieldProblem(field="coordinator.email", detail=detail)])
    if sent.members:
        detail = "Vi har allerede klyngens liste. Lad feltet stå tomt; listen kan du rette på din egen side bagefter."
        raise invalid([FieldProblem(field="members", detail=detail)])
