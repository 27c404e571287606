"""A register's extract: a file that is read, matched with the cluster's practices, and goes sealed with its command."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Base64Bytes, Field

from domain import commands as do
from domain.danish import alphabetical
from domain.decisions.rules import current_round
from domain.model import PracticeId, Rejected, Round
from domain.register_extract import ExtractFaults, extract_text, read_extract
from storage import clusters, register_rows
from storage.enclosures import EnclosedExtract, EnclosedRow, Enclosure
from storage.register_rows import Numbers
from web.api.danish_errors import invalid
from web.problems import FieldProblem
from web.requests.base import CommandRequest, Context, Submission

FIELD = "extract"


class GiveExtract(CommandRequest):
    """The register's extract for the round under way: a row for each practice of the cluster, a column a measure."""

    type: Literal["give_extract"]
    extract: Base64Bytes = Field(
        title="Udtrækket fra registret",
        description="the CSV file in base64; in a terminal extract=@FILE. Every practice is one of the cluster's",
    )


@dataclass(frozen=True)
class MatchedExtract:
    """What an extract says, by the cluster's own practices. `without` are the names of those it has no number of."""

    round: Round
    rows: dict[PracticeId, Numbers]
    of_practices: int
    without: tuple[str, ...]

    @property
    def practices(self) -> int:
        """Those with at least one number."""
        return sum(1 for numbers in self.rows.values() if numbers)


def matched(content: bytes, context: Context) -> MatchedExtract:
    """The extract's rows as the cluster's practices. Raises Rejected where the order takes none, and ExtractFaults."""
    order = context.order
    if order.evidence != "register":
        raise Rejected("no_register", "Pakken har et spørgeskema: Der er ikke noget udtræk at give.")
    round_ = current_round(order).round
    ids = {member.practice for member in order.active_members.values()}
    known = {each.name: each.id for each in clusters.practices(context.connection, ids).values() if each.name}
    extract = read_extract(extract_text(content), context.package, round_, list(known))
    rows = {known[practice]: numbers for practice, numbers in extract.rows.items()}
    lacking = (name for name, practice in known.items() if not rows.get(practice))
    without = tuple(sorted(lacking, key=alphabetical))
    return MatchedExtract(round_, rows, len(known), without)


def give_extract(request: GiveExtract, context: Context) -> Submission:
    """Counts and a digest in the command, the numbers beside it. Raises Rejected; Problem with every fault there is."""
    try:
        found = matched(request.extract, context)
    except ExtractFaults as faults:
        raise invalid([FieldProblem(field=FIELD, detail=str(fault)) for fault in faults.faults]) from None
    sealed = register_rows.sealed_rows(context.keys, context.order.id, found.round, found.rows)
    rows = tuple(EnclosedRow(practice=each.practice, sealed=each.sealed.hex()) for each in sealed)
    return Submission(command_of(found, context), Enclosure(extract=EnclosedExtract(round=found.round, rows=rows)))


def command_of(found: MatchedExtract, context: Context) -> do.GiveExtract:
    """The command, which has none of the numbers."""
    return do.GiveExtract(
        round=found.round,
        practices=found.practices,
        of_practices=found.of_practices,
        digest=register_rows.digest_of(context.keys, context.order.id, found.round, found.rows),
    )
