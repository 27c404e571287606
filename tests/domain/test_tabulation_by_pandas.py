"""Any answers of any cluster counted by pandas, and by us: the same counts and scores."""

from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.index import Index
from domain.model import Round
from domain.package import NOT_RELEVANT, Answers, Item, Package
from domain.tabulation import IndexTabulation, ItemTabulation, tabulate
from tests.another_index import ARBEJDSPRES
from tests.the_packages import SAMARBEJDE, TRIVSEL

NOBODY = pd.Series(dtype="int64")


def answers_to(package: Package, item: Item) -> st.SearchStrategy[Any]:
    ids = [option.id for option in package.options_of(item)]
    match item.kind:
        case "score":
            return st.sampled_from([option.value for option in package.options_of(item)])
        case "rating":
            return st.integers(item.minimum or 0, item.maximum or 0)
        case "text":
            return st.text(min_size=1, max_size=20)
        case "choices":
            return st.lists(st.sampled_from(ids), unique=True, max_size=item.at_most).map(tuple)
        case _:
            return st.sampled_from([*ids, NOT_RELEVANT] if item.may_be_not_relevant else ids)


def people_of(package: Package, round_: Round) -> st.SearchStrategy[list[Answers]]:
    """Up to sixty doctors of five minds, who answered much, little or nothing."""
    one = st.fixed_dictionaries({}, optional={item.id: answers_to(package, item) for item in package.asked_in(round_)})
    alike = st.tuples(one, st.integers(1, 12)).map(lambda pair: [pair[0]] * pair[1])
    return st.lists(alike, max_size=5).map(lambda minds: [person for people in minds for person in people])


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE, ARBEJDSPRES], ids=lambda package: package.slug)
@pytest.mark.parametrize("round_", list(Round))
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_pandas_counts_the_same(data: st.DataObject, package: Package, round_: Round) -> None:
    rows = data.draw(people_of(package, round_))
    counted = tabulate(package, round_, 73, rows, list.reverse)
    frame = pd.DataFrame(rows, columns=[item.id for item in package.asked_in(round_)], dtype=object)
    for item in package.asked_in(round_):
        assert_alike(package, item, counted.items[item.id], frame[item.id].dropna())
    for index in package.indices:
        assert_same_index(counted.indices.get(index.id), frame, index)
    assert counted.indices.keys() <= {index.id for index in package.indices}


def assert_alike(package: Package, item: Item, ours: ItemTabulation, answered: "pd.Series[Any]") -> None:
    said = answered[answered != NOT_RELEVANT]
    assert ours.n == len(said)
    assert ours.not_relevant == (len(answered) - len(said) if item.may_be_not_relevant else None)
    if item.kind == "text":
        assert ours.counts == {}
        return
    options = package.options_of(item)
    labels = {option.value if item.kind == "score" else option.id: option.label for option in options}
    found = said.explode().value_counts()
    assert {label: count for label, count in ours.counts.items() if count} == {
        labels.get(cast("str | int", answer), str(answer)): count for answer, count in found.items()
    }
    if item.kind in ("score", "rating"):
        assert_same_figures(ours, said.astype("int64"))
    if item.kind == "rating":
        parts = pd.cut(said.astype("int64"), [0, 3, 7, 10], labels=["1–3", "4–7", "8–10"]).value_counts()
        assert ours.coarse == parts.to_dict()


def assert_same_figures(ours: ItemTabulation | IndexTabulation, numbers: "pd.Series[int]") -> None:
    found = [ours.mean, ours.sd, ours.min, ours.max]
    theirs = [numbers.mean(), numbers.std(), numbers.min(), numbers.max()]
    for mine, pandas in zip(found, theirs, strict=True):
        assert mine == (None if pd.isna(pandas) else pytest.approx(pandas, abs=1e-9))


def assert_same_index(ours: IndexTabulation | None, frame: pd.DataFrame, index: Index) -> None:
    asked = set(index.items) <= set(frame.columns)
    scores = frame[list(index.items)].dropna().astype("int64").sum(axis="columns") * index.factor if asked else NOBODY
    if scores.empty:
        assert ours is None
        return
    assert ours is not None
    assert ours.n == len(scores)
    assert ours.scores == scores.value_counts().to_dict()
    assert_same_figures(ours, scores)
    upwards = index.bands[::-1]
    edges = [upwards[0].from_ - 1, *(band.to for band in upwards)]
    bands = pd.cut(scores, edges, labels=[band.id for band in upwards]).value_counts()
    assert ours.bands == bands.to_dict()
