"""The results document: what the members read, under the same disclosure as the deck."""

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from domain.fitting import usual
from domain.meeting import Format
from domain.model import Round
from domain.package import Package
from reporting.document import make_document
from tests.reporting.clusters import EXPERIENCES, PACKAGES, a_baseline, a_follow_up, some_results
from tests.reporting.conftest import DocumentOf
from tests.reporting.slides import parts_of
from tests.the_packages import SAMARBEJDE, TRIVSEL


@lru_cache(maxsize=16)
def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells]).replace("\N{NO-BREAK SPACE}", " ")


def headings(content: bytes) -> list[tuple[str, str]]:
    document = Document(BytesIO(content))
    return [
        (style.name or "", p.text)
        for p in document.paragraphs
        if (style := p.style) is not None and (style.name or "").startswith(("Title", "Heading"))
    ]


def table_with(content: bytes, header: str) -> Any:
    tables = Document(BytesIO(content)).tables
    return next(table for table in tables if header in [cell.text for cell in table.rows[0].cells])


def test_it_has_real_headings_in_the_order_of_the_meeting(document_of: DocumentOf) -> None:
    found = headings(document_of(TRIVSEL, 34))
    assert found[0] == ("Title", "Resultater Klynge Aalborg Øst")
    assert [text for style, text in found if style == "Heading 1"] == [
        "Program",
        "Klyngens svar",
        "Hvis du vil tale med nogen",
        "Spørgsmål til gruppearbejdet",
        "Gode erfaringer fra klyngen",
        "Hjemmeopgave",
        "Kilder",
    ]
    measures = [text for style, text in found if style == "Heading 2" and text.startswith("Målepunkt")]
    assert [text.split(":")[0] for text in measures] == [f"Målepunkt {number}" for number in range(1, 6)]


def test_the_programme_has_times_that_add_up(document_of: DocumentOf) -> None:
    table = table_with(document_of(SAMARBEJDE, 34), "Tid")
    assert [row.cells[0].text for row in table.rows] == [
        "Tid", "17.00–17.10",
        "17.10–18.15", "17.10–17.20", "17.20–17.35", "17.35–17.45", "17.45–18.00", "18.00–18.15",
        "18.15–18.30",
        "18.30–18.55", "18.30–18.35", "18.35–18.45", "18.45–18.55",
        "18.55–19.30", "18.55–19.15", "19.15–19.20", "19.20–19.30",
    ]  # fmt: skip


def test_everybody_can_reckon_their_own_who5_score(document_of: DocumentOf) -> None:
    content = document_of(TRIVSEL, 34)
    table = table_with(content, "Hele tiden")
    assert [cell.text for cell in table.rows[1].cells] == ["har jeg været glad og i godt humør", *"543210"]
    assert len(table.rows) == 6
    assert "De fem tal lagt sammen: ______  ×  4  =  ______ point" in words_of(content)
    assert "WHO-5 er ikke en diagnose" in words_of(content)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_every_tables_header_row_repeats_and_no_row_is_broken(document_of: DocumentOf, package: Package) -> None:
    for table in Document(BytesIO(document_of(package, 34))).tables:
        assert table.rows[0]._tr.findall(f"./{qn('w:trPr')}/{qn('w:tblHeader')}")
        assert all(row._tr.findall(f"./{qn('w:trPr')}/{qn('w:cantSplit')}") for row in table.rows)


def test_the_language_is_danish_everywhere(document_of: DocumentOf) -> None:
    for name, part in parts_of(document_of(TRIVSEL, 34)).items():
        assert not re.search(rb'w:lang[^>]*w:val="(?!da-DK)', part), name
    styles = parts_of(document_of(TRIVSEL, 34))["word/styles.xml"]
    assert b'w:val="da-DK"' in styles


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_the_same_brief_gives_the_same_bytes(document_of: DocumentOf, package: Package) -> None:
    assert make_document(a_baseline(package, 34)) == document_of(package, 34)


def test_the_figures_are_those_of_the_results(document_of: DocumentOf) -> None:
    report = a_baseline(TRIVSEL, 34)
    counts = report.results.items["arbejdsglaede"].counts
    table = table_with(document_of(TRIVSEL, 34), "Klyngen (34 svar)")
    shown = {row.cells[0].text: int(re.findall(r"\((\d+)\)", row.cells[1].text)[0]) for row in table.rows[1:]}
    assert shown == counts


