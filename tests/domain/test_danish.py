"""Dates, times, lengths, numbers, lists and the alphabet in Danish."""

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import danish

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
NUMBERS = st.one_of(
    st.decimals(-(10**9), 10**9, places=3).map(float), st.integers(-(10**9), 10**9), st.floats(-100, 100)
)
LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
NAMES = st.text(LETTERS + LETTERS.upper() + " -", max_size=12)


def test_a_date_is_written_with_and_without_its_weekday() -> None:
    assert danish.long_date(dt.date(2026, 11, 25)) == "onsdag den 25. november 2026"
    assert danish.short_date(dt.date(2026, 11, 25)) == "25. november 2026"
    assert danish.weekday_and_day(dt.date(2026, 11, 25)) == "onsdag den 25. november"
    assert danish.numeric_date(dt.date(2026, 3, 5)) == "05.03.2026"


@given(day=DATES)
def test_every_date_has_its_weekday_and_month_in_small_letters_and_no_leading_zero(day: dt.date) -> None:
    assert danish.short_date(day) == f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
    assert danish.weekday_and_day(day) == f"{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]}"
    assert danish.long_date(day) == f"{WEEKDAYS[day.weekday()]} den {danish.short_date(day)}"


@given(time=st.times())
def test_every_time_has_a_point_and_two_digits_of_minutes(time: dt.time) -> None:
    assert danish.time_of_day(time) == f"{time.hour}.{time.minute:02}"
    assert danish.clock(time) == f"kl. {time.hour}.{time.minute:02}"


