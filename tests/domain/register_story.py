"""The same order by a package whose rounds are a register's extracts: fourteen practices of three doctors."""

import datetime as dt

from domain import commands as do
from domain.calendar import closing_time
from domain.model import Digest, Round
from tests.a_register import REGISTER
from tests.domain.story import (
    AGREE,
    BASELINE,
    CALLED,
    DECK,
    DOCUMENT,
    FOLLOW_UP,
    OPENS,
    PLACE,
    PLACED,
    RECORDED,
    Life,
    morning_of,
    noon,
)

PLACE_REGISTER = PLACE.model_copy(update={"package": REGISTER})
FETCHED = dt.date(2026, 3, 4)
AGAIN = dt.date(2026, 11, 3)
"""The follow-up's first day: seven months after the meeting."""
PRACTICES, WITH_NUMBERS = 21, 18


def extract(round_: Round = BASELINE, practices: int = WITH_NUMBERS, digest: str = "a1") -> do.GiveExtract:
    """An extract of the cluster's practices."""
    return do.GiveExtract(round=round_, practices=practices, of_practices=PRACTICES, digest=Digest(digest))


def planned() -> Life:
    """The meeting is agreed, and the day by which the numbers are to be there."""
    return Life().does(PLACE_REGISTER, PLACED).does(AGREE, CALLED)


def extract_awaited() -> Life:
    """KiAP is to get the extract."""
    return planned().does(do.OpenSurvey(round=BASELINE), morning_of(OPENS))


def extract_given() -> Life:
    """It came."""
    return extract_awaited().does(extract(), noon(FETCHED))


def in_review() -> Life:
    """The deck is with the consultant."""
    return _analysed(extract_given(), BASELINE)


def delivered() -> Life:
    """The deck is with the coordinator."""
    life = in_review()
    assert life.order.baseline is not None
    return life.does(do.ReleaseDeck(automatic=True), life.order.baseline.review_until)


def quiet() -> Life:
    """The meeting is held, and a follow-up agreed."""
    life = delivered().does(do.RecordMeeting(attended=36, absent=6), RECORDED)
    return life.does(do.AgreeFollowUp(opens=AGAIN), RECORDED + dt.timedelta(days=1))


def follow_up_awaited() -> Life:
    """The second extract is to be got."""
    return quiet().does(do.OpenSurvey(round=FOLLOW_UP), morning_of(AGAIN))


def register_life() -> Life:
    """From the order to its end."""
    life = follow_up_awaited().does(extract(FOLLOW_UP, digest="b2"), noon(AGAIN))
    life = _analysed(life, FOLLOW_UP)
    assert life.order.second is not None
    life.does(do.ReleaseDeck(automatic=True), life.order.second.review_until)
    return life.does(do.ShareComparison()).with_letters_gone().does(do.CompleteOrder())


def given_up() -> Life:
    """It never came."""
    life = extract_awaited()
    assert life.order.baseline is not None
    when = max(closing_time(life.order.baseline.closes), noon(dt.date(2026, 3, 24)))
    return life.does(do.GoOnWithoutResults(automatic=True), when)


def _analysed(life: Life, round_: Round) -> Life:
    return life.does(results(life, round_)).does(do.RecordDeck(round=round_, version=1, documents=(DECK, DOCUMENT)))


def results(life: Life, round_: Round = BASELINE, answers: int = WITH_NUMBERS) -> do.RecordResults:
    """Of the extract that is there."""
    survey = life.order.survey(round_)
    assert survey is not None
    return do.RecordResults(round=round_, answers=answers, free_texts=0, extract=survey.extract)
