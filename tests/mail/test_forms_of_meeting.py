"""Every mail about a meeting, in a room and on video: one programme on the clock, and no word of the other form."""

import datetime as dt
import re
from itertools import pairwise

import pytest

from domain.fitting import fitted
from domain.letters import Occasion
from domain.meeting import Format
from domain.package import Package
from mail.catalogue import render
from mail.letter_data import LetterData, Person
from tests.forms_of_meeting import words_of_the_other_form
from tests.mail.letters import with_meeting
from tests.mail.reading import both_forms
from tests.the_packages import POLYFARMACI, SAMARBEJDE, TRIVSEL, UDDELEGERING

BOTH = pytest.mark.parametrize("form", list(Format))
PACKAGES = pytest.mark.parametrize(
    "package", [TRIVSEL, SAMARBEJDE, UDDELEGERING, POLYFARMACI], ids=lambda package: package.slug
)


def about(letter: LetterData, package: Package, form: Format, minutes: int = 180) -> LetterData:
    """The letter with this package's programme in a meeting of this form."""
    programme = package.programme
    starts = dt.datetime(2026, 11, 25, 17)  # noqa: DTZ001 - Danish wall clock
    on_video = form is Format.VIDEO
    return with_meeting(
        letter,
        format=form,
        minutes=minutes,
        place="https://video.example/klynge" if on_video else "Sognegården",
        programme=fitted(programme.of(form), minutes),
        check_in=starts - dt.timedelta(minutes=30) if on_video else None,
        ring=Person(name="Karen Blixen", phone="20 30 40 50") if on_video else None,
        guide=programme.video.guide if on_video else None,
    )


@PACKAGES
@BOTH
@pytest.mark.parametrize("occasion", [each for each in Occasion if each is not Occasion.ORDER_RECEIVED])
def test_no_mail_has_words_of_the_other_form(
    a_letter: LetterData, package: Package, form: Format, occasion: Occasion
) -> None:
    """The receipt asks which form the meeting shall have, so it names both."""
    for words in both_forms(render(occasion, about(a_letter, package, form))):
        assert words_of_the_other_form(words, form) == []


@PACKAGES
@BOTH
@pytest.mark.parametrize("occasion", [Occasion.PROGRAMME, Occasion.MEETING_REMINDER])
def test_programme_and_reminder_run_from_the_meetings_beginning_to_its_end(
    a_letter: LetterData, package: Package, form: Format, occasion: Occasion
) -> None:
    text = render(occasion, about(a_letter, package, form)).text
    times = re.findall(r"(?m)^(\d\d\.\d\d)–(\d\d\.\d\d): ", text)
    assert (times[0][0], times[-1][1]) == ("17.00", "20.00")
    assert all(before[1] == after[0] for before, after in pairwise(times))


def test_a_task_by_itself_has_no_number_and_others_have_those_of_the_paper(a_letter: LetterData) -> None:
    text = render(Occasion.PROGRAMME, about(a_letter, TRIVSEL, Format.IN_PERSON)).text
    assert "\nTal i gruppen om, hvornår I oplever" in text
    assert "\n2. Er der noget, I kan gøre på praksisniveau?" in text


@BOTH
def test_check_in_and_whom_to_ring_are_told_for_a_video_meeting_alone(a_letter: LetterData, form: Format) -> None:
    told = render(Occasion.MEETING_REMINDER, about(a_letter, TRIVSEL, form)).text
    for words in ("fra kl. 16.30", "ring til Karen Blixen, 20 30 40 50"):
        assert (words in told) is (form is Format.VIDEO)
    delivered = render(Occasion.DECK_DELIVERED, about(a_letter, TRIVSEL, form)).text
    assert ("Zoom-guide_til_moedefacilitator" in delivered) is (form is Format.VIDEO)


def test_the_consultant_is_told_where_nobody_can_be_rung(a_letter: LetterData) -> None:
    video = about(a_letter, TRIVSEL, Format.VIDEO)
    lacks = "der mangler en, deltagerne kan ringe til"
    assert lacks not in render(Occasion.DECK_REVIEW, video).text
    for words in both_forms(render(Occasion.DECK_REVIEW, with_meeting(video, ring=None))):
        assert lacks in words
    assert lacks not in render(Occasion.DECK_REVIEW, about(a_letter, TRIVSEL, Format.IN_PERSON)).text
