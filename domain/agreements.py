"""What a cluster agreed at its meeting: a few points, each on a line of its own, as they fit a slide."""

import re
from collections.abc import Sequence

from domain.text import longer_text
from domain.unfit import Unfit

MOST_AGREEMENTS = 5
"""Points that a cluster can be asked about at its next meeting."""
LONGEST_AGREEMENT = 160
"""Signs of a point that a slide has room for, with four others."""
_MARK = re.compile(r"^(?:[-–—•*·]|\d{1,2}[.)])\s+")
"""What people begin the lines of a list with."""


def points_in(words: str) -> tuple[str, ...]:
    """The points of a text, without empty lines and the marks that people begin lines with."""
    lines = (_MARK.sub("", line.strip()).strip() for line in words.splitlines())
    return tuple(line for line in lines if line)


def agreements_text(text: str) -> str:
    """What was agreed, a point a line. Raises Unfit where it is more, or longer, than a slide has room for."""
    points = points_in(longer_text(text))
    if not points:
        raise Unfit("Skriv mindst én aftale, eller lad feltet stå tomt.", "has no agreement")
    if len(points) > MOST_AGREEMENTS:
        raise Unfit(
            f"Skriv højst {MOST_AGREEMENTS} aftaler, én på hver linje. Her er {len(points)}.",
            f"must be {MOST_AGREEMENTS} agreements at most, a line each",
        )
    if long := _too_long(points):
        raise Unfit(
            f"Aftale {long} er for lang. Skriv den med højst {LONGEST_AGREEMENT} tegn.",
            f"agreement {long} must be {LONGEST_AGREEMENT} signs at most",
        )
    return "\n".join(points)


def _too_long(points: Sequence[str]) -> int | None:
    return next((number for number, point in enumerate(points, 1) if len(point) > LONGEST_AGREEMENT), None)
