"""Why a letter is not sent: every mailing can say it, as long as it stands, of whole letters and of single readers."""

import datetime as dt
import itertools
from collections.abc import Iterator

import pytest

from domain import commands as do
from domain import events as ev
from domain.letters import REASONS, Due, Letter, Occasion, WhyNot
from domain.mailings import (
    GONE_FOR_GOOD,
    MAILINGS,
    Reader,
    considered,
    letters_to_come,
    next_letter,
    why_not,
    why_not_to,
)
from domain.model import DocumentId, Round, TextId
from domain.order import Order
from domain.stages import Stage
from tests.domain.story import (
    ANDERS,
    BASELINE,
    CLOSES,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    KAREN,
    LENE,
    PAST,
    RECORDED,
    SØREN,
    THE_MEETING,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

STAGES = [stage for stage in Stage if stage not in (Stage.COMPLETED, Stage.CANCELLED)]
INVITATION, PROGRAMME = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.PROGRAMME)
CORRECTED = do.ReplaceDeck(document=DocumentId("dokument-rettet"), why=TextId("tekst-rettelse"))

BEFORE_THE_MEETING = {
    Stage.PLANNED,
    Stage.SURVEY_OPEN,
    Stage.TOO_FEW_ANSWERS,
    Stage.ANALYSING,
    Stage.IN_REVIEW,
    Stage.READY,
}
WHILE: list[tuple[Letter, set[Stage]]] = [
    (Letter(Occasion.ORDER_RECEIVED), {Stage.ORDERED}),
    (Letter(Occasion.CALL_OVERDUE, number="1"), {Stage.ORDERED}),
    (Letter(Occasion.PLAN_AGREED, number="1"), BEFORE_THE_MEETING),
    (INVITATION, {Stage.SURVEY_OPEN}),
    (Letter(Occasion.INVITATION, FOLLOW_UP), {Stage.FOLLOW_UP_OPEN}),
    (Letter(Occasion.SURVEY_EXTENDED, BASELINE, "1"), set()),
    (Letter(Occasion.TOO_FEW_ANSWERS, BASELINE, "0"), {Stage.TOO_FEW_ANSWERS}),
    (Letter(Occasion.DECK_REVIEW, BASELINE), {Stage.IN_REVIEW}),
    (Letter(Occasion.DECK_DELIVERED, BASELINE), {Stage.READY, Stage.AWAITING_RECORD}),
    (Letter(Occasion.DECK_CORRECTED, BASELINE, "2"), {Stage.READY, Stage.AWAITING_RECORD}),
    (PROGRAMME, BEFORE_THE_MEETING),
    (Letter(Occasion.RESULTS), {Stage.READY}),
    (Letter(Occasion.RECORD_REQUEST, number="1.1"), {*BEFORE_THE_MEETING, Stage.AWAITING_RECORD}),
    (Letter(Occasion.AFTER_MEETING), {Stage.QUIET}),
    (Letter(Occasion.FOLLOW_UP_QUESTION, number="1"), {Stage.QUIET}),
    (Letter(Occasion.COMPARISON_DELIVERED, FOLLOW_UP), {Stage.FOLLOW_UP_DELIVERED}),
    (Letter(Occasion.ORDER_CANCELLED), set()),
    (Letter(Occasion.MEETING_CANCELLED), set()),
]


def is_worth_sending(order: Order, letter: Letter, at: dt.datetime) -> bool:
    return why_not(order, letter, at, at) is None


@pytest.mark.parametrize(("letter", "stages"), WHILE, ids=lambda value: getattr(value, "key", None))
def test_a_letter_is_worth_sending_at_its_own_stages_only(letter: Letter, stages: set[Stage]) -> None:
    lives = {stage: life_at(stage) for stage in STAGES}
    assert {stage for stage, life in lives.items() if is_worth_sending(life.order, letter, life.now)} == stages


# --- every mailing can say why it did not go ------------------------------------------------------------------------


