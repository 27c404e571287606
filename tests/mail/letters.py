"""Letters that differ in a fact or two, and which of them go to members."""

from typing import TypeVar

from domain.letters import Occasion
from domain.mailings import MAILINGS
from mail.letter_data import Facts, LetterData

TO_MEMBERS = [occasion for occasion in Occasion if MAILINGS[occasion].to_members]

F = TypeVar("F", bound=Facts)


def changed(facts: F, **changes: object) -> F:
    """The same but for these. Fails where there is no such fact."""
    assert changes.keys() <= type(facts).model_fields.keys()
    return facts.model_copy(update=changes)


def with_survey(letter: LetterData, **changes: object) -> LetterData:
    assert letter.survey is not None
    return changed(letter, survey=changed(letter.survey, **changes))


def with_meeting(letter: LetterData, **changes: object) -> LetterData:
    assert letter.meeting is not None
    return changed(letter, meeting=changed(letter.meeting, **changes))


def with_follow_up(letter: LetterData, **changes: object) -> LetterData:
    assert letter.follow_up is not None
    return changed(letter, follow_up=changed(letter.follow_up, **changes))


def with_results(letter: LetterData, **changes: object) -> LetterData:
    return changed(letter, results=changed(letter.results, **changes))
