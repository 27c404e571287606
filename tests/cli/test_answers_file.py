"""CSV files as spreadsheets, scripts and hurried people make them: read rightly, or refused with one clear line."""

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.answers_file import LARGEST, AnswersFile, AnswersFileError, read_answers_file
from demo.answers import baseline_answers, plausible_answers
from domain.answers import read_answers
from domain.model import Round
from domain.package import Package
from tests.the_packages import SAMARBEJDE, TRIVSEL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "svar.csv"


def read(file: Path, content: str | bytes, package: Package = TRIVSEL, round_: Round = Round.BASELINE) -> AnswersFile:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_answers_file(file, package, round_)


def refused(file: Path, content: str | bytes, package: Package = TRIVSEL) -> str:
    with pytest.raises(AnswersFileError) as caught:
        read(file, content, package)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("svar.csv")
    return line


TABLE = [["arbejdsglaede", "who5_1", "gode_erfaringer"], ["I høj grad", "4", "Vi går en tur, hver dag; også i regn"]]
READ = ({"arbejdsglaede": "hoej", "who5_1": 4, "gode_erfaringer": "Vi går en tur, hver dag; også i regn"},)


def written(separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(TABLE)
    return text.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_separator_and_encoding_of_a_spreadsheet_gives_the_same(
    file: Path, separator: str, encoding: str
) -> None:
    assert read(file, written(separator).encode(encoding)).rows == READ


@pytest.mark.parametrize("declared", ["sep=;\r\n", '"sep=;"\n'])
def test_excels_own_first_line_is_obeyed(file: Path, declared: str) -> None:
    assert read(file, declared + written(";")).rows == READ


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("start", ["", "sep=,\n"])
def test_lines_may_end_in_any_way_and_the_last_not_at_all(file: Path, newline: str, start: str) -> None:
    content = start.replace("\n", newline) + newline.join(["who5_1,who5_2", "1,2", "3,4"])
    assert read(file, content).rows == ({"who5_1": 1, "who5_2": 2}, {"who5_1": 3, "who5_2": 4})


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", ";;\n", " ; ;\n", '"";"";\n', "\t\n", "\ufeff\n"])
def test_blank_first_lines_are_passed_over_and_counted(file: Path, blank: str) -> None:
    assert read(file, blank + written(";")).rows == READ
    before = len(blank.splitlines())
    assert refused(file, blank + "who5_1;who5_2\n9;1\n").startswith(f"svar.csv, row {before + 2}, column who5_1: '9'")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_byte_order_marks_are_passed_over_wherever_a_line_begins(file: Path, separator: str) -> None:
    lines = written(separator).splitlines(keepends=True)
    assert read(file, "\ufeff\ufeff" + "".join(lines)).rows == READ
    assert read(file, "\ufeff".join(["", *lines])).rows == READ
    assert read(file, "\ufeff" + "\ufeff\n" + "".join(lines)).rows == READ


def test_what_cannot_be_seen_beside_a_number_is_passed_over_too(file: Path) -> None:
    assert read(file, "who5_1\u200b,\ufeffwho5_2\n\u00a03\ufeff,\u200b4\n").rows == ({"who5_1": 3, "who5_2": 4},)
    assert read(file, "who5_1,who5_2\n3,\u200b\n").rows == ({"who5_1": 3},)


def test_letters_in_two_parts_as_a_mac_writes_them_are_read(file: Path) -> None:
    assert read(file, unicodedata.normalize("NFD", written(","))).rows == READ


def test_the_header_may_be_in_capitals_and_spaced(file: Path) -> None:
    assert read(file, "WHO5_1, Arbejdsglaede\n5, hoej\n").rows == ({"who5_1": 5, "arbejdsglaede": "hoej"},)


def test_several_choices_stand_in_one_quoted_cell_even_between_semicolons(file: Path) -> None:
    content = 'positive;haandtering\n"balance; oekonomi";"Færre pauser;Holder fast i mine pauser"\nbalance;\n'
    assert read(file, content).rows == (
        {"positive": ("balance", "oekonomi"), "haandtering": ("faerre_pauser", "holder_pauser")},
        {"positive": ("balance",)},
    )


def test_choices_that_are_not_quoted_between_semicolons_are_told_how_to_mend(file: Path) -> None:
    line = refused(file, "positive;who5_1\nbalance;oekonomi;3\n")
    assert line == (
        "svar.csv, row 2: 3 cells under 2 columns; put a cell that contains semicolons in double quotation marks."
    )


def test_empty_cells_are_not_answered_and_empty_rows_are_nobody(file: Path) -> None:
    content = "who5_1,who5_2,arbejdsglaede\n,,\n3,,\n\n , ,\n,,hoej\n"
    assert read(file, content).rows == ({"who5_1": 3}, {"arbejdsglaede": "hoej"})


def test_rows_may_end_in_more_separators_than_the_header_and_the_other_way_round(file: Path) -> None:
    assert read(file, "who5_1,who5_2\n4,5,,,\n").rows == ({"who5_1": 4, "who5_2": 5},)
    assert read(file, "who5_1,who5_2,,\n4,5\n").rows == ({"who5_1": 4, "who5_2": 5},)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("3", "row 2: 1 cell under 3 columns;"),
        ("1,2,hoej\n3,4", "row 3: 2 cells under 3 columns;"),
        ('1,2,hoej\n\n"3\n",4', "row 4: 2 cells under 3 columns;"),
        ("1,2,hoej\n3,4,hoej,5", "row 3: 4 cells under 3 columns;"),
    ],
)
def test_a_row_with_other_cells_than_the_header_is_refused_with_its_number(file: Path, rows: str, said: str) -> None:
    assert refused(file, f"who5_1,who5_2,arbejdsglaede\n{rows}\n").startswith(f"svar.csv, {said}")


