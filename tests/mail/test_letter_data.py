"""What no letter is written from: missing facts, and names and links that are none."""

import pytest
from pydantic import ValidationError

from domain.letters import Occasion
from mail.catalogue import IncompleteLetter, render
from mail.letter_data import LetterData
from tests.mail.letters import changed, with_survey


@pytest.mark.parametrize(
    ("occasion", "lacking"),
    [
        (Occasion.INVITATION, "survey"),
        (Occasion.INVITATION, "link"),
        (Occasion.PROGRAMME, "meeting"),
        (Occasion.FOLLOW_UP_QUESTION, "follow_up"),
        (Occasion.ORDER_RECEIVED, "due"),
        (Occasion.CALL_OVERDUE, "due"),
        (Occasion.ORDER_RECEIVED, "follow_up_months"),
    ],
)
def test_a_letter_lacking_something_it_says_is_not_written(
    occasion: Occasion, lacking: str, a_letter: LetterData
) -> None:
    with pytest.raises(IncompleteLetter, match=occasion.value):
        render(occasion, changed(a_letter, **{lacking: None}))


def test_a_turnout_that_is_not_known_is_not_written_as_none(a_letter: LetterData) -> None:
    with pytest.raises(IncompleteLetter):
        render(Occasion.TOO_FEW_ANSWERS, with_survey(a_letter, answered=None))


@pytest.mark.parametrize("field", ["cluster", "package", "greeting_name", "order_number"])
@pytest.mark.parametrize("injected", ["Øst\r\nBcc: x@y.example", "Øst\nX: y", "Øst\x00", "Øst\u2028X"])
def test_a_line_break_in_a_name_is_refused(field: str, injected: str, a_letter: LetterData) -> None:
    with pytest.raises(ValidationError, match=r"én linje|styretegn"):
        LetterData.model_validate({**dict(a_letter), field: injected})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "klynge.example", 'https://x.example/"', "https://x.example/\n"]
)
def test_a_link_is_a_web_address_or_refused(url: str, a_letter: LetterData) -> None:
    with pytest.raises(ValidationError):
        LetterData.model_validate({**dict(a_letter), "link": url})


def test_a_refusal_does_not_repeat_the_name(a_letter: LetterData) -> None:
    with pytest.raises(ValidationError) as refused:
        LetterData.model_validate({**dict(a_letter), "greeting_name": "Gunver\nÆbelø"})
    assert "Gunver" not in str(refused.value)
