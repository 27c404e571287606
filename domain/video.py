"""What a meeting on video needs around its programme: a check-in, somebody to ring, a guide for whoever runs it."""

import datetime as dt
from dataclasses import dataclass

from domain.meeting import Format, Meeting
from domain.programme import Link, Programme


@dataclass(frozen=True)
class RingTo:
    """Whom to ring for those who can't get in."""

    name: str
    phone: str


@dataclass(frozen=True)
class VideoFrame:
    """What is told of a video meeting besides its programme. `check_in` is on Danish clocks."""

    check_in: dt.datetime | None
    guide: Link | None
    ring: RingTo | None = None


def video_frame(programme: Programme, meeting: Meeting | None, ring: RingTo | None = None) -> VideoFrame | None:
    """The frame of a meeting on video; None where it is held in a room, or not agreed."""
    if meeting is None or meeting.format is not Format.VIDEO:
        return None
    minutes = programme.video.check_in
    check_in = meeting.starts - dt.timedelta(minutes=minutes) if minutes else None
    return VideoFrame(check_in, programme.video.guide, ring)
