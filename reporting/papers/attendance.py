"""The list to sign at the meeting, and the list for PLO and region after it. Nothing of the survey is on either."""

from domain.danish import count
from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

ROW_CM = 0.9
FOR_OTHERS = 2
"""Empty rows for who is not on the list."""


def make_sign_in_list(paper: PaperContext) -> bytes:
    """As .docx bytes: everybody on the cluster's list, with a column to sign in and rows for who is not on it."""
    writer = begin(paper, "Deltagerliste")
    writer.text("Skriv under, når du kommer. Koordinatoren noterer fremmødet for klyngen efter mødet.")
    rows = [(doctor.name, doctor.practice, "") for doctor in paper.doctors]
    head = ("Navn", "Praksis", "Underskrift")
    rows += [("", "", "")] * FOR_OTHERS
    writer.table(head, rows, (0.34, 0.34, 0.32), row_cm=ROW_CM, about="Klyngens medlemmer")
    writer.text("Listen er klyngens medlemmer lige nu. De tomme rækker er til dem, der ikke står på den.", small=True)
    return writer.content()


def make_attendance_list(paper: PaperContext) -> bytes:
    """As .docx bytes: who was at the meeting and who was not, as was noted; by number alone where that is all."""
    writer = begin(paper, "Fremmødeliste til PLO og region")
    region = paper.offers.region.name if paper.offers and paper.offers.region else ""
    if region:
        writer.text(f"Region: {region.removeprefix('Region ')}")
    if paper.coordinator:
        writer.text(f"Klyngekoordinator: {paper.coordinator}")
    if paper.attended is not None:
        absent = f" {count(paper.absent, 'medlem', 'medlemmer')} var fraværende." if paper.absent is not None else ""
        writer.text(f"{count(paper.attended, 'medlem', 'medlemmer')} var med.{absent}", bold=True)
    rows = [
        (doctor.name, doctor.practice, "Med" if doctor.came else "Fraværende")
        for doctor in paper.doctors
        if doctor.came is not None
    ]
    if rows:
        writer.table(("Navn", "Praksis", "Fremmøde"), rows, (0.4, 0.4, 0.2), about="Fremmødet ved klyngemødet")
    else:
        writer.text("Fremmødet er noteret som antal, uden navne.")
    return writer.content()
