"""Colours, fonts and sizes: the one place deck, documents and template take their looks from."""

from typing import Final

FONT: Final = "Calibri"

# Dark on white and white on dark all reach a contrast of 4.5 to 1.
INK: Final = "1F2A30"
MUTED: Final = "54626A"
PAPER: Final = "FFFFFF"
DEEP: Final = "0B4F4A"
SAND: Final = "F5F2EB"
LINE: Final = "C9D1D4"

# After ColorBrewer BrBG, its middle grey, so neutral on white. High to low; every eye tells neighbours apart.
TEAL: Final = "01796F"
MINT: Final = "73C6B9"
NEUTRAL: Final = "DDE0E2"
STRAW: Final = "DFC27D"
BROWN: Final = "99530F"
BLUE: Final = "2F5D8C"

REFERENCE: Final = "87939A"
"""Bars of others' figures beside the cluster's own: grey, but 3 to 1 on white."""

OURS: Final = "019084"
OURS_LOW: Final = "BE6713"
"""Teal and brown a little lighter, for bars with a line across them: over 3 to 1 against the line and the ground."""

ACCENTS: Final = (TEAL, MINT, NEUTRAL, STRAW, BROWN, BLUE)
"""The theme's accents 1–6, in this order."""

FIVE: Final = (TEAL, MINT, NEUTRAL, STRAW, BROWN)
OFTEN_TO_NEVER: Final = ("00332E", "015C55", "237A71", "58AAA0", "8CCAC1", "CDEBE7", "A3A9AC")
"""Seven frequencies, most often first; never is grey."""

TITLE_PT: Final = 28
BODY_PT: Final = 20
BASE_PT: Final = 16
SMALLEST_PT: Final = 16
"""Of everything that is to be read from the back row: all but footers and sources."""
SOURCE_PT: Final = 12
FOOTER_PT: Final = 11


def palette(count: int) -> tuple[str, ...]:
    """Colours for an ordered scale of this many options, best or most first. Raises ValueError over seven."""
    if count > len(OFTEN_TO_NEVER):
        msg = f"no palette for a scale of {count} options"
        raise ValueError(msg)
    chosen = {2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}.get(count)
    if chosen is None:
        return OFTEN_TO_NEVER[: count - 2] + OFTEN_TO_NEVER[-2:]
    return tuple(FIVE[index] for index in chosen)


def text_on(colour: str) -> str:
    """INK or PAPER, whichever reads best on this colour."""
    return max((INK, PAPER), key=lambda text: contrast(text, colour))


def luminance(colour: str) -> float:
    """Relative luminance, 0 black to 1 white (WCAG 2.2)."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
