"""Makes a paper, by its id, and names its file."""

from collections.abc import Callable, Mapping

from reporting.file_names import in_a_file_name
from reporting.papers.attendance import make_attendance_list, make_sign_in_list
from reporting.papers.catalogue import PaperId, PaperKind
from reporting.papers.context import PaperContext
from reporting.papers.facilitators_guide import make_guide
from reporting.papers.groups import make_groups
from reporting.papers.implementation_plan import make_implementation_plan
from reporting.papers.note_sheet import make_note_sheet
from reporting.papers.offers import make_offers
from reporting.papers.programme import make_programme
from reporting.papers.reflection import make_reflection_sheet

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAKERS: Mapping[PaperId, Callable[[PaperContext], bytes]] = {
    PaperId.GUIDE: make_guide,
    PaperId.PROGRAMME: make_programme,
    PaperId.NOTES: make_note_sheet,
    PaperId.REFLECTION: make_reflection_sheet,
    PaperId.PLAN: make_implementation_plan,
    PaperId.OFFERS: make_offers,
    PaperId.GROUPS: make_groups,
    PaperId.SIGN_IN: make_sign_in_list,
    PaperId.ATTENDANCE: make_attendance_list,
}


def make_paper(kind: PaperKind, paper: PaperContext) -> bytes:
    """The paper as .docx bytes: the same bytes for the same context."""
    return MAKERS[kind.id](paper)


def paper_file_name(kind: PaperKind, cluster: str, ending: str = "docx") -> str:
    """For instance "Drejebog Klynge Aalborg Øst.docx"."""
    return in_a_file_name(f"{kind.title} {cluster}", ending)
