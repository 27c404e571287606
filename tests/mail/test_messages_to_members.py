"""What the doctors of a cluster are written: short, with the promise, and never what the others do."""

import datetime as dt

import pytest

from domain.fitting import fitted
from domain.help import CrisisCorps, help_for
from domain.letters import Occasion
from domain.meeting import Format
from domain.model import Round
from mail.catalogue import render
from mail.envelope import Attachment
from mail.letter_data import LetterData, Person
from tests.mail.conftest import LINK
from tests.mail.letters import TO_MEMBERS, changed, with_follow_up, with_meeting, with_results, with_survey
from tests.mail.reading import Page, both_forms, everything
from tests.the_packages import TRIVSEL

PROMISE = "Vi kan se, at du har svaret – ikke hvad du har svaret."
ABOUT_THE_SURVEY = [Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED]
MORE_MAILS = "flere af vores mails"
WAY_OUT = f"Spørgsmål, eller vil du ikke have {MORE_MAILS}? Ring til Camilla Østergaard på 70 20 30 40"


@pytest.fixture(params=TO_MEMBERS)
def to_members(request: pytest.FixtureRequest) -> Occasion:
    return Occasion(request.param)


# --- what all of them keep to ---------------------------------------------------------------------------------------


def test_every_mail_to_members_keeps_the_promise_in_both_forms(to_members: Occasion, a_letter: LetterData) -> None:
    for words in both_forms(render(to_members, a_letter)):
        assert words.count(PROMISE) == 1


def test_every_mail_to_members_has_a_way_out(to_members: Occasion, a_letter: LetterData) -> None:
    for words in both_forms(render(to_members, a_letter)):
        assert WAY_OUT in words


def test_without_anybody_to_reach_no_way_out_is_promised(to_members: Occasion, a_letter: LetterData) -> None:
    unreachable = changed(a_letter, consultant=None, office=Person(name="KiAP"))
    assert MORE_MAILS not in everything(render(to_members, unreachable))


@pytest.mark.parametrize("occasion", [occasion for occasion in Occasion if occasion not in TO_MEMBERS])
def test_staff_and_coordinator_are_offered_no_way_out(occasion: Occasion, a_letter: LetterData) -> None:
    assert MORE_MAILS not in everything(render(occasion, a_letter))


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_a_mail_to_members_is_read_in_a_minute(occasion: Occasion, a_letter: LetterData) -> None:
    body, _, _ = render(occasion, changed(a_letter, ideas="x", homework="x")).text.partition("\n--\n")
    assert len(body.split()) <= 120


def test_members_are_never_told_how_many_have_answered(a_letter: LetterData) -> None:
    for occasion in TO_MEMBERS:
        for answered in (37, 38):
            told = with_survey(a_letter, answered=answered, invited=777)
            assert render(occasion, told) == render(occasion, a_letter)


# --- about the survey -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("occasion", ABOUT_THE_SURVEY)
def test_mails_about_the_survey_tell_the_time_it_takes_and_until_when(occasion: Occasion, a_letter: LetterData) -> None:
    for words in both_forms(render(occasion, a_letter)):
        assert "5 minutter" in words
        assert "fredag den 13. november" in words
        assert "færre end 5 svar" in words


def test_the_second_round_is_told_from_the_first(a_letter: LetterData) -> None:
    first = render(Occasion.INVITATION, a_letter)
    again = with_survey(a_letter, round=Round.FOLLOW_UP, minutes=1)
    second = render(Occasion.INVITATION, changed(again, today=dt.date(2027, 9, 7)))
    assert "Før mødet beder vi dig" in first.text
    assert "spørger vi igen" in second.text
    assert "Onsdag den 25. november 2026 mødtes" in second.text
    assert "(et minut)" in second.subject
    assert "Det tager cirka et minut." in second.text
    assert first.subject != second.subject


@pytest.mark.parametrize("occasion", ABOUT_THE_SURVEY)
def test_that_single_scores_are_shown_is_told_where_they_are_and_only_there(
    occasion: Occasion, a_letter: LetterData
) -> None:
    said = "Fra 10 svar vises hver score på WHO-5 som en prik uden navn."
    for words in both_forms(render(occasion, with_survey(a_letter, scores_from=10, scores_of="WHO-5"))):
        assert said in words
    for words in both_forms(render(occasion, with_survey(a_letter, scores_from=None))):
        assert "prik" not in words


