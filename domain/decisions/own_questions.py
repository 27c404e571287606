"""Decisions on the cluster's own questions: asked, changed and taken out again until the questionnaire is sent."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.decisions.rules import has_a_questionnaire
from domain.model import Rejected
from domain.order import Order
from domain.own_questions import misfit


def ask_own_questions(order: Order, command: do.AskOwnQuestions, now: dt.datetime) -> list[ev.Event]:
    """They take the place of those that were asked before."""
    has_a_questionnaire(order)
    _not_sent(order)
    for number, question in enumerate(command.questions, start=1):
        if what := misfit(question):
            raise Rejected("own_question_does_not_fit", f"Spørgsmål {number}: {what}", question=number)
    if command.questions == order.own_questions:
        return []
    return [ev.OwnQuestionsAsked(at=now, questions=command.questions)]


def drop_own_questions(order: Order, _command: do.DropOwnQuestions, now: dt.datetime) -> list[ev.Event]:
    """The questionnaire is the package's alone again."""
    _not_sent(order)
    return [ev.OwnQuestionsDropped(at=now)] if order.own_questions else []


def _not_sent(order: Order) -> None:
    """From the first invitation on, all doctors of a round are asked the same, and the follow-up what was agreed."""
    if order.baseline is not None and order.baseline.opened:
        raise Rejected("own_questions_are_sent", "Spørgeskemaet er sendt ud, så spørgsmålene kan ikke ændres mere.")
