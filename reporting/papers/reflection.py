"""The reflection sheet: the groups' questions, with room for one's own answers before and during the meeting."""

from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

LINES, AT_LAST = 4, 5


def make_reflection_sheet(paper: PaperContext) -> bytes:
    """As .docx bytes: every task of the programme with its number and lines to write on."""
    writer = begin(paper, "Refleksionsark")
    writer.text(
        "Læs gerne spørgsmålene, før I mødes, og skriv stikord undervejs. Det gør hjemmeopgaven lettere. "
        "Arket er dit eget: Ingen samler det ind."
    )
    for part in paper.tasks:
        writer.heading(f"{part.title} ({part.when})", 2)
        if part.part.who_answers:
            writer.text(part.part.who_answers, small=True)
        for task in part.tasks:
            writer.question(task.number, task.text, alone=len(part.tasks) == 1)
            writer.lines(LINES)
    writer.heading("Det vigtigste, jeg tager med fra mødet", 2)
    writer.lines(AT_LAST)
    return writer.content()
