"""What the coordinator is written from the order to the follow-up: what is to be done, and what comes by itself."""

import datetime as dt

import pytest

from domain.letters import Occasion
from mail.catalogue import render
from mail.letter_data import LetterData
from tests.mail.letters import changed, with_results, with_survey
from tests.mail.reading import both_forms


def test_before_there_is_a_consultant_kiap_signs_and_answers(a_letter: LetterData) -> None:
    mail = render(Occasion.ORDER_RECEIVED, changed(a_letter, consultant=None))
    assert "En konsulent fra KiAP ringer til dig senest onsdag den 18. november" in mail.text
    assert "Ring til KiAP på 70 10 10 10 eller skriv til klynger@kiap.example." in mail.text
    assert "\nVenlig hilsen\nKiAP\n" in mail.text


def test_the_coordinator_is_called_you_where_they_lead_the_meeting(a_letter: LetterData) -> None:
    assert "Mødet ledes af: dig" in render(Occasion.PLAN_AGREED, a_letter).text


def test_a_plan_changed_after_the_survey_has_closed_does_not_promise_to_send_it(a_letter: LetterData) -> None:
    for answered, is_promised in ((None, True), (12, False)):
        for words in both_forms(render(Occasion.PLAN_AGREED, with_survey(a_letter, answered=answered))):
            assert ("Vi sender spørgeskemaet til klyngens medlemmer" in words) is is_promised


@pytest.mark.parametrize("shown", [True, False])
def test_the_coordinator_learns_who_tells_the_members(shown: bool, a_letter: LetterData) -> None:
    data = with_results(a_letter, shown=shown)
    first, second = render(Occasion.DECK_DELIVERED, data), render(Occasion.COMPARISON_DELIVERED, data)
    assert "det skal du ikke gøre" in first.text
    for body in (second.text, second.html):
        assert ("Send resultatet til medlemmerne" in body) is shown
        assert ("Medlemmerne får ikke besked fra os denne gang." in body) is not shown


def test_the_coordinator_is_told_until_when_the_comparison_can_be_sent_on(a_letter: LetterData) -> None:
    until = changed(a_letter, due=dt.date(2027, 3, 30))
    for words in both_forms(render(Occasion.COMPARISON_DELIVERED, until)):
        assert "Det kan du til og med tirsdag den 30. marts 2027. Så slutter bestillingen." in words


@pytest.mark.parametrize("ahead", [False, True])
def test_that_members_get_the_programme_is_told_only_while_the_meeting_lies_ahead(
    ahead: bool, a_letter: LetterData
) -> None:
    """A deck can still be released while the meeting goes on."""
    for words in both_forms(render(Occasion.DECK_DELIVERED, changed(a_letter, meeting_ahead=ahead))):
        assert ("til medlemmerne inden mødet" in words) is ahead


@pytest.mark.parametrize("number", [1, 2])
def test_a_record_is_asked_for_in_the_same_words_in_both_forms(number: int, a_letter: LetterData) -> None:
    for words in both_forms(render(Occasion.RECORD_REQUEST, changed(a_letter, number=number))):
        assert "Vil du skrive tre ting ind?" in words


def test_a_record_asked_for_again_is_asked_for_kindly(a_letter: LetterData) -> None:
    again = render(Occasion.RECORD_REQUEST, changed(a_letter, number=2))
    assert again.subject.startswith("Påmindelse:")
    assert "Når du har et øjeblik" in again.text


def test_the_coordinator_is_told_what_happens_without_a_choice(a_letter: LetterData) -> None:
    again = render(Occasion.FOLLOW_UP_QUESTION, changed(a_letter, number=3))
    assert "slutter bestillingen af sig selv efter torsdag den 25. november 2027" in again.text


def test_a_new_coordinator_is_told_where_the_order_stands_and_what_comes(a_letter: LetterData) -> None:
    for words in both_forms(render(Occasion.COORDINATOR_WELCOME, changed(a_letter, due=None))):
        assert "Klar til mødet" in words
        assert "onsdag den 25. november 2026" in words
        assert "ringer til dig" not in words
        assert words.index("Mandag den 16. november") < words.index("Medlemmerne får programmet")


def test_a_new_coordinator_before_the_call_is_told_who_calls(a_letter: LetterData) -> None:
    for words in both_forms(render(Occasion.COORDINATOR_WELCOME, changed(a_letter, meeting=None))):
        assert "Camilla Østergaard fra KiAP ringer til dig senest onsdag den 18. november" in words


def test_a_corrected_deck_is_told_with_what_to_do_with_the_old_one(a_letter: LetterData) -> None:
    mail = render(Occasion.DECK_CORRECTED, a_letter)
    assert mail.subject == "Præsentationen til klyngen Aalborg Øst er rettet: brug den nye"
    for words in both_forms(mail):
        assert "Har du hentet den allerede, så hent den igen" in words
        assert "Medlemmerne får ingen mail om det her" in words


@pytest.mark.parametrize("by_hand", [False, True])
def test_of_a_deck_corrected_by_hand_no_mail_says_that_it_was_made_anew(by_hand: bool, a_letter: LetterData) -> None:
    data = changed(a_letter, results=a_letter.results.model_copy(update={"remade": True, "by_hand": by_hand}))
    for words in both_forms(render(Occasion.PLAN_AGREED, data)):
        assert ("Materialet er lavet på ny" in words) is not by_hand
        assert ("Præsentationen har vi rettet i hånden" in words) is by_hand


def test_the_mail_with_the_deck_says_which_papers_are_beside_it(a_letter: LetterData) -> None:
    mail = render(Occasion.DECK_DELIVERED, a_letter)
    assert "- Drejebog, uddelingskopier til alle, grupper på fire og deltagerliste" in mail.text
    assert "Der ligger også en drejebog, uddelingskopier til alle, grupper på fire og en deltagerliste." in mail.html
    without = render(Occasion.DECK_DELIVERED, with_results(a_letter, documents=()))
    assert all("rejebog" not in words for words in both_forms(without))
