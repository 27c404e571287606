"""The form of a cluster's own questions: five blocks, of which an empty one asks nothing."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from domain.own_package import AskedQuestion
from domain.own_questions import MOST_QUESTIONS, OwnKind, OwnQuestion
from domain.text import answer_label, question_text
from domain.unfit import Unfit
from web.forms.reader import FormReader

KINDS: dict[OwnKind, str] = {
    "degree": "På en skala, fx i høj grad eller ofte",
    "agreement": "Enig eller uenig",
    "yes_no": "Ja eller nej",
    "choice": "Ét svar, som du skriver herunder",
    "text": "Med egne ord",
}
"""How a question is answered, as the form says it."""

LOOK = "vis"
"""The button that shows the questions as a doctor sees them, and saves nothing."""

_POINTING = re.compile(
    r"\b(navne?t?|alder|hvor gammel|født|fødsels(?:år|dag|dato)|køn|mand eller kvinde|ydernummer\w*|adresse\w*"
    r"|mailadresse\w*|telefonnummer\w*|cpr\w*|bopæl\w*|postnummer\w*|anciennitet\w*|hvor mange år|hvor mange læger"
    r"|hvilken (?:praksis|klinik|by|kommune))\b",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """What stands in one question's fields; `name` is what their names begin with."""

    name: str
    text: str
    kind: str
    scale: str
    options: list[str]
    repeated: bool


def blocks(given: Callable[[str], str], name: str) -> Iterator[Block]:
    """The blocks that somebody has written in."""
    for number in range(1, MOST_QUESTIONS + 1):
        block = f"{name}-{number}"
        text = given(f"{block}-text").strip()
        options = [line.strip() for line in given(f"{block}-options").splitlines() if line.strip()]
        kind = given(f"{block}-kind")
        scale = given(f"{block}-scale") if kind == "degree" else ""
        if text or options:
            repeated = given(f"{block}-repeated") == "ja"
            yield Block(block, text, kind, scale, options if kind == "choice" else [], repeated)


def read_own_questions(reader: FormReader, name: str) -> list[dict[str, Any]]:
    """The questions as a request has them; what is wrong is refused beside its field."""
    found = list(blocks(reader.given, name))
    if not found:
        reader.refuse(f"{name}-1-text", "Skriv mindst ét spørgsmål.")
    for block in found:
        _check(reader, f"{block.name}-text", question_text, block.text)
        for option in block.options:
            _check(reader, f"{block.name}-options", answer_label, option)
        if block.kind not in KINDS:
            reader.refuse(f"{block.name}-kind", "Vælg, hvordan der svares.")
        if block.kind == "degree" and not block.scale:
            reader.refuse(f"{block.name}-scale", "Vælg den skala, der svares på.")
    return [
        {"kind": each.kind, "text": each.text, "scale": each.scale, "options": each.options, "repeated": each.repeated}
        for each in found
    ]


def in_form(asked: tuple[OwnQuestion, ...], words: tuple[AskedQuestion, ...], name: str) -> dict[str, str]:
    """What stands in the form before anybody writes: the questions as they are."""
    values: dict[str, str] = {}
    for number, (question, written) in enumerate(zip(asked, words, strict=True), start=1):
        block = f"{name}-{number}"
        values |= {
            f"{block}-text": written.text,
            f"{block}-kind": question.kind,
            f"{block}-scale": question.scale,
            f"{block}-options": "\n".join(written.options),
            f"{block}-repeated": "ja" if question.repeated else "",
        }
    return values


def as_asked(values: Mapping[str, str], name: str, scales: Mapping[str, Any]) -> tuple[AskedQuestion, ...]:
    """The questions of a form that can be shown as they are; those that are half written are left out."""
    found = []
    for block in blocks(lambda each: values.get(each, ""), name):
        kind = next((kind for kind in KINDS if kind == block.kind), None)
        whole = bool(block.text) and (kind != "choice" or len(block.options) > 1)
        if kind is not None and whole and (kind != "degree" or block.scale in scales):
            options = tuple(dict.fromkeys(block.options))
            found.append(AskedQuestion(kind, block.text, block.scale, options, block.repeated))
    return tuple(found)


def pointing(questions: tuple[AskedQuestion, ...]) -> list[str]:
    """Words that ask of what could point to somebody, as they were written, each once."""
    said = (word for each in questions for text in (each.text, *each.options) for word in _POINTING.findall(text))
    return list(dict.fromkeys(word.lower() for word in said))


def _check(reader: FormReader, field: str, door: Callable[[str], str], text: str) -> None:
    try:
        door(text)
    except Unfit as unfit:
        reader.refuse(field, unfit.danish)
