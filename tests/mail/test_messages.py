"""Every message, as it reads: what all of them keep to, and what each has to say."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from pydantic import ValidationError

from domain.letters import Occasion
from domain.mailings import MAILINGS
from domain.model import Round
from mail.catalogue import MESSAGES, IncompleteLetter, render, render_digest
from mail.envelope import Attachment, Mail
from mail.letter_data import DigestData, LetterData, MailTrouble, Person, Trouble, WaitingOrder
from tests.mail.conftest import LINK

PROMISE = "Vi kan se, at du har svaret – ikke hvad du har svaret."

TO_MEMBERS = [occasion for occasion in Occasion if MAILINGS[occasion].to_members]
TO_OTHERS = [occasion for occasion in Occasion if occasion not in TO_MEMBERS]
ABOUT_THE_SURVEY = [Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED]


class Page(HTMLParser):
    """What a reader of the HTML meets: its words, its links, its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.words: list[str] = []
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.headings = 0
        self.tables: list[dict[str, str | None]] = []
        self.row_headers = 0
        self.hidden = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._space_around(tag)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "table":
            self.tables.append(given)
        self.headings += tag == "h1"
        self.row_headers += tag == "th" and given.get("scope") == "row"
        if tag == "a":
            self.links.append(given["href"] or "")
            if given.get("class") == "button":
                self.buttons.append(given["href"] or "")
        if tag not in ("br", "meta"):
            self._inside.append("preheader" if given.get("class") == "preheader" else tag)

    def handle_endtag(self, tag: str) -> None:
        self._space_around(tag)
        self._inside.pop()

    def _space_around(self, tag: str) -> None:
        if tag not in ("a", "strong", "span"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if "preheader" in self._inside:
            self.hidden += data
        elif "head" not in self._inside:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(params=list(Occasion))
def occasion(request: pytest.FixtureRequest) -> Occasion:
    return Occasion(request.param)


@pytest.fixture(params=TO_MEMBERS)
def to_members(request: pytest.FixtureRequest) -> Occasion:
    return Occasion(request.param)


def everything(mail: Mail) -> str:
    return f"{mail.subject}\n{mail.text}\n{mail.html}"


# --- what all keep to ------------------------------------------------------------------------------------------------


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
    mail = render(occasion, a_letter)
    for words in (mail.text, Page(mail.html).text):
        assert re.search(r"\b(Kære|Hej) Gunver\b", words)
        assert "Aalborg Øst" in words


def test_nothing_is_left_unfilled(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, a_letter)
    for leftover in ("None", "Undefined", "{{", "}}", "{%", "%}", "  ,", " ."):
        assert leftover not in mail.text
        assert leftover not in mail.subject
        assert leftover not in Page(mail.html).text


def test_danish_letters_are_danish_letters(occasion: Occasion, a_letter: LetterData) -> None:
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


def test_the_page_is_danish_has_one_heading_and_a_line_for_the_inbox(occasion: Occasion, a_letter: LetterData) -> None:
    page = Page(render(occasion, a_letter).html)
    assert page.language == "da"
    assert page.headings == 1
    assert 10 <= len(page.hidden) <= 110


def test_layout_tables_say_so_and_tables_of_facts_have_row_headers(occasion: Occasion, a_letter: LetterData) -> None:
    page = Page(render(occasion, a_letter).html)
    facts = [table for table in page.tables if table.get("role") != "presentation"]
    assert all(table.get("class") == "facts" for table in facts)
    assert bool(facts) == bool(page.row_headers)


def test_styles_stand_on_the_elements_and_only_the_conditional_ones_in_the_head(
    occasion: Occasion, a_letter: LetterData
) -> None:
    html = render(occasion, a_letter).html
    head = html[: html.index("</head>")]
    assert "prefers-color-scheme: dark" in head
    assert "max-width: 480px" in head
    assert "letter {" not in re.sub(r"@media.*", "", head, flags=re.DOTALL)
    buttons = re.findall(r'<a[^>]*class="button"[^>]*>', html)
    assert len(buttons) == len(Page(html).buttons)
    assert all("background" in button for button in buttons)
    assert "http" not in head


def test_no_picture_no_script_and_nothing_is_fetched(occasion: Occasion, a_letter: LetterData) -> None:
    html = render(occasion, a_letter).html
    assert not re.search(r"<(img|script|iframe|link|form)\b|url\(|@import", html)


def test_a_word_that_scolds_is_never_used(occasion: Occasion, a_letter: LetterData) -> None:
    for number in (1, 2, 3):
        said = everything(render(occasion, a_letter.model_copy(update={"number": number}))).lower()
        for word in ("rykker", "rykke dig", "desværre ikke svaret", "du har ikke", "du mangler", "for sent", "husk nu"):
            assert word not in said


def test_names_are_escaped_in_the_page_and_plain_in_the_text(occasion: Occasion, a_letter: LetterData) -> None:
    hostile = "Sø & <b>Ål</b>"
    mail = render(
        occasion, a_letter.model_copy(update={"cluster": hostile, "greeting_name": hostile, "package": hostile})
    )
    assert hostile in mail.text
    assert "<b>Ål" not in mail.html
    assert "Sø &amp; &lt;b&gt;Ål&lt;/b&gt;" in mail.html
    assert hostile in Page(mail.html).text


def test_members_are_never_told_how_many_have_answered(a_letter: LetterData) -> None:
    assert a_letter.survey is not None
    for occasion in TO_MEMBERS:
        for answered in (37, 38):
            told = a_letter.model_copy(
                update={"survey": a_letter.survey.model_copy(update={"answered": answered, "invited": 777})}
            )
            assert render(occasion, told) == render(occasion, a_letter)


def colours(rule: str, css: str) -> dict[str, str]:
    found = re.search(rf"^\s*(?:[^{{}}]*,\s*)?{re.escape(rule)}(?:,[^{{}}]*)?\s*{{([^}}]*)}}", css, re.MULTILINE)
    assert found is not None, rule
    return dict(re.findall(r"(?:^|[;\s])(color|background):\s*#([0-9a-f]{6})", found.group(1)))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rule", ["body", "h1", ".brand", ".foot", "a", ".button", ".late", ".quiet"])
def test_every_colour_can_be_read_in_daylight_and_at_night(rule: str, scheme: str) -> None:
    light, _, dark = (
        (MESSAGES / "style.css").read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    )
    css = light if scheme == "light" else dark
    paper = colours(".sheet", css)["background"]
    ink = colours(rule, css)
    behind = paper if rule == "body" else ink.get("background", paper)
    darker, lighter = sorted((luminance(ink["color"]), luminance(behind)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


# --- to the members --------------------------------------------------------------------------------------------------


def test_every_mail_to_members_keeps_the_promise_in_both_forms(to_members: Occasion, a_letter: LetterData) -> None:
    mail = render(to_members, a_letter)
    assert mail.text.count(PROMISE) == 1
    assert Page(mail.html).text.count(PROMISE) == 1


WAY_OUT = "Spørgsmål, eller vil du ikke have flere af vores mails? Ring til Camilla Østergaard på 70 20 30 40"


def test_every_mail_to_members_has_a_way_out(to_members: Occasion, a_letter: LetterData) -> None:
    mail = render(to_members, a_letter)
    assert WAY_OUT in mail.text
    assert WAY_OUT in Page(mail.html).text


def test_without_anybody_to_reach_no_way_out_is_promised(to_members: Occasion, a_letter: LetterData) -> None:
    unreachable = {"consultant": None, "office": Person(name="KiAP")}
    assert "flere af vores mails" not in everything(render(to_members, a_letter.model_copy(update=unreachable)))


@pytest.mark.parametrize("occasion", TO_OTHERS)
def test_staff_and_coordinator_have_work_to_do_and_no_way_out(occasion: Occasion, a_letter: LetterData) -> None:
    assert "flere af vores mails" not in everything(render(occasion, a_letter))


@pytest.mark.parametrize("occasion", ABOUT_THE_SURVEY)
def test_mails_about_the_survey_tell_the_time_it_takes_and_until_when(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(occasion, a_letter)
    for words in (mail.text, Page(mail.html).text):
        assert "5 minutter" in words
        assert "fredag den 13. november" in words
        assert "færre end 5 svar" in words


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_a_mail_to_members_is_read_in_a_minute(occasion: Occasion, a_letter: LetterData) -> None:
    body, _, _ = render(occasion, a_letter.model_copy(update={"ideas": "x", "homework": "x"})).text.partition("\n--\n")
    assert len(body.split()) <= 120


def test_the_second_round_is_told_from_the_first(a_letter: LetterData) -> None:
    assert a_letter.survey is not None
    first = render(Occasion.INVITATION, a_letter)
    again = a_letter.survey.model_copy(update={"round": Round.FOLLOW_UP, "minutes": 1})
    second = render(Occasion.INVITATION, a_letter.model_copy(update={"survey": again, "today": dt.date(2027, 9, 7)}))
    assert "Før mødet beder vi dig" in first.text
    assert "spørger vi igen" in second.text
    assert "Onsdag den 25. november 2026 mødtes" in second.text
    assert "(1 minut)" in second.subject
    assert first.subject != second.subject


def test_the_last_day_is_called_the_last_day(a_letter: LetterData) -> None:
    last = render(Occasion.REMINDER, a_letter.model_copy(update={"today": dt.date(2026, 11, 13)}))
    before = render(Occasion.REMINDER, a_letter.model_copy(update={"today": dt.date(2026, 11, 12)}))
    assert last.subject.startswith("Sidste dag")
    assert "I dag er sidste dag" in last.text
    assert before.subject.startswith("Påmindelse:")
    assert "til og med i morgen" in before.text


def test_the_day_before_the_meeting_it_is_tomorrow(a_letter: LetterData) -> None:
    assert render(Occasion.MEETING_REMINDER, a_letter.model_copy(update={"today": dt.date(2026, 11, 24)})).subject == (
        "I morgen kl. 17.00: klyngemøde om Trivsel og arbejdsglæde"
    )
    friday_before = render(Occasion.MEETING_REMINDER, a_letter.model_copy(update={"today": dt.date(2026, 11, 20)}))
    assert friday_before.subject.startswith("Onsdag den 25. november kl. 17.00")


def test_the_way_into_a_video_meeting_is_the_thing_to_do(a_video_letter: LetterData) -> None:
    mail = render(Occasion.MEETING_REMINDER, a_video_letter)
    page = Page(mail.html)
    assert page.buttons == ["https://video.example/moede/123"]
    assert LINK in page.links
    assert "https://video.example/moede/123" in mail.text


def test_a_video_meeting_without_an_address_yet_says_video(a_video_letter: LetterData) -> None:
    assert a_video_letter.meeting is not None
    mail = render(
        Occasion.MEETING_REMINDER,
        a_video_letter.model_copy(
            update={"meeting": a_video_letter.meeting.model_copy(update={"place": None}), "link": None}
        ),
    )
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
    assert a_letter.meeting is not None
    changed = render(
        Occasion.MEETING_MOVED,
        a_letter.model_copy(update={"meeting": a_letter.meeting.model_copy(update={"was": None})}),
    )
    assert "flyttet" not in changed.text
    assert changed.subject == "Nyt om klyngemødet onsdag den 25. november kl. 17.00"


@pytest.mark.parametrize("occasion", [Occasion.PLAN_AGREED, Occasion.PROGRAMME, Occasion.MEETING_MOVED])
def test_a_calendar_file_is_spoken_of_only_where_there_is_one(
    occasion: Occasion, a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    with_file = render(occasion, a_letter, (a_calendar_file,))
    assert with_file.attachments == (a_calendar_file,)
    assert "kalenderfil" in with_file.text
    assert "kalenderfil" in with_file.html
    assert "kalenderfil" not in everything(render(occasion, a_letter))


def test_ideas_keep_their_lines_and_are_escaped(a_letter: LetterData) -> None:
    mail = render(
        Occasion.AFTER_MEETING, a_letter.model_copy(update={"ideas": "Frokost & pause\n<script>alert(1)</script>"})
    )
    assert "Frokost &amp; pause<br>" in mail.html
    assert "<script>" not in mail.html
    assert "Frokost & pause\n<script>" in mail.text


def test_what_a_meeting_left_behind_is_told_and_the_rest_left_out(a_letter: LetterData) -> None:
    assert a_letter.follow_up is not None
    full = render(Occasion.AFTER_MEETING, a_letter)
    assert "Klyngen har aftalt at følge op tirsdag den 7. september 2027" in full.text
    assert "lidt før eller senere" in full.text
    bare = a_letter.model_copy(
        update={
            "ideas": None,
            "homework": None,
            "videos": (),
            "follow_up": a_letter.follow_up.model_copy(update={"opens": None}),
        }
    )
    assert "Datoen er ikke valgt endnu" in render(Occasion.AFTER_MEETING, bare).text
    declined = bare.model_copy(
        update={"follow_up": bare.follow_up and bare.follow_up.model_copy(update={"wanted": False})}
    )
    assert "OPFØLGNING" not in render(Occasion.AFTER_MEETING, declined).text
    assert "IDÉER" not in render(Occasion.AFTER_MEETING, declined).text


def test_a_meeting_that_left_nothing_behind_is_not_said_to_have(a_letter: LetterData) -> None:
    bare = render(Occasion.AFTER_MEETING, a_letter.model_copy(update={"ideas": None, "homework": None, "videos": ()}))
    for words in (bare.text, Page(bare.html).text):
        assert "Her er det, du kan tage med hjem" not in words
        assert "Tak for klyngemødet onsdag den 25. november." in words


def test_a_calendar_file_has_a_new_time_only_where_the_time_is_new(
    a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    assert a_letter.meeting is not None
    moved = render(Occasion.MEETING_MOVED, a_letter, (a_calendar_file,))
    placed = render(
        Occasion.MEETING_MOVED,
        a_letter.model_copy(update={"meeting": a_letter.meeting.model_copy(update={"was": None})}),
        (a_calendar_file,),
    )
    assert "kalenderfil har den nye tid" in moved.text
    assert "kalenderfil er rettet til" in placed.text


@pytest.mark.parametrize("number", [1, 2])
def test_a_record_is_asked_for_in_the_same_words_in_both_forms(number: int, a_letter: LetterData) -> None:
    mail = render(Occasion.RECORD_REQUEST, a_letter.model_copy(update={"number": number}))
    for words in (" ".join(mail.text.split()), Page(mail.html).text):
        assert "Vil du skrive tre ting ind?" in words


@pytest.mark.parametrize("occasion", [Occasion.PROGRAMME, Occasion.MEETING_REMINDER])
def test_a_letter_that_begins_with_a_name_speaks_to_one(occasion: Occasion, a_letter: LetterData) -> None:
    mail = render(
        occasion, a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"shown": True})})
    )
    assert "I kan også se" not in everything(mail)
    assert "er I blandet" not in everything(mail)


# --- to coordinator and staff ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [True, False])
def test_the_coordinator_learns_who_tells_the_members(shown: bool, a_letter: LetterData) -> None:
    data = a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"shown": shown})})
    first, second = render(Occasion.DECK_DELIVERED, data), render(Occasion.COMPARISON_DELIVERED, data)
    assert "det skal du ikke gøre" in first.text
    for body in (second.text, second.html):
        assert ("Vis dem på et klyngemøde, eller send Word-dokumentet rundt." in body) is shown
        assert "fra os denne gang" in body


