"""What a deck costs beside the same shapes made with python-pptx alone, and whether memory stays flat over many orders.

    python -m benchmarks.deck [--package SLUG] [--answers N] [--rounds N] [--orders N]

The bare deck has the same slides, texts, charts, tables and notes on the same template, put there as python-pptx's own
documentation does it; it reckons no room, styles no chart and gives no alt text. The two take turns, and a ratio is of
the same round. Times are the process' own.
"""

import argparse
import datetime as dt
import random
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE

from demo.answers import plausible_answers
from domain.answers import read_answers
from domain.disclosure import disclose
from domain.meeting import Meeting
from domain.model import Round
from domain.package import Package
from domain.tabulation import tabulate
from reporting.deck import make_deck
from reporting.deck_check import deck_problems
from reporting.report_context import ReportContext
from reporting.template import TEMPLATE
from storage.packages import read_package

PACKAGES = Path(__file__).parents[1] / "klyngepakker"


@dataclass(frozen=True)
class Result:
    """Milliseconds of the process' own time for a deck, and MB that the process grew by over many."""

    slides: int
    ours: float
    bare: float
    ratio: float
    grown: float


def a_report(package: Package, answers: int) -> ReportContext:
    """A baseline of plausible answers."""
    rows = [
        read_answers(package, Round.BASELINE, row, complete=False)
        for row in plausible_answers(package, Round.BASELINE, answers)
    ]
    counted = tabulate(package, Round.BASELINE, answers + 6, rows, random.Random(1).shuffle)  # noqa: S311
    return ReportContext(
        package=package,
        results=disclose(counted, package.disclosure),
        cluster="Klynge Aalborg Øst",
        made_on=dt.date(2026, 11, 2),
        meeting=Meeting(starts=dt.datetime(2026, 11, 25, 17)),  # noqa: DTZ001 - the wall clock in Denmark
    )


def bare_deck(model: bytes) -> Callable[[], bytes]:
    """A maker of the same slides with python-pptx alone. What they hold is read once, outside the measuring."""
    slides = [_slide(slide) for slide in Presentation(BytesIO(model)).slides]

    def make() -> bytes:
        deck = Presentation(str(TEMPLATE))
        layouts = {layout.name: layout for layout in deck.slide_layouts}
        for layout, notes, shapes in slides:
            slide = deck.slides.add_slide(layouts[layout])
            places = {place.placeholder_format.idx: place for place in slide.placeholders}
            for put in shapes:
                put(slide, places)
            slide.notes_slide.notes_text_frame.text = notes
        buffer = BytesIO()
        deck.save(buffer)
        return buffer.getvalue()

    return make


Put = Callable[[Any, dict[int, Any]], None]


def _slide(slide: Any) -> tuple[str, str, list[Put]]:  # noqa: ANN401 - python-pptx has no types
    return slide.slide_layout.name, slide.notes_slide.notes_text_frame.text, [_shape(shape) for shape in slide.shapes]


def _shape(shape: Any) -> Put:  # noqa: ANN401
    place = (shape.left, shape.top, shape.width, shape.height)
    if shape.has_chart:
        return _chart(shape.chart, place)
    if shape.has_table:
        rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        return _table(rows, place)
    text = shape.text_frame.text
    if shape.is_placeholder:
        idx = shape.placeholder_format.idx

        def into_its_place(slide: Any, places: dict[int, Any]) -> None:  # noqa: ANN401
            (places[idx] if idx in places else slide.shapes.add_textbox(*place)).text_frame.text = text

        return into_its_place
    if text:

        def textbox(slide: Any, _: dict[int, Any]) -> None:  # noqa: ANN401
            slide.shapes.add_textbox(*place).text_frame.text = text

        return textbox

    def area(slide: Any, _: dict[int, Any]) -> None:  # noqa: ANN401
        slide.shapes.add_shape(1, *place)

    return area


def _chart(chart: Any, place: tuple[int, int, int, int]) -> Put:  # noqa: ANN401
    kind = chart.chart_type
    if kind == XL_CHART_TYPE.XY_SCATTER:
        points = [
            (series.name, list(zip(series.iter_values(), _x_values(series), strict=True)))
            for series in chart.plots[0].series
        ]

        def dots(slide: Any, _: dict[int, Any]) -> None:  # noqa: ANN401
            data: Any = XyChartData()  # type: ignore[no-untyped-call]
            for name, pairs in points:
                series = data.add_series(name)
                for y, x in pairs:
                    series.add_data_point(x, y)
            slide.shapes.add_chart(kind, *place, data)

        return dots
    categories = [str(category) for category in chart.plots[0].categories]
    values = [(series.name, list(series.values)) for series in chart.plots[0].series]

    def bars(slide: Any, _: dict[int, Any]) -> None:  # noqa: ANN401
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = categories
        for name, numbers in values:
            data.add_series(name, numbers)
        slide.shapes.add_chart(kind, *place, data)

    return bars


def _x_values(series: Any) -> list[float]:  # noqa: ANN401
    return [float(value.text) for value in series._element.findall("./{*}xVal//{*}v")]  # noqa: SLF001


def _table(rows: list[list[str]], place: tuple[int, int, int, int]) -> Put:
    def put(slide: Any, _: dict[int, Any]) -> None:  # noqa: ANN401
        table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(number, column).text_frame.text = text

    return put


def measure(package: str, answers: int, rounds: int, orders: int) -> Result:
    """Both take turns; then as many decks more as `orders`, for the memory."""
    report = a_report(read_package(PACKAGES / package, deck_problems), answers)
    model = make_deck(report)
    bare = bare_deck(model)
    bare()
    times = [(_cpu(lambda: make_deck(report)), _cpu(bare)) for _ in range(rounds)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(orders):
        make_deck(report)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Result(
        slides=len(Presentation(BytesIO(model)).slides),
        ours=statistics.median(ours for ours, _ in times),
        bare=statistics.median(other for _, other in times),
        ratio=statistics.median(ours / other for ours, other in times),
        grown=grown,
    )


def _cpu(make: Callable[[], bytes]) -> float:
    begun = time.process_time()
    make()
    return (time.process_time() - begun) * 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", default="trivsel-og-arbejdsglaede")
    parser.add_argument("--answers", type=int, default=34)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--orders", type=int, default=200)
    given = parser.parse_args()
    found = measure(given.package, given.answers, given.rounds, given.orders)
    print(f"{found.slides} slides: ours {found.ours:.0f} ms, python-pptx {found.bare:.0f} ms: {found.ratio:.2f} ×")
    print(f"memory over {given.orders} orders: {found.grown:+.1f} MB")


if __name__ == "__main__":
    main()
