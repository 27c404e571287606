"""Every message: what all of them keep to, whoever reads them."""

import re

import pytest

from domain.letters import Occasion
from mail.catalogue import MESSAGES, render
from mail.envelope import Attachment
from mail.letter_data import LetterData, Person
from tests.mail.conftest import LINK
from tests.mail.letters import changed, with_results
from tests.mail.reading import Page, both_forms, everything


def test_every_occasion_has_a_subject_a_text_and_a_page_and_nothing_else_has(occasion: Occasion) -> None:
    assert {path.name for path in (MESSAGES / occasion).iterdir()} == {"subject.txt", "body.txt", "body.html"}
    folders = {path.name for path in MESSAGES.iterdir() if path.is_dir()}
    assert folders == {*Occasion, "morning_digest"}


def test_the_subject_says_what_it_is_in_one_short_line(occasion: Occasion, a_letter: LetterData) -> None:
    subject = render(occasion, a_letter).subject
    assert 15 <= len(subject) <= 80
    assert subject == " ".join(subject.split())
    assert "!" not in subject


def test_text_and_page_greet_the_reader_and_name_the_cluster_or_its_meeting(
    occasion: Occasion, a_letter: LetterData
) -> None:
    for words in both_forms(render(occasion, a_letter)):
        assert re.search(r"\b(Kære|Hej) Gunver\b", words)
        assert "Aalborg Øst" in words


def test_nothing_is_left_unfilled(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, a_letter)
    for leftover in ("None", "Undefined", "{{", "}}", "{%", "%}", "  ,", " ."):
        assert leftover not in mail.text
        assert leftover not in mail.subject
        assert leftover not in Page(mail.html).text


def test_danish_letters_come_out_as_themselves(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, a_letter)
    assert not re.search(r"Ã|&aring;|&oslash;|&aelig;|\ufffd", everything(mail))
    assert re.search("[æøå]", mail.text)
    assert re.search("[æøå]", Page(mail.html).text)


def test_there_is_exactly_one_thing_to_do_and_its_address_stands_in_the_text_too(
    occasion: Occasion, a_letter: LetterData
) -> None:
    mail = render(occasion, a_letter)
    things = [] if occasion is Occasion.MEETING_CANCELLED else [LINK]
    assert Page(mail.html).buttons == things
    assert mail.text.count(LINK) == len(things)


def test_the_page_says_no_less_than_the_text_about_numbers_and_dates(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, a_letter)
    body, _, _ = mail.text.partition("\n--\n")
    said = Page(mail.html).text
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"https?://\S+", "", body)))
    assert numbers <= set(re.findall(r"\d+(?:[.,]\d+)*", said)) | {"1", "2", "3"}


def test_a_word_that_scolds_is_never_used(occasion: Occasion, a_letter: LetterData) -> None:
    for number in (1, 2, 3):
        said = everything(render(occasion, changed(a_letter, number=number))).lower()
        for word in ("rykker", "rykke dig", "desværre ikke svaret", "du har ikke", "du mangler", "for sent", "husk nu"):
            assert word not in said


def test_names_are_escaped_in_the_page_and_plain_in_the_text(occasion: Occasion, a_letter: LetterData) -> None:
    hostile = "Sø & <b>Ål</b>"
    mail = render(occasion, changed(a_letter, cluster=hostile, greeting_name=hostile, package=hostile))
    assert hostile in mail.text
    assert "<b>Ål" not in mail.html
    assert "Sø &amp; &lt;b&gt;Ål&lt;/b&gt;" in mail.html
    assert hostile in Page(mail.html).text


def test_without_a_first_name_the_greeting_is_still_a_greeting(a_letter: LetterData) -> None:
    assert render(Occasion.INVITATION, changed(a_letter, greeting_name="")).text.startswith("Hej\n")


def test_where_nobody_can_be_reached_no_question_is_invited(a_letter: LetterData) -> None:
    mail = render(Occasion.ORDER_RECEIVED, changed(a_letter, consultant=None, office=Person(name="KiAP")))
    assert "Spørgsmål?" not in everything(mail)


@pytest.mark.parametrize("occasion", [Occasion.DECK_REVIEW, Occasion.DECK_DELIVERED, Occasion.COMPARISON_DELIVERED])
def test_material_without_results_does_not_promise_any(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, with_results(a_letter, shown=False, free_texts=0))
    assert "for få" in mail.text
    assert "38" not in mail.text
    assert "38 af 42" in render(occasion, a_letter).text


@pytest.mark.parametrize("shown", [True, False])
def test_results_are_spoken_of_only_where_there_are_some(shown: bool, a_letter: LetterData) -> None:
    data = with_results(a_letter, shown=shown)
    for occasion in (Occasion.PROGRAMME, Occasion.AFTER_MEETING):
        body, _, _ = render(occasion, data).text.partition("\n--\n")
        assert ("resultater" in body) is shown


@pytest.mark.parametrize("occasion", [Occasion.PLAN_AGREED, Occasion.PROGRAMME, Occasion.MEETING_MOVED])
def test_a_calendar_file_is_spoken_of_only_where_there_is_one(
    occasion: Occasion, a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    with_file = render(occasion, a_letter, (a_calendar_file,))
    assert with_file.attachments == (a_calendar_file,)
    assert "kalenderfil" in with_file.text
    assert "kalenderfil" in with_file.html
    assert "kalenderfil" not in everything(render(occasion, a_letter))


@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_mail_links_to_both_notices_in_its_foot(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, changed(a_letter, site="https://klynge.example"))
    for page in ("https://klynge.example/privatliv", "https://klynge.example/tilgaengelighed"):
        assert mail.text.count(page) == 1
        assert mail.html.count(page) == 1
        assert mail.text.index(page) > mail.text.index("\n--\n")
