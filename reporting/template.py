"""The deck's template: theme, master and eight layouts whose places are found by idx. `python -m reporting.template`.

KiAP may restyle `template.pptx` in PowerPoint as it likes, as long as layouts keep their names and places their idx.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin
from pathlib import Path
from typing import Any, Final, Literal

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Emu, Inches

from reporting import tokens
from reporting.steady import EPOCH, steady_pptx

TEMPLATE: Final = Path(__file__).with_name("template.pptx")
WIDTH, HEIGHT = 13.333, 7.5

TITLE, BODY, FOOTER, NUMBER = 0, 1, 11, 12
KICKER, CHART, BASE, SOURCE, SIDE, TABLE, DETAIL, FIGURE, LOGO = 13, 14, 15, 16, 17, 18, 19, 20, 21

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}"'

LEFT, ACROSS = 0.6, 12.13
HANG = 28
"""Points by which a list's text is indented."""

Alignment = Literal["l", "ctr", "r"]


@dataclass(frozen=True)
class Spot:
    """A place on a layout. `box` is x, y, width, height in inches."""

    idx: int
    name: str
    box: tuple[float, float, float, float]
    kind: Literal["title", "body", "chart", "tbl", "pic", "ftr", "sldNum"] = "body"
    points: int = tokens.BODY_PT
    colour: str = "tx1"
    bold: bool = False
    bullets: bool = False
    numbered: bool = False
    anchor: Literal["t", "ctr", "b"] = "t"
    align: Alignment = "l"
    gap: int = 0

    @property
    def hang(self) -> int:
        """Points by which its text is indented behind bullets or numbers."""
        return HANG if self.bullets or self.numbered else 0


@dataclass(frozen=True)
class Mark:
    """A decorative shape of a layout, in inches. `shade` is how much of the colour is seen, in per cent."""

    shape: Literal["rect", "ellipse", "triangle"]
    box: tuple[float, float, float, float]
    colour: str
    shade: int = 100
    turned: int = 0
    """Degrees, clockwise."""


@dataclass(frozen=True)
class Layout:
    name: str
    spots: tuple[Spot, ...]
    background: str | None = None
    marks: tuple[Mark, ...] = ()


def _circle(x: float, y: float, seats: int, *, radius: float, dot: float, colour: str, shade: int) -> Iterator[Mark]:
    """Doctors around a table: dots in a ring, as a cluster sits."""
    for seat in range(seats):
        angle = 2 * pi * seat / seats
        left, top = x + radius * cos(angle) - dot / 2, y + radius * sin(angle) - dot / 2
        if left >= 0 and top >= 0 and left + dot <= WIDTH and top + dot <= HEIGHT:
            yield Mark("ellipse", (round(left, 3), round(top, 3), dot, dot), colour, shade)


_KICKER = Spot(KICKER, "Målepunkt", (LEFT, 0.4, ACROSS, 0.32), points=16, colour="accent1", bold=True)
_TITLE = Spot(
    TITLE, "Titel", (LEFT, 0.74, ACROSS, 1.0), kind="title", points=tokens.TITLE_PT, colour="tx2", bold=True
)  # fmt: skip
_BASE = Spot(BASE, "Grundlag", (LEFT, 6.04, ACROSS, 0.58), points=tokens.BASE_PT, colour="tx1", anchor="b")
_SOURCE = Spot(SOURCE, "Kilde", (LEFT, 6.64, ACROSS, 0.42), points=tokens.SOURCE_PT, colour="folHlink")
_FOOTER = Spot(FOOTER, "Sidefod", (LEFT, 7.12, 10.4, 0.26), "ftr", tokens.FOOTER_PT, "folHlink", anchor="ctr")
_NUMBER = Spot(
    NUMBER, "Slidenummer", (11.73, 7.12, 1.0, 0.26), "sldNum", tokens.FOOTER_PT, "folHlink", anchor="ctr", align="r"
)  # fmt: skip
_FOOT = (_FOOTER, _NUMBER)
_CHART = Spot(CHART, "Diagram", (LEFT, 1.82, ACROSS, 4.18), "chart", 16)

_MASTER_MARKS = (Mark("rect", (LEFT, 7.08, ACROSS, 0.012), "accent3"), Mark("rect", (0, 0, WIDTH, 0.12), "tx2"))
PANEL = 4.05
"""Inches of the coloured panel at the left of a task."""
_PANEL = Mark("rect", (0, 0, PANEL, HEIGHT), "tx2")
_RING = (
    *_circle(11.15, 3.75, 22, radius=2.95, dot=0.34, colour="accent2", shade=34),
    *_circle(11.15, 3.75, 15, radius=2.1, dot=0.46, colour="accent2", shade=60),
    *_circle(11.15, 3.75, 8, radius=1.15, dot=0.6, colour="accent4", shade=90),
)
_SMALL_RING = (
    *_circle(2.02, 6.3, 16, radius=0.95, dot=0.15, colour="accent2", shade=40),
    *_circle(2.02, 6.3, 10, radius=0.6, dot=0.2, colour="accent2", shade=65),
)

