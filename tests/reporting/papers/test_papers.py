"""All papers alike: Danish, headings, header rows, page numbers, the same bytes each time, and nothing of answers."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from domain.meeting import Format
from domain.model import Round
from domain.package import Package
from reporting.papers.catalogue import PAPERS, PaperId, PaperKind, paper_called
from reporting.papers.context import Doctor
from reporting.papers.making import MAKERS, make_paper, paper_file_name
from tests.reporting.clusters import PACKAGES
from tests.reporting.papers.meetings import NAMES, a_paper
from tests.reporting.test_document import words_of
from tests.the_packages import TRIVSEL

EVERY = pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.id)
OF_EACH = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)


def paper(id_: PaperId, package: Package = TRIVSEL, form: Format = Format.IN_PERSON) -> bytes:
    kind = paper_called(id_)
    assert kind is not None
    return make_paper(kind, a_paper(package, form))


def test_every_paper_of_the_catalogue_can_be_made_and_no_other() -> None:
    assert set(MAKERS) == {kind.id for kind in PAPERS} == set(PaperId)


@EVERY
@OF_EACH
def test_a_paper_begins_with_its_name_the_cluster_and_the_meeting(kind: PaperKind, package: Package) -> None:
    document = Document(BytesIO(make_paper(kind, a_paper(package))))
    first, second, third = (paragraph.text for paragraph in document.paragraphs[:3])
    assert document.paragraphs[0].style.name == "Title"  # type: ignore[union-attr]
    assert first.split()[0] == kind.title.split()[0]
    assert second == f"{package.title} · Klynge Aalborg Øst"
    assert third.startswith("Klyngemøde den 25. november 2026 kl. 17.00–19.30 · Sted: Lægehuset Torvet")


@EVERY
def test_a_paper_is_in_danish_with_page_numbers_and_accessible_tables(kind: PaperKind) -> None:
    content = make_paper(kind, a_paper())
    document = Document(BytesIO(content))
    assert document.core_properties.language == "da-DK"
    archive = zipfile.ZipFile(BytesIO(content))
    assert set(re.findall(r'w:lang w:val="([^"]+)"', archive.read("word/styles.xml").decode())) == {"da-DK"}
    footers = [archive.read(name).decode() for name in archive.namelist() if "footer" in name]
    assert any("PAGE" in footer for footer in footers)
    for table in document.tables:
        assert table.rows[0]._tr.findall(f"./{qn('w:trPr')}/{qn('w:tblHeader')}")
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None


@EVERY
def test_the_same_context_gives_the_same_bytes(kind: PaperKind) -> None:
    assert make_paper(kind, a_paper()) == make_paper(kind, a_paper())


@EVERY
def test_doctors_names_stand_on_papers_of_names_alone(kind: PaperKind) -> None:
    words = words_of(make_paper(kind, a_paper()))
    named = [name for name in NAMES[1:] if name in words]
    assert named == (list(NAMES[1:]) if kind.has_names else [])


@EVERY
def test_a_file_is_called_what_it_is_and_whose(kind: PaperKind) -> None:
    assert paper_file_name(kind, "Klynge A/B") == f"{kind.title} Klynge A-B.docx"


@OF_EACH
def test_every_chapter_of_the_results_has_room_on_the_note_sheet(package: Package) -> None:
    words = words_of(paper(PaperId.NOTES, package))
    assert all(section.title in words for section in package.sections)


@OF_EACH
def test_every_task_is_on_the_programme_and_the_reflection_sheet(package: Package) -> None:
    context = a_paper(package)
    for id_ in (PaperId.PROGRAMME, PaperId.REFLECTION):
        words = words_of(paper(id_, package))
        for part in context.tasks:
            assert part.title in words
            many = len(part.tasks) > 1
            assert all((f"{task.number}.\t{task.text}" if many else task.text) in words for task in part.tasks)


@OF_EACH
def test_the_programme_has_every_part_on_the_clock(package: Package) -> None:
    words = words_of(paper(PaperId.PROGRAMME, package))
    for line in a_paper(package).programme:
        assert line.when in words
        assert line.title in words


def test_the_plan_asks_what_who_when_and_how_and_speaks_to_solo_doctors() -> None:
    words = words_of(paper(PaperId.PLAN))
    for asked in ("Hvad vil vi ændre?", "Hvem gør det?", "Hvornår?", "Hvordan kan vi se, at det er sket?"):
        assert asked in words
    assert "Er du sololæge" in words


def test_the_offers_name_the_regions_unit_and_leave_out_what_nobody_has_told() -> None:
    words = words_of(make_paper(PAPERS[5], a_paper(region="nordjylland")))
    assert "Jeres regionale kvalitetsenhed: Nord-KAP" in words
    assert "Nord-POL" in words
    assert "KGE-modul: Trivsel og arbejdsglæde" in words
    assert "https://www.kiap.dk" in words
    assert "None" not in words
    other = words_of(make_paper(PAPERS[5], a_paper(region="syddanmark")))
    assert "Nord-POL" not in other
    assert "Jeres regionale kvalitetsenhed\n" in other


def test_the_guide_has_every_slide_of_the_deck_with_its_notes_and_what_the_measures_mean() -> None:
    words = words_of(paper(PaperId.GUIDE))
    assert "Slide 1: Trivsel og arbejdsglæde" in words
    assert "Peg aldrig på en enkelt prik." in words
    assert "Hele tiden, Det meste af tiden" in words
    assert "Svar: et tal fra 1 (lav negativ indflydelse) til 10 (høj negativ indflydelse)." in words


def test_the_guide_speaks_of_breakout_rooms_on_video_and_of_a_hall_elsewhere() -> None:
    video = words_of(paper(PaperId.GUIDE, form=Format.VIDEO))
    hall = words_of(paper(PaperId.GUIDE))
    assert "grupperummene" in video
    assert "lærred" not in video
    assert "lærred" in hall
    assert "grupperum" not in hall


def test_groups_are_rooms_on_video() -> None:
    assert "Grupperum 1" in words_of(paper(PaperId.GROUPS, form=Format.VIDEO))
    assert "Gruppe 1" in words_of(paper(PaperId.GROUPS))


def test_a_video_meetings_programme_has_check_in_and_whom_to_ring_and_its_guide_the_zoom_guide() -> None:
    words = words_of(paper(PaperId.PROGRAMME, form=Format.VIDEO))
    assert "16.30–17.00" in words
    assert "ring til Anne Mærsk Sørensen, 20 30 40 50" in words
    guide = words_of(paper(PaperId.GUIDE, form=Format.VIDEO))
    assert "16.30–17.00  Check-in" in guide
    assert guide.count("Guide til Zoom") == 1
    assert "Teknik: " in guide
    for id_ in (PaperId.PROGRAMME, PaperId.GUIDE):
        hall = words_of(paper(id_))
        assert not any(said in hall for said in ("Check-in", "ring til", "Zoom", "Teknik", "Breakout"))


def test_the_guide_to_a_follow_up_is_of_its_own_slides_and_tells_no_clock(retreat_deck: bytes) -> None:
    context = replace(a_paper(), round=Round.FOLLOW_UP, deck=retreat_deck, meeting=None, programme=(), video=None)
    kind = paper_called(PaperId.GUIDE)
    assert kind is not None
    words = words_of(make_paper(kind, context))
    assert f"{TRIVSEL.title_follow_up} · Klynge Aalborg Øst" in words
    assert "Slide 1: Trivsel og arbejdsglæde: opfølgning" in words
    assert "Læs intervallet højt." in words
    assert not any(said in words for said in ("Mødet på uret", "17.00"))


@EVERY
def test_seventy_three_doctors_and_long_names_find_room(kind: PaperKind) -> None:
    many = tuple(
        Doctor(f"p{number}", f"Anne-Margrethe Bjerregaard-Christoffersen {number}", f"Lægerne i Vejgaard {number // 5}",
               str(number // 5), came=True)
        for number in range(73)
    )  # fmt: skip
    words = words_of(make_paper(kind, replace(a_paper(), doctors=many, cluster="Klynge " + "Å" * 60)))
    assert all(doctor.name in words for doctor in many) is kind.has_names


@EVERY
def test_an_empty_list_makes_a_paper_that_says_so_or_none(kind: PaperKind) -> None:
    assert make_paper(kind, replace(a_paper(), doctors=(), attended=None, absent=None))
