"""What KiAP's own people are written: what waits for them."""

import datetime as dt

import pytest

from domain.letters import Occasion
from mail.catalogue import render
from mail.letter_data import CallsTried, LetterData
from tests.mail.letters import changed, with_results
from tests.mail.reading import Page, both_forms, everything


def test_the_consultant_is_told_of_a_new_order_whom_to_call_and_by_when(a_letter: LetterData) -> None:
    before, later = (render(Occasion.ORDER_ASSIGNED, changed(a_letter, due=due)) for due in (a_letter.due, None))
    for words in both_forms(before):
        for each in ("Søren Ågård", "12 34 56 78", "soeren@laegehus.example", "senest onsdag den 18. november"):
            assert each in words
    for words in both_forms(later):
        assert "opkald" not in words
        assert "Klar til mødet" in words


def test_the_consultant_hears_of_free_texts_only_where_there_are_some(a_letter: LetterData) -> None:
    assert "7 fritekster venter på dig" in render(Occasion.DECK_REVIEW, a_letter).text
    none = with_results(a_letter, free_texts=0)
    assert "fritekst" not in everything(render(Occasion.DECK_REVIEW, none))


@pytest.mark.parametrize(
    ("many", "what"), [(1, "1 fritekst venter på dig. Læs den,"), (7, "7 fritekster venter på dig. Læs dem,")]
)
def test_one_free_text_is_told_in_the_singular_and_more_in_the_plural(
    many: int, what: str, a_letter: LetterData
) -> None:
    data = with_results(a_letter, free_texts=many)
    assert what in Page(render(Occasion.DECK_REVIEW, data).html).text


@pytest.mark.parametrize(
    ("calls", "line"),
    [
        (CallsTried(count=1, last_day=dt.date(2026, 1, 6), reached=False), "Ringet: 1 gang, senest {day}, uden svar"),
        (
            CallsTried(count=3, last_day=dt.date(2026, 1, 6), reached=True),
            "Ringet: 3 gange, senest {day}, da de talte sammen",
        ),
    ],
)
def test_operations_are_told_of_the_calls_that_were_tried(a_letter: LetterData, calls: CallsTried, line: str) -> None:
    letter = changed(a_letter, today=dt.date(2026, 1, 13), due=dt.date(2026, 1, 12), calls=calls)
    mail = render(Occasion.CALL_OVERDUE, letter)
    assert line.format(day="tirsdag den 6. januar") in mail.text
    assert "Ringet" in mail.html
    assert "Ringet" not in render(Occasion.CALL_OVERDUE, changed(letter, calls=None)).text