@pytest.mark.parametrize("occasion", [Occasion.DECK_REVIEW, Occasion.DECK_DELIVERED, Occasion.COMPARISON_DELIVERED])
def test_material_without_results_does_not_promise_any(occasion: Occasion, a_letter: LetterData) -> None:
    without = a_letter.model_copy(
        update={"results": a_letter.results.model_copy(update={"shown": False, "free_texts": 0})}
    )
    mail = render(occasion, without)
    assert "for få" in mail.text
    assert "38" not in mail.text
    assert "38 af 42" in render(occasion, a_letter).text


def test_a_programme_without_results_does_not_speak_of_them(a_letter: LetterData) -> None:
    mail = render(
        Occasion.PROGRAMME,
        a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"shown": False})}),
    )
    assert "resultater" not in mail.subject + mail.text.split("--")[0]


def test_the_consultant_hears_of_free_texts_only_where_there_are_some(a_letter: LetterData) -> None:
    assert "7 fritekster venter på dig" in render(Occasion.DECK_REVIEW, a_letter).text
    none = a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"free_texts": 0})})
    assert "fritekst" not in everything(render(Occasion.DECK_REVIEW, none))


def test_the_coordinator_is_called_you_where_they_lead_the_meeting(a_letter: LetterData) -> None:
    assert "Mødet ledes af: dig" in render(Occasion.PLAN_AGREED, a_letter).text


