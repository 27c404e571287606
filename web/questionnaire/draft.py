"""A person's answers on their way: they travel in the forms themselves, from page to page, and rest nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from domain.answers import InvalidAnswer, is_asked, read_answer
from domain.model import Round
from domain.package import NOT_RELEVANT, NOT_RELEVANT_LABEL, Answer, Answers, Item, Package

LONGEST_FIELD = 20_000
"""Characters of one field that travel on; far more than any answer, so that a long text comes back to be shortened."""


@dataclass(frozen=True)
class Draft:
    """The tokens by item, as the browser sent them."""

    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: FormData, package: Package, round_: Round) -> "Draft":
        """What the form says of the round's items; everything else in it is left alone."""
        raw = {}
        for item in package.asked_in(round_):
            given = [value[:LONGEST_FIELD] for value in form.getlist(item.id) if isinstance(value, str) and value]
            if given:
                raw[item.id] = given[:100]
        return cls(raw)

    def of_item(self, item: Item) -> Sequence[str]:
        return self.raw.get(item.id, ())

    def without(self, items: Sequence[Item]) -> "Draft":
        """The draft with these items unanswered."""
        gone = {item.id for item in items}
        return Draft({name: tokens for name, tokens in self.raw.items() if name not in gone})

    def answers(self, package: Package, round_: Round) -> Answers:
        """What can be read of it; the rest is left out."""
        answers: Answers = {}
        for item in package.asked_in(round_):
            if is_asked(item, answers):
                answer, problem = look_at(package, item, self.of_item(item))
                if answer is not None and problem is None:
                    answers[item.id] = answer
        return answers


def look_at(package: Package, item: Item, raw: Sequence[str]) -> tuple[Answer | None, str | None]:
    """One item's answer, or what is wrong with it."""
    try:
        answer = read_answer(package, item, raw)
    except InvalidAnswer as problem:
        return None, problem.message
    if answer is None and item.required:
        return None, "Svar på dette spørgsmål, før du går videre."
    return answer, None


def in_words(package: Package, item: Item, answer: Answer) -> list[str]:
    """An answer as the review page shows it, a line each."""
    if answer == NOT_RELEVANT and item.may_be_not_relevant:
        return [NOT_RELEVANT_LABEL]
    if item.kind == "text":
        return str(answer).split("\n")
    if item.kind == "rating":
        return [f"{answer} på en skala fra {item.minimum} til {item.maximum}"]
    options = package.options_of(item)
    if item.kind == "score":
        return [option.label for option in options if option.value == answer]
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return [option.label for option in options if option.id in chosen]
