"""Reading a form's fields: a value, or one Danish line on what is wrong with it; what was written is kept."""

import datetime as dt
import re
from collections.abc import Callable, Collection

from starlette.datastructures import FormData

from web.api.words_in import longer_text, one_line

_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_DANISH_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


class FormReader:
    """Collects `problems` by field as it reads. A field that can't be read gives None."""

    def __init__(self, form: FormData) -> None:
        self._form = form
        self.problems: dict[str, str] = {}

    def given(self, name: str) -> str:
        """What was written, as it was written."""
        value = self._form.get(name, "")
        return value if isinstance(value, str) else ""

    def all_given(self, name: str) -> list[str]:
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first finding stands."""
        self.problems.setdefault(name, message)

    def date(self, name: str) -> dt.date | None:
        """A date as browsers send it, or as Danes write it: 25.11.2026."""
        text = self.given(name).strip()
        try:
            if match := _DANISH_DATE.fullmatch(text):
                return dt.date(int(match[3]), int(match[2]), int(match[1]))
            return dt.date.fromisoformat(text)
        except ValueError:
            self.refuse(name, "Skriv en dato, fx 25.11.2026." if text else "Vælg en dato.")
            return None

    def time(self, name: str) -> dt.time | None:
        """A time of day: 17.00 or 17:00."""
        match = _TIME.fullmatch(self.given(name).strip())
        if match is None:
            self.refuse(name, "Skriv et klokkeslæt, fx 17.00.")
            return None
        return dt.time(int(match[1]), int(match[2]))

    def number(self, name: str, low: int, high: int) -> int | None:
        text = self.given(name).strip()
        if not re.fullmatch(r"\d{1,6}", text) or not low <= int(text) <= high:
            self.refuse(name, f"Skriv et helt tal fra {low} til {high}.")
            return None
        return int(text)

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        value = self.given(name)
        if value not in allowed:
            self.refuse(name, "Vælg en af mulighederne.")
            return None
        return value

    def line(self, name: str, most: int) -> str | None:
        """One line of text; None where the field is empty."""
        return self._text(name, most, one_line)

    def text(self, name: str, most: int) -> str | None:
        """Several lines of text; None where the field is empty."""
        return self._text(name, most, longer_text)

    def _text(self, name: str, most: int, clean: Callable[[str], str]) -> str | None:
        given = self.given(name)
        if not given.strip():
            return None
        try:
            text = clean(given)
        except ValueError as error:
            self.refuse(name, str(error))
            return None
        if len(text) > most:
            self.refuse(name, f"Teksten må højst fylde {most} tegn. Den er {len(text) - most} tegn for lang.")
            return None
        return text