def test_before_there_is_a_consultant_kiap_signs_and_answers(a_letter: LetterData) -> None:
    mail = render(Occasion.ORDER_RECEIVED, a_letter.model_copy(update={"consultant": None}))
    assert "En konsulent fra KiAP ringer til dig senest onsdag den 18. november" in mail.text
    assert "Ring til KiAP på 70 10 10 10 eller skriv til klynger@kiap.example." in mail.text
    assert "\nVenlig hilsen\nKiAP\n" in mail.text


def test_where_nobody_can_be_reached_no_question_is_invited(a_letter: LetterData) -> None:
    mail = render(
        Occasion.ORDER_RECEIVED, a_letter.model_copy(update={"consultant": None, "office": Person(name="KiAP")})
    )
    assert "Spørgsmål?" not in everything(mail)


def test_without_a_first_name_the_greeting_is_still_a_greeting(a_letter: LetterData) -> None:
    assert render(Occasion.INVITATION, a_letter.model_copy(update={"greeting_name": ""})).text.startswith("Hej\n")


def test_a_record_asked_for_again_is_asked_for_kindly(a_letter: LetterData) -> None:
    again = render(Occasion.RECORD_REQUEST, a_letter.model_copy(update={"number": 2}))
    assert again.subject.startswith("Påmindelse:")
    assert "Når du har et øjeblik" in again.text


