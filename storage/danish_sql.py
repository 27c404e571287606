"""Danish letters in SQL: names found in any case of letters and sorted A–Å, alike on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func

_CAPITALS = "ÆØÅÄÖÜÉ"
"""What SQLite's `lower` leaves alone, and PostgreSQL's where it was set up without a language."""
_LAST_LETTERS = (("aa", "}"), ("å", "}"), ("ø", "|"), ("ö", "|"), ("æ", "{"), ("ä", "{"))
"""The last letters of the alphabet as the signs that follow z: æ, ø, å."""


def folded(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in small letters; what it is compared with goes through `folded_text`."""
    text: ColumnElement[str] = func.lower(column)
    for capital in _CAPITALS:
        text = func.replace(text, capital, capital.lower())
    return text


def folded_text(text: str) -> str:
    """The same for what somebody looks for."""
    return text.lower()


def alphabetically(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[str]:
    """To sort by, A–Å: æ, ø and å last, aa as å, capitals as small letters."""
    key = folded(column)
    for letter, sign in _LAST_LETTERS:
        key = func.replace(key, letter, sign)
    return key if connection.dialect.name == "sqlite" else key.collate("C")
