"""The programme as one order's meeting has it: the package's parts, with the times and words that were changed."""

from sqlalchemy import Connection

from domain.order import Order
from domain.package import Package
from storage import texts


def with_programme(connection: Connection, package: Package, order: Order) -> Package:
    """The package with the order's own programme. Words that are erased or were never written are the package's."""
    if not order.programme:
        return package
    ids = [text for part in order.programme for text in (part.title, part.text) if text is not None]
    written = texts.words_by_id(connection, ids)
    parts = tuple(
        own.model_copy(
            update={
                "minutes": planned.minutes,
                "title": (written.get(planned.title) if planned.title else None) or own.title,
                "text": (written.get(planned.text) if planned.text else None) or own.text,
            }
        )
        for own, planned in zip(package.programme, order.programme, strict=True)
    )
    return package.model_copy(update={"programme": parts})
