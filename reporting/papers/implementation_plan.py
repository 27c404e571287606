"""The implementation plan: what, who, when, and how we will see it; for a practice together, and for a solo doctor.

The second time its first part is what the cluster agreed last time.
"""

from domain.danish import short_date
from domain.model import Round
from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

ROWS, ROW_CM, LAST_TIME_CM = 4, 1.75, 1.2
ABOUT = "Til at udfylde: en række for hver ændring"
LAST_TIME = ("Det aftalte klyngen", "Hvad blev der af det hos os?", "Fortsæt, ret eller stop?")
HEAD = ("Hvad vil vi ændre?", "Hvem gør det?", "Hvornår?", "Hvordan kan vi se, at det er sket?")


def make_implementation_plan(paper: PaperContext) -> bytes:
    """As .docx bytes, on a page that lies down: the table takes most of it."""
    writer = begin(paper, "Implementeringsplan", lying=True)
    writer.text(
        "Kolleger fra samme praksis udfylder planen sammen. Er du sololæge, så sæt dig med en anden sololæge: Udfyld "
        "hver jeres, og skriv, hvem der kan hjælpe dig, fx personalet, en kollega udefra eller den regionale "
        "kvalitetsenhed. Vælg hellere én ting, der bliver til noget, end fire, der ikke gør."
    )
    writer.fill_in("Praksis", "Dato")
    if paper.agreed and paper.agreed_on:
        writer.heading(f"Det aftalte klyngen den {short_date(paper.agreed_on)}", 2)
        rows = [(point, "", "") for point in paper.agreed]
        about = "Det, klyngen aftalte sidst, med plads til, hvad der blev af det"
        writer.table(LAST_TIME, rows, (0.42, 0.36, 0.22), row_cm=LAST_TIME_CM, about=about)
        writer.heading("Det vil vi nu", 2)
    writer.table(HEAD, ROWS * [("",) * 4], (0.36, 0.2, 0.14, 0.3), row_cm=ROW_CM, about=ABOUT)
    writer.fill_in("Sådan fortæller vi det i klinikken")
    writer.fill_in("Den dag kigger vi på planen igen")
    if (window := paper.package.follow_up).to_months and paper.round is Round.BASELINE:
        writer.text(
            f"KiAP kan lave en ny opgørelse {window.from_months}–{window.to_months} måneder efter mødet, "
            "hvis klyngen aftaler det.",
            small=True,
        )
    return writer.content()
