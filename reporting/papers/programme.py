"""The programme for those who take part: when, what, and the questions the groups will have."""

from typing import NamedTuple

from domain.danish import duration, time_of_day
from domain.programme_times import in_blocks
from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

CHECK_IN = "Log på, og prøv kamera og lyd. Sid gerne ved din egen computer: Grupperne går på tværs af praksis."


def make_programme(paper: PaperContext) -> bytes:
    """As .docx bytes: the meeting's own programme, and each group's questions with their numbers."""
    writer = begin(paper, "Program til deltagerne")
    if paper.package.summary:
        writer.text(paper.package.summary)
    rows = _rows(paper)
    headings = [place for place, row in enumerate(rows) if row.is_heading]
    told = [(row.when, row.title, row.text) for row in rows]
    writer.table(("Tid", "Punkt", "Indhold"), told, (0.16, 0.38, 0.46), about="Mødets program", headings=headings)
    if paper.programme:
        writer.text(f"I alt {duration(sum(part.minutes for part in paper.programme))}.", small=True)
    if paper.tasks:
        writer.heading("Spørgsmål til grupperne", 1)
        intro = writer.text("Tænk gerne over dem, før I mødes. På refleksionsarket er der plads til at skrive.")
        intro.paragraph_format.keep_with_next = True
    for part in paper.tasks:
        writer.heading(f"{part.title} ({part.when})", 2)
        if part.part.who_answers:
            writer.text(part.part.who_answers, small=True).paragraph_format.keep_with_next = True
        for task in part.tasks:
            writer.question(task.number, task.text, alone=len(part.tasks) == 1)
    return writer.content()


class _Row(NamedTuple):
    when: str
    title: str
    text: str
    is_heading: bool = False


def _rows(paper: PaperContext) -> list[_Row]:
    rows = [_Row(check_in_time(paper), "Check-in", " ".join(filter(None, (CHECK_IN, ring_line(paper)))))]
    rows = rows if check_in_time(paper) else []
    for block in in_blocks(paper.programme):
        if block.heading:
            rows.append(_Row(block.when, block.summed, "", is_heading=True))
        rows += [_Row(part.when, part.title, part.text) for part in block.parts]
    return rows


def check_in_time(paper: PaperContext) -> str:
    """ "16.30–17.00" before a video meeting; empty for others."""
    if paper.meeting is None or paper.video is None or paper.video.check_in is None:
        return ""
    return f"{time_of_day(paper.video.check_in)}–{time_of_day(paper.meeting.starts)}"


def ring_line(paper: PaperContext) -> str:
    """Whom to ring for those who can't get in; empty where nobody is named."""
    ring = paper.video.ring if paper.video else None
    return f"Kan du ikke logge på, så ring til {ring.name}, {ring.phone}." if ring else ""
