"""How much room text takes: Calibri's advance widths (from the metric-compatible Carlito), line breaks, heights."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

UNITS_PER_EM = 2048
LINE_HEIGHT = 1.22
"""Calibri's ascent, descent and line gap, in ems."""
CAUTION = 1.02
"""Renderers round each glyph differently; we reckon with two per cent more."""


@lru_cache(maxsize=1)
def _widths() -> dict[str, dict[str, int]]:
    loaded: dict[str, dict[str, int]] = json.loads(
        Path(__file__).with_name("calibri_widths.json").read_text(encoding="utf-8")
    )
    return loaded


@lru_cache(maxsize=20_000)
def _units(text: str, *, bold: bool) -> int:
    """The width of one line in the font's own units. Characters outside the table count as the widest letter."""
    table = _widths()["bold" if bold else "regular"]
    widest = table["W"]
    return sum(table.get(character, widest) for character in text)


def width(text: str, points: float, *, bold: bool = False) -> float:
    """The width of one line in points. Characters outside the table count as the widest letter."""
    return _units(text, bold=bold) * points / UNITS_PER_EM * CAUTION


def wrap(text: str, room: float, points: float, *, bold: bool = False) -> list[str]:
    """The lines the text breaks into in `room` points. Words wider than the room are broken, as Office does."""
    most = room * UNITS_PER_EM / (points * CAUTION)
    space = _units(" ", bold=bold)
    lines: list[str] = []
    for forced in text.split("\n"):
        line, taken = "", 0
        for word in forced.split(" "):
            needed = _units(word, bold=bold)
            if line and taken + space + needed <= most:
                line, taken = f"{line} {word}", taken + space + needed
                continue
            if line:
                lines.append(line)
            if needed > most:
                *whole, word = _broken(word, room, points, bold=bold)
                lines.extend(whole)
            line, taken = word, _units(word, bold=bold)
        lines.append(line)
    return lines


def _broken(word: str, room: float, points: float, *, bold: bool) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and width(piece + character, points, bold=bold) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def height(paragraphs: Iterable[str], room: float, points: float, *, bold: bool = False, gap: float = 0) -> float:
    """The height of paragraphs in points, with `gap` points before each but the first."""
    lines = [len(wrap(paragraph, room, points, bold=bold)) for paragraph in paragraphs]
    return sum(lines) * points * LINE_HEIGHT + gap * max(0, len(lines) - 1)


def largest(
    paragraphs: Sequence[str], room: tuple[float, float], sizes: Sequence[int], *, bold: bool = False, gap: float = 0
) -> int | None:
    """The first of `sizes` (largest first) at which the paragraphs fit a room of (width, height) points."""
    across, down = room
    return next((s for s in sizes if height(paragraphs, across, s, bold=bold, gap=gap) <= down), None)


def shorten(text: str, room: float, points: float, *, bold: bool = False, lines: int = 1) -> str:
    """The text, or as much of it as fits this many lines, ending in "…"."""
    if len(wrap(text, room, points, bold=bold)) <= lines:
        return text
    kept = text
    while kept and len(wrap(kept.rstrip() + "…", room, points, bold=bold)) > lines:
        kept = kept[:-1]
    return kept.rstrip(" ,;.–-") + "…"
