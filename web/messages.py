"""A page that is nothing but a message: why there is nothing else, where to go from there, and whom to ask."""

from collections.abc import Mapping, Sequence

from fastapi import Response

from web.services import Office, Services
from web.templating import page


def message(
    services: Services | None,
    status: int,
    title: str,
    paragraphs: Sequence[str],
    *,
    headers: Mapping[str, str] | None = None,
    action: tuple[str, str] | None = None,
    contact: Office | None = None,
) -> Response:
    """The message, with the telephone and address of `contact`, else of KiAP where the services are at hand.

    `action` is a way on: its path, and what it says.
    """
    office = contact or (services.office if services else None)
    return page(
        "message.html", status, headers=headers, title=title, paragraphs=paragraphs, action=action, office=office
    )