FRONT, TEXT, DIAGRAM, DIAGRAM_AND_TEXT, TABLE_PAGE, TASK, MESSAGE, VIDEO = range(8)
LAYOUTS: Final = (
    Layout(
        "Forside",
        (
            Spot(LOGO, "Logo", (0.8, 0.6, 2.6, 0.9), "pic", 16, "bg1"),
            Spot(TITLE, "Titel", (0.8, 1.85, 7.1, 1.95), "title", 44, "bg1", bold=True, anchor="b"),
            Spot(BODY, "Klynge", (0.8, 3.95, 7.1, 1.15), points=28, colour="accent2"),
            Spot(DETAIL, "Detaljer", (0.8, 5.2, 7.1, 2.0), points=18, colour="bg1", gap=4),
        ),
        background="tx2",
        marks=_RING,
    ),
    Layout(
        "Tekst",
        (
            _KICKER,
            _TITLE,
            Spot(BODY, "Tekst", (LEFT, 1.95, 11.6, 4.7), points=24, bullets=True, gap=14),
            Spot(SOURCE, "Kilde", (LEFT, 6.7, ACROSS, 0.36), points=tokens.SOURCE_PT, colour="folHlink"),
            *_FOOT,
        ),
    ),
    Layout("Diagram", (_KICKER, _TITLE, _CHART, _BASE, _SOURCE, *_FOOT)),
    Layout(
        "Diagram og tekst",
        (
            _KICKER,
            _TITLE,
            Spot(CHART, "Diagram", (LEFT, 1.82, 8.0, 4.18), "chart", 16),
            Spot(FIGURE, "Nøgletal", (9.05, 1.95, 3.68, 1.0), points=54, colour="accent1", bold=True, anchor="b"),
            Spot(SIDE, "Sidetekst", (9.05, 3.05, 3.68, 2.95), points=18, gap=8),
            _BASE,
            _SOURCE,
            *_FOOT,
        ),
        marks=(Mark("rect", (8.8, 1.95, 0.03, 4.05), "accent2"),),
    ),
    Layout(
        "Tabel",
        (_KICKER, _TITLE, Spot(TABLE, "Tabel", (LEFT, 1.8, ACROSS, 4.2), "tbl", 16), _BASE, _SOURCE, *_FOOT),
    ),
    Layout(
        "Opgave",
        (
            Spot(KICKER, "Overlinje", (0.6, 0.6, 3.0, 0.6), points=20, colour="accent2", bold=True),
            Spot(FIGURE, "Tid", (0.6, 1.35, 3.0, 0.95), points=44, colour="bg1", bold=True, anchor="b"),
            Spot(SIDE, "Sådan gør I", (0.6, 2.45, 3.1, 2.7), points=18, colour="bg1", gap=6),
            Spot(TITLE, "Titel", (4.6, 0.6, 8.13, 1.1), "title", tokens.TITLE_PT, "tx2", bold=True),
            Spot(BODY, "Opgave", (4.6, 1.95, 8.13, 4.75), points=24, numbered=True, gap=16),
            Spot(FOOTER, "Sidefod", (4.6, 7.12, 6.4, 0.26), "ftr", tokens.FOOTER_PT, "folHlink", anchor="ctr"),
            _NUMBER,
        ),
        background="bg2",
        marks=(_PANEL, *_SMALL_RING),
    ),
    Layout(
        "Besked",
        (
            Spot(KICKER, "Målepunkt", (4.6, 0.6, 8.13, 0.32), points=16, colour="accent1", bold=True),
            Spot(TITLE, "Titel", (4.6, 0.98, 8.13, 1.1), "title", tokens.TITLE_PT, "tx2", bold=True),
            Spot(BODY, "Besked", (4.6, 2.1, 8.13, 4.25), points=24, gap=14),
            Spot(BASE, "Grundlag", (4.6, 6.42, 8.13, 0.58), points=tokens.BASE_PT, colour="tx1", anchor="b"),
            Spot(FOOTER, "Sidefod", (4.6, 7.12, 6.4, 0.26), "ftr", tokens.FOOTER_PT, "folHlink", anchor="ctr"),
            _NUMBER,
        ),
        background="bg2",
        marks=(_PANEL, *_circle(2.02, 3.75, 14, radius=1.3, dot=0.3, colour="accent2", shade=60)),
    ),
    Layout(
        "Video",
        (
            Spot(KICKER, "Overlinje", (5.2, 1.9, 7.5, 0.4), points=18, colour="accent2", bold=True),
            Spot(TITLE, "Titel", (5.2, 2.4, 7.5, 1.45), "title", 36, "bg1", bold=True),
            Spot(BODY, "Tekst", (5.2, 4.05, 7.5, 2.2), points=20, colour="bg1", gap=8),
        ),
        background="tx2",
        marks=(
            Mark("ellipse", (1.25, 2.15, 3.2, 3.2), "accent2"),
            Mark("triangle", (2.35, 3.05, 1.4, 1.4), "tx2", turned=90),
        ),
    ),
)


