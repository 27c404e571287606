"""Words of decks and documents, and the reckoning of how much room text takes."""

import datetime as dt

import pytest

from reporting import metrics
from reporting.danish import day, of
from reporting.figures import mean_points
from tests.another_index import ARBEJDSPRES
from tests.the_packages import TRIVSEL


def test_a_mean_is_told_in_whole_points_and_on_a_short_scale_with_a_decimal() -> None:
    [who5], [press] = TRIVSEL.indices, ARBEJDSPRES.indices
    assert [mean_points(who5, score) for score in (57.5, 62.94, 0)] == ["58", "63", "0"]
    assert [mean_points(press, score) for score in (7.55, 12.94, 0)] == ["7,6", "12,9", "0"]


def test_a_count_and_its_base_are_never_broken_across_lines() -> None:
    assert of(4, 9).split() == ["4", "af", "9"]
    assert metrics.wrap(of(4, 9), 12, 20) != ["4", "af", "9"]


def test_a_day_is_told_with_its_article() -> None:
    assert day(dt.date(2026, 11, 25)) == "den 25. november 2026"


def test_wide_letters_take_more_room_than_narrow_and_bold_more_than_plain() -> None:
    assert metrics.width("WWW", 12) > 3 * metrics.width("iii", 12)
    assert metrics.width("Trivsel", 12, bold=True) > metrics.width("Trivsel", 12)
    assert metrics.width("Trivsel", 24) == pytest.approx(2 * metrics.width("Trivsel", 12))


def test_danish_letters_and_our_signs_have_widths_of_their_own() -> None:
    for character in "æøåÆØÅ–−…»«’■é":
        assert metrics.width(character, 12) != pytest.approx(metrics.width("\N{SNOWMAN}", 12)), character


def test_lines_never_exceed_their_room_and_lose_no_word() -> None:
    text = "Svært at få arbejde og privatliv til at hænge sammen " * 4
    lines = metrics.wrap(text.strip(), 150, 14)
    assert all(metrics.width(line, 14) <= 150 for line in lines)
    assert " ".join(lines).split() == text.split()


def test_a_word_wider_than_its_room_is_broken() -> None:
    pieces = metrics.wrap("https://" + "a" * 120, 100, 14)
    assert len(pieces) > 3
    assert all(metrics.width(piece, 14) <= 100 for piece in pieces)


def test_the_largest_size_that_fits_is_chosen_and_none_where_none_does() -> None:
    text = ["En sætning, der fylder lidt mere end en linje, når den er stor"]
    assert metrics.largest(text, (300, 30), (28, 20, 14, 10)) == 10
    assert metrics.largest(text, (300, 200), (28, 20)) == 28
    assert metrics.largest(text, (50, 10), (28, 20)) is None


def test_a_shortened_text_fits_and_says_that_it_was_shortened() -> None:
    short = metrics.shorten("Klyngen af praktiserende læger i Vejle og omegn", 120, 14)
    assert short.endswith("…")
    assert metrics.width(short, 14) <= 120
    assert metrics.shorten("Vejle", 120, 14) == "Vejle"
