"""A deck as its readers meet it: words, notes, fonts and room, read back from the file."""

import zipfile
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

from lxml import etree
from pptx import Presentation

from reporting import metrics, template
from reporting.reading import ChartData, read_chart_data

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SPOTS = {layout.name: {spot.idx: spot for spot in layout.spots} for layout in template.LAYOUTS}


@lru_cache(maxsize=16)
def slides_of(deck: bytes) -> tuple[Any, ...]:
    """A deck's slides, to be read only: a deck is opened once for the tests of a process."""
    return tuple(Presentation(BytesIO(deck)).slides)


def words_of(slide: Any) -> str:
    """Everything on a slide that can be read, tables and alt texts included."""
    parts: list[str] = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            parts.append(shape.text_frame.text)
        if shape.has_table:
            parts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
        parts.append(shape._element.xpath(".//p:cNvPr")[0].get("descr", ""))
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def numbered_lines_of(slide: Any) -> list[str]:
    """The paragraphs of a group's tasks as they are shown: with the numbers that PowerPoint counts."""
    place = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == template.BODY)
    lines = []
    for count, paragraph in enumerate(place.text_frame.paragraphs):
        counted = paragraph._p.find(f"{A}pPr/{A}buAutoNum")
        first = 1 if counted is None else int(counted.get("startAt", "1"))
        plain = paragraph._p.find(f"{A}pPr/{A}buNone") is not None
        lines.append(paragraph.text if plain else f"{first + count}. {paragraph.text}")
    return lines


def title_of(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text).replace("\N{NO-BREAK SPACE}", " ")


def titles_of(deck: bytes) -> list[str]:
    return [title_of(slide) for slide in slides_of(deck)]


def notes_of(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text).replace("\N{NO-BREAK SPACE}", " ")


def the_slide(deck: bytes, words: str) -> Any:
    """The one slide with these words on it."""
    found = [slide for slide in slides_of(deck) if words in words_of(slide)]
    assert len(found) == 1, [title_of(slide) for slide in found]
    return found[0]


def the_chart(deck: bytes, name: str) -> ChartData:
    """The data of the first chart of this name."""
    return next(chart for chart in read_chart_data(deck) if chart.name == name)


def slide_with(deck: bytes, chart: ChartData) -> Any:
    """The slide that a chart is on."""
    return slides_of(deck)[chart.slide - 1]


def drawn_on(slide: Any) -> Any:
    """The first chart on a slide, as it is drawn."""
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def parts_of(deck: bytes, ending: str = ".xml") -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(deck)) as file:
        return {name: file.read(name) for name in file.namelist() if name.endswith(ending)}


def runs_without_danish(deck: bytes) -> list[str]:
    wrong = []
    for name, content in parts_of(deck).items():
        if not name.startswith("ppt/"):
            continue
        root = etree.fromstring(content)
        wrong += [name for tag in ("rPr", "defRPr", "endParaRPr") for run in root.iter(f"{A}{tag}")
                  if run.get("lang") != "da-DK"]  # fmt: skip
        wrong += [name for run in root.iter(f"{A}r") if run.find(f"{A}rPr") is None]
    return wrong


def overflows(deck: bytes) -> Iterator[str]:
    """Every text that takes more room than its place has, by the font's own widths."""
    for number, slide in enumerate(slides_of(deck), 1):
        spots = SPOTS[slide.slide_layout.name]
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.strip():
                spot = spots.get(shape.placeholder_format.idx) if shape.is_placeholder else None
                if (taken := room_taken(shape, spot)) > shape.height / 12700 + 0.5:
                    yield f"slide {number}, {shape.name}: {taken:.0f} of {shape.height / 12700:.0f} points"
            if shape.has_table:
                low = shape.top + sum(row.height for row in shape.table.rows)
                if low / 914400 > 6.04:
                    yield f"slide {number}: the table ends at {low / 914400:.2f} inches"
            if shape.has_chart:
                yield from (f"slide {number}: {problem}" for problem in _label_problems(shape))


def too_small(deck: bytes, least: float = 16) -> Iterator[str]:
    """Every text that can't be read from the back row: smaller than this many points, footers and sources apart."""
    for number, slide in enumerate(slides_of(deck), 1):
        spots = SPOTS[slide.slide_layout.name]
        for shape in slide.shapes:
            idx = shape.placeholder_format.idx if shape.is_placeholder else None
            if idx in (template.FOOTER, template.NUMBER, template.SOURCE):
                continue
            frames = [shape.text_frame] if shape.has_text_frame else []
            if shape.has_table:
                frames += [cell.text_frame for row in shape.table.rows for cell in row.cells]
            drawn = spots[idx].points if idx in spots else least
            for run in (run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs):
                size = run.font.size.pt if run.font.size else drawn
                if run.text.strip() and size < least:
                    yield f"slide {number}, {shape.name}: {size:g} points: {run.text[:40]}"
            if shape.has_chart:
                sizes = shape.chart._chartSpace.xpath(".//a:defRPr/@sz")
                yield from (
                    f"slide {number}, {shape.name}: {int(sz) / 100:g} points" for sz in sizes if int(sz) < least * 100
                )


def room_taken(shape: Any, spot: template.Spot | None) -> float:
    """The height of a text in points, with the space between its paragraphs."""
    across = shape.width / 12700 - (spot.hang if spot else 0)
    taken = 0.0
    for index, paragraph in enumerate(shape.text_frame.paragraphs):
        text = "".join(run.text for run in paragraph.runs) or paragraph.text
        sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
        points = max(sizes) if sizes else spot.points if spot else 18
        bold = (spot is not None and spot.bold) or any(run.font.bold for run in paragraph.runs)
        told = paragraph.space_before
        gap = 0 if not index else told.pt if told is not None else spot.gap if spot else 0
        taken += metrics.height([text], across, points, bold=bold) + gap
    return taken


def _label_problems(shape: Any) -> Iterator[str]:
    """Category labels that are taller than their row."""
    labels = [str(label) for label in shape.chart.plots[0].categories]
    if not labels:
        return
    points = shape.chart.category_axis.tick_labels.font.size.pt
    layout = shape.chart._chartSpace.find(".//{*}plotArea/{*}layout/{*}manualLayout")
    left, tall = float(layout.find("{*}x").get("val")), float(layout.find("{*}h").get("val"))
    room, pitch = left * shape.width / 12700 - 8, tall * shape.height / 12700 / len(labels)
    for label in labels:
        if metrics.height([label], room, points) > pitch:
            yield f"label '{label}' is taller than its row"
