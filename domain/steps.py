"""A step of the clock's: what it is called, and when it is due. Which comes next is said by `domain/clock.py`."""

from enum import StrEnum

from pydantic import AwareDatetime

from domain.commands import AnyCommand
from domain.model import Frozen, Round


class Action(StrEnum):
    """A step's name, as timelines show it."""

    LAPSE_ORDER = "order_lapses"
    OPEN_SURVEY = "survey_opens"
    CLOSE_SURVEY = "survey_closes"
    COUNT_ANSWERS = "answers_counted"
    GO_ON_WITHOUT_RESULTS = "goes_on_without_results"
    TABULATE = "answers_tabulated"
    MAKE_DECK = "deck_made"
    RELEASE_DECK = "deck_goes"
    WITHHOLD_DECK = "deck_withheld"
    DESTROY_BALLOTS = "ballots_destroyed"
    LEAVE_UNRECORDED = "meeting_left_unrecorded"
    LAPSE_FOLLOW_UP = "follow_up_lapses"
    COMPLETE = "order_completed"


class Step(Frozen):
    """What the clock does next, and when. `command` is given as it stands; without one there is work to do first."""

    action: Action
    at: AwareDatetime
    round: Round | None = None
    version: int = 0
    """The deck's, where one is to be made."""
    command: AnyCommand | None = None
