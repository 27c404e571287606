"""When the newest back-up was made, as its files tell; whether it can be restored only trying tells."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

OLD_AFTER = dt.timedelta(hours=26)
"""One a night, and two hours for a night that took longer."""
AHEAD = dt.timedelta(minutes=5)
"""Clocks of two machines may differ by so much."""
UNFINISHED = (".part", ".partial", ".tmp")
"""Names of what is still being written."""


class BackUpState(StrEnum):
    """What is known of the newest back-up."""

    NOT_SAID = "not_said"
    NOT_FOUND = "not_found"
    NONE = "none"
    OLD = "old"
    FROM_THE_FUTURE = "from_the_future"
    FRESH = "fresh"


@dataclass(frozen=True)
class BackUp:
    """The newest back-up: what is known, when it was made, and how long ago in whole hours."""

    state: BackUpState
    made_at: dt.datetime | None = None
    hours: int = 0


def newest_backup(place: Path | None, now: dt.datetime) -> BackUp:
    """What a place tells: a folder by the newest file in it that has something in it, a single file by its own time.

    Hidden files and those still being written don't count. A place that can't be read is one that is not found.
    """
    if place is None:
        return BackUp(BackUpState.NOT_SAID)
    try:
        times = list(_times(place))
    except OSError:
        return BackUp(BackUpState.NOT_FOUND)
    if not times:
        return BackUp(BackUpState.NONE)
    made_at = dt.datetime.fromtimestamp(max(times), dt.UTC)
    age = now - made_at
    if age < -AHEAD:
        return BackUp(BackUpState.FROM_THE_FUTURE, made_at)
    hours = max(0, age // dt.timedelta(hours=1))
    return BackUp(BackUpState.OLD if age > OLD_AFTER else BackUpState.FRESH, made_at, hours)


def _times(place: Path) -> Iterator[float]:
    if not place.is_dir():
        yield place.stat().st_mtime
        return
    for file in place.iterdir():
        if file.name.startswith(".") or file.name.endswith(UNFINISHED):
            continue
        try:
            told = file.stat()
        except FileNotFoundError:  # an old one that is being cleared away
            continue
        if file.is_file() and told.st_size:
            yield told.st_mtime
