"""What is written when an order ends early: the meeting called off, the answers erased, or an apology."""

import pytest

from domain.letters import Occasion
from domain.model import Round
from mail.catalogue import render
from mail.envelope import Attachment
from mail.letter_data import LetterData
from tests.mail.letters import changed, with_survey
from tests.mail.reading import both_forms, everything

CALLED_OFF = [Occasion.ORDER_CANCELLED, Occasion.MEETING_CANCELLED]
ERASED = "slettet uden at være læst"


def given_up_in(round_: Round, letter: LetterData, *, meeting_ahead: bool) -> LetterData:
    """An order that its cluster gave up while a round was open."""
    asking = with_survey(letter, round=round_, is_open=True)
    return changed(asking, meeting_ahead=meeting_ahead, cancelled="cluster_withdrew")


@pytest.mark.parametrize("occasion", CALLED_OFF)
def test_a_meeting_called_off_is_named_and_taken_out_of_the_calendar(
    occasion: Occasion, a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    for words in both_forms(render(occasion, a_letter, (a_calendar_file,))):
        assert "onsdag den 25. november kl. 17.00" in words
        assert "Den vedhæftede fil fjerner" in words
        assert ERASED not in words
    for words in both_forms(render(occasion, a_letter)):
        assert "vedhæftede" not in words


@pytest.mark.parametrize("round_", list(Round))
@pytest.mark.parametrize("occasion", CALLED_OFF)
def test_a_survey_that_was_open_is_told_to_be_closed(occasion: Occasion, round_: Round, a_letter: LetterData) -> None:
    for words in both_forms(render(occasion, given_up_in(round_, a_letter, meeting_ahead=round_ is Round.BASELINE))):
        assert ERASED in words


def test_a_meeting_that_was_held_is_not_called_off_with_the_follow_up(a_letter: LetterData) -> None:
    data = given_up_in(Round.FOLLOW_UP, a_letter, meeting_ahead=False)
    to_coordinator, to_member = (render(occasion, data) for occasion in CALLED_OFF)
    for mail in (to_coordinator, to_member):
        assert "lyngemødet" not in everything(mail)
    assert to_member.subject == "Aflyst: spørgeskemaet om Trivsel og arbejdsglæde"
    assert "Klyngens opfølgning på ”Trivsel og arbejdsglæde” er aflyst." in to_member.text
    assert "medlemmerne får besked" in to_coordinator.text


def test_an_order_nobody_called_about_is_apologised_for(a_letter: LetterData) -> None:
    lapsed = changed(a_letter, cancelled="never_called", meeting=None, meeting_ahead=False)
    mail = render(Occasion.ORDER_CANCELLED, lapsed)
    assert mail.subject.startswith("Bestillingen er bortfaldet")
    for words in both_forms(mail):
        assert "Det beklager vi." in words
        assert "aflyst" not in words
