"""The pages' templates, with the words and filters they share."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain import danish, english

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"


@cache
def _environment(*more: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, *more]),
        autoescape=True,
        auto_reload=False,  # else every page looks at the files of all that it is made of
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        long_date=danish.long_date,
        english_date=english.long_date,
        short_date=danish.short_date,
        clock=danish.clock,
        time_of_day=danish.time_of_day,
        moment=_moment,
        duration=danish.duration,
        count=danish.count,
        minutes=danish.minutes,
        number=danish.number,
        percent=danish.percent,
        sentence=danish.sentence,
    )
    environment.globals["static"] = static_address
    return environment


def _moment(when: dt.datetime) -> str:
    """ "25.11.2026 kl. 17.00", for tables."""
    return f"{danish.numeric_date(when)} {danish.clock(when)}"


@cache
def static_address(name: str) -> str:
    """The address of a static file, with its content's mark: a changed file is a new address."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={mark}"


def words_of(template: str) -> Any:  # noqa: ANN401
    """The macros of a template that is nothing else, as a module for other templates."""
    return _environment().get_template(template).module


def page(
    template: str,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    **facts: Any,  # noqa: ANN401
) -> Response:
    """A page from its template."""
    html = _environment().get_template(template).render(facts)
    return HTMLResponse(html, status_code=status, headers=headers)


def page_beside(
    folder: Path,
    template: str,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    **facts: Any,  # noqa: ANN401
) -> Response:
    """A page from a template in a folder beside ours, which may extend what is in ours."""
    html = _environment(folder).get_template(template).render(facts)
    return HTMLResponse(html, status_code=status, headers=headers)
