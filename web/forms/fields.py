"""A request's fields as a form shows them. A field is shown where it has a title; the others are the API's alone."""

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.meeting import Facilitator, Format
from domain.model import Role
from domain.task_kinds import TaskKind
from domain.words import TASKS
from web.api.roles import ROLES
from web.requests.base import CommandRequest
from web.words import FACILITATORS, FORMATS


class Kind(StrEnum):
    """How a field is filled in. The values name the templates' macros."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    YES_NO = "yes_no"
    MEMBER = "member"
    HOLDER = "holder"
    CONSULTANT = "consultant"
    ATTENDANCE = "attendance"
    FREE_TEXTS = "free_texts"
    PROGRAMME = "programme"
    QUESTIONS = "questions"
    FILE = "file"


@dataclass(frozen=True)
class FormField:
    """One field. `path` is where its value stands in the request, `name` what it is called in the form."""

    path: tuple[str, ...]
    kind: Kind
    label: str
    required: bool
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "-".join(self.path)

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs it is made of, the first one first."""
        return (f"{self.name}-dato", f"{self.name}-tid") if self.kind is Kind.MOMENT else (self.name,)


HINTS: dict[str, str] = {
    "meeting.starts": "Mødets begyndelse, fx den 15.4.2027 kl. 17.00.",
    "to": "Mødets begyndelse, fx den 15.4.2027 kl. 17.00.",
    "meeting.minutes": "2,5 timer er 150 minutter, 3 timer er 180.",
    "minutes": "2,5 timer er 150 minutter, 3 timer er 180.",
    "parts": "Minutterne skal tilsammen give mødets længde. Et tomt felt giver pakkens egne ord.",
    "questions": "Højst fem. Et tomt felt stiller intet spørgsmål. De stilles til sidst, og kun til denne klynge.",
    "place_text": "Adresse og lokale, eller linket til videomødet.",
    "ring_name_text": "Lad feltet stå tomt, hvis det er koordinatoren. Navn og nummer står hos deltagerne.",
    "reason_text": "Kun til KiAP selv. Du kan lade feltet stå tomt.",
    "ideas_text": "Skriv dem, som de skal stå i mailen til medlemmerne. Du kan lade feltet stå tomt.",
    "agreed_text": (
        "En linje for hver aftale, højst fem: hvad, hvem og hvornår. Fx »Fælles frokost kl. 12, alle, fra 1. maj«. "
        "Aftalerne går til medlemmerne, vises igen, når I følger op, og slettes med bestillingen."
    ),
    "attendance": "Sæt flueben, så tæller vi. Fraværslisten bruger det, og det har intet med spørgeskemaet at gøre.",
    "follow_up_opens": "Kun hvis I har aftalt en dato.",
    "note_text": "Kun til KiAP selv.",
    "why_text": "Kun til KiAP selv.",
    "deck": "En PowerPoint-fil (.pptx). Tag udgangspunkt i den, du kan hente her på siden.",
    "extract": "En CSV-fil med én række for hver praksis og én kolonne for hvert mål.",
    "until": "Indtil da står den ikke på listen. Det, vi har lovet klyngen, flytter sig ikke.",
}
"""By path."""

CHOICES: dict[Any, dict[str, str]] = {
    Format: {each.value: label for each, label in FORMATS.items()},
    Facilitator: {each.value: label for each, label in FACILITATORS.items()},
    Role: {each.value: label for each, label in ROLES.items()},
    "follow_up": {
        "agreed": "Ja, vi har aftalt en dato",
        "later": "Vi finder ud af det senere",
        "declined": "Nej tak",
    },
    "reason": {
        "cluster_withdrew": "Klyngen har ombestemt sig",
        "ordered_by_mistake": "Den er bestilt ved en fejl",
        "other": "Andet",
    },
    "outcome": {"no_answer": "Der blev ikke svaret", "spoke": "Vi talte sammen"},
    TaskKind: {each.value: label for each, label in TASKS.items()},
    "round": {"baseline": "Undersøgelsen før mødet", "follow_up": "Opfølgningen"},
}
"""By type, or by path: what can be chosen, with its label."""

_BY_PATH = {
    "member": Kind.MEMBER,
    "holder": Kind.HOLDER,
    "consultant": Kind.CONSULTANT,
    "attendance": Kind.ATTENDANCE,
    "strike": Kind.FREE_TEXTS,
    "parts": Kind.PROGRAMME,
    "questions": Kind.QUESTIONS,
    "deck": Kind.FILE,
    "extract": Kind.FILE,
}
_TEXTS = ("ideas_text", "agreed_text", "reason_text", "note_text", "why_text")
_CHOSEN = frozenset({"reason"})
"""Choices that somebody makes on the page, though a program may leave them out."""


def fields_of(request: type[CommandRequest]) -> tuple[FormField, ...]:
    """What a form for this request asks."""
    return tuple(_fields(request, ()))


def _fields(model: type[BaseModel], within: tuple[str, ...]) -> Iterator[FormField]:
    for name, info in model.model_fields.items():
        path, kind = (*within, name), _plain(info.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _fields(kind, path)
        elif info.title:
            yield _field(path, kind, info)


def _field(path: tuple[str, ...], kind: Any, info: FieldInfo) -> FormField:  # noqa: ANN401
    dotted = ".".join(path)
    choices = CHOICES.get(dotted) or (CHOICES.get(kind) if isinstance(kind, type) else None)
    return FormField(
        path=path,
        kind=_kind(dotted, kind, is_choice=bool(choices)),
        label=info.title or "",
        required=info.is_required() or dotted in _CHOSEN,
        hint=HINTS.get(dotted, ""),
        options=choices or {},
    )


def _kind(dotted: str, kind: Any, *, is_choice: bool) -> Kind:  # noqa: ANN401
    if dotted in _BY_PATH:
        return _BY_PATH[dotted]
    if is_choice:
        return Kind.CHOICE
    if kind is bool:
        return Kind.YES_NO
    if kind is int:
        return Kind.NUMBER
    if kind is dt.datetime:
        return Kind.MOMENT
    if kind is dt.date:
        return Kind.DATE
    return Kind.TEXT if dotted in _TEXTS else Kind.LINE


def _plain(annotation: Any) -> Any:  # noqa: ANN401
    """The type, without what may be absent and what is said about it."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation if get_origin(annotation) is not Literal else Literal
