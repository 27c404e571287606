"""What the results document says of questions and figures, wherever they stand."""

from collections.abc import Sequence

from domain.danish import percent
from domain.package import Item
from reporting.danish import of
from reporting.document_builder import DocumentBuilder
from reporting.report_context import ReportContext
from reporting.sentences import one_rounding_note, rounded_parts


def question_of(report: ReportContext, items: Sequence[Item]) -> str:
    first = items[0]
    if not first.group:
        return first.text
    group = report.package.group(first.group)
    return f"{group.number}. {group.text}" if group.number else group.text


def with_count(count: int, base: int, in_per_cent: bool) -> str:
    """ "53 % (18)", or "4 af 9"."""
    return f"{percent(count / base)} ({count})" if in_per_cent else of(count, base)


def note_rounding(paper: DocumentBuilder, wholes: Sequence[tuple[Sequence[int], int]]) -> None:
    """Says under a table that its figures are rounded, where the parts of a whole are not 100 per cent together."""
    if note := one_rounding_note(rounded_parts(counts, base) for counts, base in wholes):
        paper.text(note, small=True)
