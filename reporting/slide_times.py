"""When in the meeting each slide is shown and what comes before the next: what its notes say of the clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deck_plan import SlidePlan
from domain.programme_times import TimedPart

_OF_THE_CLOCK = re.compile(r"(Kl\. \d\d?\.\d\d–|\d+ min: |Teknik: |Derefter (kl\. \d|\())")


@dataclass(frozen=True)
class SlideTime:
    """The part a slide is shown in, whether it is the first there, and the parts without slides that follow it."""

    part: TimedPart | None = None
    is_first: bool = False
    then: tuple[TimedPart, ...] = ()

    @property
    def before(self) -> list[str]:
        """What the notes begin with: the clock, and on video what is done on the screen."""
        if self.part is None or not self.is_first:
            return []
        return [f"{_clock(self.part)} {self.part.title}.", *_technique(self.part), ""]

    @property
    def after(self) -> list[str]:
        """What the notes end with: what comes without a slide of its own."""
        lines = list[str]()
        for part in self.then:
            lines += ["", f"Derefter {_clock(part, inside=True)} {part.title}. {part.text}".rstrip(), *_technique(part)]
        return lines


NO_TIME = SlideTime()


def slide_times(slides: Sequence[SlidePlan], programme: Sequence[TimedPart]) -> list[SlideTime]:
    """A time for each slide. A slide whose part this meeting is without has none."""
    place = {part.id: number for number, part in enumerate(programme)}
    of_slides = [place.get(slide.part or "") for slide in slides]
    shown = {number for number in of_slides if number is not None}
    times = list[SlideTime]()
    for index, here in enumerate(of_slides):
        if here is None:
            times.append(SlideTime())
            continue
        later = [number for number in of_slides[index + 1 :] if number is not None]
        following = later[0] if later else len(programme)
        between = range(here + 1, following) if following > here else range(0)
        then = tuple(programme[number] for number in between if number not in shown)
        times.append(SlideTime(programme[here], here not in of_slides[:index], then))
    return times


def without_the_clock(notes: str) -> str:
    """A slide's notes without what stands of the clock and the screen, for a paper that has both beside them."""
    return "\n".join(line for line in notes.splitlines() if not _OF_THE_CLOCK.match(line)).strip()


def _clock(part: TimedPart, *, inside: bool = False) -> str:
    if part.starts is None:
        return f"({part.minutes} min)" if inside else f"{part.minutes} min:"
    return f"kl. {part.when}:" if inside else f"Kl. {part.when}:"


def _technique(part: TimedPart) -> list[str]:
    return [f"Teknik: {' '.join(part.part.technique)}"] if part.part.technique else []
