import datetime as dt

import pytest
from sqlalchemy import Connection

from domain.model import OrderId, PackageSlug, Round
from domain.results import IndexResult, ItemResult, Results, Share
from storage import result_repository
from storage.database import Database
from tests.storage.on_disk import everything_on_disk

ORDER = OrderId("odense-1")
NOW = dt.datetime(2026, 4, 1, 9, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def results() -> Results:
    return Results(
        package=PackageSlug("trivsel-og-arbejdsglaede"),
        package_version=1,
        round=Round.BASELINE,
        n=38,
        members=42,
        suppressed=False,
        items={
            "arbejdsglaede": ItemResult(
                n=38, counts={"I høj grad": 20, "Slet ikke": 18}, share={"high": Share(value=0.52, low=0.37, high=0.67)}
            )
        },
        indices={
            "who5": IndexResult(n=38, mean=58, low=52.1, high=63.9, sd=18, bands={"high": 25, "low": 9, "very_low": 4})
        },
    )


def test_results_come_off_the_shelf_as_they_were_put_on(database: Database, results: Results) -> None:
    with database.write() as connection:
        assert result_repository.stored(connection, ORDER, Round.BASELINE) is None
        assert result_repository.store(connection, ORDER, results, [], NOW) == 1
        stored = result_repository.stored(connection, ORDER, Round.BASELINE)
        assert result_repository.stored(connection, ORDER, Round.FOLLOW_UP) is None
    assert stored is not None
    assert (stored.version, stored.made_at, stored.results) == (1, NOW, results)


@pytest.mark.parametrize(("before_is_shown", "expected"), [(True, True), (False, False), (None, False)])
def test_a_follow_up_has_figures_where_both_rounds_may_be_shown(
    database: Database, results: Results, before_is_shown: bool | None, expected: bool
) -> None:
    with database.write() as connection:
        if before_is_shown is not None:
            before = results.model_copy(update={"suppressed": not before_is_shown})
            result_repository.store(connection, ORDER, before, [], NOW)
        after = results.model_copy(update={"round": Round.FOLLOW_UP})
        result_repository.store(connection, ORDER, after, [], LATER)
        assert result_repository.have_figures(connection, ORDER, Round.FOLLOW_UP) is expected
        assert result_repository.have_figures(connection, ORDER, Round.BASELINE) is (before_is_shown is True)


def test_the_same_results_again_are_the_same_version(database: Database, results: Results) -> None:
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [], NOW)
        assert result_repository.store(connection, ORDER, results, [], LATER) == 1
        stored = result_repository.stored(connection, ORDER, Round.BASELINE)
    assert stored is not None
    assert stored.made_at == NOW


def test_only_the_newest_results_are_kept(database: Database, results: Results) -> None:
    corrected = results.model_copy(update={"items": {"arbejdsglaede": ItemResult(n=38, counts={"I nogen grad": 38})}})
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [], NOW)
        assert result_repository.store(connection, ORDER, corrected, [], LATER) == 2
        stored = result_repository.stored(connection, ORDER, Round.BASELINE)
    result_repository.forget_results(database)
    assert stored is not None
    assert (stored.version, stored.made_at, stored.results) == (2, LATER, corrected)
    assert "I høj grad".encode() not in everything_on_disk(database)


def test_free_texts_come_in_an_order_that_tells_nothing(database: Database, results: Results) -> None:
    texts = [("gode_erfaringer", f"Text {number:02}") for number in range(40)]
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, texts, NOW)
        read = result_repository.free_texts(connection, ORDER, Round.BASELINE)
        assert read == result_repository.free_texts(connection, ORDER, Round.BASELINE)
    found = [(each.item, each.text) for each in read]
    assert sorted(found) == texts
    assert found != texts


def test_a_struck_text_is_not_among_the_others_and_can_be_put_back(database: Database, results: Results) -> None:
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [("a", "Frisk luft"), ("a", "Bo er sur")], NOW)
        named = _id_of(connection, "Bo er sur")
        assert _kept(connection, named) == ["Frisk luft"]
        assert _kept(connection) == ["Bo er sur", "Frisk luft"]
        assert result_repository.free_texts(connection, OrderId("another"), Round.BASELINE) == []
        assert result_repository.free_texts(connection, ORDER, Round.FOLLOW_UP) == []


def test_a_struck_text_stays_struck_when_the_round_is_tabulated_again(database: Database, results: Results) -> None:
    texts = [("a", "Frisk luft"), ("a", "Bo er sur"), ("b", "Bo er ikke sur")]
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, texts, NOW)
        named = _id_of(connection, "Bo er sur")
        result_repository.store(connection, ORDER, results, list(reversed(texts)), LATER)
        assert _kept(connection, named) == ["Bo er ikke sur", "Frisk luft"]


def test_texts_that_are_not_in_the_material_go_and_the_others_stay(database: Database, results: Results) -> None:
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [("a", "Frisk luft"), ("a", "Bo er sur")], NOW)
        kept = _id_of(connection, "Frisk luft")
        assert result_repository.erase_texts(connection, ORDER, Round.FOLLOW_UP) == 0
        assert result_repository.erase_texts(connection, ORDER, Round.BASELINE, kept=[kept]) == 1
        assert _kept(connection) == ["Frisk luft"]
        assert result_repository.erase_texts(connection, ORDER, Round.BASELINE) == 1
    result_repository.forget_results(database)
    disk = everything_on_disk(database)
    assert b"Frisk luft" not in disk
    assert b"Bo er sur" not in disk


def test_an_erased_shelf_is_empty_on_disk_too(database: Database, results: Results) -> None:
    other = OrderId("vejle-1")
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [("a", "mærket tekst")], NOW)
        result_repository.store(connection, other, results, [("a", "deres tekst")], NOW)
        result_repository.erase(connection, ORDER)
    result_repository.forget_results(database)
    with database.read() as connection:
        assert result_repository.stored(connection, ORDER, Round.BASELINE) is None
        assert result_repository.stored(connection, other, Round.BASELINE) is not None
    disk = everything_on_disk(database)
    assert b"deres tekst" in disk
    assert "mærket tekst".encode() not in disk


def _id_of(connection: Connection, text: str) -> str:
    found = result_repository.free_texts(connection, ORDER, Round.BASELINE)
    return next(each.id for each in found if each.text == text)


def _kept(connection: Connection, *struck: str) -> list[str]:
    found = result_repository.free_texts(connection, ORDER, Round.BASELINE, struck=struck)
    return sorted(each.text for each in found)
