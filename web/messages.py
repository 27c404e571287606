"""A page that is nothing but a message: why there is nothing else, and whom to ask."""

from collections.abc import Mapping, Sequence

from fastapi import Response

from web.services import Services
from web.templating import page


def message(
    services: Services | None,
    status: int,
    title: str,
    paragraphs: Sequence[str],
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The message, with KiAP's telephone and address where the services are at hand."""
    office = services.office if services else None
    return page("message.html", status, headers=headers, title=title, paragraphs=paragraphs, office=office)
