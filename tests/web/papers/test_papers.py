"""Papers behind links: the coordinator's, the members' handouts, KiAP's own; made of the meeting as it stands."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from docx import Document
from sqlalchemy import select

from domain.model import OrderId, PersonId
from storage import documents, people
from tests.web.application import NAMES, Web, fill_in
from tests.web.console.office import Colleague, signed_in
from tests.web.papers.deliveries import agreed, delivered, member_page, the_morning_after, words_of
from tests.web.reading import Shown

HANDOUTS = ["program", "moedenoter", "refleksionsark", "implementeringsplan", "tilbud"]
BEFORE_THE_DECK = [*HANDOUTS, "grupper", "deltagerliste"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def listed(page: Shown) -> list[str]:
    found = page.tree.xpath("//*[contains(@class, 'papers')]//a[contains(@href, '.docx')]/@href")
    return [str(href).rpartition("/")[2].removesuffix(".docx") for href in found]


def names_in(archive: httpx.Response) -> list[str]:
    assert (archive.status_code, archive.headers["content-type"]) == (200, "application/zip")
    return zipfile.ZipFile(BytesIO(archive.content)).namelist()


@pytest.fixture
def staff(web: Web) -> Iterator[Colleague]:
    with signed_in(web) as colleague:
        yield colleague


def test_there_are_no_papers_before_a_meeting_is_agreed(web: Web, http: httpx.Client) -> None:
    order = web.place()
    for page in (web.page_of(order), member_page(web, order)):
        assert listed(Shown(http.get(page))) == []
        for file in ("program.docx", "alle.zip", "program.pdf"):
            answer = http.get(f"{page}/papirer/{file}")
            assert (answer.status_code, Shown(answer).heading) == (404, "Filen kunne ikke hentes")


def test_the_coordinator_has_all_papers_and_a_member_the_handouts_alone(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    coordinators, members = web.page_of(order), member_page(web, order)
    assert listed(Shown(http.get(coordinators))) == BEFORE_THE_DECK
    assert listed(Shown(http.get(members))) == HANDOUTS
    for page, papers in ((coordinators, BEFORE_THE_DECK), (members, HANDOUTS)):
        for paper in papers:
            answer = http.get(f"{page}/papirer/{paper}.docx")
            assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX)
            assert "Aalborg Øst" in words_of(answer)
    for paper in ("grupper", "deltagerliste", "fremmoedeliste", "drejebog"):
        assert http.get(f"{members}/papirer/{paper}.docx").status_code == 404


def test_the_guide_is_of_the_delivered_deck_and_not_to_be_had_before(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    page = web.page_of(order)
    assert "drejebog" not in listed(Shown(http.get(page)))
    web.answered_by_all(order)
    web.make_deck(order)
    assert http.get(f"{page}/papirer/drejebog.docx").status_code == 404


def test_the_guide_tells_slide_for_slide_what_the_deck_says(web: Web, http: httpx.Client) -> None:
    page = web.page_of(delivered(web))
    assert listed(Shown(http.get(page))) == ["drejebog", *BEFORE_THE_DECK]
    words = words_of(http.get(f"{page}/papirer/drejebog.docx"))
    assert "Slide 1: Trivsel og arbejdsglæde" in words
    assert "Peg aldrig på en enkelt prik." in words


def test_a_deck_that_cannot_be_read_gives_a_kind_page_and_no_guide(web: Web, http: httpx.Client) -> None:
    order = delivered(web, b"PK ikke en pptx")
    answer = http.get(f"{web.page_of(order)}/papirer/drejebog.docx")
    assert (answer.status_code, Shown(answer).heading) == (503, "Filen kunne ikke hentes")


def test_a_moved_meeting_has_its_new_time_on_every_paper_at_once(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    page = web.page_of(order)
    assert "den 25. marts 2026 kl. 17.00" in words_of(http.get(f"{page}/papirer/program.docx"))
    moved = web.command(order, type="move_meeting", to="2026-04-08T18:00")
    assert moved.status_code == 200, moved.text
    for paper in BEFORE_THE_DECK:
        assert "den 8. april 2026 kl. 18.00" in words_of(http.get(f"{page}/papirer/{paper}.docx"))


def test_a_cancelled_orders_papers_are_gone(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    page = web.page_of(order)
    assert web.command(order, type="cancel_order").status_code == 200
    assert listed(Shown(http.get(page))) == []
    assert http.get(f"{page}/papirer/program.docx").status_code == 404


def test_everything_is_in_the_zip_with_the_deck_and_the_results_as_delivered(web: Web, http: httpx.Client) -> None:
    order = delivered(web)
    names = names_in(http.get(f"{web.page_of(order)}/papirer/alle.zip"))
    assert names[:2] == ["Resultater – oplæg.pptx", "Resultater.docx"]
    assert names[2:] == [
        "Drejebog Aalborg Øst.docx", "Program til deltagerne Aalborg Øst.docx", "Ark til mødenoter Aalborg Øst.docx",
        "Refleksionsark Aalborg Øst.docx", "Implementeringsplan Aalborg Øst.docx",
        "Oversigt over tilbud Aalborg Øst.docx",
        "Grupper på fire Aalborg Øst.docx", "Deltagerliste Aalborg Øst.docx",
    ]  # fmt: skip


def test_a_members_zip_has_the_handouts_and_results_and_nobodys_name(web: Web, http: httpx.Client) -> None:
    order = delivered(web)
    answer = http.get(f"{member_page(web, order)}/papirer/alle.zip")
    assert names_in(answer)[0] == "Resultater.docx"
    assert not any(
        part in name for name in names_in(answer) for part in ("Grupper", "Deltagerliste", "Drejebog", "pptx")
    )
    others = [name for name in NAMES if name != "Mette Holm"]
    archive = zipfile.ZipFile(BytesIO(answer.content))
    for name in archive.namelist():
        inside = zipfile.ZipFile(BytesIO(archive.read(name)))
        text = " ".join(inside.read(part).decode(errors="ignore") for part in inside.namelist())
        assert not any(other in text for other in others)


def test_the_attendance_list_comes_with_the_record_and_has_who_came(web: Web, http: httpx.Client) -> None:
    order = delivered(web)
    page = web.page_of(order)
    assert http.get(f"{page}/papirer/fremmoedeliste.docx").status_code == 404
    the_morning_after(web, order)
    members = list(web.order(order).active_members)
    attendance = [{"member": member, "attended": place < 6} for place, member in enumerate(members)]
    recorded = web.command(order, type="record_meeting", attended=6, absent=2, attendance=attendance)
    assert recorded.status_code == 200, recorded.text
    words = words_of(http.get(f"{page}/papirer/fremmoedeliste.docx"))
    assert "6 medlemmer var med. 2 medlemmer var fraværende." in words
    assert words.count("Fraværende") == 2
    assert "Nordjylland" in words
    assert "svar" not in words


def test_attendance_noted_by_number_alone_says_so(web: Web, http: httpx.Client) -> None:
    order = delivered(web)
    the_morning_after(web, order)
    web.command(order, type="record_meeting", attended=6, absent=2)
    words = words_of(http.get(f"{web.page_of(order)}/papirer/fremmoedeliste.docx"))
    assert "noteret som antal, uden navne" in words
    assert not any(name in words for name in NAMES[1:])


def test_names_come_from_the_directory_as_it_is_and_an_erased_one_is_on_no_paper(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    page = f"{web.page_of(order)}/papirer/deltagerliste.docx"
    assert "Åse Ærø" in words_of(http.get(page))
    with web.database.write() as connection:
        (found,) = people.find(connection, "Åse Ærø")
        connection.execute(
            people.person_table.update()
            .where(people.person_table.c.id == PersonId(found.id))
            .values(name="", email="", erased_at=dt.datetime.now(dt.UTC))
        )
    answer = http.get(page)
    assert "Åse Ærø" not in words_of(answer)
    signing = Document(BytesIO(answer.content)).tables[0]
    assert [row.cells[0].text for row in signing.rows if not row.cells[0].text] == ["", ""]  # for others, and no more


def test_papers_of_names_are_the_same_bytes_whoever_has_answered(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    links = web.open_survey(order)
    files = [f"{web.page_of(order)}/papirer/{paper}.docx" for paper in ("grupper", "deltagerliste")]
    before = [http.get(file).content for file in files]
    for link in links[:5]:
        fill_in(http, link, arbejdsglaede="hoej")
    assert [http.get(file).content for file in files] == before


def test_no_paper_is_kept(web: Web, http: httpx.Client) -> None:
    order = delivered(web)
    http.get(f"{web.page_of(order)}/papirer/alle.zip")
    http.get(f"{web.page_of(order)}/grupper?traek=2")
    with web.database.read() as connection:
        kept = {info.kind for info in documents.documents(connection, OrderId(order))}
        rows = connection.execute(select(documents.document_table.c.id)).all()
    assert kept == {"deck", "document"}
    assert len(rows) == 2


def test_kiaps_own_have_the_same_papers_in_the_console(web: Web, staff: Colleague) -> None:
    order = agreed(web)
    page = f"/drift/forloeb/{order}"
    shown = Shown(staff.get(page))
    assert listed(shown) == BEFORE_THE_DECK
    assert "Aalborg Øst" in words_of(staff.get(f"{page}/papirer/program.docx"))
    assert names_in(staff.get(f"{page}/papirer/alle.zip"))
    assert staff.get(f"{page}/papirer/findes-ikke.docx").status_code == 404


def test_what_the_offers_lack_is_told_to_kiap_and_to_no_doctor(web: Web, http: httpx.Client, staff: Colleague) -> None:
    order = agreed(web)
    assert "Link til »KGE-modul: Trivsel og arbejdsglæde«" in Shown(staff.get(f"/drift/forloeb/{order}")).words
    for page in (web.page_of(order), member_page(web, order)):
        assert "mangler" not in words_of(http.get(f"{page}/papirer/tilbud.docx"))
        assert "Link til »" not in Shown(http.get(page)).words
