"""A page inside the console's frame: menu, who is signed in, and a way out; or without them where nobody is."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from web.console.guard import FORM_TOKEN
from web.console.live.fresh import HEADERS, Fresh
from web.console.navigation import menu_of
from web.console.principal import Principal
from web.templating import page

REFERRER = {"Referrer-Policy": "same-origin"}
"""Without a referrer browsers send `Origin: null` with a form, and where it came from could not be checked."""


def console_page(
    template: str,
    principal: Principal | None,
    status: int = 200,
    *,
    here: str = "",
    headers: Mapping[str, str] | None = None,
    fresh: Fresh | None = None,
    **facts: Any,  # noqa: ANN401
) -> Response:
    """A page from its template, which extends `console/base.html`. `here` is the menu entry it belongs to.

    One with `fresh` says by itself when it is old, where it is the answer to a reader's asking for it.
    """
    is_live = fresh is not None and principal is not None and status == 200
    frame = {
        "me": principal,
        "menu": menu_of(principal) if principal else [],
        "here": here,
        "form_token_field": FORM_TOKEN,
        "live": fresh.address if fresh is not None and is_live else "",
    }
    return page(
        template, status, headers={**REFERRER, **(HEADERS if is_live else {}), **(headers or {})}, **frame, **facts
    )


def message_page(
    principal: Principal | None, status: int, title: str, *paragraphs: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A heading and some lines, in the frame."""
    return console_page("console/message.html", principal, status, headers=headers, title=title, paragraphs=paragraphs)
