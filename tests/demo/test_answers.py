"""The demo's cluster answers what the source documents tell."""

from collections import Counter
from statistics import mean, stdev

import pytest

from demo.answers import Raw, baseline_answers, follow_up_answers, plausible_answers
from domain.answers import read_answers
from domain.model import Round
from domain.package import Package
from tests.the_packages import SAMARBEJDE, TRIVSEL


def scores(people: list[Raw]) -> list[int]:
    return [4 * sum(int(person[item][0]) for item in TRIVSEL.index("who5").items) for person in people]


def test_the_first_round_has_38_with_a_mean_of_58() -> None:
    found = scores(baseline_answers(TRIVSEL))
    assert (len(found), mean(found)) == (38, 58)
    assert 17 < stdev(found) < 19


def test_the_follow_up_has_34_with_a_mean_of_63_and_the_documents_low_scores() -> None:
    found = scores(follow_up_answers(TRIVSEL))
    assert len(found) == 34
    assert mean(found) == pytest.approx(63, abs=0.1)
    assert 17 < stdev(found) < 19
    assert (sum(score < 50 for score in found), sum(score < 35 for score in found)) == (8, 3)
    assert found.count(100) == 1


def test_the_follow_ups_joy_of_work_is_the_documents() -> None:
    joy = Counter(person["arbejdsglaede"][0] for person in follow_up_answers(TRIVSEL))
    assert joy == {"meget_hoej": 5, "hoej": 13, "nogen": 12, "ringe": 4}


def test_every_question_of_the_first_round_is_answered_and_some_write() -> None:
    people = baseline_answers(TRIVSEL)
    asked = {item.id for item in TRIVSEL.asked_in(Round.BASELINE)} - {"gode_erfaringer"}
    assert all(asked <= set(person) for person in people)
    assert sum("gode_erfaringer" in person for person in people) >= 5


@pytest.mark.parametrize(
    ("package", "round_", "people"),
    [
        (TRIVSEL, Round.BASELINE, baseline_answers(TRIVSEL)),
        (TRIVSEL, Round.FOLLOW_UP, follow_up_answers(TRIVSEL)),
        (SAMARBEJDE, Round.BASELINE, plausible_answers(SAMARBEJDE, Round.BASELINE, 73)),
        (TRIVSEL, Round.BASELINE, plausible_answers(TRIVSEL, Round.BASELINE, 73)),
    ],
)
def test_all_of_it_can_be_posted_and_none_of_it_is_lost(package: Package, round_: Round, people: list[Raw]) -> None:
    for person in people:
        assert set(read_answers(package, round_, person)) == set(person)


def test_the_demo_is_the_same_each_time() -> None:
    assert baseline_answers(TRIVSEL) == baseline_answers(TRIVSEL)
    nine = plausible_answers(SAMARBEJDE, Round.BASELINE, 9, seed=2)
    assert plausible_answers(SAMARBEJDE, Round.BASELINE, 9, seed=2) == nine
    assert plausible_answers(SAMARBEJDE, Round.BASELINE, 9, seed=3) != nine
