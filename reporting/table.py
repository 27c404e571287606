"""Native tables that fit: a header row, column widths, row heights reckoned from the text."""

from collections.abc import Sequence
from typing import Any

from pptx.util import Emu

from reporting import metrics, template, tokens
from reporting.colours import solid_fill
from reporting.slide_builder import SlideBuilder, add_run

PADDING = 7.0
"""Points of air left and right in a cell."""


def fill_table(
    page: SlideBuilder,
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    points: int,
    row_height: float,
    name: str,
    centred: bool = False,
    header: bool = True,
) -> Any:  # noqa: ANN401 - python-pptx has no types
    """A table in the page's table place. `widths` are parts of its width; text shrinks before it overflows."""
    _, _, across, down = page.box(template.TABLE)
    columns = [across * width for width in widths]
    row_height = min(row_height, down // len(rows))
    size = next(
        (p for p in range(points, tokens.SMALLEST_PT - 1, -1) if sum(_heights(rows, columns, p, row_height)) <= down),
        tokens.SMALLEST_PT,
    )
    heights = _heights(rows, columns, size, row_height)
    if sum(heights) > down:
        heights = _heights(rows, columns, size, 0)
    frame = page.place(template.TABLE).insert_table(len(rows), len(widths))
    frame.height = Emu(round(sum(heights) * 12700))
    page.describe(frame, f"Tabel: {name}. {len(rows)} rækker.", name)
    table = frame.table
    table.first_row = header
    table.horz_banding = False
    for column, room in zip(table.columns, columns, strict=True):
        column.width = Emu(round(room * 12700))
    for number, (row, texts, tall) in enumerate(zip(table.rows, rows, heights, strict=True)):
        row.height = Emu(round(tall * 12700))
        head = header and number == 0
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            _fill(cell, text, size, head=head, even=number % 2 == 0, centred=centred and place > 0)
    return frame


def _heights(rows: Sequence[Sequence[str]], columns: Sequence[float], points: int, least: float) -> list[float]:
    return [
        max(
            least,
            *(
                metrics.height([text], room - 2 * PADDING, points, bold=True) + 5
                for text, room in zip(row, columns, strict=True)
            ),
        )
        for row in rows
    ]


def _fill(cell: Any, text: str, points: int, *, head: bool, even: bool, centred: bool) -> None:  # noqa: ANN401
    paragraph = cell.text_frame.paragraphs[0]
    paragraph._p.get_or_add_pPr().set("algn", "ctr" if centred else "l")  # noqa: SLF001
    add_run(paragraph, text, points, tokens.PAPER if head else tokens.INK, bold=head)
    looks = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    for side, air in (("marL", PADDING), ("marR", PADDING), ("marT", 2), ("marB", 2)):
        looks.set(side, str(round(air * 12700)))
    looks.set("anchor", "ctr")
    looks.append(solid_fill(tokens.DEEP if head else tokens.SAND if even else tokens.PAPER))