def test_the_last_day_is_called_the_last_day(a_letter: LetterData) -> None:
    last = render(Occasion.REMINDER, changed(a_letter, today=dt.date(2026, 11, 13)))
    before = render(Occasion.REMINDER, changed(a_letter, today=dt.date(2026, 11, 12)))
    assert last.subject.startswith("Sidste dag")
    assert "I dag er sidste dag" in last.text
    assert before.subject.startswith("Påmindelse:")
    assert "til og med i morgen" in before.text


# --- about the meeting ----------------------------------------------------------------------------------------------


def test_the_day_before_the_meeting_it_is_tomorrow(a_letter: LetterData) -> None:
    assert render(Occasion.MEETING_REMINDER, changed(a_letter, today=dt.date(2026, 11, 24))).subject == (
        "I morgen kl. 17.00: klyngemøde om Trivsel og arbejdsglæde"
    )
    friday_before = render(Occasion.MEETING_REMINDER, changed(a_letter, today=dt.date(2026, 11, 20)))
    assert friday_before.subject.startswith("Onsdag den 25. november kl. 17.00")


def test_the_way_into_a_video_meeting_is_the_thing_to_do(a_video_letter: LetterData) -> None:
    mail = render(Occasion.MEETING_REMINDER, a_video_letter)
    page = Page(mail.html)
    assert page.buttons == ["https://video.example/moede/123"]
    assert LINK in page.links
    assert "https://video.example/moede/123" in mail.text


def test_a_video_meeting_without_an_address_yet_says_video(a_video_letter: LetterData) -> None:
    mail = render(Occasion.MEETING_REMINDER, changed(with_meeting(a_video_letter, place=None), link=None))
    assert "Hvor: på video\n" in mail.text
    assert Page(mail.html).buttons == []


def test_the_programme_runs_on_the_clock_and_ends_with_the_meeting(a_letter: LetterData) -> None:
    text = render(Occasion.PROGRAMME, a_letter).text
    assert "\n17.00–17.10: Velkomst og dagens emne" in text
    assert "\n18.55–19.30: Det tager vi med hjem" in text
    assert "kl. 17.00–19.30 (2,5 timer)" in text


def test_a_moved_meeting_is_told_with_both_times_and_a_changed_one_without(a_letter: LetterData) -> None:
    moved = render(Occasion.MEETING_MOVED, a_letter)
    assert "Det skulle have været onsdag den 18. november kl. 17.00" in moved.text
    placed = render(Occasion.MEETING_MOVED, with_meeting(a_letter, was=None))
    assert "flyttet" not in placed.text
    assert placed.subject == "Nyt om klyngemødet onsdag den 25. november kl. 17.00"