def test_a_column_that_is_missing_is_a_question_nobody_answered(file: Path) -> None:
    assert read(file, "who5_1\n3\n").rows == ({"who5_1": 3},)


def test_items_without_a_column_are_named_in_the_order_they_are_asked(file: Path) -> None:
    asked = [item.id for item in TRIVSEL.asked_in(Round.BASELINE)]
    assert read(file, f"{','.join(asked)}\n3{',' * (len(asked) - 1)}\n").missing == ()
    assert read(file, "who5_2,arbejdsglaede\n3,hoej\n").missing[:3] == ("who5_1", "who5_3", "who5_4")


@pytest.mark.parametrize("rows", ["", ",\n", "\n\n, \n"], ids=["none", "an empty one", "blank ones"])
def test_a_file_in_which_nobody_answers_is_refused(file: Path, rows: str) -> None:
    assert refused(file, f"who5_1,who5_2\n{rows}").startswith("svar.csv: no row under the header has an answer")


def test_a_text_over_several_lines_keeps_the_count_of_rows(file: Path) -> None:
    line = refused(file, 'gode_erfaringer,who5_1\n"To\nlinjer",3\nEn,9\n')
    assert line.startswith("svar.csv, row 3, column who5_1: '9'")


def test_who5_half_answered_is_read(file: Path) -> None:
    assert read(file, "who5_1,who5_2,who5_3,who5_4,who5_5\n4,4,,,\n").rows == ({"who5_1": 4, "who5_2": 4},)


