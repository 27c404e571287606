"""Which papers of an order there are for whom, and where each is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.model import Round
from domain.order import Order, Survey
from reporting.office import can_make_pdf
from reporting.papers.catalogue import PAPERS, PaperId, PaperKind, Since

ALL = "alle.zip"
"""The file that has all of them."""
RESULTS = "resultater"
"""The kept results document, which is given as it was delivered."""


@dataclass(frozen=True)
class PaperShown:
    """A paper on a page. `pdf` is empty where this machine can make none."""

    title: str
    about: str
    word: str
    pdf: str
    is_drawn: bool = False
    """Whether it is the groups, which have a page of their own."""


def released(order: Order, *, for_members: bool = False) -> Survey | None:
    """The newest round whose material is delivered; `for_members` whose results they may see."""
    if for_members:
        return order.shared_surveys[-1] if order.shared_surveys else None
    rounds = (order.survey(each) for each in (Round.FOLLOW_UP, Round.BASELINE))
    return next((survey for survey in rounds if survey is not None and survey.released_at is not None), None)


def may_be_made(order: Order, kind: PaperKind) -> bool:
    """Whether there is a meeting to make it for, and what it tells of has happened."""
    if order.meeting is None or order.meeting_called_off:
        return False
    match kind.since:
        case Since.MEETING_AGREED:
            return True
        case Since.DECK_DELIVERED:
            survey = released(order)
            return survey is not None and bool(survey.documents)
        case Since.MEETING_RECORDED:
            return order.record is not None


def papers_of(order: Order, *, for_members: bool) -> Sequence[PaperKind]:
    """The papers that somebody may have now, in the catalogue's order; `for_members` those that everybody gets."""
    return [kind for kind in PAPERS if may_be_made(order, kind) and (kind.for_members or not for_members)]


def papers_shown(order: Order, below: str, *, for_members: bool = False) -> Sequence[PaperShown]:
    """The same as a page lists them; `below` is the page's address."""
    return list(_shown(papers_of(order, for_members=for_members), f"{below}/papirer"))


def results_pdf(order: Order, below: str, *, for_members: bool = False) -> str:
    """Where the newest delivered results are as PDF; empty where there are none, or no way to make it."""
    survey = released(order, for_members=for_members)
    return f"{below}/papirer/{RESULTS}.pdf" if survey is not None and survey.documents and can_make_pdf() else ""


def _shown(kinds: Sequence[PaperKind], below: str) -> Iterator[PaperShown]:
    has_pdf = can_make_pdf()
    for kind in kinds:
        pdf = f"{below}/{kind.id}.pdf" if has_pdf else ""
        yield PaperShown(kind.title, kind.about, f"{below}/{kind.id}.docx", pdf, kind.id is PaperId.GROUPS)
