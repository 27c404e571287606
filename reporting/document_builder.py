"""A Word document being written: Danish, real headings, tables whose header row repeats, links, page numbers."""

import datetime as dt
from collections.abc import Container, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from domain.package import Package
from reporting import tokens
from reporting.steady import steady_zip

ACROSS_CM = 17.0
"""The width of the text on A4."""
LYING_CM = 25.7
SMALL_PT = 9
CELL_STYLE, WRITING_STYLE = "Tabeltekst", "Skrivelinje"
WRITING_LINE_CM = 0.9
BELOW_A_TABLE_PT = 8
KEPT_TOGETHER = 14
"""Rows up to which a table stays on one page."""


class DocumentBuilder:
    """A4 in the deck's colours and font, upright or `lying`. `across` is the width of its text in centimetres."""

    def __init__(
        self, title: str, package: Package, made_at: dt.datetime, *, subject: str, part: str, lying: bool = False
    ) -> None:
        self._made_at = made_at
        self.across = LYING_CM if lying else ACROSS_CM
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = (Cm(29.7), Cm(21.0)) if lying else (Cm(21.0), Cm(29.7))
        if lying:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.left_margin = section.right_margin = Cm(2.0)
        section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.8)
        _drop_leftovers(self.document)
        _set_styles(self.document)
        _set_language(self.document)
        self._foot(section.footer.paragraphs[0], title)
        properties = self.document.core_properties
        properties.title = title
        properties.subject = subject
        properties.author = properties.last_modified_by = "KiAP"
        properties.keywords = str(package.slug)
        properties.category = "Klyngepakke"
        properties.comments = ""
        properties.language = "da-DK"
        properties.identifier = f"{package.slug} {package.version} {part}"
        properties.revision = 1
        properties.created = properties.modified = properties.last_printed = made_at

    def title(self, text: str, below: str) -> None:
        self.document.add_paragraph(text, style="Title")
        self.document.add_paragraph(below, style="Subtitle")

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(text, level)

    def text(self, text: str, *, bold: bool = False, small: bool = False) -> Any:  # noqa: ANN401
        paragraph = self.document.add_paragraph(style="Note" if small else "Normal")
        paragraph.add_run(text).bold = bold or None
        return paragraph

    def bullets(
        self,
        lines: Sequence[str],
        *,
        numbered: bool = False,
        small: bool = False,
        together: bool = False,
        first: int = 1,
    ) -> None:
        """A list. Numbered ones carry their numbers as text, so that each list starts at `first`.

        `together` keeps the list on one page, with the heading above it.
        """
        for number, line in enumerate(lines, first):
            if numbered:
                paragraph = self.document.add_paragraph(f"{number}.\t{line}")
                paragraph.paragraph_format.left_indent = Cm(0.8)
                paragraph.paragraph_format.first_line_indent = Cm(-0.8)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
            else:
                paragraph = self.document.add_paragraph(line, style="List Bullet")
            if small:
                paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.space_after = 1.0, Pt(2)
                for run in paragraph.runs:
                    run.font.size = Pt(SMALL_PT)
            if together:
                paragraph.paragraph_format.keep_together = True
                paragraph.paragraph_format.keep_with_next = number < first + len(lines) - 1

    def link(self, text: str, url: str) -> None:
        """A line with a link that can be clicked, its address written out for those who print."""
        paragraph = self.document.add_paragraph(f"{text}: ")
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.document.part.relate_to(url, RT.HYPERLINK, is_external=True))
        run = paragraph.add_run(url)
        run.font.color.rgb = _rgb(tokens.BLUE)
        run.font.underline = True
        link.append(run._r)  # noqa: SLF001 - python-docx writes no links of its own
        paragraph._p.append(link)  # noqa: SLF001

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        centred: Container[int] = (),
        small: bool = False,
        row_cm: float = 0,
        about: str = "",
        headings: Container[int] = (),
    ) -> None:
        """A table with a header row that repeats on each page. `widths` are parts of the text's width.

        `centred` are the places of the columns with figures. Short tables are not broken across pages. Rows to be
        written in are at least `row_cm` high. `about` is what a screen reader says of the table. `headings` are the
        places of rows that stand over those after them; where there are any, only they are shaded.
        """
        table = self.document.add_table(rows=0, cols=len(head))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        _borders(table, ruled=row_cm > 0)
        if about:
            _describe(table, about)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(self.across * width)
        together = len(rows) <= KEPT_TOGETHER
        style = self.document.styles[CELL_STYLE].style_id
        for number, texts in enumerate((head, *rows)):
            row = table.add_row()
            _mark(row, "w:cantSplit")
            if number == 0:
                _mark(row, "w:tblHeader")
            elif row_cm:
                row.height = Cm(row_cm)
            for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
                cell.width = Cm(self.across * width)
                paragraph = cell.paragraphs[0]
                paragraph._p.style = style  # noqa: SLF001 - the public way looks through all styles for each cell
                heads = number == 0 or number - 1 in headings
                paragraph.paragraph_format.keep_with_next = heads or (together and number < len(rows))
                if place in centred:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                run = paragraph.add_run(text)
                run.font.size = Pt((8.5 if len(head) < 9 else 8) if small else 10)
                if number == 0:
                    run.bold = True
                    run.font.color.rgb = _rgb(tokens.PAPER)
                    _shade(cell, tokens.DEEP)
                elif heads:
                    run.bold = True
                if (heads and number) or (not headings and number and number % 2 == 0):
                    _shade(cell, tokens.SAND)
        below = self.document.add_paragraph(style="Note").paragraph_format
        below.line_spacing, below.space_after = Pt(BELOW_A_TABLE_PT), Pt(0)

    def question(self, number: int, text: str, *, alone: bool = False) -> None:
        """A question with its number, kept on one page with what comes after it. One that stands alone has none."""
        if alone:
            self.text(text)
        else:
            self.bullets([text], numbered=True, first=number)
        paragraph = self.document.paragraphs[-1]
        paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True

    def fill_in(self, *labels: str) -> None:
        """Labels beside each other, each with a rule to write on after it."""
        paragraph = self.document.add_paragraph(style="Normal")
        paragraph.paragraph_format.space_before = Pt(12)
        for number, each in enumerate(labels, 1):
            here = self.across * number / len(labels)
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(here), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
            paragraph.add_run(f"{each} \t")

    def lines(self, count: int) -> None:
        """Lines to write on, by hand or at the keyboard."""
        for _ in range(count):
            self.document.add_paragraph(style=WRITING_STYLE)

    def content(self) -> bytes:
        """The document as .docx bytes."""
        self._end_on_the_page()
        buffer = BytesIO()
        self.document.save(buffer)
        return steady_zip(buffer.getvalue(), self._made_at)

    def _end_on_the_page(self) -> None:
        """The line that Word needs below a table that ends the document takes no room: it could be a page by itself."""
        last = self.document.paragraphs[-1]
        above = last._p.getprevious()  # noqa: SLF001
        if not last.text and above is not None and above.tag == qn("w:tbl"):
            last.paragraph_format.space_before, last.paragraph_format.line_spacing = Pt(0), Pt(1)

    def _foot(self, paragraph: Any, title: str) -> None:  # noqa: ANN401
        paragraph.style = "Note"
        paragraph.add_run(f"{title} · side ")
        for kind in ("begin", None, "end"):
            run = paragraph.add_run()
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.set(qn("xml:space"), "preserve")
                element.text = "PAGE"
            run._r.append(element)  # noqa: SLF001