def test_a_calendar_file_has_a_new_time_only_where_the_time_is_new(
    a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    moved = render(Occasion.MEETING_MOVED, a_letter, (a_calendar_file,))
    placed = render(Occasion.MEETING_MOVED, with_meeting(a_letter, was=None), (a_calendar_file,))
    assert "kalenderfil har den nye tid" in moved.text
    assert "kalenderfil er rettet til" in placed.text


def test_a_programme_without_results_does_not_speak_of_them(a_letter: LetterData) -> None:
    mail = render(Occasion.PROGRAMME, with_results(a_letter, shown=False))
    assert "resultater" not in mail.subject + mail.text.split("--")[0]


@pytest.mark.parametrize("occasion", [Occasion.PROGRAMME, Occasion.MEETING_REMINDER])
def test_a_letter_that_begins_with_a_name_speaks_to_one(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, with_results(a_letter, shown=True))
    assert "I kan også se" not in everything(mail)
    assert "er I blandet" not in everything(mail)


def test_ideas_keep_their_lines_and_are_escaped(a_letter: LetterData) -> None:
    mail = render(Occasion.AFTER_MEETING, changed(a_letter, ideas="Frokost & pause\n<script>alert(1)</script>"))
    assert "Frokost &amp; pause<br>" in mail.html
    assert "<script>" not in mail.html
    assert "Frokost & pause\n<script>" in mail.text


def test_what_a_meeting_left_behind_is_told_and_the_rest_left_out(a_letter: LetterData) -> None:
    full = render(Occasion.AFTER_MEETING, a_letter)
    assert "Klyngen har aftalt at følge op tirsdag den 7. september 2027" in full.text
    assert "lidt før eller senere" in full.text
    bare = changed(with_follow_up(a_letter, opens=None), ideas=None, homework=None, videos=())
    assert "Datoen er ikke valgt endnu" in render(Occasion.AFTER_MEETING, bare).text
    declined = with_follow_up(bare, wanted=False)
    assert "OPFØLGNING" not in render(Occasion.AFTER_MEETING, declined).text
    assert "IDÉER" not in render(Occasion.AFTER_MEETING, declined).text


def test_the_mail_after_the_meeting_says_where_to_turn_in_both_its_forms(a_letter: LetterData) -> None:
    told = help_for(
        TRIVSEL.help, "midtjylland", a_letter.today, CrisisCorps("12 34 56 78", "https://plo.example/korps")
    )
    mail = render(Occasion.AFTER_MEETING, changed(a_letter, help=told))
    for words in both_forms(mail):
        for said in ("krisekorps", "Ring på 12 34 56 78.", "Din egen læge", "MidtKraft"):
            assert said in words
    assert "https://plo.example/korps" in mail.text
    assert 'href="https://plo.example/korps"' in mail.html
    untold = help_for(TRIVSEL.help, "midtjylland", a_letter.today, CrisisCorps())
    for words in both_forms(render(Occasion.AFTER_MEETING, changed(a_letter, help=untold))):
        assert "Søg på »krisekorps« på laeger.dk, eller spørg PLO." in words


def test_the_programme_asks_the_groups_questions_beforehand_with_their_numbers(a_letter: LetterData) -> None:
    parts = fitted(TRIVSEL.programme.of(Format.IN_PERSON), 150)
    mail = render(Occasion.PROGRAMME, with_meeting(a_letter, programme=parts))
    for part in parts:
        for task in part.tasks:
            alone = len(part.tasks) == 1
            assert (task.text if alone else task.numbered) in mail.text
            assert alone or f'<li value="{task.number}"' in mail.html
            assert all(task.text in words for words in both_forms(mail))
    for words in both_forms(mail):
        assert "refleksionsark, ark til mødenoter, implementeringsplan og oversigt over tilbud" in words
    assert "FØR I MØDES" not in render(Occasion.PROGRAMME, with_meeting(a_letter, programme=())).text


def test_a_meeting_that_left_nothing_behind_is_not_said_to_have(a_letter: LetterData) -> None:
    bare = changed(a_letter, ideas=None, agreed=(), homework=None, videos=())
    for words in both_forms(render(Occasion.AFTER_MEETING, bare)):
        assert "Her er det, du kan tage med hjem" not in words
        assert "Tak for klyngemødet onsdag den 25. november." in words


@pytest.mark.parametrize("occasion", ABOUT_THE_SURVEY)
def test_english_readers_have_a_way_in_where_the_questionnaire_has_english(
    occasion: Occasion, a_letter: LetterData
) -> None:
    mail = render(occasion, with_survey(a_letter, english_title="Well-being", minutes=1))
    said = "The questionnaire “Well-being” takes about a minute. Please answer by Friday 13 November 2026."
    for words in both_forms(mail):
        assert said in words
        assert "We can see that you have answered – not what you have answered." in words
    assert f"{a_letter.link}?lang=en" in mail.text
    assert f'href="{a_letter.link}?lang=en"' in mail.html
    assert 'lang="en"' in mail.html
    for words in both_forms(render(occasion, with_survey(a_letter, english_title=None))):
        assert "English" not in words


@pytest.mark.parametrize("occasion", [Occasion.AFTER_MEETING, Occasion.COMPARISON])
def test_what_the_cluster_agreed_goes_with_the_meeting_and_is_asked_for_with_the_comparison(
    occasion: Occasion, a_letter: LetterData
) -> None:
    for words in both_forms(render(occasion, a_letter)):
        assert "Fælles frokost kl. 12, alle, fra 1. maj" in words
        assert "<b>Supervision</b>, Mette, før sommer" in words, "as it was written, and nothing of it is code"
    without = everything(render(occasion, changed(a_letter, agreed=())))
    assert "aftalte klyngen" not in without
    assert "klyngen aftalte" not in without


def test_the_comparison_leads_to_the_members_own_page_and_tells_no_number(a_letter: LetterData) -> None:
    mail = render(Occasion.COMPARISON, a_letter)
    assert mail.subject == "Klyngens opfølgning: før og efter er klar"
    assert Page(mail.html).buttons == [LINK]
    assert "point" not in mail.text
    assert "%" not in mail.text
    too_few = render(Occasion.COMPARISON, with_results(a_letter, shown=False))
    assert "Der kom for få svar" in too_few.text
    assert "Se før og efter" not in everything(too_few)
