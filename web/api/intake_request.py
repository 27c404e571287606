"""What kiap.dk sends when a coordinator orders a package."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from domain.text import ClusterName, Email, Line, Name, Phone, PracticeName, Words
from web.api.roles import AnyRole

EXAMPLE: JsonDict = {
    "cluster": {"id": "klynge-aalborg-oest", "name": "Aalborg Øst", "region": "nordjylland"},
    "package": "trivsel-og-arbejdsglaede",
    "coordinator": {"name": "Mette Holm", "email": "mette.holm@example.dk", "phone": "20 30 40 50"},
    "members": [
        {"name": "Mette Holm", "email": "mette.holm@example.dk", "practice": "012345", "role": "ejerlæge"},
        {"name": "Jens Krogh", "email": "jens.krogh@example.dk", "practice": "012345", "role": "ansat læge"},
        {"name": "Aisha Nour", "email": "aisha.nour@example.dk", "practice": "Lægerne Torvet", "role": "ejerlæge"},
        {"name": "Ole Bach", "email": "ole.bach@example.dk", "practice": "Lægerne Torvet", "role": "ejerlæge"},
        {"name": "Lis Frost", "email": "lis.frost@example.dk", "practice": "067890", "role": "uddannelseslæge"},
    ],
}


class Sent(BaseModel):
    """A part of a request: unknown fields are refused, and what was sent is never repeated in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ClusterSent(Sent):
    """The cluster. Two orders with the same id, or without one with the same name and region, are one cluster's."""

    id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="kiap.dk's own id for the cluster"
    )
    name: ClusterName
    region: Line = Field(description="a region that exists today, by id or name: `nordjylland`, `Region Nordjylland`")


class CoordinatorSent(Sent):
    """The GP who orders. The order page's link is theirs."""

    name: Name
    email: Email
    phone: Phone | None = Field(None, description="for the consultant's call")


class MemberSent(Sent):
    """A member of the cluster. Roles the package does not survey are left out of the order."""

    name: Name
    email: Email
    practice: PracticeName = Field(description="ydernummer or the practice's name")
    role: AnyRole = Field(description="ejerlæge, ansat læge, uddannelseslæge or praksispersonale")


class OrderSent(Sent):
    """An order as it comes in."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    cluster: ClusterSent
    package: Line = Field(description="the package's slug", examples=["trivsel-og-arbejdsglaede"])
    coordinator: CoordinatorSent
    members: tuple[MemberSent, ...] = Field(
        (), max_length=500, description="the cluster's doctors from today on; where not given, those of its last list"
    )
    wishes: Words | None = Field(
        None, description="wishes for dates and the like, for the consultant's call: a note that KiAP alone sees"
    )
