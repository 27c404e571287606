"""A cluster's own questions as people send them: words that are new become texts, words that stand keep theirs."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain import commands as do
from domain.model import Rejected, ScaleId, TextId
from domain.own_package import scales_to_choose
from domain.own_questions import LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, MOST_QUESTIONS, OwnKind, OwnQuestion
from domain.text import answer_label, question_text
from storage import texts
from storage.enclosures import EnclosedText, Enclosure
from web.requests.base import CommandRequest, Context, Submission, enclosed
from web.requests.meeting import Part

QuestionText = Annotated[str, AfterValidator(question_text), Field(json_schema_extra={"maxLength": LONGEST_QUESTION})]
AnswerLabel = Annotated[str, AfterValidator(answer_label), Field(json_schema_extra={"maxLength": LONGEST_OPTION})]


class OwnQuestionGiven(Part):
    """One question. It may ask of nothing that could point to somebody."""

    kind: OwnKind = Field(description="how it is answered")
    text: QuestionText
    scale: str = Field(
        "", description="of a degree: a scale of the package by its id, or the house's `egen_grad` or `egen_hyppighed`"
    )
    options: tuple[AnswerLabel, ...] = Field(
        (), max_length=MOST_OPTIONS, description="of a choice: what to choose from"
    )
    repeated: bool = Field(False, description="the follow-up asks it again")


class AskOwnQuestions(CommandRequest):
    """What the cluster asks besides the package, until its first invitation leaves; all of it, each time."""

    type: Literal["ask_own_questions"]
    questions: tuple[OwnQuestionGiven, ...] = Field(
        title="Klyngens egne spørgsmål", min_length=1, max_length=MOST_QUESTIONS
    )


def ask_own_questions(request: AskOwnQuestions, context: Context) -> Submission:
    """Raises Rejected where a scale is none of the package's or the house's, or two answers are the same."""
    scales = scales_to_choose(context.package)
    before = _standing(context)
    asked, written = list[OwnQuestion](), dict[str, EnclosedText]()

    def words(text: str) -> TextId:
        if text in before:
            return before[text]
        if text not in written:
            _, (written[text],) = enclosed("own_question", text)
        return written[text].id

    for number, given in enumerate(request.questions, start=1):
        if given.kind == "degree" and given.scale not in ("", *scales):
            message = f"Spørgsmål {number}: Skalaen findes ikke. Vælg en af disse: {', '.join(scales)}."
            raise Rejected("no_such_scale", message, question=number)
        if len({option.casefold() for option in given.options}) < len(given.options):
            raise Rejected("own_answers_alike", f"Spørgsmål {number}: To af svarene er ens.", question=number)
        asked.append(
            OwnQuestion(
                kind=given.kind,
                text=words(given.text),
                scale=ScaleId(given.scale),
                options=tuple(words(option) for option in given.options),
                repeated=given.repeated,
            )
        )
    return Submission(do.AskOwnQuestions(questions=tuple(asked)), Enclosure(texts=tuple(written.values())))


def _standing(context: Context) -> dict[str, TextId]:
    """What is written already, with the ids of its texts."""
    asked = context.order.own_questions
    ids = [text for question in asked for text in (question.text, *question.options)]
    return {words: text for text, words in texts.words_by_id(context.connection, ids).items()} if ids else {}
