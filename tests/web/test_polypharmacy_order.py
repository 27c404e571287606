"""The package of polypharmacy is ordered as others are, and its order goes from an extract to a practice's own page."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.extract import extract_csv
from domain.model import Round
from domain.register import Extract
from reporting.spreads import amount_of
from storage import result_repository
from storage.database import Database
from tests.databases import new_sqlite, sqlite_url
from tests.the_packages import POLYFARMACI
from tests.web.application import Web, running_web
from tests.web.reading import Shown
from tests.web.register_orders import PRACTICES, by_practice, delivered, page_of_member, placed


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


def an_extract() -> Extract:
    """Numbers of the seven practices, each its own."""
    chance = random.Random(1)  # noqa: S311 - made up
    return Extract(
        {
            practice: {
                measure.id: measure.rounded(chance.uniform(measure.minimum, measure.maximum / 2))
                for measure in POLYFARMACI.measures
            }
            for practice in PRACTICES
        }
    )


def test_from_the_order_to_the_practices_own_numbers(web: Web) -> None:
    order = placed(web, package=POLYFARMACI.slug)
    extract = an_extract()
    delivered(web, order, extract_csv(POLYFARMACI, extract))
    with web.database.read() as connection:
        stored = result_repository.stored(connection, web.order(order).id, Round.BASELINE)
    assert stored is not None
    assert stored.results.n == 7
    assert set(stored.results.measures) == {measure.id for measure in POLYFARMACI.measures}
    assert all(spread.values is None and spread.n == 7 for spread in stored.results.measures.values())
    with web.client() as http:
        form = Shown(http.get("/bestil"))
        assert POLYFARMACI.title in form.text
        [person, *_] = by_practice(web, order)[PRACTICES[1]]
        page = http.get(page_of_member(web, order, person))
    assert page.status_code == 200
    shown = Shown(page).text
    assert "spørgeskema" not in shown.lower()
    for measure in POLYFARMACI.measures:
        assert measure.title in shown
        assert amount_of(measure, extract.rows[PRACTICES[1]][measure.id]) in page.text