def test_the_coordinator_is_told_what_happens_without_a_choice(a_letter: LetterData) -> None:
    again = render(Occasion.FOLLOW_UP_QUESTION, a_letter.model_copy(update={"number": 3}))
    assert "slutter bestillingen af sig selv efter torsdag den 25. november 2027" in again.text


# --- called off ------------------------------------------------------------------------------------------------------


def words_of(mail: Mail) -> tuple[str, str]:
    """As both forms are read."""
    return " ".join(mail.text.split()), Page(mail.html).text


def an_open(round_: Round, letter: LetterData, *, meeting_ahead: bool) -> LetterData:
    assert letter.survey is not None
    survey = letter.survey.model_copy(update={"round": round_, "is_open": True})
    return letter.model_copy(update={"survey": survey, "meeting_ahead": meeting_ahead, "cancelled": "cluster_withdrew"})


ERASED = "slettet uden at være læst"


@pytest.mark.parametrize("occasion", [Occasion.ORDER_CANCELLED, Occasion.MEETING_CANCELLED])
def test_a_meeting_called_off_is_named_and_taken_out_of_the_calendar(
    occasion: Occasion, a_letter: LetterData, a_calendar_file: Attachment
) -> None:
    for words in words_of(render(occasion, a_letter, (a_calendar_file,))):
        assert "onsdag den 25. november kl. 17.00" in words
        assert "Den vedhæftede fil fjerner" in words
        assert ERASED not in words
    for words in words_of(render(occasion, a_letter)):
        assert "vedhæftede" not in words


