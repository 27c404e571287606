"""A meeting with all that its papers need: programme, 29 doctors in five practices, offers, a delivered deck."""

import datetime as dt
from functools import lru_cache

from domain.denmark import quality_unit
from domain.fitting import fitted
from domain.help import CrisisCorps, help_for
from domain.meeting import Format, Meeting
from domain.offers import offers_for
from domain.package import Package
from domain.programme_times import on_the_clock
from domain.video import RingTo, video_frame
from reporting.deck import make_deck
from reporting.papers.context import Doctor, PaperContext
from storage.offers import read_offers
from tests.reporting.clusters import MADE_ON, PACKAGES, a_baseline
from tests.the_packages import POLYFARMACI, TRIVSEL

NAMES = (
    "Anne Mærsk Sørensen", "Bent Øster", "Camilla Ågård", "Dorthe Bjerregaard-Christoffersen", "Erik Holm",
    "Fie Krogh", "Gorm Lund", "Hanne Brix", "Ivan Dahl", "Jytte Falk", "Karl Due", "Lise Toft", "Mads Riis",
    "Nina Skov", "Ole Vestergaard", "Pia Uhrenholt", "Rasmus Juhl", "Signe Lind", "Tage Munk", "Ulla Nøhr",
    "Viggo Bach", "Winnie Gade", "Yrsa Kjær", "Zenia Hald", "Åse Winther", "Bo Aabye", "Carl Eg", "Ditte Fog",
    "Eva Gram",
)  # fmt: skip
PRACTICES = ("Lægehuset Torvet", "Lægerne i Vejgaard", "Nørre Tranders Lægeklinik", "Læge Hanne Brix", "Klinik Øst")


def doctors(count: int = 29) -> tuple[Doctor, ...]:
    return tuple(
        Doctor(f"p{number:02}", name, PRACTICES[number % 5], f"k{number % 5}", came=number % 7 != 3)
        for number, name in enumerate(NAMES[:count])
    )


@lru_cache
def a_deck(slug: str) -> bytes:
    return make_deck(a_baseline(next(package for package in (*PACKAGES, POLYFARMACI) if package.slug == slug), 34))


def a_paper(package: Package = TRIVSEL, form: Format = Format.IN_PERSON, region: str = "nordjylland") -> PaperContext:
    meeting = Meeting(starts=dt.datetime(2026, 11, 25, 17), format=form)  # noqa: DTZ001 - the wall clock in Denmark
    place = "https://video.example/klynge" if form is Format.VIDEO else "Lægehuset Torvet, mødelokale 2"
    assert quality_unit("nordjylland", MADE_ON)
    return PaperContext(
        package=package,
        cluster="Klynge Aalborg Øst",
        made_on=MADE_ON,
        meeting=meeting,
        place=place,
        coordinator="Anne Mærsk Sørensen",
        programme=on_the_clock(fitted(package.programme.of(form), meeting.minutes), meeting.starts),
        video=video_frame(package.programme, meeting, RingTo("Anne Mærsk Sørensen", "20 30 40 50")),
        offers=offers_for(read_offers(), region, package.slug, meeting.day),
        help=help_for(package.help, region, meeting.day, CrisisCorps()),
        deck=a_deck(package.slug),
        doctors=doctors(),
        seed="o-1",
        attended=24,
        absent=5,
    )