def _rgb(token: str) -> Any:  # noqa: ANN401
    return RGBColor(*bytes.fromhex(token))


def _drop_leftovers(document: Any) -> None:  # noqa: ANN401
    """The thumbnail and the styles for Word 2007 of python-docx's own default."""
    for part in (document.part, document.part.package):
        rels = part.rels
        for r_id in [i for i, rel in rels.items() if rel.reltype.endswith(("/thumbnail", "/stylesWithEffects"))]:
            del rels[r_id]


def _set_styles(document: Any) -> None:  # noqa: ANN401
    styles = document.styles
    sizes = {"Normal": 11, "Title": 26, "Subtitle": 14, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
    for name, size in sizes.items():
        style = styles[name]
        style.font.name, style.font.size = tokens.FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.font.italic = False
        style.font.color.rgb = _rgb(tokens.INK if name == "Normal" else tokens.DEEP)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for name, before in (("Heading 1", 18), ("Heading 2", 14), ("Heading 3", 10)):
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(4)
        styles[name].paragraph_format.keep_with_next = True
    for name, size, colour in ((CELL_STYLE, 10, tokens.INK), ("Note", SMALL_PT, tokens.MUTED)):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        style.font.size, style.font.color.rgb = Pt(size), _rgb(colour)
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.space_before = Pt(2 if name == CELL_STYLE else 0)
        style.paragraph_format.space_after = Pt(2 if name == CELL_STYLE else 6)

    _set_writing_style(styles.add_style(WRITING_STYLE, 1), styles["Normal"])


def _set_writing_style(style: Any, base: Any) -> None:  # noqa: ANN401
    """A line of the height of handwriting, with a rule beneath it and between it and the next."""
    style.base_style = base
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Cm(WRITING_LINE_CM)
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", tokens.LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    style.element.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _set_language(document: Any) -> None:  # noqa: ANN401
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "da-DK")
    settings = document.settings.element
    theme = settings.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), "da-DK")


def _mark(row: Any, tag: str) -> None:  # noqa: ANN401
    row._tr.get_or_add_trPr().append(OxmlElement(tag))  # noqa: SLF001


def _shade(cell: Any, token: str) -> None:  # noqa: ANN401
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), token)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _describe(table: Any, about: str) -> None:  # noqa: ANN401
    """Where Word keeps the alternative text of a table."""
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), about)
    table._tbl.tblPr.append(described)  # noqa: SLF001 - python-docx has no way to it


def _borders(table: Any, *, ruled: bool) -> None:  # noqa: ANN401
    """Thin lines between rows and narrow cells, each where the schema wants it; also down where one writes in them."""
    properties = table._tbl.tblPr  # noqa: SLF001
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV") if ruled else ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", tokens.LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.find(qn("w:tblLayout")).addprevious(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "70")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.find(qn("w:tblLook")).addprevious(margins)
