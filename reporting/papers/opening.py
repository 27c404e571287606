"""How every paper begins: its name, the package's, and when and where the meeting is."""

from domain.meeting import Format
from reporting.document_builder import DocumentBuilder
from reporting.meeting_lines import when_line, where_line
from reporting.papers.context import PaperContext


def begin(paper: PaperContext, title: str, *, lying: bool = False) -> DocumentBuilder:
    """A document with the paper's name, cluster and meeting at its head."""
    writer = DocumentBuilder(
        f"{title} {paper.cluster}",
        paper.package,
        paper.made_at,
        subject=f"{title} til klyngemødet",
        part=title,
        lying=lying,
    )
    writer.title(title, f"{paper.title} · {paper.cluster}")
    if paper.meeting is not None:
        where = where_line(paper.meeting, paper.place)
        writer.text(" · ".join(filter(None, (when_line(paper.meeting), where))), bold=True)
    return writer


def is_video(paper: PaperContext) -> bool:
    """Whether the meeting is held on video."""
    return paper.form is Format.VIDEO
