"""The programme of one order's meeting: the package's, or as it was edited for this meeting, fitted to its length."""

from collections.abc import Mapping, Sequence

from domain.fitting import spread
from domain.meeting import Format, Meeting, PlannedPart
from domain.model import TextId
from domain.programme import FormPart, MeetingPart, Programme

Words = Mapping[TextId, str]


def all_parts(
    programme: Programme, meeting: Meeting, edited: Sequence[PlannedPart], edited_for: Format | None, words: Words
) -> tuple[MeetingPart, ...]:
    """Every part that a meeting of this form can have, without minutes where this one is without it.

    Parts edited for a meeting of another form are left aside: words for a room may not fit a screen. Where only the
    length is another than they were edited for, they are fitted to it as the package's are. Words that are erased are
    the package's.
    """
    own = programme.of(meeting.format)
    if not edited or edited_for is not meeting.format:
        return spread(own, meeting.minutes)
    by_id = {part.part: part for part in edited}
    wanted = [_edited(part, by_id[part.part.id], words) if part.part.id in by_id else part for part in own]
    if sum(part.minutes for part in edited) == meeting.minutes:
        return tuple(part.part for part in wanted)
    return spread(wanted, meeting.minutes)


def _edited(own: FormPart, edited: PlannedPart, words: Words) -> FormPart:
    changes = {
        "minutes": edited.minutes,
        "title": (words.get(edited.title) if edited.title else None) or own.part.title,
        "text": (words.get(edited.text) if edited.text else None) or own.part.text,
    }
    kept = edited.minutes > 0
    return FormPart(
        part=own.part.model_copy(update=changes),
        minimum=min(own.minimum, edited.minutes) if kept or own.over is None else own.minimum,
        wish=edited.minutes if kept or own.over is None else own.wish,
        weight=own.weight if kept else 0,
        over=None if kept else own.over,
    )
