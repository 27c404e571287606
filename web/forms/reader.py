"""Reading a form's fields: a value, or one Danish line on what is wrong with it; what was written is kept."""

import datetime as dt
import re
from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from starlette.datastructures import FormData, UploadFile

from domain.dates import agreed_moment, written_date, written_time
from domain.unfit import Unfit

P = ParamSpec("P")
Read = TypeVar("Read")


class FormReader:
    """Collects `problems` by field as it reads. A field that can't be read gives None."""

    def __init__(self, form: FormData) -> None:
        self._form = form
        self._put: dict[str, str] = {}
        self.problems: dict[str, str] = {}

    def given(self, name: str) -> str:
        """What was written, as it was written."""
        value = self._put.get(name) or self._form.get(name, "")
        return value if isinstance(value, str) else ""

    def all_given(self, name: str) -> list[str]:
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> bytes:
        """What a file that was chosen holds; nothing where none was."""
        value = self._form.get(name)
        return value.file.read() if isinstance(value, UploadFile) else b""

    def everything(self) -> dict[str, str]:
        """All that was written, by field."""
        return {name: value for name, value in self._form.items() if isinstance(value, str)}

    def pairs(self, but: Collection[str] = ()) -> list[tuple[str, str]]:
        """All that was written, in the form's order, several of a name too; without these fields."""
        return [(name, value) for name, value in self._form.multi_items() if isinstance(value, str) and name not in but]

    def put(self, name: str, value: str) -> None:
        """Fill in what follows from the rest."""
        self._put[name] = value

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first finding stands."""
        self.problems.setdefault(name, message)

    def date(self, name: str) -> dt.date | None:
        """A date as browsers send it, or as Danes write it: 25.11.2026."""
        if not self.given(name).strip():
            self.refuse(name, "Vælg en dato.")
            return None
        return self._read(name, written_date, self.given(name))

    def moment(self, day_name: str, time_name: str) -> dt.datetime | None:
        """A date and a time of day, as Danish clocks show them; what is wrong with both together stands at the time."""
        day, time = self.date(day_name), self._read(time_name, written_time, self.given(time_name))
        if day is None or time is None:
            return None
        return self._read(time_name, agreed_moment, day, time)

    def number(self, name: str, low: int, high: int) -> int | None:
        text = self.given(name).strip()
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            self.refuse(name, f"Skriv et helt tal fra {low} til {high}.")
            return None
        return int(text)

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        value = self.given(name)
        if value not in allowed:
            self.refuse(name, "Vælg en af mulighederne.")
            return None
        return value

    def _read(self, name: str, read: Callable[P, Read], *given: P.args, **more: P.kwargs) -> Read | None:
        try:
            return read(*given, **more)
        except Unfit as unfit:
            self.refuse(name, str(unfit))
            return None
