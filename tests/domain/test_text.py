"""The door of all texts: what it makes of what people write, and what it says no to."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signs import is_invisible
from domain.text import (
    LONGEST_ANSWER,
    cluster_name,
    email_address,
    line_or_nothing,
    longer_text,
    meeting_place,
    one_line,
    package_title,
    person_name,
    phone_number,
    practice_name,
    typeset_line,
    typeset_text,
    web_address,
    words_or_nothing,
)
from domain.unfit import Unfit
from tests.texts import WRITTEN

DOORS: tuple[Callable[[str], str], ...] = (
    one_line, line_or_nothing, longer_text, words_or_nothing, person_name, practice_name, cluster_name, package_title,
    meeting_place, phone_number, email_address, typeset_text, web_address,
)  # fmt: skip

FAMILY = "\U0001f468\U0001f3fd\u200d\U0001f469\u200d\U0001f467"
DOCTOR = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def refused(door: Callable[[str], str], text: str) -> Unfit:
    with pytest.raises(Unfit) as caught:
        door(text)
    return caught.value


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("  Bo \u00a0 Holm\t\n", "Bo Holm"),
        ("e\u0301A\u030a", "éÅ"),
        ("\ufeff\u200b Bo\u00ad \u202c", "Bo"),
        ("\u2067Bo\u2069", "Bo"),
        (
            f"{FAMILY} {DOCTOR} \u2764\ufe0f 1\ufe0f\u20e3 {ENGLAND}",
            f"{FAMILY} {DOCTOR} \u2764\ufe0f 1\ufe0f\u20e3 {ENGLAND}",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\U0001fae8 newer than this Python", "\U0001fae8 newer than this Python"),
    ],
)
def test_a_line_comes_out_composed_with_single_spaces_and_no_unseen_ends(written: str, taken: str) -> None:
    assert one_line(written) == taken


def test_several_lines_keep_their_breaks_whatever_they_were_written_with() -> None:
    written = "\u200b\nFrokost \u200b\r\n\ufeff\u2022\tSupervision\r\r\v\f\x85\u2028Tak\u00a0 alle\u2029\u200b\n "
    assert longer_text(written) == "Frokost\n\u2022 Supervision\n\nTak alle"


@pytest.mark.parametrize(
    ("text", "danish", "english"),
    [
        (
            "Gå\u200btur",
            "Der er et usynligt tegn (ZERO WIDTH SPACE) efter tegn 2. Slet det, eller skriv ordet igen.",
            "has an invisible sign (ZERO WIDTH SPACE) after character 2; delete it, or write the word again",
        ),
        (
            "En\nGå\u00adtur",
            "Der er et usynligt tegn (SOFT HYPHEN) efter tegn 2 i linje 2. Slet det, eller skriv ordet igen.",
            "has an invisible sign (SOFT HYPHEN) after character 2 of line 2; delete it, or write the word again",
        ),
        (
            "\x00",
            "Der er et styretegn (U+0000) forrest. Slet det, eller skriv ordet igen.",
            "has a control character (U+0000) at the beginning; delete it, or write the word again",
        ),
        (
            "a\ud800",
            "Der er et halvt tegn (U+D800) efter tegn 1. Slet det, eller skriv ordet igen.",
            "has half a sign (U+D800) after character 1; delete it, or write the word again",
        ),
        (
            "\uf0b7 Frokost",
            "Der er et tegn, der kun findes i én skrifttype (U+F0B7) forrest. Skriv et almindeligt tegn i stedet.",
            "has a sign that only one font has (U+F0B7) at the beginning; write an ordinary one instead",
        ),
        (
            "l\ufffdser",
            "Der er et bogstav, der er gået tabt (REPLACEMENT CHARACTER) efter tegn 1. Skriv ordet igen.",
            "has a letter that was lost (REPLACEMENT CHARACTER) after character 1; write the word again",
        ),
        ("\u200b \ufeff", "Feltet må ikke være tomt.", "must not be empty"),
        (
            "x" * 5_001,
            "Teksten må højst fylde 5000 tegn. Den er 1 tegn for lang.",
            "has 5001 characters, more than 5000",
        ),
    ],
)
def test_a_no_says_what_is_wrong_and_how_to_mend_it(text: str, danish: str, english: str) -> None:
    unfit = refused(longer_text, text)
    assert (str(unfit), unfit.english) == (danish, english)


@pytest.mark.parametrize(
    "text",
    [
        "a\u034fb", "a\u115fb", "a\u17b4b", "a\u180eb", "a\u2060b", "a\u2065b", "a\u2800b", "a\u3164b", "a\uffa0b",
        "a\ufffcb", "a\u061cb", "a\u200eb", "a\u2066b", "a\ufe0fb", "a\ufe00b", "a\U000e0100b", "a\U000e0041b",
        "a\U0001d173b", "a\u200db", "a\u200cb", "1\ufe0fb",
        "\U0001f3f4\U000e0067\U000e0062b", "\u200d\u2764b\u200d\u2764",
    ],
)  # fmt: skip
def test_what_nobody_sees_inside_a_text_is_refused(text: str) -> None:
    assert "usynligt" in str(refused(one_line, text))


@pytest.mark.parametrize("sign", ["\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_line_is_one_line(sign: str) -> None:
    assert str(refused(one_line, f"Bo{sign}Holm")) == "Feltet skal stå på én linje, uden linjeskift."


@pytest.mark.parametrize("code", ["=?utf-8?q?Bo?=", "Bo =?iso-8859-1?B?xnLo?="])
def test_the_code_of_a_mail_header_is_no_name(code: str) -> None:
    assert "kode fra en mail" in str(refused(person_name, code))


@pytest.mark.parametrize(
    ("door", "text"),
    [(person_name, "..."), (person_name, "123"), (practice_name, "-"), (cluster_name, "?"), (meeting_place, "—")],
)
def test_a_name_has_something_in_it_that_can_be_said(door: Callable[[str], str], text: str) -> None:
    assert str(refused(door, text)) == "Feltet skal have bogstaver i sig."


def test_a_ydernummer_is_a_practices_name_and_a_number_no_persons() -> None:
    assert practice_name(" 012345 ") == "012345"
    refused(person_name, "012345")


def an_answer(text: str) -> str:
    return words_or_nothing(text, LONGEST_ANSWER)


@pytest.mark.parametrize(
    ("door", "sign", "most"),
    [
        (person_name, "æ", 200),
        (practice_name, "æ", 200),
        (cluster_name, "æ", 80),
        (meeting_place, "æ", 500),
        (package_title, "æ", 120),
        (typeset_line, "æ", 300),
        (phone_number, "1", 40),
        (longer_text, "æ", 5_000),
        (words_or_nothing, "æ", 5_000),
        (an_answer, "æ", 1_000),
    ],
)
def test_each_text_has_its_length(door: Callable[[str], str], sign: str, most: int) -> None:
    assert door(sign * most) == sign * most
    assert door(f"  {sign * most}  ").strip() == sign * most, "what falls away is not counted"
    assert "højst fylde" in str(refused(door, sign * (most + 1)))
    assert "2 tegn for lang" in str(refused(door, sign * (most + 2)))


def test_an_address_is_as_long_as_smtp_lets_it_be() -> None:
    local, label = "b" * 64, "x" * 61
    longest = f"{local}@{label}.{label}.{label}.dk"
    assert len(longest) == 254 - 1
    assert email_address(longest) == longest
    assert email_address(f"{local}@x{label}.{label}.{label}.dk")
    refused(email_address, f"{local}@xx{label}.{label}.{label}.dk")
    refused(email_address, f"{local}b@{label}.dk")
    assert email_address(f"{'ø' * 32}@klinik.dk")
    refused(email_address, f"{'ø' * 32}b@klinik.dk")


@pytest.mark.parametrize(
    "phone", ["20304050", "20 30 40 50", "+45 7196 8844", "(+45) 71-96-88-44", "71 96 88 44 lokal 12"]
)
def test_a_phone_number_is_kept_as_it_was_written(phone: str) -> None:
    assert phone_number(f"\u202a{phone}\u202c") == phone


@pytest.mark.parametrize("phone", ["1813", "20 30 40 5", "٢٠٣٠٤٠٥٠", "bo@klinik.dk", "20304050\n20304051"])
def test_what_cannot_be_called_is_no_phone_number(phone: str) -> None:
    refused(phone_number, phone)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (" Bo.Holm@KLINIK.dk ", "Bo.Holm@klinik.dk"),
        ("søren@læge.dk", "søren@læge.dk"),
        ("bo@xn--lge-yla.dk", "bo@læge.dk"),
        ("bo@læge.xn--p1ai", "bo@læge.рф"),
        ("o'neil+kiap@klinik.dk", "o'neil+kiap@klinik.dk"),
        ("bo@LÆGE.dk", "bo@læge.dk"),
        ("bo@klinik.example", "bo@klinik.example"),
    ],
)
def test_an_address_has_its_domain_in_small_letters_as_people_read_them(written: str, taken: str) -> None:
    assert email_address(written) == taken


@pytest.mark.parametrize(
    "address",
    [
        "bo", "@klinik.dk", "bo@", "bo@klinik", "bo@klinik.d", "bo@klinik..dk", ".bo@klinik.dk", "bo.@klinik.dk",
        "b..o@klinik.dk",
        "bo@localhost", "bo@klinik.local", "bo@klinik.test", "bo@[10.0.0.1]", '"bo holm"@klinik.dk', "bo@1.2.3.4",
        "bo@klinik.dk.",
        "mailto:bo@klinik.dk", "bo(læge)@klinik.dk", "bo@kli_nik.dk", "ａ@klinik.dk", "😀@klinik.dk", "bo@😀.dk",
        "ø" * 33 + "@klinik.dk", "b@" + ".".join(["x" * 63] * 4) + ".dk",
    ],
)  # fmt: skip
def test_what_no_sender_could_write_to_is_no_address(address: str) -> None:
    assert str(refused(email_address, address)).startswith("Mailadressen er ikke gyldig. ")


def through(door: Callable[[str], str], text: str) -> str | Unfit:
    try:
        return door(text)
    except Unfit as unfit:
        return unfit


@given(st.sampled_from(DOORS), WRITTEN)
def test_what_is_taken_is_taken_again_unchanged_and_a_no_repeats_nothing(door: Callable[[str], str], text: str) -> None:
    taken = through(door, text)
    if isinstance(taken, Unfit):
        said = f"{taken} {taken.english}"
        assert taken.danish.endswith(".")
        assert said.isprintable()
        assert not any(word in said for word in text.split() if len(word) > 3 and not word.isascii())
    else:
        assert door(taken) == taken
        assert unicodedata.is_normalized("NFC", taken)
        assert taken.encode().decode() == taken


def test_every_sign_is_taken_or_refused_and_what_xml_and_postgresql_cannot_hold_is_refused() -> None:
    for code in (*range(0x3100), *range(0xD700, 0x10000), *range(0x10000, sys.maxunicode, 97)):
        sign = chr(code)
        try:
            one_line(f"a{sign}b")
        except Unfit:
            continue
        assert sign == "\t" or code >= 0x20
        assert not 0xD800 <= code <= 0xDFFF
        assert code not in (0xFFFE, 0xFFFF)
        assert not is_invisible(sign)
