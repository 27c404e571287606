"""The one gate: nothing that few people said comes through it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.disclosure import disclose, disclose_texts, may_tabulate_again
from domain.model import PackageSlug, Round
from domain.policies import Disclosure, problems_of
from domain.tabulation import IndexTabulation, ItemTabulation, Tabulation
from tests.the_packages import TRIVSEL

RULES = Disclosure()
[WHO5] = TRIVSEL.indices


def an_item(n: int, not_relevant: int | None = None) -> ItemTabulation:
    return ItemTabulation(
        n=n, counts={"Ja": n, "Nej": 0}, shares={"high": n, "low": 0}, not_relevant=not_relevant, mean=1.234, sd=0.5,
        min=1, max=2,
    )  # fmt: skip


def a_who5(*scores: int) -> IndexTabulation:
    from statistics import mean, stdev

    counted = {score: scores.count(score) for score in set(scores)}
    return IndexTabulation(
        n=len(scores), mean=mean(scores), sd=stdev(scores) if len(scores) > 1 else None, min=min(scores),
        max=max(scores), bands=WHO5.in_bands(counted), scores=counted, lowest=0, highest=100, step=4,
    )  # fmt: skip


def a_round(
    n: int,
    who5: IndexTabulation | None = None,
    texts: dict[str, tuple[str, ...]] | None = None,
    **items: ItemTabulation,
) -> Tabulation:
    return Tabulation(
        package=PackageSlug("trivsel-og-arbejdsglaede"), package_version=1, round=Round.BASELINE, n=n, members=73,
        items=items, indices={"who5": who5} if who5 else {}, texts=texts or {},
    )  # fmt: skip


def test_a_round_with_four_answers_tells_their_number_and_nothing_else() -> None:
    results = disclose(a_round(4, a_who5(20, 40, 60, 80), q1=an_item(4)), RULES)
    assert results.as_json() == {
        "package": "trivsel-og-arbejdsglaede", "package_version": 1, "round": "baseline", "n": 4, "members": 73,
        "suppressed": True, "items": {},
    }  # fmt: skip


def test_an_item_with_four_answers_does_not_even_tell_how_many() -> None:
    results = disclose(a_round(12, q1=an_item(4, not_relevant=8)), RULES)
    assert results.as_json()["items"] == {"q1": {"n": 0, "counts": {}, "suppressed": True}}


@pytest.mark.parametrize("n", [5, 9])
def test_from_five_to_nine_answers_there_are_counts_and_no_shares_or_extremes(n: int) -> None:
    item = disclose(a_round(30, q1=an_item(n, not_relevant=2)), RULES).items["q1"]
    assert item.counts == {"Ja": n, "Nej": 0}
    assert item.not_relevant == 2
    assert (item.share, item.min, item.max, item.sd) == (None, None, None, None)
    assert item.mean == 1.2


def test_from_ten_answers_everything_is_shown() -> None:
    item = disclose(a_round(10, q1=an_item(10, not_relevant=2)), RULES).items["q1"]
    assert item.share is not None
    assert item.share["high"].value == 1.0
    assert 0.69 < item.share["high"].low < 0.73
    assert (item.mean, item.sd, item.min, item.max, item.not_relevant) == (1.234, 0.5, 1, 2, 2)


def test_an_item_without_a_mean_has_none_with_few_answers_either() -> None:
    choice = an_item(7).model_copy(update={"mean": None, "sd": None, "min": None, "max": None})
    assert disclose(a_round(7, q1=choice), RULES).items["q1"].mean is None


def test_a_rating_with_few_answers_shows_groups_of_numbers_instead_of_its_extremes() -> None:
    rating = an_item(7).model_copy(update={"counts": {"2": 1, "10": 6}, "coarse": {"1–3": 1, "4–7": 0, "8–10": 6}})
    assert disclose(a_round(7, q=rating), RULES).items["q"].counts == {"1–3": 1, "4–7": 0, "8–10": 6}
    assert disclose(a_round(10, q=rating.model_copy(update={"n": 10})), RULES).items["q"].counts == {"2": 1, "10": 6}


def test_who5_of_few_has_bands_and_a_rounded_mean_but_no_dots_or_extremes() -> None:
    who5 = disclose(a_round(7, a_who5(20, 36, 48, 52, 60, 72, 100)), RULES).indices.get("who5")
    assert who5 is not None
    assert who5.bands == {"high": 4, "low": 2, "very_low": 1}
    assert who5.mean == 55.4
    assert who5.sd == 26
    assert (who5.min, who5.max, who5.scores, who5.share) == (None, None, None, None)


def test_who5_of_four_is_held_back_although_the_round_is_large_and_of_five_is_not() -> None:
    assert disclose(a_round(30, a_who5(20, 40, 60, 80)), RULES).indices.get("who5") is None
    five = disclose(a_round(30, a_who5(20, 40, 60, 80, 80)), RULES).indices.get("who5")
    assert five is not None
    assert five.n == 5


def test_who5_of_ten_is_shown_with_every_score() -> None:
    scores = (20, 36, 48, 52, 60, 72, 72, 80, 88, 100)
    who5 = disclose(a_round(10, a_who5(*scores)), RULES).indices.get("who5")
    assert who5 is not None
    assert (who5.mean, who5.min, who5.max) == (62.8, 20, 100)
    assert who5.share is not None
    assert {band: share.value for band, share in who5.share.items()} == {"high": 0.7, "low": 0.2, "very_low": 0.1}
    assert who5.scores == {20: 1, 36: 1, 48: 1, 52: 1, 60: 1, 72: 2, 80: 1, 88: 1, 100: 1}
    assert list(who5.scores) == sorted(who5.scores)


def test_the_danish_bands_part_at_35_and_50() -> None:
    assert WHO5.in_bands({32: 1, 36: 2, 48: 4, 52: 8}) == {"high": 8, "low": 6, "very_low": 1}


def test_the_interval_of_who5_stays_on_its_scale() -> None:
    who5 = disclose(a_round(10, a_who5(*[100] * 9, 60)), RULES).indices.get("who5")
    assert who5 is not None
    assert who5.high == 100
    low = disclose(a_round(10, a_who5(*[0] * 9, 40)), RULES).indices.get("who5")
    assert low is not None
    assert low.low == 0


def test_free_texts_need_ten_answers_and_five_who_wrote() -> None:
    six, four = tuple("abcdef"), tuple("ghij")
    assert disclose_texts(a_round(9, texts={"a": six}), RULES) == {}
    assert disclose_texts(a_round(10, texts={"a": six, "b": four}), RULES) == {"a": six}
    assert disclose_texts(a_round(10, texts={"a": six[:5]}), RULES) == {"a": six[:5]}


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [(20, 20, True), (20, 21, False), (20, 24, False), (20, 25, True), (20, 16, False), (20, 15, True), (4, 6, True),
     (7, 4, True), (5, 6, False)],
)  # fmt: skip
def test_a_second_result_may_not_differ_by_one_to_four_answers(first: int, second: int, allowed: bool) -> None:
    assert may_tabulate_again(first, second, RULES) is allowed


@pytest.mark.parametrize(
    "weaker", [{"at_least": 4}, {"percentages_from": 9}, {"free_text_from": 5}, {"second_deck_differs_by_at_least": 1}]
)
def test_a_package_can_not_promise_less_than_kiap(weaker: dict[str, int]) -> None:
    assert problems_of(Disclosure(**weaker)).keys() == weaker.keys()


def test_a_package_shows_no_share_and_no_free_text_of_fewer_than_it_shows_anything_of() -> None:
    assert problems_of(Disclosure(at_least=12)).keys() == {"percentages_from", "free_text_from"}
    assert problems_of(Disclosure(at_least=12, percentages_from=12, free_text_from=20)) == {}


def test_a_package_may_be_stricter() -> None:
    rules = Disclosure(at_least=8, percentages_from=20, free_text_from=20)
    results = disclose(a_round(7, q1=an_item(7)), rules)
    assert results.suppressed
    assert disclose(a_round(19, q1=an_item(19)), rules).items["q1"].share is None


counts = st.integers(0, 30)
items = st.builds(an_item, counts, st.none() | counts)
who5s = st.none() | st.lists(st.integers(0, 25).map(lambda step: step * 4), min_size=1, max_size=30).map(
    lambda scores: a_who5(*scores)
)
rules_ = st.integers(5, 12).flatmap(
    lambda at_least: st.builds(
        Disclosure,
        at_least=st.just(at_least),
        percentages_from=st.integers(max(10, at_least), 20),
        free_text_from=st.integers(max(10, at_least), 20),
    )
)


@settings(max_examples=150, deadline=None)
@given(counts, who5s, st.dictionaries(st.sampled_from("abcd"), items), rules_, st.integers(0, 12))
def test_nothing_from_fewer_than_the_rule_comes_through(
    n: int, who5: IndexTabulation | None, found: dict[str, ItemTabulation], rules: Disclosure, writers: int
) -> None:
    tabulation = a_round(n, who5, {"t": tuple("x" * writers)}, **found)
    results = disclose(tabulation, rules)
    shown = results.as_json()
    assert results.suppressed == (n < rules.at_least)
    if results.suppressed:
        assert shown["items"] == {}
        assert not {"who5", "indices"} & shown.keys()
    for block in _blocks(shown):
        if block.get("suppressed"):
            assert block == {"n": 0, "counts": {}, "suppressed": True}
            continue
        assert block["n"] >= rules.at_least
        if block["n"] < rules.percentages_from:
            assert not {"share", "min", "max", "scores"} & set(block)
    for texts in disclose_texts(tabulation, rules).values():
        assert n >= rules.free_text_from
        assert len(texts) >= rules.at_least


def _blocks(shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from shown["items"].values()
    if "who5" in shown:
        yield from shown["indices"].values()
        yield shown["who5"]
