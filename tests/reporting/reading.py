"""Decks and documents read back: all their text, as a reader sees it."""

from io import BytesIO
from typing import Any

from docx import Document
from pptx import Presentation


def deck_text(deck: bytes) -> str:
    """All that stands on the slides."""
    slides: Any = Presentation(BytesIO(deck)).slides
    frames = [shape.text_frame for slide in slides for shape in slide.shapes if shape.has_text_frame]
    return "\n".join(frame.text for frame in frames)


def document_text(document: bytes) -> str:
    """All that stands in paragraphs and tables."""
    read = Document(BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in read.paragraphs), *cells])