def lives() -> Iterator[Life]:
    """Every stage, and beside it what else letters are about: changes, an extension, a hand-over, a cancellation."""
    for stage in Stage:
        yield life_at(stage)
    for stage in STAGES[2:]:  # from the open survey on
        yield life_at(stage).with_letters_gone().got(INVITATION, PROGRAMME).does(do.CancelOrder())
    yield life_at(Stage.ORDERED).does(do.AssignConsultant(consultant=LENE))
    yield life_at(Stage.ORDERED).does(do.AssignConsultant(consultant=LENE)).does(do.AssignConsultant(consultant=ANDERS))
    yield life_at(Stage.READY).does(do.ReplaceCoordinator(coordinator=SØREN))
    yield life_at(Stage.READY).does(do.RenewLink(holder=KAREN))
    yield life_at(Stage.READY).does(do.RenewLink(holder=KAREN)).does(do.CancelOrder())
    yield life_at(Stage.SURVEY_OPEN).does(do.ExtendSurvey(closes=CLOSES + dt.timedelta(days=3)))
    yield life_at(Stage.READY).got(PROGRAMME).does(do.MoveMeeting(to=five_on(THE_MEETING.day + dt.timedelta(days=7))))
    yield life_at(Stage.READY).got(PROGRAMME, when=morning_of(dt.date(2026, 3, 24)))
    yield life_at(Stage.READY).does(CORRECTED)
    yield life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    yield life_at(Stage.FOLLOW_UP_DELIVERED).does(do.ShareComparison())


@pytest.fixture(scope="module")
def said() -> dict[Occasion, set[WhyNot | None]]:
    """What `why_not` says of each letter that any of the lives has or will have, in all of them, at all times."""
    all_lives = list(lives())
    letters = {INVITATION, PROGRAMME, Letter(Occasion.RESULTS)}
    for life in all_lives:
        letters |= {due.letter for due, _ in considered(life.order, life.now)}
        letters |= {Letter.parse(key) for key in life.order.letters}
    reasons: dict[Occasion, set[WhyNot | None]] = {occasion: set() for occasion in Occasion}
    for life, letter in itertools.product(all_lives, letters):
        for days in (0, 7, 30, 400):
            at = life.now + dt.timedelta(days=days)
            reasons[letter.occasion].add(why_not(life.order, letter, at, life.now))
    return reasons


@pytest.mark.parametrize("occasion", Occasion)
def test_every_mailing_can_say_why_it_did_not_go(said: dict[Occasion, set[WhyNot | None]], occasion: Occasion) -> None:
    assert None in said[occasion], "it never goes"
    assert said[occasion] & {*WhyNot}, "it always goes"
    has_its_time = {Occasion.ORDER_CANCELLED, Occasion.MEETING_CANCELLED}
    assert (WhyNot.ORDER_ENDED in said[occasion]) is (occasion not in has_its_time)


def test_every_reason_is_given_for_a_letter_or_for_a_reader(said: dict[Occasion, set[WhyNot | None]]) -> None:
    of_letters = set[WhyNot | None]().union(*said.values()) - {None}
    assert of_letters == {WhyNot.ORDER_ENDED, WhyNot.OVERTAKEN, WhyNot.TOO_LATE, WhyNot.TOLD_TODAY}
    of_readers = {reason for _, _, reason in READERS} - {None}
    assert of_letters | of_readers == {*WhyNot}


@pytest.mark.parametrize("reason", WhyNot)
def test_every_reason_is_said_in_danish(reason: WhyNot) -> None:
    assert REASONS[reason]
    assert "_" not in REASONS[reason]
    assert reason.value not in REASONS[reason]


READERS: list[tuple[Occasion, Reader, WhyNot | None]] = [
    (Occasion.REMINDER, Reader(), None),
    (Occasion.REMINDER, Reader(on_the_list=False), WhyNot.LEFT),
    (Occasion.REMINDER, Reader(waited_for=False), WhyNot.NOTHING_TO_ANSWER),
    (Occasion.INVITATION, Reader(waited_for=False), WhyNot.NOTHING_TO_ANSWER),
    (Occasion.REMINDER, Reader(opted_out=True), WhyNot.OPTED_OUT),
    (Occasion.PROGRAMME, Reader(opted_out=True), WhyNot.OPTED_OUT),
    (Occasion.MEETING_CANCELLED, Reader(opted_out=True), WhyNot.OPTED_OUT),
    (Occasion.PLAN_AGREED, Reader(opted_out=True), None),  # a coordinator's work, not a mailing list
    (Occasion.DECK_REVIEW, Reader(opted_out=True), None),
    (Occasion.CALL_OVERDUE, Reader(opted_out=True), None),
    (Occasion.REMINDER, Reader(bounced=True), WhyNot.BOUNCED),
    (Occasion.PLAN_AGREED, Reader(bounced=True), WhyNot.BOUNCED),
    (Occasion.REMINDER, Reader(news_waits=True), WhyNot.NEWS_WAITS),
    (Occasion.INVITATION, Reader(news_waits=True), None),
    (Occasion.SURVEY_EXTENDED, Reader(news_waits=True), None),
    # the first of several reasons
    (Occasion.REMINDER, Reader(on_the_list=False, opted_out=True, bounced=True), WhyNot.LEFT),
    (Occasion.REMINDER, Reader(opted_out=True, bounced=True), WhyNot.OPTED_OUT),
    (Occasion.PLAN_AGREED, Reader(opted_out=True, bounced=True), WhyNot.BOUNCED),
]


