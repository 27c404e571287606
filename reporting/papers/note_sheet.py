"""The sheet for notes: room for the most important under each topic, and for what one takes home."""

from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

LINES, LAST_LINES = 3, 5


def make_note_sheet(paper: PaperContext) -> bytes:
    """As .docx bytes: a heading for each chapter of the results, with lines to write on."""
    writer = begin(paper, "Ark til mødenoter")
    writer.text("Skriv det vigtigste ned undervejs. Arket er dit eget: Ingen samler det ind.")
    for section in paper.package.sections:
        writer.heading(f"{section.measure}: {section.title}" if section.measure else section.title, 2)
        writer.lines(LINES)
    writer.heading("Det vil jeg prøve i min egen klinik", 2)
    writer.lines(LAST_LINES)
    writer.heading("Det vil jeg gerne tale videre med nogen om", 2)
    writer.lines(LINES)
    return writer.content()