@pytest.mark.parametrize("round_", list(Round))
@pytest.mark.parametrize("occasion", [Occasion.ORDER_CANCELLED, Occasion.MEETING_CANCELLED])
def test_a_survey_that_was_open_is_told_to_be_closed(occasion: Occasion, round_: Round, a_letter: LetterData) -> None:
    for words in words_of(render(occasion, an_open(round_, a_letter, meeting_ahead=round_ is Round.BASELINE))):
        assert ERASED in words


def test_a_meeting_that_was_held_is_not_called_off_with_the_follow_up(a_letter: LetterData) -> None:
    data = an_open(Round.FOLLOW_UP, a_letter, meeting_ahead=False)
    to_coordinator, to_member = render(Occasion.ORDER_CANCELLED, data), render(Occasion.MEETING_CANCELLED, data)
    for mail in (to_coordinator, to_member):
        assert "lyngemødet" not in everything(mail)
    assert to_member.subject == "Aflyst: spørgeskemaet om Trivsel og arbejdsglæde"
    assert "Klyngens opfølgning på ”Trivsel og arbejdsglæde” er aflyst." in to_member.text
    assert "medlemmerne får besked" in to_coordinator.text


def test_an_order_nobody_called_about_is_apologised_for(a_letter: LetterData) -> None:
    lapsed = {"cancelled": "never_called", "meeting": None, "meeting_ahead": False}
    mail = render(Occasion.ORDER_CANCELLED, a_letter.model_copy(update=lapsed))
    assert mail.subject.startswith("Bestillingen er bortfaldet")
    for words in words_of(mail):
        assert "Det beklager vi." in words
        assert "aflyst" not in words


