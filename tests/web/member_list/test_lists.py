"""Lists of members as people have them: every shape reads as the same three doctors, and what is wrong says so."""

import io
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from domain.model import Role
from web.member_list.grid import MOST_ROWS, MOST_SHEET_ROWS, UnreadableList, rows_of_file, rows_of_text
from web.member_list.lines import Line, Otherwise, as_text, lines_of

METTE = ("Mette Holm", "mette@klinik.dk")
JENS = ("Jens Krogh", "jens@klinik.dk")


def read(text: str, **otherwise: str) -> list[Line]:
    return lines_of(rows_of_text(text), Otherwise(**otherwise))  # type: ignore[arg-type]


def people(lines: list[Line]) -> list[tuple[str, str]]:
    assert [line.problems for line in lines] == [()] * len(lines)
    return [(line.name, line.email) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "Navn\tMail\tYdernummer\nMette Holm\tmette@klinik.dk\t012345\nJens Krogh\tjens@klinik.dk\t12345",
        "Mette Holm;mette@klinik.dk;012345\nJens Krogh;jens@klinik.dk;12345;",
        "mette@klinik.dk;Mette Holm;012345\r\njens@klinik.dk;Jens Krogh;12345\r\n",
        "12345,mette@klinik.dk,Mette Holm\n12345,jens@klinik.dk,Jens Krogh",
        "E-mail;Ydernr.;Fornavn;Efternavn\nmette@klinik.dk;12345;Mette;Holm\njens@klinik.dk;12345;Jens;Krogh",
        "Ribe\n\nLægens navn;Kontakt;Praksisnavn\nMette Holm;mette@klinik.dk;12345\nJens Krogh;jens@klinik.dk;12345",
        '"Holm, Mette";mette@klinik.dk;12345\n"Krogh, Jens";mailto:jens@klinik.dk;12345',
    ],
)
def test_columns_stand_in_any_order_with_headings_or_none(text: str) -> None:
    lines = read(text)
    assert people(lines) == [METTE, JENS]
    assert {line.practice.lstrip("0") for line in lines} == {"12345"}


@pytest.mark.parametrize(
    "text",
    [
        "Mette Holm <mette@klinik.dk>\nJens Krogh <jens@klinik.dk>",
        "Mette Holm <mette@klinik.dk>; Jens Krogh <jens@klinik.dk>",
        "Mette Holm <mette@klinik.dk>, Jens Krogh <jens@klinik.dk>",
        "Holm, Mette <mette@klinik.dk>; Krogh, Jens <jens@klinik.dk>;",
        '"Mette Holm" <mette@klinik.dk>;\n"Jens Krogh" <mailto:jens@klinik.dk>;\n',
        "Mette Holm mette@klinik.dk\nJens Krogh (jens@klinik.dk)",
        "  Mette   Holm   <mette@klinik.dk>  \n\n\n Jens Krogh <jens@klinik.dk>",
    ],
)
def test_names_and_addresses_come_as_mail_programs_copy_them(text: str) -> None:
    lines = read(text, practice="Lægehuset")
    assert people(lines) == [METTE, JENS]
    assert {line.practice for line in lines} == {"Lægehuset"}


def test_a_role_is_read_by_its_name_and_is_else_what_was_said() -> None:
    lines = lines_of(
        rows_of_text("Navn;Mail;Rolle;Praksis\nMette Holm;m@x.dk;Uddannelseslæge;A\nJens Krogh;j@x.dk;;A"),
        Otherwise(role=Role.EMPLOYED),
    )
    assert [line.role for line in lines] == [Role.TRAINEE, Role.EMPLOYED]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Mette Holm;mette@;12345\nA B;a@x.dk;1234", "Mail: Mailadressen er ikke gyldig."),
        ("Navn;Mail;Praksis\n;m@x.dk;12345", "Navn: mangler."),
        ("Navn;Mail;Praksis\nMette Holm;;12345", "Mail: mangler."),
        ("Navn;Mail;Praksis\nMette Holm;m@x.dk;", "Praksis: mangler."),
        ("Navn;Mail;Praksis;Rolle\nMette Holm;m@x.dk;1;Overlæge", "Rolle: kendes ikke."),
        ("Navn;Mail;Praksis\n123;m@x.dk;1", "Navn: Feltet skal have bogstaver i sig."),
        ("Navn;Mail;Praksis\nMe\u202ette;m@x.dk;1", "Navn: "),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_that_line(text: str, problem: str) -> None:
    first, *rest = read(text)
    assert problem in " ".join(first.problems)
    assert all(not line.problems for line in rest)


