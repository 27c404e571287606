"""What comes next in an order, told in a sentence with the day and the clock: what happens, when, and to whom or if."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from domain.agenda import lies_ahead
from domain.danish import clock, weekday_and_day
from domain.letters import Due, Letter, Occasion
from domain.mailings import NOTHING, Waiting, letters_to_come, mailing_of
from domain.order import Order
from domain.steps import Action
from domain.words import LETTER, next_line

TO_THE_REST = "til dem, der ikke har svaret"
CONDITION = ", hvis "
"""What a line's condition begins with: it follows the time."""


@dataclass(frozen=True)
class ComingLine:
    """`before`, the moment, `after`: "Påmindelse 2 går", when, "til dem, der ikke har svaret"."""

    at: dt.datetime
    before: str
    after: str = ""

    @property
    def when(self) -> str:
        """ "torsdag den 3. december kl. 8.30" """
        return f"{weekday_and_day(self.at)} {clock(self.at)}"

    def __str__(self) -> str:
        space = "" if not self.after or self.after.startswith(",") else " "
        return f"{self.before} {self.when}{space}{self.after}"


def coming_lines(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> list[ComingLine]:
    """All that will happen by itself as things stand, in order of time."""
    steps = [
        _line(each.at, next_line(each.code, each.facts))
        for each in lies_ahead(order, now)
        if not each.code.startswith(LETTER)
    ]
    return sorted([*steps, *_letters(order, now, waiting)], key=lambda line: line.at)


def next_to_members(order: Order, now: dt.datetime) -> ComingLine | None:
    """What members hear next, all of them or those who have not answered; None where nothing is in sight."""
    opens = [each for each in lies_ahead(order, now) if each.code == Action.OPEN_SURVEY.value]
    letters = [due for due in letters_to_come(order, now) if mailing_of(due.letter).to_members]
    lines = [
        *(ComingLine(each.at, "Medlemmerne får spørgeskemaet") for each in opens),
        *(_letter(order, due) for due in letters),
    ]
    return min(lines, key=lambda line: line.at, default=None)


def _letters(order: Order, now: dt.datetime, waiting: Waiting) -> Iterator[ComingLine]:
    for due in letters_to_come(order, now, waiting):
        yield _letter(order, due)


def _letter(order: Order, due: Due) -> ComingLine:
    match due.letter.occasion:
        case Occasion.REMINDER:
            return ComingLine(due.at, f"Påmindelse {_number(order, due)} går", TO_THE_REST)
        case Occasion.SURVEY_EXTENDED:
            return ComingLine(due.at, "Besked om den nye frist går", TO_THE_REST)
        case occasion:
            return _line(due.at, next_line(f"{LETTER}{occasion}", {}))


def _number(order: Order, due: Due) -> int:
    """Which of its round's reminders a letter is, counted with those that have gone."""
    mine = due.letter
    gone = (Letter.parse(key) for key in order.letters)
    days = {each.number for each in gone if each.occasion is mine.occasion and each.round is mine.round}
    survey = order.survey(mine.round) if mine.round else None
    days |= {day.isoformat() for day in survey.reminders} if survey else set()
    return 1 + sum(day < mine.number for day in days)


def _line(at: dt.datetime, said: str) -> ComingLine:
    before, comma, condition = said.partition(CONDITION)
    verb = " er" if before == "Klyngemødet" else ""
    return ComingLine(at, f"{before}{verb}", f"{comma}{condition}" if comma else "")