def test_an_instant_is_read_on_danish_clocks_in_summer_and_winter() -> None:
    assert danish.clock(dt.datetime(2026, 7, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 17.05"
    assert danish.clock(dt.datetime(2026, 12, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 16.05"
    assert danish.long_date(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)) == "fredag den 1. januar 2027"
    assert danish.short_date(dt.datetime(2026, 12, 31, 22, 30, tzinfo=dt.UTC)) == "31. december 2026"


def test_an_agreed_time_is_shown_as_it_was_agreed() -> None:
    agreed = dt.datetime(2026, 7, 1, 9, 0)  # noqa: DTZ001 - Danish wall clock
    assert danish.clock(agreed) == "kl. 9.00"
    assert danish.time_of_day(agreed.time()) == "9.00"
    assert danish.day_of(agreed) == dt.date(2026, 7, 1)
    assert danish.day_of(dt.datetime(2026, 7, 1, 23, 30)) == dt.date(2026, 7, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 minutter"),
        (1, "1 minut"),
        (45, "45 minutter"),
        (30, "30 minutter"),
        (60, "1 time"),
        (61, "1 time og 1 minut"),
        (90, "1,5 timer"),
        (150, "2,5 timer"),
        (165, "2 timer og 45 minutter"),
        (180, "3 timer"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert danish.duration(minutes) == said


def test_what_is_counted_has_danish_thousands_and_the_right_ending() -> None:
    assert danish.count(3478, "læge", "læger") == "3.478 læger"
    assert danish.count(1, "læge", "læger") == "1 læge"
    assert danish.count(0, "læge", "læger") == "0 læger"


@pytest.mark.parametrize(
    ("value", "text"),
    [(58, "58"), (58.06, "58,1"), (3478, "3.478"), (4.5, "4,5"), (-3.5, "−3,5"), (0.04, "0"), (-0.04, "0"), (0, "0")],
)
def test_numbers_have_a_decimal_comma_and_no_idle_zeros(value: float, text: str) -> None:
    assert danish.number(value) == text


@given(value=NUMBERS, decimals=st.integers(0, 3))
def test_a_number_reads_back_as_what_was_rounded(value: float, decimals: int) -> None:
    text = danish.number(value, decimals)
    assert re.fullmatch(r"−?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]*[1-9])?", text)
    assert text != "−0"
    assert read(text) == danish.half_up(value, decimals)


@given(value=NUMBERS)
def test_in_a_column_every_number_has_one_decimal(value: float) -> None:
    text = danish.tenths(value)
    assert re.fullmatch(r"−?[0-9]{1,3}(\.[0-9]{3})*,[0-9]", text)
    assert text != "−0,0"
    assert read(text) == danish.half_up(value, 1)


def test_columns_always_have_a_decimal() -> None:
    assert [danish.tenths(value) for value in (6, 6.25, 10, -0.04)] == ["6,0", "6,3", "10,0", "0,0"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.06, "+5,1"), (5, "+5"), (1200, "+1.200"), (-3.5, "−3,5"), (0.0, "0"), (-0.04, "0"), (0.04, "0")],
)
def test_differences_carry_their_sign(value: float, text: str) -> None:
    assert danish.signed(value) == text


def test_a_difference_may_be_told_in_whole_points_or_per_cent() -> None:
    assert [danish.signed(value, 0) for value in (5.06, -3.5, 0.4)] == ["+5", "−4", "0"]
    assert danish.percent(-0.15) == "−15\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("count", "text"), [(5, "15 %"), (13, "38 %"), (12, "35 %"), (4, "12 %")])
def test_the_retreats_shares_of_34_are_written_as_the_minutes_have_them(count: int, text: str) -> None:
    assert danish.percent(count / 34).replace(danish.NBSP, " ") == text


@given(share=st.floats(0, 1))
def test_a_share_is_whole_per_cent_that_no_line_parts_from_its_sign(share: float) -> None:
    assert danish.percent(share) == f"{danish.half_up(share * 100)}\N{NO-BREAK SPACE}%"


def test_halves_are_rounded_up_as_people_do() -> None:
    assert danish.percent(0.125) == "13\N{NO-BREAK SPACE}%"
    assert danish.half_up(2.675, 2) == Decimal("2.68")
    assert danish.half_up(-2.5) == -3
    assert [str(danish.half_up(value)) for value in (0.5, 1.5, 2.5, 62.94, 63.06)] == ["1", "2", "3", "63", "63"]


def test_names_are_sorted_a_to_å() -> None:
    names = ["Åse", "Ørsted", "Ærø", "Zakarias", "Aage", "anna", "Émile", "Bo"]
    assert sorted(names, key=danish.alphabetical) == [
        "anna", "Bo", "Émile", "Zakarias", "Ærø", "Ørsted", "Aage", "Åse",
    ]  # fmt: skip


def test_aa_stands_with_å_wherever_it_is_in_a_name() -> None:
    names = ["Skovgård", "Skovgaard", "Skovgab", "Skovgøs", "Skovgåx", "SKOVGAAW"]
    assert sorted(names, key=danish.alphabetical) == [
        "Skovgab", "Skovgøs", "Skovgaard", "Skovgård", "SKOVGAAW", "Skovgåx",
    ]  # fmt: skip


def test_other_countries_letters_stand_where_danes_look_for_them() -> None:
    names = ["Ægir", "Ärla", "Øland", "Öberg", "Müller", "Mylius", "Nuñez", "Nunn", "Šimić", "Sims", "Zoë", "Aaby"]
    assert sorted(names, key=danish.alphabetical) == [
        "Mylius", "Müller", "Nuñez", "Nunn", "Šimić", "Sims", "Zoë", "Ægir", "Ärla", "Öberg", "Øland", "Aaby",
    ]  # fmt: skip


def test_a_name_is_sorted_alike_whichever_way_its_letters_are_stored() -> None:
    stored_in_two = "A\N{COMBINING RING ABOVE}se"
    assert danish.alphabetical(stored_in_two)[0] == danish.alphabetical("Åse")[0]


@given(one=NAMES, other=NAMES)
def test_large_and_small_letters_are_sorted_alike_and_no_two_names_as_one(one: str, other: str) -> None:
    assert danish.alphabetical(one.lower())[0] == danish.alphabetical(one.upper())[0]
    assert (danish.alphabetical(one) == danish.alphabetical(other)) == (one == other)


@given(letters=st.lists(st.sampled_from(LETTERS), unique=True))
def test_single_letters_are_sorted_as_the_alphabet_has_them(letters: list[str]) -> None:
    assert sorted(letters, key=danish.alphabetical) == sorted(letters, key=LETTERS.index)


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c"), (list("abcd"), "a, b, c og d")],
)
def test_a_list_has_commas_and_og_before_the_last(words: list[str], text: str) -> None:
    assert danish.listing(words) == text


def test_a_sentence_begins_with_a_capital() -> None:
    assert danish.sentence("onsdag den 25.") == "Onsdag den 25."
    assert danish.sentence("åben") == "Åben"
    assert danish.sentence("") == ""


def test_nothing_is_read_from_files_once_it_is_imported() -> None:
    """A workflow may not."""
    program = """
import builtins, datetime as dt, io
from domain import danish
builtins.open = io.open = None
moment = dt.datetime(2026, 11, 25, 16, tzinfo=dt.UTC)
said = [danish.long_date(moment), danish.numeric_date(moment), danish.clock(moment), danish.duration(165),
        danish.signed(3478.04), danish.percent(0.15), danish.listing(["a", "b"])]
print(len(said))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("7\n", "")


def read(text: str) -> Decimal:
    """The number that a Dane reads."""
    return Decimal(text.replace(danish.MINUS, "-").replace(".", "").replace(",", "."))
