"""The implementation plan: what, who, when, and how we will see it; for a practice together, and for a solo doctor."""

from reporting.papers.context import PaperContext
from reporting.papers.opening import begin

ROWS, ROW_CM = 4, 1.75
ABOUT = "Til at udfylde: en række for hver ændring"
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
    writer.table(HEAD, ROWS * [("",) * 4], (0.36, 0.2, 0.14, 0.3), row_cm=ROW_CM, about=ABOUT)
    writer.fill_in("Sådan fortæller vi det i klinikken")
    writer.fill_in("Den dag kigger vi på planen igen")
    if (window := paper.package.follow_up).to_months:
        writer.text(
            f"KiAP kan lave en ny opgørelse {window.from_months}–{window.to_months} måneder efter mødet, "
            "hvis klyngen aftaler det.",
            small=True,
        )
    return writer.content()