def test_our_own_list_reads_as_the_same_lines_again_wrong_ones_too() -> None:
    lines = read('Navn;Mail;Praksis;Rolle\n"Mette ""M"" Holm";m@x.dk;A;Overlæge\nJens;j@;;\n;;B;Ejerlæge')
    again = lines_of(rows_of_text(as_text(lines)), Otherwise())
    assert [(line.name, line.email, line.practice, line.problems) for line in again] == [
        (line.name, line.email, line.practice, line.problems) for line in lines
    ]


def workbook(*rows: tuple[object, ...], first_sheet: bool = False) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        if first_sheet:
            book.add_worksheet("Tom")
        sheet = book.add_worksheet("Medlemmer")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return content.getvalue()


@pytest.mark.parametrize("first_sheet", [False, True])
def test_a_workbook_is_read_with_its_numbers_as_they_read(first_sheet: bool) -> None:
    content = workbook(
        ("Ydernummer", "Navn", "Mail"), (12345, "Mette Holm", "mette@klinik.dk"), (), (12345, "Jens Krogh", JENS[1]),
        first_sheet=first_sheet,
    )  # fmt: skip
    lines = lines_of(rows_of_file(content), Otherwise())
    assert people(lines) == [METTE, JENS]
    assert {line.practice for line in lines} == {"12345"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    content = "Navn;Mail;Praksis\nÅse Ærø;aase@klinik.dk;Lægerne Øst".encode(encoding)
    (line,) = lines_of(rows_of_file(content), Otherwise())
    assert (line.name, line.practice) == ("Åse Ærø", "Lægerne Øst")


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"PK\x03\x04 nothing", "Excel-filen kan ikke læses."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "gammelt Excel"),
        (b"\x00\x01\x02\x03", "Filen kan ikke læses."),
        (b"\xff\xfe\x00", "Filen kan ikke læses."),
        (b"a;b\n" * (MOST_ROWS + 1), "flere end"),
    ],
)
def test_what_is_no_list_says_so_in_one_line(content: bytes, line: str) -> None:
    with pytest.raises(UnreadableList, match=line):
        rows_of_file(content)


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    with pytest.raises(UnreadableList, match="fylder for meget"):
        rows_of_file(bomb())


def test_a_workbook_with_too_many_rows_says_so() -> None:
    with pytest.raises(UnreadableList, match="flere end"):
        rows_of_file(workbook(*[("a",)] * (MOST_ROWS + 5)))


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_lines_or_a_clear_no(text: str) -> None:
    try:
        lines = lines_of(rows_of_text(text), Otherwise())
    except UnreadableList:
        return
    again = lines_of(rows_of_text(as_text(lines)), Otherwise())
    assert [line.name for line in again if not line.problems] == [line.name for line in lines if not line.problems]


@given(st.binary(max_size=300))
def test_whatever_is_sent_as_a_file_is_lines_or_a_clear_no(content: bytes) -> None:
    with suppress(UnreadableList):
        lines_of(rows_of_file(content), Otherwise())


@pytest.mark.parametrize("lost", ["Bo Ly;;Lægehuset Syd", "Bo Ly;;Klinikken"])
def test_a_line_without_an_address_is_no_heading_and_hides_no_other(lost: str) -> None:
    sound = ["Mette Holm;mette@klinik.dk;12345", "Jens Krogh;jens@klinik.dk;12345", "Ida Ås;ida@klinik.dk;12345"]
    for place in range(4):
        lines = read("\n".join([*sound[:place], lost, *sound[place:]]))
        assert [line.name for line in lines if not line.problems] == ["Mette Holm", "Jens Krogh", "Ida Ås"]
        assert [(line.name, line.problems) for line in lines if line.problems] == [("Bo Ly", ("Mail: mangler.",))]


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_a_stray_quotation_mark_swallows_nobody(sign: str) -> None:
    rows = [
        ("Mette Holm", "mette@klinik.dk", '"Nord'),
        ("Jens Krogh", "jens@klinik.dk", "Nord"),
        ("Ida Ås", "ida@klinik.dk", "Syd"),
    ]
    lines = read("\n".join(sign.join(row) for row in rows))
    assert [(line.name, line.email) for line in lines] == [row[:2] for row in rows]


