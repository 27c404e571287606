"""A register's extract is read as spreadsheets write it, or every fault is told: its line, its column, what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model import Round
from domain.register import Extract
from domain.register_extract import LARGEST_EXTRACT, MOST_PRACTICES, ExtractFaults, extract_text, read_extract
from tests.a_register import EXTRACT, REGISTER

HEADER = "ydernummer;fem_midler;blandet;ventetid\n"


def read(text: str, **how: object) -> Extract:
    return read_extract(text, REGISTER, **how)  # type: ignore[arg-type]


def faults(text: str, **how: object) -> list[str]:
    with pytest.raises(ExtractFaults) as refused:
        read(text, **how)
    assert str(refused.value) == "\n".join(str(fault) for fault in refused.value.faults)
    return [str(fault) for fault in refused.value.faults]


def test_a_row_is_a_practice_and_a_cell_without_a_number_is_not_given() -> None:
    extract = read(EXTRACT)
    assert extract.rows["012345"] == {"fem_midler": 31.4, "blandet": 120, "ventetid": 2.5}
    assert extract.rows["023456"] == {"fem_midler": 24, "blandet": 98}
    assert extract.rows["034567"] == {"fem_midler": 41.3, "ventetid": 4}
    assert extract.n == 6
    assert extract.values_of("fem_midler") == (18, 24, 28.6, 31.4, 41.3)


def test_a_number_is_kept_with_the_measures_decimals_half_up() -> None:
    assert read(f"{HEADER}1;23,0769;1;0,25\n").rows["1"] == {"fem_midler": 23.1, "blandet": 1, "ventetid": 0.3}


@pytest.mark.parametrize(
    "text",
    [
        EXTRACT,
        "\ufeff" + EXTRACT,
        EXTRACT.replace("\n", "\r\n"),
        EXTRACT.replace("\n", "\n\n"),
        EXTRACT.replace("\n", ";;\n"),
        "sep=;\n" + EXTRACT,
        EXTRACT.replace(";", "\t"),
        EXTRACT.replace(",", ".").replace("41.25", '"41,25"').replace(";", ","),
        EXTRACT.replace("ydernummer;fem_midler", "Praksis;Fem lægemidler  eller flere"),
        EXTRACT.replace("fem_midler", '"PATIENTER på 75 år og derover i behandling med mindst fem lægemidler"').replace(
            "41,25", "41,25 %"
        ),
        EXTRACT.replace("<5", "< 5"),
        EXTRACT.replace("2,5", "+2,50").replace("ventetid", "ventetid "),
    ],
)
def test_the_same_extract_is_read_however_a_spreadsheet_writes_it(text: str) -> None:
    assert read(text) == read(EXTRACT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_danish_letters_are_read_in_every_encoding_that_excel_writes(encoding: str) -> None:
    text = EXTRACT.replace("012345", "Ærø Lægehus")
    assert "Ærø Lægehus" in read(extract_text(text.encode(encoding))).rows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "Filen er et regneark, ikke en CSV-fil. Åbn den i regnearket, og gem den som CSV (UTF-8)."),
        (b"a;\x00;b", "Bogstaverne i filen kan ikke læses. Åbn den i regnearket, og gem den som CSV (UTF-8)."),
        (b"x" * (LARGEST_EXTRACT + 1),
         "Filen er større end 1 MB. Et udtræk har én række for hver praksis i klyngen."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_csv_is_refused_with_what_to_do(content: bytes, message: str) -> None:
    with pytest.raises(ExtractFaults) as refused:
        extract_text(content)
    assert str(refused.value) == message


def test_the_follow_up_reads_what_it_repeats_and_leaves_other_columns_alone() -> None:
    text = EXTRACT.replace("120", "ikke et tal")
    assert read(text, round_=Round.FOLLOW_UP).rows["012345"] == {"fem_midler": 31.4, "ventetid": 2.5}
    assert read("praksis;fem_midler;ventetid\nA;1;2\n", round_=Round.FOLLOW_UP).n == 1


def test_a_row_that_ends_early_has_not_given_the_rest() -> None:
    assert read(f"{HEADER}1;20\n2;30;40;5\n").rows["1"] == {"fem_midler": 20}


def test_the_clusters_own_practices_are_known_whatever_a_spreadsheet_did_to_them() -> None:
    extract = read(f"{HEADER}12345;20;;\nLægehuset  ved ÅEN;30;;\n", practices=["012345", "Lægehuset ved Åen"])
    assert list(extract.rows) == ["012345", "Lægehuset ved Åen"]
    assert faults(f"{HEADER}99999;20;;\n", practices=["012345"]) == [
        "Linje 2, kolonnen »ydernummer«: »99999« er ikke en praksis i klyngen. Ret det, ret klyngens liste, eller slet "
        "linjen."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Filen er tom. Første linje skal være overskrifter: »ydernummer« og »fem_midler«, »blandet« og "
             "»ventetid«."),
        (HEADER, "Der er ingen rækker under overskrifterne. Hver praksis skal have en række."),
        (f"{HEADER}1;;;\n", "Der er ikke et eneste tal i filen. Se, om det er det rigtige udtræk."),
        ("navn;" + EXTRACT, "Linje 1, kolonnen »navn«: Kolonnen kender vi ikke. Overskrifterne skal være »ydernummer« "
                            "og »fem_midler«, »blandet« og »ventetid«."),
        (EXTRACT.replace("ydernummer;", "praksis;ydernummer;"),
         "Linje 1, kolonnen »ydernummer«: Kolonnen står der to gange. Slet den ene."),
        (EXTRACT.replace("blandet;", "blandet;;"),
         "Linje 1, kolonnen »4«: Kolonnen har ingen overskrift. Skriv en, eller slet kolonnen."),
        (EXTRACT.replace("ydernummer;", ""),
         "Linje 1: Der mangler en kolonne, der siger, hvis række det er. Kald den »ydernummer«."),
        ("ydernummer;fem_midler;blandet\n1;2;3\n",
         "Linje 1: Kolonnen »ventetid« (Ventetid i telefonen) mangler. Tilføj den, evt. med tomme felter."),
        (f"{HEADER}1;2;3;4;5\n", "Linje 2: Rækken har flere felter end overskrifterne. Står et tal med komma uden for "
                                 "»\"«?"),
        (f"{HEADER};20;3;4\n",
         "Linje 2, kolonnen »ydernummer«: Her mangler ydernummer eller praksis. Skriv det, eller slet linjen."),
        (f"{HEADER}1;2;3;4\nI alt;2;3;4\n",
         "Linje 3, kolonnen »ydernummer«: »I alt« er ikke en praksis. Slet linjen; klyngens tal regner vi selv."),
        (f"{HEADER}0123;2;3;4\n\n123;2;3;4\n",
         "Linje 4, kolonnen »ydernummer«: »123« står også i linje 2. Hver praksis har én række."),
        (f"{HEADER}--;2;3;4\n", "Linje 2, kolonnen »ydernummer«: Feltet skal have bogstaver i sig."),
        (f"{HEADER}1;mange;3;4\n",
         "Linje 2, kolonnen »fem_midler«: »mange« er ikke et tal. Skriv et tal som 24,5, eller lad feltet stå tomt."),
        (f"{HEADER}1;2;1.250;4\n",
         "Linje 2, kolonnen »blandet«: »1.250« kan læses på to måder. Skriv det uden punktum, med komma foran "
         "decimaler."),
        (f"{HEADER}1;120,5;3;4\n",
         "Linje 2, kolonnen »fem_midler«: »120,5« kan ikke passe: her er tallene fra 0 til 100\u00a0%. Ret det."),
        (f"{HEADER}1;2;3;-1\n",
         "Linje 2, kolonnen »ventetid«: »-1« kan ikke passe: her er tallene fra 0 til 240\u00a0minutter. Ret det."),
        (f"{HEADER}\"1;2;3;4\n",
         "Linje 2: Linjen kan ikke læses som CSV. Se efter et anførselstegn, der mangler sin mage."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_line_column_and_what_to_do(text: str, message: str) -> None:
    assert faults(text) == [message]


def test_all_faults_are_told_at_once() -> None:
    found = faults(f"{HEADER}1;2;x;4\n1;200;3;4\nGennemsnit;1;1;1\n")
    assert [line.split(":")[0] for line in found] == [
        "Linje 2, kolonnen »blandet«",
        "Linje 3, kolonnen »ydernummer«",
        "Linje 3, kolonnen »fem_midler«",
        "Linje 4, kolonnen »ydernummer«",
    ]


def test_more_rows_than_a_cluster_has_practices_are_refused() -> None:
    rows = "".join(f"{100 + place};2;3;4\n" for place in range(MOST_PRACTICES + 1))
    assert faults(HEADER + rows) == ["Filen har flere end 200 rækker. Tag én klynge ad gangen."]


@given(st.text(max_size=200))
def test_whatever_is_given_it_is_read_or_refused_in_words(text: str) -> None:
    for whole in (text, HEADER + text):
        try:
            extract = read(whole)
        except ExtractFaults as refused:
            told = [fault.message for fault in refused.faults]
        else:
            told = [f"{extract.n}."] if extract.n else []
        assert told
        assert all(message.endswith((".", "?")) for message in told)
