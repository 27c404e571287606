"""The mail that brings somebody their link: a coordinator's or a member's, another one or the same once more."""

import pytest

from domain.letters import Occasion
from mail.catalogue import IncompleteLetter, render
from mail.letter_data import LetterData
from tests.mail.letters import changed
from tests.mail.reading import both_forms

RENEWED = "De links, du har fået før, virker ikke mere."


def test_a_coordinator_is_told_what_the_link_can_do(a_letter: LetterData) -> None:
    mail = render(Occasion.NEW_LINK, changed(a_letter, is_coordinators=True))
    assert mail.subject.startswith("Dit link til bestillingen af ")
    for words in both_forms(mail):
        assert "Den, der har det, kan flytte og aflyse." in words
        assert "du er klyngekoordinator for" in words
        assert "spørgeskema" not in words


def test_a_member_is_told_that_the_questionnaires_link_is_another(a_letter: LetterData) -> None:
    mail = render(Occasion.NEW_LINK, changed(a_letter, is_coordinators=False))
    assert mail.subject.startswith("Dit link til klyngemødet om ")
    for words in both_forms(mail):
        assert "Leder du efter spørgeskemaet, står linket til det i invitationen." in words
        assert "du er medlem af" in words
        assert "aflyse" not in words


@pytest.mark.parametrize("renewed", [True, False])
def test_that_earlier_links_are_dead_is_said_only_where_they_are(a_letter: LetterData, renewed: bool) -> None:
    for words in both_forms(render(Occasion.NEW_LINK, changed(a_letter, link_is_new=renewed))):
        assert (RENEWED in words) is renewed
        assert "Har du ikke bedt om et link? Så skal du ikke gøre noget." in words


def test_without_a_link_it_is_not_written(a_letter: LetterData) -> None:
    with pytest.raises(IncompleteLetter):
        render(Occasion.NEW_LINK, changed(a_letter, link=None))
