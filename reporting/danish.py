"""What decks and documents alone write: "15 %", "4 af 9", "+3,5", "den 25. november 2026"."""

import datetime as dt

from domain.danish import MINUS, half_up, number, short_date

NBSP = "\N{NO-BREAK SPACE}"


def whole(score: float) -> str:
    """A WHO-5 mean, in whole points: 63.06 → "63". Differences and intervals keep a decimal."""
    return number(score, 0)


def tenths(value: float) -> str:
    """Always one decimal, for columns: 6 → "6,0"."""
    return f"{half_up(value, 1):.1f}".replace(".", ",").replace("-", MINUS)


def signed(value: float, decimals: int = 1) -> str:
    """With its sign: "+5", "−3,5", "0"."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"


def percent(share: float) -> str:
    """A proportion 0–1 in whole per cent: 0.147 → "15 %"."""
    return f"{number(share * 100, 0)}{NBSP}%"


def of(count: int, base: int) -> str:
    """A count of a base: "4 af 9"."""
    return f"{count}{NBSP}af{NBSP}{base}"


def day(date: dt.date) -> str:
    """ "den 25. november 2026" """
    return f"den {short_date(date)}"


def listing(words: list[str]) -> str:
    """ "a, b og c" """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1] if words else ""
