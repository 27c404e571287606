"""A cluster's own questions with their words, and the order's package with them in it."""

from sqlalchemy import Connection

from domain.order import Order
from domain.own_package import AskedQuestion, with_own_questions
from domain.package import Package
from storage import texts


def own_questions(connection: Connection, order: Order) -> tuple[AskedQuestion, ...]:
    """The questions as they were written. Words that are erased are told as such, each in its own way."""
    ids = [text for question in order.own_questions for text in (question.text, *question.options)]
    if not ids:
        return ()
    written = texts.words_by_id(connection, ids)
    return tuple(
        AskedQuestion(
            kind=question.kind,
            text=written.get(question.text) or f"Klyngens eget spørgsmål {number} (slettet)",
            scale=question.scale,
            options=tuple(
                written.get(option) or f"Svar {place} (slettet)"
                for place, option in enumerate(question.options, start=1)
            ),
            repeated=question.repeated,
        )
        for number, question in enumerate(order.own_questions, start=1)
    )


def package_of_order(connection: Connection, package: Package, order: Order) -> Package:
    """The package that the order was placed with, with the cluster's own questions in it."""
    return with_own_questions(package, own_questions(connection, order))
