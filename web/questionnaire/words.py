"""The questionnaire's own words in each of its languages; a package's are its own data."""

from typing import Any, Literal

from web.templating import words_of

Language = Literal["da", "en"]


def language(asked: str) -> Language:
    """The language that an address asks for; Danish where it names none that we have."""
    return "en" if asked == "en" else "da"


def words_in(language: Language) -> Any:  # noqa: ANN401 - a module of macros, which templates call
    """What the pages say, a macro a saying."""
    return words_of(f"questionnaire/words.{language}.html")


def in_address(language: Language) -> str:
    """How an address carries the language on; nothing for Danish, which is what one gets without."""
    return "" if language == "da" else f"?lang={language}"