@pytest.mark.parametrize(("occasion", "reader", "reason"), READERS)
def test_one_reader_may_have_a_reason_of_their_own(occasion: Occasion, reader: Reader, reason: WhyNot | None) -> None:
    assert why_not_to(Letter(occasion), reader) is reason


@pytest.mark.parametrize("occasion", Occasion)
def test_nobody_who_has_left_or_whose_address_bounces_is_written_to(occasion: Occasion) -> None:
    assert why_not_to(Letter(occasion), Reader()) is None
    assert why_not_to(Letter(occasion), Reader(on_the_list=False)) is WhyNot.LEFT
    assert why_not_to(Letter(occasion), Reader(bounced=True)) is WhyNot.BOUNCED


# --- what turned out never to have left -----------------------------------------------------------------------------


def unsent(life: Life, letter: Letter) -> do.RecordLetters:
    """The provider says that one mail of those thought sent never left."""
    return do.RecordLetters(key=letter.key, sent=41, waiting=1, seen=life.order.version)


def test_what_never_left_is_pending_again_and_goes_with_the_next_mail() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    seen = life.order.version
    life = (
        given(life)
        .when(unsent(life, INVITATION))
        .then(ev.LettersSent(at=PAST, key=INVITATION.key, sent=41, failed=0, waiting=1, seen=seen))
    )
    assert INVITATION in [due.letter for due in letters_to_come(life.order, life.now)]
    life = given(life).when(do.RecordLetters(key=INVITATION.key, sent=41, waiting=1, seen=seen)).then_nothing()
    assert INVITATION.key not in life.got(INVITATION).order.pending_letters


def test_an_invitation_does_not_go_after_the_box_is_emptied() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    assert is_worth_sending(life.order, INVITATION, noon(CLOSES))
    assert why_not(life.order, INVITATION, morning_of(dt.date(2026, 3, 16)), life.now) is WhyNot.TOO_LATE


def test_a_reminder_is_for_its_own_day_and_not_beside_other_news() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    assert life.order.baseline is not None
    day = life.order.baseline.reminders[0]
    reminder = Letter(Occasion.REMINDER, BASELINE, day.isoformat())
    assert is_worth_sending(life.order, reminder, noon(day))
    the_next_morning = morning_of(day + dt.timedelta(days=1))
    assert why_not(life.order, reminder, the_next_morning, the_next_morning) is WhyNot.TOO_LATE
    on_the_day = life.once_more().does(do.ExtendSurvey(closes=CLOSES + dt.timedelta(days=3)), noon(day))
    assert why_not(on_the_day.order, reminder, noon(day), noon(day)) is WhyNot.OVERTAKEN
    early = life.does(do.ExtendSurvey(closes=CLOSES + dt.timedelta(days=3)), noon(day - dt.timedelta(days=1)))
    early.got(Letter(Occasion.SURVEY_EXTENDED, BASELINE, "1"), when=morning_of(day))
    assert why_not(early.order, reminder, noon(day), noon(day)) is WhyNot.TOLD_TODAY


def test_only_the_newest_word_on_the_meeting_goes() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    day = THE_MEETING.day
    letters = [
        Letter(Occasion.PLAN_AGREED, number="1"),
        Letter(Occasion.MEETING_MOVED, number="2"),
        Letter(Occasion.MEETING_REMINDER, number=day.isoformat()),
    ]
    now = morning_of(day - dt.timedelta(days=1))
    assert [is_worth_sending(life.order, letter, now) for letter in letters] == [True, False, True]
    life.does(do.MoveMeeting(to=five_on(day + dt.timedelta(days=7))), now)
    assert [is_worth_sending(life.order, letter, now) for letter in letters] == [False, True, False]
    assert is_worth_sending(life.order, PROGRAMME, now)
    assert not is_worth_sending(life.order, PROGRAMME, noon(day + dt.timedelta(days=8)))


