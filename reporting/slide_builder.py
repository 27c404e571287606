"""One slide being made: text that fits its place, footer and number, alt texts, notes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, Self

from lxml import etree
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from reporting import metrics, template, tokens
from reporting.colours import paint, solid_fill
from reporting.logo import Logo

Box = tuple[float, float, float, float]
"""x, y, width, height in points."""
Listed = Literal["as drawn", "bullets", "plain"]

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


class Layouts:
    """A deck's layouts as its slides need them, looked up once: boxes, names, and the foot that each slide repeats."""

    def __init__(self, deck: Any) -> None:  # noqa: ANN401 - python-pptx has no types
        self._deck = deck
        self._known: dict[int, LayoutPlaces] = {}

    def new_slide(self, layout: int) -> "SlideBuilder":
        """A slide on this layout, at the end of the deck."""
        if layout not in self._known:
            self._known[layout] = LayoutPlaces.of(self._deck.slide_layouts[layout])
        return SlideBuilder(self._deck.slides.add_slide(self._known[layout].layout), layout, self._known[layout])


@dataclass(frozen=True)
class LayoutPlaces:
    """Where a layout has its places, in points, by idx; their names; and footer and slide number to be copied."""

    layout: Any
    boxes: Mapping[int, Box]
    names: Mapping[int, str]
    foot: Mapping[int, Any]

    @classmethod
    def of(cls, layout: Any) -> Self:  # noqa: ANN401
        """Read them. The foot's copies take place and looks from the layout, as python-pptx's other copies do."""
        shapes = {shape.placeholder_format.idx: shape for shape in layout.placeholders}
        foot = {idx: deepcopy(shapes[idx]._element) for idx in (template.FOOTER, template.NUMBER) if idx in shapes}  # noqa: SLF001
        for element in foot.values():
            for inherited in (*element.find(f"{_P}spPr"), *element.find(f".//{_A}lstStyle")):
                inherited.getparent().remove(inherited)
        return cls(
            layout=layout,
            boxes={idx: (s.left.pt, s.top.pt, s.width.pt, s.height.pt) for idx, s in shapes.items()},
            names={idx: shape.name for idx, shape in shapes.items()},
            foot=foot,
        )