def test_numbers_as_pandas_writes_them_are_whole_numbers(file: Path) -> None:
    assert read(file, "who5_1,belastning_01\n3.0,10.0\n").rows == ({"who5_1": 3, "belastning_01": 10},)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("who5_3", "6", "'6' is not a whole number from 0 to 5; empty means not answered."),
        ("who5_3", "3.5", "'3.5' is not a whole number from 0 to 5; empty means not answered."),
        ("who5_3", '"3,5"', "'3,5' is not a whole number from 0 to 5; empty means not answered."),
        ("belastning_04", "0", "'0' is not a whole number from 1 to 10; empty means not answered."),
        ("belastning_04", "#REF!", "'#REF!' is not a whole number from 1 to 10; empty means not answered."),
        ("arbejdsglaede", "I høj grd", "'I høj grd' is none of the options; did you mean 'I høj grad'?"),
        ("arbejdsglaede", "7", "is none of the options: meget_hoej, hoej, nogen, ringe, slet_ikke."),
        ("arbejdsglaede", "ikke_relevant", "this item has no 'ikke_relevant'; leave the cell empty."),
        ("positive", "balance;oekonomi;struktur;god_tone", "4 choices, at most 3 are allowed."),
        ("positive", "zzz", "(separate several choices with ';')."),
        ("gode_erfaringer", "x" * 1001, "the text has 1001 characters, more than 1000."),
        ("gode_erfaringer", "Gå\u200btur", "the text has an invisible sign (ZERO WIDTH SPACE) after character 2; "),
        (
            "gode_erfaringer",
            '"Frokost\nl\ufffdser"',
            "a letter that was lost (REPLACEMENT CHARACTER) after character 1 ",
        ),
    ],
)
def test_a_wrong_value_is_told_with_row_and_column(file: Path, column: str, cell: str, says: str) -> None:
    line = refused(file, f"{column},who5_1\n,3\n{cell},3\n")
    assert line.startswith(f"svar.csv, row 3, column {column}: ")
    assert says in line


def test_more_wrong_values_in_the_row_are_counted(file: Path) -> None:
    assert refused(file, "who5_1,who5_2,who5_3\n7,8,9\n").endswith("(2 more in this row)")


def test_an_unknown_column_is_answered_with_the_nearest(file: Path) -> None:
    line = refused(file, "who5_1,arbejdsglæde\n3,hoej\n")
    assert "unknown column 'arbejdsglæde'; did you mean 'arbejdsglaede'?" in line
    assert "klyngeflow package show trivsel-og-arbejdsglaede" in line


def test_a_file_without_a_header_is_refused(file: Path) -> None:
    assert "unknown column '3'" in refused(file, "3,4,5\n3,4,5\n")


def test_a_column_that_stands_twice_is_refused(file: Path) -> None:
    assert refused(file, "who5_1,who5_2,WHO5_1\n1,2,3\n") == (
        "svar.csv: the column 'who5_1' stands twice; delete one of them."
    )


def test_a_nameless_column_is_no_matter_until_something_stands_in_it(file: Path) -> None:
    assert read(file, "who5_1,\n3,\n").rows == ({"who5_1": 3},)
    assert "'hvad' stands in a column without a name" in refused(file, "who5_1,\n3,hvad\n")


def test_a_file_for_the_other_package_is_refused(file: Path) -> None:
    assert "unknown column 'q1'" in refused(file, "q1,q2_drift\nhoej,hoej\n")


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", "   ", b"\xff\xfe"])
def test_an_empty_file_is_refused(file: Path, content: str | bytes) -> None:
    assert "the file is empty" in refused(file, content)


@pytest.mark.parametrize("content", [";;;\n", "sep=;\n", '""\n'])
def test_a_file_without_any_known_column_is_refused(file: Path, content: str | bytes) -> None:
    assert "no column is an item of this survey" in refused(file, content)


@pytest.mark.parametrize("encoding", ["mac-roman", "cp865", "utf-16-le", "utf-32", "cp1251", "cp037"])
def test_letters_that_can_not_be_trusted_are_refused(file: Path, encoding: str) -> None:
    content = written(",").replace("går", "sår") if encoding != "cp1251" else "gode_erfaringer\nЖитье\n"
    assert "must be UTF-8" in refused(file, content.encode(encoding))


@pytest.mark.parametrize("encoding", ["mac-roman", "cp865", "cp850"])
@pytest.mark.parametrize(
    "word", ["læser", "være", "ær", "alvorlig snak om det nære", "går", "øl", "Åben", "Skærm – læs", "Hmm… læst"]
)
def test_old_mac_and_dos_letters_are_never_taken_for_others(file: Path, encoding: str, word: str) -> None:
    content = f"gode_erfaringer,who5_1\nEn tur,3\n{word},4\n".encode(encoding, "replace")
    assert refused(file, content).startswith("svar.csv, row 3: the letters can't be read; the file must be UTF-8")


