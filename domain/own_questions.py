"""A cluster's own questions as events and commands hold them: kinds and choices. Their words are rows of texts."""

from typing import Annotated, Literal

from pydantic import Field

from domain.model import Frozen, ScaleId, TextId

MOST_QUESTIONS = 5
FEWEST_OPTIONS = 2
MOST_OPTIONS = 7
"""Answers to choose between: so many have room on a slide, and colours of their own."""
LONGEST_QUESTION = 140
"""Signs: two lines as a slide's title."""
LONGEST_OPTION = 60
"""Signs: a line beside its bar."""

PREFIX = "egen_"
"""What ids of a cluster's own items begin with, and a package's never do."""

OwnKind = Literal["degree", "agreement", "yes_no", "choice", "text"]
"""degree: one of an ordered scale, which `scale` names · agreement: from quite agreed to quite disagreed · yes_no
· choice: one of options of its own · text: free text."""


class OwnQuestion(Frozen):
    """One question. `repeated` says whether the follow-up asks it again."""

    kind: OwnKind
    text: TextId
    scale: Annotated[ScaleId, Field(pattern=r"^[a-z0-9_]*$")] = ScaleId("")
    options: tuple[TextId, ...] = ()
    repeated: bool = False


def item_id(number: int) -> str:
    """The id of the question's item, counted from 1: the same in both rounds."""
    return f"{PREFIX}{number}"


def is_own(item: str) -> bool:
    """Whether an item is a cluster's own question."""
    return item.startswith(PREFIX)


def misfit(question: OwnQuestion) -> str:
    """What the question has or lacks that its kind does not go with, in Danish; empty where it is whole."""
    if question.kind == "choice" and not FEWEST_OPTIONS <= len(question.options) <= MOST_OPTIONS:
        return f"Skriv {FEWEST_OPTIONS} til {MOST_OPTIONS} svar, som lægen kan vælge mellem."
    if question.kind != "choice" and question.options:
        return "Kun et spørgsmål med ét valg har sine egne svar."
    if question.kind == "degree" and not question.scale:
        return "Vælg den skala, der svares på."
    if question.kind != "degree" and question.scale:
        return "Kun et spørgsmål om grad eller hyppighed har en skala, der kan vælges."
    return ""