class SlideBuilder:
    """A slide on one of the template's layouts. Places are addressed by idx; empty ones are removed by `finish`."""

    def __init__(self, slide: Any, layout: int, places: LayoutPlaces) -> None:  # noqa: ANN401
        self.slide = slide
        self._layout = places
        self._spots = {spot.idx: spot for spot in template.LAYOUTS[layout].spots}
        self._places = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
        self._filled: set[int] = set()
        for idx, shape in self._places.items():
            shape.name = places.names[idx]
        self._lift = 0.0

    def has(self, idx: int) -> bool:
        return idx in self._places

    def box(self, idx: int) -> Box:
        """Where this place is, in points: where the layout has it, a line higher under a title of one line."""
        x, y, across, down = self._layout.boxes[idx]
        lift = self._lift if idx in (template.CHART, template.TABLE) else 0.0
        return x, y - lift, across, down + lift

    def title(self, text: str) -> None:
        """Write the title. Under one of a single line, charts and tables have that much more room."""
        size = self.write(template.TITLE, text)
        spot = self._spots[template.TITLE]
        if len(metrics.wrap(text, self.box(template.TITLE)[2], size, bold=spot.bold)) == 1:
            self._lift = LIFT

    def place(self, idx: int) -> Any:  # noqa: ANN401
        """The place itself, to be filled by whoever asks for it."""
        self._filled.add(idx)
        place = self._places[idx]
        if self._lift and idx in (template.CHART, template.TABLE):
            place.left, place.top, place.width, place.height = (Emu(round(value * 12700)) for value in self.box(idx))
        return place

    def write(
        self, idx: int, text: str | Sequence[str], smallest: int | None = None, *, largest: int | None = None,
        listed: Listed = "as drawn",
    ) -> int:  # fmt: skip
        """Put paragraphs in a place at the largest size that fits; the last resort is to shorten. Gives the size.

        With `largest`, few words grow beyond the place's own size and spread out, so that they fill the room. `listed`
        gives them bullets, or takes away what the layout has.
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
            if listed != "as drawn":
                _list(line, listed)
            run = line.add_run()
            run.text = paragraph
            if points != spot.points:
                run.font.size = Pt(points)
            if number and gap != spot.gap:
                line.space_before = Pt(round(gap))
        return points

    def fits(self, idx: int, paragraphs: Sequence[str], smallest: int) -> bool:
        """Whether `write` puts these paragraphs in a place as they are, at this size or larger."""
        spot = self._spots[idx]
        _, _, across, down = self.box(idx)
        return metrics.height(paragraphs, across - spot.hang, smallest, bold=spot.bold, gap=spot.gap) <= down

    def number_from(self, idx: int, first: int | None) -> None:
        """Count the paragraphs of a numbered place from this number on; with None, they have no numbers."""
        for paragraph in self.place(idx).text_frame.paragraphs:
            properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-pptx has no numbering
            if first is None:
                properties.set("marL", "0")
                properties.set("indent", "0")
                etree.SubElement(properties, f"{_A}buNone")
            elif first != 1:
                etree.SubElement(properties, f"{_A}buAutoNum", type="arabicPeriod", startAt=str(first))

    def embolden(self, idx: int, beginnings: Sequence[str]) -> None:
        """Set these beginnings of paragraphs in bold."""
        for paragraph in self.place(idx).text_frame.paragraphs:
            run = paragraph.runs[0]
            found = next((words for words in beginnings if run.text.startswith(words)), None)
            if found:
                rest = deepcopy(run._r)  # noqa: SLF001
                run._r.addnext(rest)  # noqa: SLF001
                rest.text = run.text.removeprefix(found)
                run.text, run.font.bold = found, True

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

    def picture(self, idx: int, logo: Logo) -> None:
        """A picture as large as its place allows, at its left, whole and in its own shape."""
        x, y, across, down = self.box(idx)
        width = min(across, down * logo.shape)
        box = (x, y, width, width / logo.shape)
        shape = self.slide.shapes.add_picture(BytesIO(logo.content), *(Emu(round(value * 12700)) for value in box))
        self.describe(shape, logo.alt, "Logo")

    def describe(self, shape: Any, text: str, name: str) -> None:  # noqa: ANN401
        """The alt text of a chart or a table."""
        properties = shape._element.find(f".//{_P}cNvPr")  # noqa: SLF001
        properties.set("descr", text)
        properties.set("name", name)

    def finish(self, footer: str, notes: Sequence[str]) -> None:
        """Footer, notes, and no empty places left."""
        for idx, shape in self._places.items():
            if idx not in self._filled:
                shape._element.getparent().remove(shape._element)  # noqa: SLF001
        tree = self.slide.shapes._spTree  # noqa: SLF001
        taken = max(int(element.get("id")) for element in tree.iter(f"{_P}cNvPr"))
        for idx, element in self._layout.foot.items():
            taken += 1
            copy = deepcopy(element)
            copy.find(f".//{_P}cNvPr").set("id", str(taken))
            tree.append(copy)
            if idx == template.FOOTER:
                _, _, across, _ = self.box(template.FOOTER)
                run = copy.find(f".//{_A}p").add_r()
                run.text = metrics.shorten(footer, across, tokens.FOOTER_PT)
        self.slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _list(paragraph: Any, listed: Listed) -> None:  # noqa: ANN401
    """Bullets, or nothing, in place of what the layout draws before a paragraph."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    hang = round(template.HANG * 12700) if listed == "bullets" else 0
    properties.set("marL", str(hang))
    properties.set("indent", str(-hang))
    if listed == "bullets":
        for tag, name, value in (("buFont", "typeface", "Arial"), ("buChar", "char", "•")):
            etree.SubElement(properties, f"{_A}{tag}").set(name, value)
    else:
        etree.SubElement(properties, f"{_A}buNone")


def add_run(paragraph: Any, text: str, points: float, colour: str, *, bold: bool = False) -> None:  # noqa: ANN401
    """A run of text in a colour from the tokens."""
    run = paragraph._p.add_r(text)  # noqa: SLF001 - python-pptx's own way takes four times as long
    properties = run.get_or_add_rPr()
    properties.set("sz", str(round(points * 100)))
    properties.set("b", str(int(bold)))
    properties.append(solid_fill(colour))


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
