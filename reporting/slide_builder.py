"""One slide being made: text that fits its place, footer and number, alt texts, notes."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from reporting import metrics, template, tokens

Box = tuple[float, float, float, float]
"""x, y, width, height in points."""

LIFT = 26.0
"""Points that a chart or table gains where the title has one line."""
FILLED = 0.85
"""How much of its place a text that grows may fill."""

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


class SlideBuilder:
    """A slide on one of the template's layouts. Places are addressed by idx; empty ones are removed by `finish`."""

    def __init__(self, deck: Any, layout: int) -> None:  # noqa: ANN401 - python-pptx has no types
        self.layout = deck.slide_layouts[layout]
        self.slide = deck.slides.add_slide(self.layout)
        self._spots = {spot.idx: spot for spot in template.LAYOUTS[layout].spots}
        self._drawn = {shape.placeholder_format.idx: shape for shape in self.layout.placeholders}
        self._places = {shape.placeholder_format.idx: shape for shape in self.slide.placeholders}
        for idx, shape in self._places.items():
            shape.name = self._drawn[idx].name
        self._lift = 0.0
        self._copy_foot()

    def has(self, idx: int) -> bool:
        return idx in self._places

    def box(self, idx: int) -> Box:
        """Where this place is, in points: where the layout has it, a line higher under a title of one line."""
        shape = self._drawn[idx]
        across, down = shape.width / 12700, shape.height / 12700
        lift = self._lift if idx in (template.CHART, template.TABLE) else 0.0
        return shape.left / 12700, shape.top / 12700 - lift, across, down + lift

    def title(self, text: str) -> None:
        """Write the title. Under one of a single line, charts and tables have that much more room."""
        size = self.write(template.TITLE, text)
        spot = self._spots[template.TITLE]
        if len(metrics.wrap(text, self.box(template.TITLE)[2], size, bold=spot.bold)) == 1:
            self._lift = LIFT

    def place(self, idx: int) -> Any:  # noqa: ANN401
        place = self._places[idx]
        if self._lift and idx in (template.CHART, template.TABLE):
            place.left, place.top, place.width, place.height = (Emu(round(value * 12700)) for value in self.box(idx))
        return place

    def write(
        self, idx: int, text: str | Sequence[str], smallest: int | None = None, *, largest: int | None = None
    ) -> int:
        """Put paragraphs in a place at the largest size that fits; the last resort is to shorten. Gives the size.

        With `largest`, few words grow beyond the place's own size and spread out, so that they fill the room.
        """
        spot = self._spots[idx]
        paragraphs = [text] if isinstance(text, str) else list(text)
        _, _, across, down = self.box(idx)
        room = (across - spot.hang, down)
        least = smallest or max(min(spot.points, tokens.SMALLEST_PT), round(spot.points * 0.7))
        grown = range(largest or 0, spot.points, -1)
        gap: float = spot.gap
        points = metrics.largest(paragraphs, room, grown, bold=spot.bold, gap=spot.gap * 2)
        if points is not None and len(paragraphs) > 1:
            left = down * FILLED - metrics.height(paragraphs, room[0], points, bold=spot.bold)
            gap = max(spot.gap * 2, min(points * 1.5, left / (len(paragraphs) - 1)))
        if points is None:
            sizes = range(spot.points, least - 1, -1)
            points = metrics.largest(paragraphs, room, sizes, bold=spot.bold, gap=spot.gap)
        if points is None:
            points = least
            paragraphs = _cut(paragraphs, room, points, bold=spot.bold, gap=spot.gap)
        frame = self.place(idx).text_frame
        for number, paragraph in enumerate(paragraphs):
            line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = line.add_run()
            run.text = paragraph
            if points != spot.points:
                run.font.size = Pt(points)
            if number and gap != spot.gap:
                line.space_before = Pt(round(gap))
        return points

    def fits_title(self, text: str) -> bool:
        """Whether a title stays within its place at its full size."""
        spot = self._spots[template.TITLE]
        _, _, across, down = self.box(template.TITLE)
        return metrics.height([text], across, spot.points, bold=spot.bold) <= down

    def text(
        self, box: Box, text: str, points: float, *, colour: str = tokens.INK, bold: bool = False, align: str = "l",
        under: Sequence[str] = (), name: str = "Tekst",
    ) -> Any:  # fmt: skip  # noqa: ANN401
        """A free text box in points, vertically centred. Lines `under` it are never bold."""
        shape = self.slide.shapes.add_textbox(*(Emu(round(value * 12700)) for value in box))
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        lines = [(line, points, bold) for line in text.split("\n")]
        lines += [(line, tokens.SMALLEST_PT, False) for line in under]
        for number, (line, size, is_bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = {"l": PP_ALIGN.LEFT, "c": PP_ALIGN.CENTER, "r": PP_ALIGN.RIGHT}[align]
            if line:
                add_run(paragraph, line, size, colour, bold=is_bold)
        return shape

    def rectangle(self, box: Box, colour: str, *, behind: Any = None, name: str = "Flade") -> Any:  # noqa: ANN401
        """A filled area without meaning of its own: marked decorative, behind another shape where one is given."""
        shape = self.slide.shapes.add_shape(1, *(Emu(round(value * 12700)) for value in box))
        shape.name = name
        paint(shape.fill, colour)
        shape.line.fill.background()
        style = shape._element.find(f"{_P}style")  # noqa: SLF001
        shape._element.remove(style)  # noqa: SLF001 - the theme's shadow and outline
        shape._element.nvSpPr.cNvPr.append(etree.fromstring(_DECORATIVE))  # noqa: SLF001
        if behind is not None:
            behind._element.addprevious(shape._element)  # noqa: SLF001
        return shape

    def describe(self, shape: Any, text: str, name: str) -> None:  # noqa: ANN401
        """The alt text of a chart or a table."""
        properties = shape._element.find(f".//{_P}cNvPr")  # noqa: SLF001
        properties.set("descr", text)
        properties.set("name", name)

    def finish(self, footer: str, notes: Sequence[str]) -> None:
        """Footer, notes, and no empty places left."""
        for shape in list(self.slide.placeholders):
            idx = shape.placeholder_format.idx
            if idx == template.FOOTER:
                _, _, across, _ = self.box(template.FOOTER)
                shape.text_frame.text = metrics.shorten(footer, across, tokens.FOOTER_PT)
            elif idx != template.NUMBER and _is_empty(shape):
                shape._element.getparent().remove(shape._element)  # noqa: SLF001
        frame = self.slide.notes_slide.notes_text_frame
        frame.text = "\n".join(notes)

    def _copy_foot(self) -> None:
        """Footer and slide number, which python-pptx leaves on the layout."""
        tree = self.slide.shapes._spTree  # noqa: SLF001
        taken = [int(element.get("id")) for element in tree.iter(f"{_P}cNvPr")]
        for idx, shape in self._drawn.items():
            if idx in (template.FOOTER, template.NUMBER):
                copy = deepcopy(shape._element)  # noqa: SLF001
                copy.find(f".//{_P}cNvPr").set("id", str(max(taken) + 1))
                taken.append(max(taken) + 1)
                properties = copy.find(f"{_P}spPr")
                for child in list(properties):
                    properties.remove(child)
                styles = copy.find(f".//{_A}lstStyle")
                for child in list(styles):
                    styles.remove(child)
                tree.append(copy)


def _is_empty(shape: Any) -> bool:  # noqa: ANN401
    """Whether a place was never filled. Filled charts and tables are graphic frames, not shapes."""
    if shape._element.tag != f"{_P}sp":  # noqa: SLF001
        return False
    return not shape.text_frame.text.strip()


def add_run(paragraph: Any, text: str, points: float, colour: str, *, bold: bool = False) -> Any:  # noqa: ANN401
    """A run of text in a colour from the tokens."""
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(points)
    run.font.bold = bold
    tint(run.font.color, colour)
    return run


_THEME = {
    tokens.INK: MSO_THEME_COLOR.TEXT_1,
    tokens.PAPER: MSO_THEME_COLOR.BACKGROUND_1,
    tokens.DEEP: MSO_THEME_COLOR.TEXT_2,
    tokens.SAND: MSO_THEME_COLOR.BACKGROUND_2,
    tokens.MUTED: MSO_THEME_COLOR.FOLLOWED_HYPERLINK,
    tokens.TEAL: MSO_THEME_COLOR.ACCENT_1,
    tokens.MINT: MSO_THEME_COLOR.ACCENT_2,
    tokens.NEUTRAL: MSO_THEME_COLOR.ACCENT_3,
    tokens.STRAW: MSO_THEME_COLOR.ACCENT_4,
    tokens.BROWN: MSO_THEME_COLOR.ACCENT_5,
    tokens.BLUE: MSO_THEME_COLOR.ACCENT_6,
}


_LIGHTER = {tokens.OURS: (tokens.TEAL, 0.06), tokens.OURS_LOW: (tokens.BROWN, 0.12)}


def tint(colour: Any, token: str) -> None:  # noqa: ANN401
    """Set a colour: the theme's where it has the token, so that a restyled template carries through."""
    if token in _THEME:
        colour.theme_color = _THEME[token]
    elif token in _LIGHTER:
        base, by = _LIGHTER[token]
        colour.theme_color = _THEME[base]
        colour.brightness = by
    else:
        colour.rgb = RGBColor(*bytes.fromhex(token))  # type: ignore[no-untyped-call]


def paint(fill: Any, token: str) -> None:  # noqa: ANN401
    fill.solid()
    tint(fill.fore_color, token)


def _cut(paragraphs: list[str], room: tuple[float, float], points: int, *, bold: bool, gap: int) -> list[str]:
    """As many paragraphs as fit; the last one ends in "…"."""
    across, down = room
    kept: list[str] = []
    for paragraph in paragraphs:
        if metrics.height([*kept, paragraph], across, points, bold=bold, gap=gap) > down:
            left = down - metrics.height(kept, across, points, bold=bold, gap=gap) - (gap if kept else 0)
            lines = int(left / (points * metrics.LINE_HEIGHT))
            if lines:
                kept.append(metrics.shorten(paragraph, across, points, bold=bold, lines=lines))
            break
        kept.append(paragraph)
    return kept
