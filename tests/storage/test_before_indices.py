"""What was kept before indices were a package's data still reads, and nothing that is unchanged looks changed."""

import datetime as dt
import hashlib
import json
from typing import Any

from sqlalchemy import Connection, insert, select, update

from domain.disclosure import disclose
from domain.model import OrderId, Round
from domain.package import Package
from domain.tabulation import tabulate
from reporting.deck import make_deck
from reporting.report_context import ReportContext
from storage import result_repository
from storage.database import Database
from storage.package_repository import keep, keep_all, package_version, package_version_table
from storage.result_repository import tabulation_table
from tests.reporting.slides import titles_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

ORDER = OrderId("odense-1")
NOW = dt.datetime(2026, 4, 1, 9, 30, tzinfo=dt.UTC)
KINDS_THEN = {
    "index_scores": "who5_scores", "index_reading": "who5_reading", "index_own_score": "who5_own_score",
    "index_comparison": "who5_comparison", "index_bands": "who5_bands", "before_after_index": "before_after_who5",
}  # fmt: skip


def as_then(package: Package) -> dict[str, Any]:
    """As the code before kept it."""
    content = package.model_dump(mode="json")
    indices = content.pop("indices")
    content["who5"] = indices[0]["items"] if indices else []
    del content["evidence"], content["measures"]
    for section in content["sections"]:
        del section["measures"]
    for slide in content["deck"]["slides"]:
        del slide["index"], slide["measure"]
        slide["kind"] = KINDS_THEN.get(slide["kind"], slide["kind"])
    return content


def digest_then(package: Package) -> str:
    said = {name: value for name, value in as_then(package).items() if name != "english" or value is not None}
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def keep_as_then(connection: Connection, package: Package) -> None:
    row = {
        "slug": package.slug, "version": package.version, "digest": digest_then(package),
        "content": json.dumps(as_then(package)),
    }  # fmt: skip
    connection.execute(insert(package_version_table).values(row))


def test_a_version_with_the_index_of_then_is_read_with_it_and_its_deck_can_be_made(database: Database) -> None:
    with database.write() as connection:
        keep_as_then(connection, TRIVSEL)
        package = package_version(connection, TRIVSEL.slug, TRIVSEL.version)
    assert package == TRIVSEL
    rows: list[Any] = [dict.fromkeys(package.index("who5").items, 3)] * 12
    results = disclose(tabulate(package, Round.BASELINE, 15, rows, list.reverse), package.disclosure)
    report = ReportContext(package=package, results=results, cluster="Odense", made_on=dt.date(2026, 4, 1))
    assert "Klyngens trivsel er i gennemsnit 60 point" in titles_of(make_deck(report))


def test_a_version_without_an_index_is_known_again_by_what_it_says(database: Database) -> None:
    with database.write() as connection:
        keep_as_then(connection, SAMARBEJDE)
        keep(connection, SAMARBEJDE)
    keep_all(database, [SAMARBEJDE])
    with database.read() as connection:
        assert package_version(connection, SAMARBEJDE.slug, SAMARBEJDE.version) == SAMARBEJDE


def test_results_of_then_are_read_and_the_same_results_anew_are_the_same_version(database: Database) -> None:
    rows: list[Any] = [dict.fromkeys(TRIVSEL.index("who5").items, 3)] * 12
    results = disclose(tabulate(TRIVSEL, Round.BASELINE, 15, rows, list.reverse), TRIVSEL.disclosure)
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [], NOW)
        then = json.loads(connection.execute(select(tabulation_table.c.results)).scalar_one())
        then["who5"] = then.pop("indices")["who5"]
        connection.execute(update(tabulation_table).values(results=json.dumps(then)))
        stored = result_repository.stored(connection, ORDER, Round.BASELINE)
        assert result_repository.store(connection, ORDER, results, [], NOW + dt.timedelta(hours=1)) == 1
    assert stored is not None
    assert stored.results == results


def test_results_of_then_without_the_index_are_read_too(database: Database) -> None:
    results = disclose(
        tabulate(SAMARBEJDE, Round.BASELINE, 15, [{"q8": "hoej"}] * 3, list.reverse), SAMARBEJDE.disclosure
    )
    with database.write() as connection:
        result_repository.store(connection, ORDER, results, [], NOW)
        then = results.model_dump(mode="json") | {"who5": None}
        del then["indices"]
        connection.execute(update(tabulation_table).values(results=json.dumps(then)))
        stored = result_repository.stored(connection, ORDER, Round.BASELINE)
    assert stored is not None
    assert stored.results == results