def test_nothing_about_the_meeting_is_worth_sending_from_the_moment_it_begins() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME, when=morning_of(dt.date(2026, 3, 18)))
    begins = THE_MEETING.starts_at
    for letter in (
        PROGRAMME,
        Letter(Occasion.RESULTS),
        Letter(Occasion.PLAN_AGREED, number="1"),
        Letter(Occasion.MEETING_REMINDER, number=THE_MEETING.day.isoformat()),
    ):
        assert why_not(life.order, letter, begins - dt.timedelta(seconds=1), life.now) is None, letter
        assert why_not(life.order, letter, begins, life.now) is WhyNot.TOO_LATE, letter


def test_how_a_meeting_went_that_was_moved_after_all_is_not_asked_about() -> None:
    asked = Letter(Occasion.RECORD_REQUEST, number="1.1")
    life = life_at(Stage.AWAITING_RECORD)
    assert is_worth_sending(life.order, asked, life.now)
    life.does(do.MoveMeeting(to=five_on(dt.date(2026, 4, 14))))
    assert why_not(life.order, asked, life.now, life.now) is WhyNot.OVERTAKEN
    assert is_worth_sending(life.order, Letter(Occasion.RECORD_REQUEST, number="2.1"), life.now)


def test_a_new_coordinator_needs_the_way_in_and_nobody_the_receipt() -> None:
    life = life_at(Stage.ORDERED).does(do.ReplaceCoordinator(coordinator=SØREN))
    assert is_worth_sending(life.order, Letter(Occasion.COORDINATOR_WELCOME, number="2"), life.now)
    assert why_not(life.order, Letter(Occasion.ORDER_RECEIVED), life.now, life.now) is WhyNot.OVERTAKEN


def test_the_notice_of_the_follow_up_goes_until_it_opens() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED)
    notice = Letter(Occasion.FOLLOW_UP_NOTICE, number=FOLLOW_UP_OPENS.isoformat())
    assert is_worth_sending(life.order, notice, noon(FOLLOW_UP_OPENS - dt.timedelta(days=1)))
    assert why_not(life.order, notice, noon(FOLLOW_UP_OPENS), life.now) is WhyNot.TOO_LATE
    life.does(do.MoveFollowUp(opens=FOLLOW_UP_OPENS + dt.timedelta(days=7)))
    assert why_not(life.order, notice, life.now, life.now) is WhyNot.OVERTAKEN


def test_the_comparison_goes_until_the_order_has_ended() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.ReleaseDeck()).with_letters_gone()
    comparison = Letter(Occasion.COMPARISON_DELIVERED, Round.FOLLOW_UP)
    assert is_worth_sending(life.order, comparison, life.now)
    ended = life_at(Stage.COMPLETED)
    assert why_not(ended.order, comparison, ended.now, ended.now) is WhyNot.ORDER_ENDED


# --- what waits and is overtaken is settled, not sent ---------------------------------------------------------------


def due_now(life: Life, waiting: dict[str, dt.datetime]) -> Due:
    due = next_letter(life.order, life.now, waiting)
    assert due is not None
    return due


def is_settled(life: Life, letter: Letter) -> bool:
    """Whether the mail dispatcher has this letter only to settle it, and is done with it then."""
    due = due_now(life, {letter.key: life.now})
    to_settle = (due.letter, due.at, due.settle) == (letter, life.now, True)
    settled = life.does(do.RecordLetters(key=letter.key, sent=40, failed=2, seen=life.order.version))
    return to_settle and letter.key not in settled.order.pending_letters


def test_a_programme_of_which_some_waits_is_settled_once_the_meeting_is_recorded() -> None:
    life = life_at(Stage.READY).with_letters_gone()
    life.does(do.RecordLetters(key=PROGRAMME.key, sent=40, waiting=2, seen=life.order.version))
    life.does(do.RecordMeeting(attended=30, absent=4), RECORDED).got(Letter(Occasion.AFTER_MEETING))
    assert is_settled(life, PROGRAMME)


def test_an_invitation_of_which_some_waits_is_settled_once_the_round_is_closed() -> None:
    life = life_at(Stage.SURVEY_OPEN)
    life.does(do.RecordLetters(key=INVITATION.key, sent=40, waiting=2, seen=life.order.version))
    life.does(do.CloseSurvey(round=BASELINE)).with_letters_gone()
    assert is_settled(life, INVITATION)