def test_group_work_homework_videos_and_sources_are_the_packages_own(document_of: DocumentOf) -> None:
    words = words_of(document_of(TRIVSEL, 34))
    for part in usual(TRIVSEL.programme):
        for task in part.tasks:
            assert (f"{task.number}.\t{task.text}" if len(part.tasks) > 1 else task.text) in words
    assert TRIVSEL.homework in words
    assert all(source in words for source in TRIVSEL.sources)
    links = Document(BytesIO(document_of(TRIVSEL, 34))).part.rels.values()
    assert {rel.target_ref for rel in links if rel.is_external} == {video.url for video in TRIVSEL.videos}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_the_sources_stay_on_one_page_in_small_type(document_of: DocumentOf, package: Package) -> None:
    paragraphs = Document(BytesIO(document_of(package, 34))).paragraphs
    heading = next(place for place, paragraph in enumerate(paragraphs) if paragraph.text == "Kilder")
    sources = paragraphs[heading + 1 :][: len(package.sources)]
    assert [paragraph.text for paragraph in sources] == list(package.sources)
    assert [paragraph.paragraph_format.keep_with_next for paragraph in sources] == [True] * (len(sources) - 1) + [False]
    assert all(paragraph.paragraph_format.keep_together for paragraph in sources)
    assert all(run.font.size is not None and run.font.size.pt <= 9 for p in sources for run in p.runs)


def test_good_experiences_keep_their_signs(document_of: DocumentOf) -> None:
    words = words_of(document_of(TRIVSEL, 34))
    assert all(f"»{text}«" in words for text in EXPERIENCES)


def test_a_figure_without_a_source_is_named_nowhere(document_of: DocumentOf) -> None:
    words = words_of(document_of(TRIVSEL, 34))
    assert "mangler" not in words
    lacking = [reference.label for reference in TRIVSEL.references if reference.value is None]
    assert not [label for label in lacking if label in words]
    assert "Falck Sundhedsbarometeret (2023): 58,1 point. Kilde: Falck" in words


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_under_five_answers_there_is_no_result(document_of: DocumentOf, package: Package) -> None:
    words = words_of(document_of(package, 4))
    assert "4 af 8 har svaret" in words
    assert "For få svar til et resultat, der ikke røber den enkelte" in words
    assert not re.findall(r"\d+ %", words)
    assert not re.findall(r"\d af 4", words)
    assert not [text for text in EXPERIENCES if text in words]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_under_ten_answers_there_are_counts_and_no_percentages(document_of: DocumentOf, package: Package) -> None:
    words = words_of(document_of(package, 9))
    own = words.replace("32,5 % er i risiko", "")
    assert re.findall(r"\d af 9", words)
    assert not re.findall(r"\d+ %", own)
    assert "Laveste" not in words
    assert not [text for text in EXPERIENCES if text in words]


@pytest.mark.parametrize("n", [10, 34, 73])
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_from_ten_answers_there_are_percentages(document_of: DocumentOf, package: Package, n: int) -> None:
    assert re.findall(r"\d+ %", words_of(document_of(package, n)))


def test_the_follow_up_compares_honestly(retreat_document: bytes) -> None:
    words = words_of(retreat_document)
    assert "Opfølgning Klynge Aalborg Øst" in words
    assert "Første runde: 58 point. Nu: 63 point." in words
    assert "Intervallet rummer 0: det kan ikke afgøres, om tallet er steget eller faldet." in words
    assert "ikke nødvendigvis de samme" in words
    assert "Program" not in [text for _, text in headings(retreat_document)]


@pytest.mark.parametrize("n", [3, 20])
def test_the_follow_up_gives_something_to_talk_about(document_of: DocumentOf, n: int) -> None:
    before, after = some_results(TRIVSEL, 20), some_results(TRIVSEL, n, Round.FOLLOW_UP)
    content = make_document(a_follow_up(TRIVSEL, before, after))
    told = [slide for slide in TRIVSEL.deck.of(Format.VIDEO, Round.FOLLOW_UP) if slide.kind == "group_work"]
    assert told
    assert all(line in words_of(content) for slide in told for line in slide.body)
    assert "Tal videre om tallene" not in words_of(document_of(TRIVSEL, 20))


def test_a_follow_up_with_a_suppressed_first_round_compares_nothing() -> None:
    before, after = some_results(TRIVSEL, 3), some_results(TRIVSEL, 20, Round.FOLLOW_UP)
    words = words_of(make_document(a_follow_up(TRIVSEL, before, after)))
    assert "for få svar i den ene runde" in words
    assert "Forskel:" not in words


def test_every_question_of_the_follow_up_of_samarbejde_has_its_difference() -> None:
    before, after = some_results(SAMARBEJDE, 34), some_results(SAMARBEJDE, 31, Round.FOLLOW_UP, seed=2)
    content = make_document(a_follow_up(SAMARBEJDE, before, after))
    tables = [table for table in Document(BytesIO(content)).tables if len(table.columns) == 5]
    differences = [table for table in tables if table.rows[0].cells[3].text == "Forskel"]
    told = {row.cells[0].text for table in differences for row in table.rows[1:]}
    assert told == {i.chart_label for i in SAMARBEJDE.items if i.group in ("q2", "q6", "q7", "q10")}