@pytest.mark.parametrize(
    "word", ["idé", "André", "¾ time", "1½ time", "5 m²", "§ 4", "‘ja’", "“ja”", "ÆØÅ", "20 °C", "ÉN GANG"]
)
def test_windows_letters_are_read_for_what_they_are(file: Path, word: str) -> None:
    assert read(file, f"gode_erfaringer\n{word}\n".encode("cp1252")).rows == ({"gode_erfaringer": word},)


@pytest.mark.parametrize("content", [b"who5_1\n3\x00\n", "who5_1\n3\x00\n".encode("utf-16")])
def test_a_nul_byte_is_refused_with_its_row(file: Path, content: bytes) -> None:
    assert refused(file, content).startswith("svar.csv, row 2: a NUL byte")


def test_a_quotation_mark_in_the_wrong_place_is_refused_with_its_row(file: Path) -> None:
    line = refused(file, 'gode_erfaringer,who5_1\nEn,3\n"To"r,3\n')
    assert line.startswith("svar.csv, row 3: not readable as CSV")


@pytest.mark.parametrize("start", [b"PK\x03\x04....", b"\xd0\xcf\x11\xe0...."])
def test_a_spreadsheet_is_told_to_be_saved_as_csv(file: Path, start: bytes) -> None:
    assert "open it and save it as 'CSV UTF-8 (Comma delimited)'" in refused(file, start)


def test_a_quotation_mark_that_never_closes_is_refused(file: Path) -> None:
    assert "check its quotation marks" in refused(file, 'gode_erfaringer,who5_1\n"Vi går en tur,3\n')


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "ingen.csv", tmp_path):
        with pytest.raises(AnswersFileError):
            read_answers_file(path, TRIVSEL, Round.BASELINE)


def test_a_file_far_too_large_is_not_read(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 1)
    with pytest.raises(AnswersFileError, match="larger than 10 MB"):
        read_answers_file(file, TRIVSEL, Round.BASELINE)


def test_a_follow_up_leaves_the_questions_it_does_not_repeat_and_says_so(file: Path) -> None:
    found = read(file, "arbejdsglaede,belastning_01,haandtering\nhoej,7,\n,3,\n", round_=Round.FOLLOW_UP)
    missing = ("who5_1", "who5_2", "who5_3", "who5_4", "who5_5")
    assert found == AnswersFile(({"arbejdsglaede": "hoej"},), ignored=("belastning_01",), missing=missing)


def test_a_follow_up_with_none_of_its_questions_is_refused(file: Path) -> None:
    file.write_text("belastning_01\n7\n", encoding="utf-8")
    with pytest.raises(AnswersFileError, match="no column is an item of this follow-up"):
        read_answers_file(file, TRIVSEL, Round.FOLLOW_UP)


def test_not_relevant_and_solo_are_read(file: Path) -> None:
    content = "solo,q3,q7_tone\nnej,hoej,ikke_relevant\nJa,hoej,Helt enig\n"
    assert read(file, content, SAMARBEJDE).rows == (
        {"solo": "nej", "q3": "hoej", "q7_tone": "ikke_relevant"},
        {"solo": "ja", "q7_tone": "helt_enig"},
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
def test_what_a_form_takes_and_what_a_file_holds_is_the_same(file: Path, package: Package, separator: str) -> None:
    people = baseline_answers(TRIVSEL) if package is TRIVSEL else plausible_answers(package, Round.BASELINE, 73)
    text = io.StringIO()
    table = csv.DictWriter(text, [item.id for item in package.items], delimiter=separator)
    table.writeheader()
    table.writerows({item_id: ";".join(tokens) for item_id, tokens in person.items()} for person in people)
    assert list(read(file, text.getvalue(), package).rows) == [
        read_answers(package, Round.BASELINE, person) for person in people
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=120) | st.text(max_size=80).map(lambda text: f"who5_1,gode_erfaringer\n{text}".encode()))
def test_whatever_the_file_holds_it_is_read_or_refused_with_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "svar.csv"
    file.write_bytes(content)
    try:
        line = str(len(read_answers_file(file, TRIVSEL, Round.BASELINE).rows))
    except AnswersFileError as error:
        line = str(error)
    assert len(line.splitlines()) == 1