def test_a_plan_changed_after_the_survey_has_closed_does_not_promise_to_send_it(a_letter: LetterData) -> None:
    assert a_letter.survey is not None
    for answered, is_promised in ((None, True), (12, False)):
        survey = a_letter.survey.model_copy(update={"answered": answered})
        for words in words_of(render(Occasion.PLAN_AGREED, a_letter.model_copy(update={"survey": survey}))):
            assert ("Vi sender spørgeskemaet til klyngens medlemmer" in words) is is_promised


@pytest.mark.parametrize("ahead", [False, True])
def test_members_are_promised_the_programme_only_while_the_meeting_lies_ahead(
    ahead: bool, a_letter: LetterData
) -> None:
    """A deck can still be released while the meeting goes on."""
    for words in words_of(render(Occasion.DECK_DELIVERED, a_letter.model_copy(update={"meeting_ahead": ahead}))):
        assert ("til medlemmerne inden mødet" in words) is ahead


# --- who takes over --------------------------------------------------------------------------------------------------


def test_a_new_coordinator_is_told_where_the_order_stands_and_what_comes(a_letter: LetterData) -> None:
    for words in words_of(render(Occasion.COORDINATOR_WELCOME, a_letter.model_copy(update={"due": None}))):
        assert "Klar til mødet" in words
        assert "onsdag den 25. november 2026" in words
        assert "ringer til dig" not in words
        assert words.index("Mandag den 16. november") < words.index("Medlemmerne får programmet")


def test_a_new_coordinator_before_the_call_is_told_who_calls(a_letter: LetterData) -> None:
    for words in words_of(render(Occasion.COORDINATOR_WELCOME, a_letter.model_copy(update={"meeting": None}))):
        assert "Camilla Østergaard fra KiAP ringer til dig senest onsdag den 18. november" in words


def test_the_consultant_is_told_of_a_new_order_whom_to_call_and_by_when(a_letter: LetterData) -> None:
    before, later = (
        render(Occasion.ORDER_ASSIGNED, a_letter.model_copy(update={"due": due})) for due in (a_letter.due, None)
    )
    for words in words_of(before):
        for each in ("Søren Ågård", "12 34 56 78", "soeren@laegehus.example", "senest onsdag den 18. november"):
            assert each in words
    for words in words_of(later):
        assert "opkald" not in words
        assert "Klar til mødet" in words


@pytest.mark.parametrize(
    ("many", "what"), [(1, "1 fritekst venter på dig. Læs den,"), (7, "7 fritekster venter på dig. Læs dem,")]
)
def test_one_text_is_one_and_several_are_several(many: int, what: str, a_letter: LetterData) -> None:
    data = a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"free_texts": many})})
    assert what in Page(render(Occasion.DECK_REVIEW, data).html).text


@pytest.mark.parametrize("shown", [True, False])
def test_a_button_to_results_is_there_where_results_are(shown: bool, a_letter: LetterData) -> None:
    data = a_letter.model_copy(update={"results": a_letter.results.model_copy(update={"shown": shown})})
    for occasion in (Occasion.PROGRAMME, Occasion.AFTER_MEETING):
        body, _, _ = render(occasion, data).text.partition("\n--\n")
        assert ("resultater" in body) is shown


# --- what is refused -------------------------------------------------------------------------------------------------


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
        render(occasion, a_letter.model_copy(update={lacking: None}))


def test_a_turnout_that_is_not_known_is_not_written_as_none(a_letter: LetterData) -> None:
    assert a_letter.survey is not None
    with pytest.raises(IncompleteLetter):
        render(
            Occasion.TOO_FEW_ANSWERS,
            a_letter.model_copy(update={"survey": a_letter.survey.model_copy(update={"answered": None})}),
        )


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


