"""Figures read back out of a deck's own chart data: what PowerPoint would show and edit."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation


@dataclass(frozen=True)
class ChartData:
    """One chart. A series is its name and values; for dots the values are (x, y)."""

    slide: int
    title: str
    name: str
    alt: str
    categories: tuple[str, ...]
    series: dict[str, tuple[Any, ...]]


def read_chart_data(deck: bytes) -> list[ChartData]:
    """Every chart of a .pptx, in the order of the slides."""
    found = []
    for number, slide in enumerate(Presentation(BytesIO(deck)).slides, 1):
        title = slide.shapes.title.text_frame.text if slide.shapes.title is not None else ""
        for shape in slide.shapes:
            if shape.has_chart:
                alt = shape._element.nvGraphicFramePr.cNvPr.get("descr", "")  # noqa: SLF001
                plot = shape.chart.plots[0]
                found.append(
                    ChartData(
                        number, title, shape.name, alt, _categories(plot), {s.name: _values(s) for s in plot.series}
                    )
                )
    return found


def _categories(plot: Any) -> tuple[str, ...]:  # noqa: ANN401 - python-pptx has no types
    return tuple(str(category) for category in plot.categories)


def _values(series: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if hasattr(series, "iter_values") and series._element.xVal is not None:  # noqa: SLF001
        across = [float(v.text) for v in series._element.xVal.iter("{*}v")]  # noqa: SLF001
        return tuple(zip(across, series.values, strict=True))
    return tuple(series.values)
