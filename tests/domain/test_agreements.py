"""What a cluster agreed: up to five points, a line each, short enough for a slide."""

import pytest

from domain.agreements import LONGEST_AGREEMENT, agreements_text, points_in
from domain.unfit import Unfit


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("Fælles frokost", ("Fælles frokost",)),
        (
            "- Frokost, alle\n\n• Morgenmøde\n1. Supervision\n2) Løn",
            ("Frokost, alle", "Morgenmøde", "Supervision", "Løn"),
        ),
        ("12 minutters pause\n–  Stå op", ("12 minutters pause", "Stå op")),
        ("", ()),
        ("-\n \n", ("-",)),
    ],
)
def test_each_line_is_a_point_without_the_mark_before_it(written: str, points: tuple[str, ...]) -> None:
    assert points_in(written) == points


def test_what_is_taken_once_is_taken_again_unchanged() -> None:
    taken = agreements_text("1. Frokost kl. 12, alle, fra 1. maj\n\n2. Supervision, Mette, før sommer")
    assert taken == "Frokost kl. 12, alle, fra 1. maj\nSupervision, Mette, før sommer"
    assert agreements_text(taken) == taken


def test_five_agreements_of_full_length_are_taken_and_a_sixth_is_not() -> None:
    five = "\n".join(["x" * LONGEST_AGREEMENT] * 5)
    assert len(points_in(agreements_text(five))) == 5
    with pytest.raises(Unfit, match=r"^Skriv højst 5 aftaler, én på hver linje\. Her er 6\.$"):
        agreements_text(f"{five}\nen til")


def test_the_agreement_that_is_too_long_is_named_by_its_number_and_not_repeated() -> None:
    with pytest.raises(Unfit) as refusal:
        agreements_text(f"Frokost\n{'x' * (LONGEST_AGREEMENT + 1)}")
    assert refusal.value.danish == "Aftale 2 er for lang. Skriv den med højst 160 tegn."
    assert "xxx" not in refusal.value.english


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200b"])
def test_nothing_is_no_agreement(nothing: str) -> None:
    with pytest.raises(Unfit):
        agreements_text(nothing)
