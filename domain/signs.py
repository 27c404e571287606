"""The signs of a text: which belong to what is seen, which nobody can see, and which no file or database can hold."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from domain.unfit import Unfit

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff][\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
)
_BELONGING_TOGETHER = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # the flags of England, Scotland and Wales
    f"|{_PICTURE}(?:\u200d{_PICTURE})*"  # emoji, and those joined of several: a family, a doctor
    "|[0-9#*]\ufe0f\u20e3"  # keycaps
    "|(?<=[\u0620-\u07ff\u08a0-\u08ff])\u200c(?=[\u0620-\u07ff\u08a0-\u08ff])"  # Persian spelling
    "|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])[\u200c\u200d]"  # Indic conjuncts
)
"""Where signs that are invisible by themselves are part of one that is seen."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc"
    "\U000e0000-\U000e0fff]"
)
"""Besides category Cf: Unicode's Default_Ignorable_Code_Point, blank letters, and what dictation leaves behind."""

_SEEN_ALTHOUGH_FORMAT = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
"""Number signs of category Cf."""

LOST_LETTER = "\ufffd"


def composed(text: str) -> str:
    """The text with each letter and its accent as one sign (NFC)."""
    return unicodedata.normalize("NFC", text)


def without_unseen_ends(text: str) -> str:
    """The text without what cannot be seen at its ends: spaces, line breaks, invisible signs."""
    masked = _masked(text)
    first = next((place for place, sign in enumerate(masked) if _is_seen(sign)), len(masked))
    after = next((place for place in range(len(masked), first, -1) if _is_seen(masked[place - 1])), first)
    return text[first:after]


def _is_seen(sign: str) -> bool:
    return not (sign.isspace() or is_invisible(sign))


def is_invisible(sign: str) -> bool:
    """Whether nobody sees this sign by itself. Spaces and control characters are another matter."""
    if unicodedata.category(sign) == "Cf":
        return not _SEEN_ALTHOUGH_FORMAT.match(sign)
    return _INVISIBLE.match(sign) is not None


def refuse_unfit(text: str, line: int | None = None) -> None:
    """Raises Unfit at the first sign that is invisible, or that a deck, a document or a database cannot hold."""
    for before, sign in enumerate(_masked(text)):
        if found := _fault_of(sign):
            raise _unfit(sign, found, before, line)


def refuse_unstorable(text: str) -> None:
    """Raises Unfit at a sign that PostgreSQL or UTF-8 cannot hold: for ids, which are looked up and never shown."""
    for before, sign in enumerate(text):
        if sign == "\0" or unicodedata.category(sign) == "Cs":
            raise _unfit(sign, _CONTROL if sign == "\0" else _HALF, before, None)


class _Fault(NamedTuple):
    danish: str
    english: str
    mend: str = "Slet det, eller skriv ordet igen."
    mend_english: str = "delete it, or write the word again"


_INVISIBLE_FAULT = _Fault("et usynligt tegn", "an invisible sign")
_CONTROL = _Fault("et styretegn", "a control character")
_HALF = _Fault("et halvt tegn", "half a sign")
_NO_SIGN = _Fault("et tegn, der ikke må bruges", "a sign that may not be used")
_OF_ONE_FONT = _Fault(
    "et tegn, der kun findes i én skrifttype",
    "a sign that only one font has",
    "Skriv et almindeligt tegn i stedet.",
    "write an ordinary one instead",
)
_LOST = _Fault("et bogstav, der er gået tabt", "a letter that was lost", "Skriv ordet igen.", "write the word again")


@lru_cache(1024)  # texts are of few different signs
def _fault_of(sign: str) -> _Fault | None:
    category = unicodedata.category(sign)
    if category == "Cc":
        return _CONTROL
    if category == "Cs":
        return _HALF
    if category == "Co":
        return _OF_ONE_FONT
    if sign == LOST_LETTER:
        return _LOST
    if ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef":
        return _NO_SIGN  # the noncharacters; U+FFFE and U+FFFF are not XML
    return _INVISIBLE_FAULT if is_invisible(sign) else None


def _unfit(sign: str, fault: _Fault, before: int, line: int | None) -> Unfit:
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    where = f" efter tegn {before}" if before else " forrest"
    where += f" i linje {line}" if line else ""
    place = f" after character {before}" if before else " at the beginning"
    place += f" of line {line}" if line else ""
    return Unfit(
        f"Der er {fault.danish} ({name}){where}. {fault.mend}",
        f"has {fault.english} ({name}){place}; {fault.mend_english}",
    )


def _masked(text: str) -> str:
    """The text with letters instead of what belongs together, so that each sign can be judged by itself."""
    return _BELONGING_TOGETHER.sub(lambda found: "x" * len(found[0]), text)
