"""What a valid answer is: from the strings of a form or a file to numbers, option ids and texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from domain.model import Round
from domain.package import NOT_RELEVANT, NOT_RELEVANT_LABEL, Answer, Answers, Item, Option, Package
from domain.signs import composed, without_unseen_ends
from domain.text import LONGEST_ANSWER, words_or_nothing
from domain.unfit import Unfit

Reason = Literal[
    "several", "not_a_number", "out_of_range", "unknown_option", "too_many", "not_relevant", "unfit_text",
    "required", "nothing",
]  # fmt: skip

_NUMBER = re.compile(r"(-?[0-9]{1,6})(?:[.,]0{1,6})?")  # spreadsheets and pandas write 3 as 3.0
_NOT_RELEVANT_TOKENS = {NOT_RELEVANT, NOT_RELEVANT_LABEL.casefold()}


class InvalidAnswer(Exception):  # noqa: N818 - a "no" to the person, not an error
    """An answer that can't be taken. `message` is Danish for the person; `given` is what was written.

    Of a free text nothing is given; `english` says what is wrong with it.
    """

    def __init__(self, item: str, reason: Reason, message: str, given: str = "", *, english: str = "") -> None:
        super().__init__(item, reason, message, given)
        self.item = item
        self.reason = reason
        self.message = message
        self.given = given
        self.english = english

    def __str__(self) -> str:
        return f"{self.item}: {self.message}" if self.item else self.message


class InvalidAnswers(Exception):  # noqa: N818
    """Everything in one person's answers that can't be taken, in the order of the questionnaire."""

    def __init__(self, problems: Sequence[InvalidAnswer]) -> None:
        super().__init__(tuple(problems))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return " ".join(str(problem) for problem in self.problems)


def read_answers(
    package: Package, round_: Round, raw: Mapping[str, Sequence[str]], *, complete: bool = True
) -> Answers:
    """One person's answers to a round, from tokens by item id. Names that are no item of the round are left alone.

    Items whose `only_if` does not hold are dropped. A half-answered index is taken; it just gives no score.
    With `complete`, required items must be answered, and something must be. Raises InvalidAnswers with all problems.
    """
    answers: Answers = {}
    problems: list[InvalidAnswer] = []
    for item in package.asked_in(round_):
        if not is_asked(item, answers):
            continue
        try:
            answer = read_answer(package, item, raw.get(item.id, ()))
            if answer is not None:
                answers[item.id] = answer
            elif complete and item.required:
                problems.append(InvalidAnswer(item.id, "required", "Svar på dette spørgsmål, før du går videre."))
        except InvalidAnswer as problem:
            problems.append(problem)
    if complete and not answers and not problems:
        problems.append(InvalidAnswer("", "nothing", "Du har ikke svaret på noget endnu."))
    if problems:
        raise InvalidAnswers(problems)
    return answers


def is_asked(item: Item, answers: Answers) -> bool:
    """False where the answer so far says that this item is not for this person."""
    if item.only_if is None:
        return True
    answer = answers.get(item.only_if.item)
    return answer is None or answer == item.only_if.option


def read_answer(package: Package, item: Item, raw: Sequence[str]) -> Answer | None:
    """One item's answer, None if there is none. Raises InvalidAnswer.

    Numbers for scores and ratings; an option's id or label, in any case, for the rest; `ikke_relevant` where allowed.
    """
    if item.kind == "text":
        return _text(item, raw)
    tokens = [token for token in (_plain(each) for each in raw) if token]
    if not tokens:
        return None
    if any(token.casefold() in _NOT_RELEVANT_TOKENS for token in tokens):
        return _not_relevant(item, tokens)
    if item.kind == "choices":
        return _choices(item, package.options_of(item), tokens)
    if len(set(tokens)) > 1:
        raise InvalidAnswer(item.id, "several", "Vælg kun ét svar.", "; ".join(tokens))
    if item.kind == "rating":
        return _rating(item, tokens[0])
    if item.kind == "score":
        return _score(item, package.options_of(item), tokens[0])
    return _option(item, package.options_of(item), tokens[0]).id


def _not_relevant(item: Item, tokens: list[str]) -> str:
    if not item.may_be_not_relevant:
        message = f"“{NOT_RELEVANT_LABEL}” kan ikke vælges her. Du kan lade spørgsmålet stå tomt."
        raise InvalidAnswer(item.id, "not_relevant", message, tokens[0])
    if any(token.casefold() not in _NOT_RELEVANT_TOKENS for token in tokens):
        message = f"Vælg enten “{NOT_RELEVANT_LABEL}” eller et svar, ikke begge dele."
        raise InvalidAnswer(item.id, "several", message, "; ".join(tokens))
    return NOT_RELEVANT


def _rating(item: Item, token: str) -> int:
    low, high = item.minimum or 0, item.maximum or 0
    message = f"Skriv et helt tal fra {low} til {high}."
    number = _whole_number(item, token, message)
    if not low <= number <= high:
        raise InvalidAnswer(item.id, "out_of_range", message, token)
    return number


def _score(item: Item, options: Sequence[Option], token: str) -> int:
    found = _matching(options, token)
    if found is not None and found.value is not None:
        return found.value
    values = [option.value for option in options if option.value is not None]
    number = _whole_number(item, token, "Vælg et af svarene.")
    if number not in values:
        raise InvalidAnswer(item.id, "out_of_range", "Vælg et af svarene.", token)
    return number


def _whole_number(item: Item, token: str, message: str) -> int:
    match = _NUMBER.fullmatch(token)
    if match is None:
        raise InvalidAnswer(item.id, "not_a_number", message, token)
    return int(match[1])


def _option(item: Item, options: Sequence[Option], token: str) -> Option:
    found = _matching(options, token)
    if found is None:
        raise InvalidAnswer(item.id, "unknown_option", "Vælg et af svarene.", token)
    return found


def _choices(item: Item, options: Sequence[Option], tokens: Iterable[str]) -> tuple[str, ...]:
    chosen = {_option(item, options, token).id for token in tokens}
    if item.at_most is not None and len(chosen) > item.at_most:
        message = f"Vælg højst {item.at_most}. Du har valgt {len(chosen)}."
        raise InvalidAnswer(item.id, "too_many", message, str(len(chosen)))
    return tuple(option.id for option in options if option.id in chosen)


def _matching(options: Sequence[Option], token: str) -> Option | None:
    wanted = token.casefold()
    return next((o for o in options if wanted in (o.id, _plain(o.label).casefold())), None)


def _plain(token: str) -> str:
    """One line, single spaces, composed letters (a Mac may send å as a and a ring), nothing unseen at the ends."""
    return " ".join(without_unseen_ends(composed(token)).split())


def _text(item: Item, raw: Sequence[str]) -> str | None:
    try:
        return words_or_nothing("\n".join(raw), LONGEST_ANSWER) or None
    except Unfit as unfit:
        raise InvalidAnswer(item.id, "unfit_text", str(unfit), english=unfit.english) from None