def test_a_notice_that_waits_is_settled_when_the_follow_up_is_declined_meanwhile() -> None:
    life = life_at(Stage.QUIET).with_letters_gone().does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED)
    notice = next(
        due for due in letters_to_come(life.order, life.now) if due.letter.occasion is Occasion.FOLLOW_UP_NOTICE
    )
    life.now = notice.at
    life.got(notice.letter).does(unsent(life, notice.letter))
    assert notice.letter.key in life.order.pending_letters
    life.does(do.DeclineFollowUp())
    assert is_settled(life, notice.letter)


@pytest.mark.parametrize("reason", WhyNot)
def test_what_may_go_yet_is_not_given_up(reason: WhyNot) -> None:
    """Too late today may be in time after a move, and two letters a day are one too many for that day only."""
    assert (reason in GONE_FOR_GOOD) is (reason in (WhyNot.OVERTAKEN, WhyNot.ORDER_ENDED))


def test_every_mailing_says_where_it_goes_and_its_two_lines() -> None:
    for mailing in MAILINGS.values():
        assert mailing.past
        assert mailing.coming
        assert mailing.past != mailing.coming


def test_only_the_consultant_who_has_the_order_now_is_told_of_it() -> None:
    life = life_at(Stage.ORDERED).does(do.AssignConsultant(consultant=LENE))
    to_lene, to_anders = (Letter(Occasion.ORDER_ASSIGNED, number=number) for number in ("1", "2"))
    assert set(life.order.pending_letters) >= {to_lene.key}
    assert is_worth_sending(life.order, to_lene, life.now)
    life.does(do.AssignConsultant(consultant=ANDERS))
    assert to_lene.key not in life.order.pending_letters
    assert why_not(life.order, to_lene, life.now, life.now) is WhyNot.OVERTAKEN
    assert to_anders.key in life.order.pending_letters
    assert is_worth_sending(life.order, to_anders, life.now)


def test_a_notice_of_an_overdue_call_is_worth_sending_until_the_next() -> None:
    life = life_at(Stage.ORDERED)
    first, second = (Letter(Occasion.CALL_OVERDUE, number=number) for number in ("1", "2"))
    (next_one,) = [due.at for due in letters_to_come(life.got(first).order, life.now) if due.letter == second]
    just_before = next_one - dt.timedelta(minutes=1)
    assert why_not(life.order, first, just_before, just_before) is None
    assert why_not(life.order, first, next_one, next_one) is WhyNot.TOO_LATE


def test_too_few_answers_again_after_more_days_is_told_again() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS)
    first, again = (Letter(Occasion.TOO_FEW_ANSWERS, BASELINE, number) for number in ("0", "1"))
    assert first.key in life.order.pending_letters
    closes = CLOSES + dt.timedelta(days=4)
    life.does(do.ExtendSurvey(closes=closes))
    assert why_not(life.order, first, life.now, life.now) is WhyNot.OVERTAKEN, "the round is open"
    life.does(do.CloseSurvey(round=BASELINE, why="due"), morning_of(closes + dt.timedelta(days=1)))
    life.does(do.RecordTurnout(round=BASELINE, answers=4, invited=42))
    assert again.key in life.order.pending_letters
    assert why_not(life.order, first, life.now, life.now) is WhyNot.OVERTAKEN
    assert is_worth_sending(life.order, again, life.now)


def test_news_of_the_round_on_its_way_takes_the_place_of_that_days_reminder() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    assert life.order.baseline is not None
    day = life.order.baseline.reminders[0]
    before_mail_hours = morning_of(day) - dt.timedelta(hours=1)
    reminder = Letter(Occasion.REMINDER, BASELINE, day.isoformat())
    assert why_not(life.order, reminder, morning_of(day), before_mail_hours) is None
    waits = life.order.with_pending({Letter(Occasion.SURVEY_EXTENDED, BASELINE, "1").key: life.order.version})
    assert why_not(waits, reminder, morning_of(day), before_mail_hours) is WhyNot.TOLD_TODAY
    of_the_other_round = {Letter(Occasion.SURVEY_EXTENDED, FOLLOW_UP, "1").key: life.order.version}
    no_news = {Letter(Occasion.PLAN_AGREED, number="1").key: life.order.version}
    for pending in (of_the_other_round, no_news):
        assert why_not(life.order.with_pending(pending), reminder, morning_of(day), before_mail_hours) is None
