"""What a package says alike of every meeting, or one thing in a room and another on video."""

from typing import Annotated, Generic, TypeVar

from pydantic import Discriminator, Field, Tag

from domain.meeting import Format
from domain.model import Frozen

T = TypeVar("T")


class ByForm(Frozen, Generic[T]):
    """One thing for each form of meeting, by its Danish name as an order has it."""

    fysisk: T
    video: T

    def of(self, form: Format) -> T:
        return self.video if form is Format.VIDEO else self.fysisk


SHARED, BY_FORM = "shared", "by_form"
"""How pydantic calls the two ways in the path of a fault; the path in the file has neither (`storage/packages.py`)."""


def _way(given: object) -> str:
    return BY_FORM if isinstance(given, dict | ByForm) else SHARED


FormText = Annotated[Annotated[str, Tag(SHARED)] | Annotated[ByForm[str], Tag(BY_FORM)], Discriminator(_way)]
FormLines = Annotated[
    Annotated[tuple[str, ...], Tag(SHARED)] | Annotated[ByForm[tuple[str, ...]], Tag(BY_FORM)], Discriminator(_way)
]
Minutes = Annotated[int, Field(ge=0, le=480)]
FormMinutes = Annotated[Annotated[Minutes, Tag(SHARED)] | Annotated[ByForm[Minutes], Tag(BY_FORM)], Discriminator(_way)]


def in_form(given: T | ByForm[T], form: Format) -> T:
    """What holds for a meeting of this form."""
    return given.of(form) if isinstance(given, ByForm) else given