def build_template() -> bytes:
    """The template as .pptx bytes; the same every time."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _drop_leftovers(deck)
    master = deck.slide_master
    _set_theme(master.part.part_related_by(RT.THEME))
    _set_theme(deck.notes_master.part.part_related_by(RT.THEME))
    for layout in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    _write_master(master)
    for layout, plan in zip(deck.slide_layouts, LAYOUTS, strict=True):
        _write_layout(layout, plan)
    deck.core_properties.created = deck.core_properties.modified = EPOCH
    return steady_pptx(deck)


def _drop_leftovers(deck: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    """The 4:3 mark, the thumbnail and the printer settings of python-pptx's own default."""
    size = deck.element.find(f"{{{P}}}sldSz")
    size.attrib.pop("type", None)
    for part in (deck.part, deck.part.package):
        rels = part._rels  # noqa: SLF001
        for r_id in [r_id for r_id, rel in rels.items() if rel.reltype.endswith(("/thumbnail", "/printerSettings"))]:
            rels.pop(r_id)


def _set_theme(part: Any) -> None:  # noqa: ANN401
    theme = etree.fromstring(part.blob)
    theme.set("name", "KiAP")
    colours = theme.find(f".//{{{A}}}clrScheme")
    colours.set("name", "KiAP")
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    values = (tokens.INK, tokens.PAPER, tokens.DEEP, tokens.SAND, *tokens.ACCENTS, tokens.BLUE, tokens.MUTED)
    for child in list(colours):
        colours.remove(child)
    for name, value in zip(names, values, strict=True):
        etree.SubElement(etree.SubElement(colours, f"{{{A}}}{name}"), f"{{{A}}}srgbClr").set("val", value)
    fonts = theme.find(f".//{{{A}}}fontScheme")
    fonts.set("name", "KiAP")
    for latin in fonts.iter(f"{{{A}}}latin"):
        latin.set("typeface", tokens.FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _write_master(master: Any) -> None:  # noqa: ANN401
    element = master._element  # noqa: SLF001
    tree = element.find(f".//{{{P}}}spTree")
    _clear(tree)
    body = Spot(BODY, "Tekst", (LEFT, 1.85, ACROSS, 4.9), bullets=True, gap=8)
    for number, mark in enumerate(_MASTER_MARKS, 7):
        tree.append(_decoration(mark, number))
    for number, spot in enumerate((_TITLE, body, *_FOOT), 3):
        tree.append(_shape(spot, number))
    _drop_extensions(element)
    styles = element.find(f"{{{P}}}txStyles")
    position = list(element).index(styles)
    element.remove(styles)
    element.insert(position, etree.fromstring(_text_styles()))


def _write_layout(layout: Any, plan: Layout) -> None:  # noqa: ANN401
    element = layout._element  # noqa: SLF001
    element.attrib.pop("type", None)
    element.set("userDrawn", "1")
    element.set("preserve", "1")
    content = element.find(f"{{{P}}}cSld")
    content.set("name", plan.name)
    background = content.find(f"{{{P}}}bg")
    if background is not None:
        content.remove(background)
    if plan.background:
        element.set("showMasterSp", "0")
        content.insert(0, etree.fromstring(_background(plan.background)))
    tree = content.find(f"{{{P}}}spTree")
    _clear(tree)
    for number, mark in enumerate(plan.marks, 2 + len(plan.spots)):
        tree.append(_decoration(mark, number))
    for number, spot in enumerate(plan.spots, 2):
        tree.append(_shape(spot, number))
    _drop_extensions(element)


def _clear(tree: Any) -> None:  # noqa: ANN401
    for child in list(tree)[2:]:
        tree.remove(child)


def _drop_extensions(element: Any) -> None:  # noqa: ANN401
    for extension in list(element.iter(f"{{{P}}}extLst")):
        extension.getparent().remove(extension)


def _shape(spot: Spot, number: int) -> Any:  # noqa: ANN401
    x, y, w, h = (Emu(Inches(value)) for value in spot.box)
    idx = f' idx="{spot.idx}"' if spot.kind != "title" else ""
    bullet = "<a:buNone/>"
    if spot.bullets:
        bullet = '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
    elif spot.numbered:
        bullet = '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="+mj-lt"/>'
        bullet += '<a:buAutoNum type="arabicPeriod"/>'
    hang = spot.hang * 12700
    indent = f' marL="{hang}" indent="{-hang}"'
    before = f'<a:spcBef><a:spcPts val="{spot.gap * 100}"/></a:spcBef>'
    run = f'sz="{spot.points * 100}" b="{int(spot.bold)}" lang="da-DK"'
    return etree.fromstring(f"""
<p:sp {NAMESPACES}>
  <p:nvSpPr><p:cNvPr id="{number}" name="{spot.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>
    <p:nvPr><p:ph type="{spot.kind}"{idx}/></p:nvPr></p:nvSpPr>
  <p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm>
    <a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>
  <p:txBody><a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{spot.anchor}">
      <a:noAutofit/></a:bodyPr>
    <a:lstStyle><a:lvl1pPr algn="{spot.align}"{indent}>{before}{bullet}
      <a:defRPr {run}><a:solidFill><a:schemeClr val="{spot.colour}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>
    <a:p>{_content(spot)}</a:p></p:txBody>
</p:sp>""")


def _content(spot: Spot) -> str:
    if spot.kind == "sldNum":
        return (
            '<a:fld id="{C1FF6DA9-008F-4B48-92A6-B652298478BF}" type="slidenum">'
            '<a:rPr lang="da-DK"/><a:t>‹nr.›</a:t></a:fld>'
        )
    return f'<a:r><a:rPr lang="da-DK"/><a:t>{spot.name}</a:t></a:r>' if spot.kind != "ftr" else ""


def _decoration(mark: Mark, number: int) -> Any:  # noqa: ANN401
    x, y, w, h = (Emu(Inches(value)) for value in mark.box)
    shade = f'<a:alpha val="{mark.shade * 1000}"/>' if mark.shade < 100 else ""
    turn = f' rot="{mark.turned * 60000}"' if mark.turned else ""
    return etree.fromstring(f"""
<p:sp {NAMESPACES}>
  <p:nvSpPr><p:cNvPr id="{number}" name="Pynt {number}"><a:extLst><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">
    <adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>
    </a:ext></a:extLst></p:cNvPr><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
  <p:spPr><a:xfrm{turn}><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm>
    <a:prstGeom prst="{mark.shape}"><a:avLst/></a:prstGeom>
    <a:solidFill><a:schemeClr val="{mark.colour}">{shade}</a:schemeClr></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>
  <p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="da-DK"/></a:p></p:txBody>
</p:sp>""")


def _background(colour: str) -> str:
    return (
        f'<p:bg {NAMESPACES}><p:bgPr><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        "<a:effectLst/></p:bgPr></p:bg>"
    )


def _text_styles() -> str:
    def level(tag: str, points: int, colour: str, *, bold: bool, font: str, indent: int = 0, bullet: str = "") -> str:
        mark = f'<a:buFont typeface="Arial"/><a:buChar char="{bullet}"/>' if bullet else "<a:buNone/>"
        hang = f' marL="{indent}" indent="-285750"' if bullet else ""
        return (
            f'<a:{tag} algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"{hang}>'
            f'<a:spcBef><a:spcPts val="0"/></a:spcBef>{mark}'
            f'<a:defRPr lang="da-DK" sz="{points * 100}" b="{int(bold)}" kern="1200"><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill><a:latin typeface="{font}"/></a:defRPr></a:{tag}>'
        )

    title = level("lvl1pPr", tokens.TITLE_PT, "tx2", bold=True, font="+mj-lt")
    body = "".join(
        level(f"lvl{n}pPr", points, "tx1", bold=False, font="+mn-lt", indent=285750 * n, bullet="•")
        for n, points in enumerate((20, 18, 16, 16, 16), 1)
    )
    other = "".join(level(f"lvl{n}pPr", 18, "tx1", bold=False, font="+mn-lt") for n in range(1, 6))
    return (
        f"<p:txStyles {NAMESPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )


if __name__ == "__main__":
    TEMPLATE.write_bytes(build_template())