# --- the morning digest ----------------------------------------------------------------------------------------------


@pytest.fixture
def a_digest() -> DigestData:
    return DigestData(
        today=dt.date(2026, 11, 6),
        greeting_name="Camilla",
        orders=(
            WaitingOrder(order_number="2026-0043", cluster="Thy", what="Ret en mailadresse"),
            WaitingOrder(
                order_number="2026-0042",
                cluster="Aalborg Øst",
                what="Se materialet igennem",
                due=dt.date(2026, 11, 10),
                link="https://klynge.example/bestilling/1",
            ),
            WaitingOrder(
                order_number="2026-0040", cluster="Sø & Ål", what="Ring til koordinatoren", due=dt.date(2026, 11, 4)
            ),
        ),
    )


def test_the_digest_lists_what_waits_the_oldest_first(a_digest: DigestData) -> None:
    mail = render_digest(a_digest)
    for words in (mail.text, Page(mail.html).text):
        places = [words.index(what) for what in ("Ring til koord", "Se materialet", "Ret en mail")]
        assert places == sorted(places)
        assert "Skulle være sket onsdag den 4. november" in words
        assert "Senest tirsdag den 10. november" in words
        assert "Sø & Ål" in words


def test_the_digest_s_subject_counts(a_digest: DigestData) -> None:
    assert render_digest(a_digest).subject == "3 bestillinger venter på dig, heraf 1 over tid"
    one = a_digest.model_copy(update={"orders": a_digest.orders[:1]})
    assert render_digest(one).subject == "1 bestilling venter på dig"


def test_the_digest_leads_to_each_order_and_to_no_page_of_all(a_digest: DigestData) -> None:
    mail = render_digest(a_digest)
    assert Page(mail.html).links == ["https://klynge.example/bestilling/1"]
    assert Page(mail.html).buttons == []
    assert mail.text.count("https://") == 1


def test_the_digest_tells_what_the_system_cannot_do_by_itself_and_since_when(a_digest: DigestData) -> None:
    troubles = (
        Trouble(order_number="2026-0042", cluster="Sø & Ål", what="Forløbet står stille", since=dt.date(2026, 11, 5)),
        Trouble(what="Et overblik er bagud. Kør: klyngeflow rebuild", since=dt.date(2026, 11, 4)),
    )
    beside = render_digest(a_digest.model_copy(update={"troubles": troubles}))
    alone = render_digest(a_digest.model_copy(update={"troubles": troubles, "orders": ()}))
    for mail in (beside, alone):
        for words in (mail.text, Page(mail.html).text):
            assert "Sø & Ål (2026-0042): Forløbet står stille (siden torsdag den 5. november)" in words
            assert "Kør: klyngeflow rebuild (siden onsdag den 4. november)" in words
    assert beside.subject.startswith("3 bestillinger venter på dig")
    assert alone.subject == "Noget står stille i Klyngeflow"


def test_there_is_no_digest_of_nothing(a_digest: DigestData) -> None:
    with pytest.raises(ValidationError):
        DigestData.model_validate({**dict(a_digest), "orders": ()})


def test_the_digest_tells_of_mail_in_trouble_beside_orders_or_alone(a_digest: DigestData) -> None:
    trouble = MailTrouble(unknown=1, failed=3, bounced=1)
    line = (
        "3 mails kom ikke af sted siden sidst. 1 mail blev afvist af modtageren. Vi ved ikke, om 1 mail kom frem. "
        "Se mere med kommandoen: klyngeflow mails list"
    )
    beside = render_digest(a_digest.model_copy(update={"mails": trouble}))
    alone = render_digest(a_digest.model_copy(update={"mails": trouble, "orders": ()}))
    for mail in (beside, alone):
        for words in (mail.text, Page(mail.html).text):
            assert line in words
    assert alone.subject == "Mails, der skal ses på"
    assert "det ældste først" not in alone.text
    assert "Mail" not in render_digest(a_digest).text
    assert MailTrouble(failed=1).line.startswith("1 mail kom ikke af sted siden sidst. Se mere")
