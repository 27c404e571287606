"""A report's papers beside its deck, from the command line: no server, so no list of members either."""

from domain.help import CrisisCorps, help_for
from domain.offers import offers_for
from domain.video import video_frame
from reporting.papers.catalogue import PAPERS, PaperId
from reporting.papers.context import Doctor, PaperContext
from reporting.papers.making import make_paper, paper_file_name
from reporting.report_context import ReportContext
from storage.offers import read_offers


def paper_files(
    report: ReportContext, deck: bytes, *, region: str = "", doctors: tuple[Doctor, ...] = ()
) -> dict[str, bytes]:
    """Every paper by its file's name; those with names only where there are doctors. Raises OffersError."""
    day = report.meeting.day if report.meeting else report.made_on
    context = PaperContext(
        package=report.package,
        cluster=report.cluster,
        made_on=report.made_on,
        meeting=report.meeting,
        place=report.place,
        coordinator=report.coordinator,
        round=report.round,
        programme=report.programme,
        video=video_frame(report.package.programme, report.meeting),
        offers=offers_for(read_offers(), region, report.package.slug, day),
        help=report.help or help_for(report.package.help, region, day, CrisisCorps()),
        deck=deck,
        doctors=doctors,
        seed=report.cluster,
        attended=sum(doctor.came is True for doctor in doctors),
        absent=sum(doctor.came is False for doctor in doctors),
    )
    made = [kind for kind in PAPERS if doctors or not kind.has_names]
    if not deck:
        made = [kind for kind in made if kind.id is not PaperId.GUIDE]
    return {paper_file_name(kind, report.cluster): make_paper(kind, context) for kind in made}
