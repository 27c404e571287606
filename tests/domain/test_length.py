"""The length that doctors are promised, counted from what a round asks."""

import pytest

from domain.length import minutes_to_answer
from domain.model import Round
from domain.package import Package
from tests.the_packages import SAMARBEJDE, TRIVSEL


@pytest.mark.parametrize(
    ("package", "round_", "minutes"),
    [
        (TRIVSEL, Round.BASELINE, 5),  # 5 + 1 + 13 short ones, 2 lists, a text: 295 seconds
        (TRIVSEL, Round.FOLLOW_UP, 1),  # six short ones: a minute exactly
        (SAMARBEJDE, Round.BASELINE, 6),  # 32 short ones
        (SAMARBEJDE, Round.FOLLOW_UP, 6),
    ],
)
def test_the_length_is_the_rounds_own(package: Package, round_: Round, minutes: int) -> None:
    assert minutes_to_answer(package, round_) == minutes


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        (["who5_1"], 1),
        (["who5_1", "who5_2", "who5_3", "who5_4", "who5_5", "arbejdsglaede"], 1),
        (["who5_1", "who5_2", "who5_3", "who5_4", "who5_5", "arbejdsglaede", "belastning_01"], 2),
        (["positive", "haandtering"], 1),
        (["positive", "haandtering", "arbejdsglaede"], 2),
        (["gode_erfaringer"], 1),
        (["gode_erfaringer", "arbejdsglaede", "who5_1"], 2),
    ],
)
def test_ten_seconds_a_press_thirty_a_list_fortyfive_a_text_rounded_up(asked: list[str], minutes: int) -> None:
    follow_up = TRIVSEL.follow_up.model_copy(update={"repeats": tuple(asked)})
    assert minutes_to_answer(TRIVSEL.model_copy(update={"follow_up": follow_up}), Round.FOLLOW_UP) == minutes
