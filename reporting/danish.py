"""Numbers and dates as Danes write them: "15 %", "3.478", "4,5", "den 25. november 2026"."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def number(value: float, decimals: int = 1) -> str:
    """With a decimal comma, without superfluous zeros: 58 → "58", 58.06 → "58,1", 3478 → "3.478"."""
    rounded = half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return (MINUS if rounded < 0 else "") + text


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
    return f"den {date.day}. {MONTHS[date.month - 1]} {date.year}"


def clock(time: dt.time) -> str:
    """ "17.30" """
    return f"{time.hour}.{time.minute:02}"


def listing(words: list[str]) -> str:
    """ "a, b og c" """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1] if words else ""


def sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def half_up(value: float, decimals: int = 0) -> Decimal:
    """Rounded as people do it: 0.5 goes up, whatever the binary neighbour says."""
    return Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