def test_an_address_is_no_practice() -> None:
    (line,) = read("Navn;Mail;Praksis\nMette Holm;mette@klinik.dk;Nord jens@klinik.dk")
    assert line.problems == ("Praksis: her står en mailadresse.",)


def test_headings_stand_above_the_members_and_nothing_below_them_is_one() -> None:
    lines = read("Mette Holm;mette@klinik.dk;12345\nLægehuset Vest;;Klinikken\nJens Krogh;jens@klinik.dk;12345")
    assert [line.name for line in lines if not line.problems] == ["Mette Holm", "Jens Krogh"]
    assert len(lines) == 3


def numbered(lines: list[Line]) -> list[tuple[int, str]]:
    return [(line.number, line.name) for line in lines]


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_a_line_has_the_number_that_it_has_in_the_text_empty_lines_and_headings_counted(sign: str) -> None:
    rows = [
        ("Ribe",),
        (),
        ("Navn", "Mail", "Praksis"),
        ("Mette Holm", "mette@klinik.dk", "A"),
        ("  ",),
        (),
        ("Jens Krogh", "jens@", "A"),
    ]
    lines = read("\r\n".join(sign.join(row) for row in rows))
    assert numbered(lines) == [(4, "Mette Holm"), (7, "Jens Krogh")]
    assert [bool(line.problems) for line in lines] == [False, True]


def test_names_and_addresses_have_the_number_of_the_line_they_stand_on() -> None:
    lines = read(
        "\nMette Holm <mette@klinik.dk>, Jens Krogh <jens@klinik.dk>\n\n\nIda Ås <ida@klinik.dk>", practice="A"
    )
    assert numbered(lines) == [(2, "Mette Holm"), (2, "Jens Krogh"), (5, "Ida Ås")]


def test_a_quoted_line_break_is_within_its_row_as_spreadsheets_show_it() -> None:
    text = (
        'Navn;"Praksis\n(eller ydernummer)";Mail\n'
        'Mette Holm;"Lægehuset\n\nNørregade 1";mette@klinik.dk\n'
        "\n"
        'Jens Krogh;"Nord\nvest";jens@klinik.dk\n'
        "Ida Ås;Syd;ida@\n"
    )
    for lines in (read(text), lines_of(rows_of_file(text.encode()), Otherwise())):
        assert numbered(lines) == [(2, "Mette Holm"), (4, "Jens Krogh"), (5, "Ida Ås")]
        assert [line.practice for line in lines] == ["Lægehuset Nørregade 1", "Nord vest", "Syd"]


def test_a_stray_quotation_mark_moves_no_number() -> None:
    lines = read('\nMette Holm;mette@klinik.dk;"Nord\n\nJens Krogh;jens@klinik.dk;Nord')
    assert numbered(lines) == [(2, "Mette Holm"), (4, "Jens Krogh")]


def test_a_line_of_a_workbook_has_the_number_that_excel_shows_beside_it() -> None:
    rows: list[tuple[object, ...]] = [("Ribe",), (), ("Navn", "Mail", "Praksis"), ("Mette Holm", METTE[1], "A\nB")]
    lines = lines_of(rows_of_file(workbook(*rows, *[()] * 600, ("Jens Krogh", "jens@", 12345))), Otherwise())
    assert numbered(lines) == [(4, "Mette Holm"), (605, "Jens Krogh")]


def test_a_workbook_with_too_many_rows_loses_nobody_without_a_word() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, METTE)
        sheet.write_row(MOST_SHEET_ROWS + 5, 0, JENS)
    with pytest.raises(UnreadableList, match="for mange rækker"):
        rows_of_file(content.getvalue())
