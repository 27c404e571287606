"""The messages: one folder an occasion in `messages/`, with `subject.txt`, `body.txt` and `body.html`."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError, pass_context, select_autoescape
from jinja2.runtime import Context

from domain import english
from domain.danish import clock, count, duration, long_date, minutes, sentence
from domain.help import way_to
from domain.letters import Occasion
from domain.mailings import MAILINGS
from mail import danish
from mail.envelope import Attachment, Mail
from mail.letter_data import DigestData, LetterData, MeetingFacts, Person

MESSAGES = Path(__file__).parent / "messages"
MORNING_DIGEST = "morning_digest"

Value = TypeVar("Value")
P = ParamSpec("P")


class IncompleteLetter(ValueError):  # noqa: N818 - named for what the letter is
    """The message needs a fact that was not given. The text names the message, never a value."""


def render(occasion: Occasion, data: LetterData, attachments: tuple[Attachment, ...] = ()) -> Mail:
    """The occasion's mail. Raises IncompleteLetter where the data lacks something the message says."""
    to = MAILINGS[occasion].to
    has_calendar = any(attachment.is_calendar for attachment in attachments)
    facts = {**_fields(data), "contact": data.contact, "to": to, "has_calendar": has_calendar}
    subject, text, html = _written(occasion.value, facts)
    return Mail(subject=subject, text=text, html=html, attachments=attachments)


def render_digest(data: DigestData) -> Mail:
    """The morning's list of orders that need somebody, for one of KiAP's own."""
    facts = {
        **_fields(data),
        "orders": data.by_due,
        "waiting": len(data.orders),
        "overdue": data.overdue,
        "to": "staff",
    }
    subject, text, html = _written(MORNING_DIGEST, facts)
    return Mail(subject=subject, text=text, html=html)


def _fields(data: LetterData | DigestData) -> dict[str, object]:
    return {name: getattr(data, name) for name in type(data).model_fields}


def _written(message: str, facts: dict[str, object]) -> tuple[str, str, str]:
    try:
        subject = " ".join(_render(f"{message}/subject.txt", facts).split())
        text = _tidy(_render(f"{message}/body.txt", facts))
        html = _inliner().inline(_render(f"{message}/body.html", {**facts, "subject": subject}))
    except (UndefinedError, _NotGivenError) as missing:
        msg = f"the message '{message}' lacks something it says: {missing}"
        raise IncompleteLetter(msg) from missing
    return subject, text, html


def _render(template: str, facts: dict[str, object]) -> str:
    return _environment().get_template(template).render(facts)


def _tidy(text: str) -> str:
    """At most one empty line in a row, no space at line ends, one line break at the end."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


class _NotGivenError(ValueError):
    """A fact is None where a template writes it."""


def _refuse_none(value: object) -> object:
    # Jinja would write "None".
    if value is None:
        msg = "a fact that is written out is None"
        raise _NotGivenError(msg)
    return value


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(MESSAGES),
        autoescape=select_autoescape(["html"]),
        auto_reload=False,  # else every letter looks at its templates' files
        undefined=StrictUndefined,
        finalize=_refuse_none,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "long_date": _of_given(long_date),
        "clock": _of_given(clock),
        "duration": _of_given(duration),
        "count": _of_given(count),
        "minutes": _of_given(minutes),
        "english_date": _of_given(english.long_date),
        "cluster": _of_given(danish.cluster),
        "sentence": _of_given(sentence),
        "date": _date,
        "when": _when,
        "span": _span,
        "reach": _reach,
        "way_to": way_to,
    }
    return environment


def _of_given(write: Callable[Concatenate[Value, P], str]) -> Callable[Concatenate[Value | None, P], str]:
    @wraps(write)
    def checked(value: Value | None, /, *args: P.args, **kwargs: P.kwargs) -> str:
        if value is None:
            msg = f"a fact written as '{write.__name__}' is None"
            raise _NotGivenError(msg)
        return write(value, *args, **kwargs)

    return checked


@pass_context
def _date(context: Context, day: dt.date | None) -> str:
    return _of_given(danish.date)(day, context["today"])


@pass_context
def _when(context: Context, day: dt.date | None) -> str:
    return _of_given(danish.when)(day, context["today"])


def _span(part: MeetingFacts) -> str:
    return danish.span(part.starts, part.ends)


def _reach(person: Person) -> str:
    """ "Ring til Camilla Østergaard på 70 20 30 40, eller skriv til co@kiap.example"; empty where neither is known."""
    by_phone = f"ring til {person.name} på {person.phone}" if person.phone else ""
    by_mail = f"skriv til {person.address}" if person.address else ""
    return sentence(" eller ".join(way for way in (by_phone, by_mail) if way))
