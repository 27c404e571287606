"""The country in the console: who has used what, what the next weeks bring, as page, picture and workbook."""

import datetime as dt
import io
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, update

from domain.first_rounds import batch_of_first_rounds
from domain.national import batch_of
from storage.audit import Deed
from storage.clusters import cluster_table, recognise_cluster
from storage.first_round_figures import publish_first_rounds
from storage.national_figures import publish
from storage.package_repository import keep
from storage.staff import StaffRole
from tests.domain.test_first_rounds import a_first_round
from tests.domain.test_national import a_pair
from tests.the_packages import TRIVSEL as PACKAGE
from tests.web.application import SAMARBEJDE, TRIVSEL, Web
from tests.web.console.office import log_of, signed_in
from tests.web.reading import Shown
from web.console.country.page import country_shown

MEETING_DAY = dt.datetime(2026, 3, 25)  # noqa: DTZ001 - as a workbook has a day


def placed(web: Web, name: str, region: str = "nordjylland", package: str = TRIVSEL) -> str:
    return web.place(quote(f"landet-{name}-{package}"), package=package, cluster={"name": name, "region": region})


def look(web: Web, query: str = "") -> str:
    with signed_in(web) as ole:
        answer = ole.get(f"/drift/landet{query}")
    assert answer.status_code == 200
    return Shown(answer).words


def after_the_meeting(web: Web) -> None:
    web.clock.instant = dt.datetime(2026, 3, 26, 9, tzinfo=dt.UTC)


def test_a_cluster_counts_once_its_meeting_is_held(web: Web) -> None:
    used, going = placed(web, "Aalborg Øst"), placed(web, "Ribe", "syddanmark")
    web.plan(used)
    assert "0 af 2 klynger, og 2 andre er i gang" in look(web)
    after_the_meeting(web)
    page = look(web, f"?pakke={TRIVSEL}")
    assert "Klynger, der har brugt Trivsel og arbejdsglæde" in page
    assert "1 af 2 klynger, og 1 anden er i gang" in page
    assert "Aalborg Øst: brugt" in page
    assert "Ribe: i gang" in page
    assert web.order(going).meeting is None


def test_a_package_alone_and_a_year_alone_are_shown_by_address(web: Web) -> None:
    for package in (TRIVSEL, SAMARBEJDE):
        web.plan(placed(web, "Aalborg Øst", package=package))
    after_the_meeting(web)
    everything = look(web)
    assert "Trivsel og arbejdsglæde: marts 2026" in everything
    assert "Samarbejde og fællesskab: marts 2026" in everything
    assert "25. marts 2026" in look(web, f"?pakke={SAMARBEJDE}")
    assert "i 2026" in look(web, "?aar=2026")


def test_a_cluster_that_used_it_before_the_year_that_is_shown_is_under_way_in_that_year(web: Web) -> None:
    web.plan(placed(web, "Aalborg Øst"))
    after_the_meeting(web)
    assert "1 af 1 klynge." in look(web, "?aar=2026")
    web.plan(placed(web, "Aalborg Øst", package=SAMARBEJDE), starts="2027-01-20T17:00")
    page = look(web, "?aar=2027")
    assert "0 af 1 klynge, og 1 anden er i gang" in page
    assert "i 2027" in page


@pytest.mark.parametrize("query", ["?pakke=findes-ikke", "?aar=1850", "?aar=%C2%B2", "?pakke=%00&aar=%27"])
def test_a_filter_that_there_is_none_of_is_as_if_not_said(web: Web, query: str) -> None:
    placed(web, "Aalborg Øst")
    assert "Klynger, der har brugt en klyngepakke" in look(web, query)


def test_before_the_first_order_it_says_so(web: Web) -> None:
    assert "Ingen klynger endnu. De kommer her, når de bestiller en pakke." in look(web)


def test_a_cluster_that_never_ordered_is_one_of_all_and_has_not_used_it_yet(web: Web) -> None:
    web.plan(placed(web, "Aalborg Øst"))
    with web.database.write() as connection:
        recognise_cluster(connection, "Skagen", "nordjylland", None)
    after_the_meeting(web)
    page = look(web)
    assert "1 af 2 klynger." in page
    assert "Skagen: endnu ikke" in page
    assert "SkagenRegion NordjyllandEndnu ikke" in page


def test_clusters_of_two_regions_that_became_one_are_in_the_new_one(web: Web) -> None:
    placed(web, "Amager", "hovedstaden")
    placed(web, "Køge", "sjaelland")
    assert "Region Østdanmark" not in look(web)
    web.clock.instant = dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC)
    page = look(web)
    assert "Region Østdanmark 0 af 2" in page
    assert "Region Hovedstaden" not in page


def test_a_cluster_of_a_region_that_nobody_knows_is_shown_as_one(web: Web) -> None:
    placed(web, "Aalborg Øst")
    assert "Region ukendt" not in look(web)
    with web.database.write() as connection:
        connection.execute(update(cluster_table).values(region="skaane"))
    assert "Region ukendt 0 af 1" in look(web)


def test_the_next_weeks_tell_of_calls_and_meetings_and_whose_they_are(web: Web) -> None:
    placed(web, "Ribe")
    web.plan(placed(web, "Aalborg Øst"))
    page = look(web)
    assert "1 opkald" in page
    assert "Uden konsulent" in page
    web.clock.instant = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
    assert "fra mandag den 23. marts 2026: 1 møde" in look(web)


def test_the_workbook_has_what_the_page_has(web: Web) -> None:
    web.plan(placed(web, "Aalborg Øst"))
    placed(web, "=1+1", "syddanmark")
    after_the_meeting(web)
    with signed_in(web) as ole:
        answer = ole.get(f"/drift/landet.xlsx?pakke={TRIVSEL}")
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book["Klynger"].iter_rows(min_row=2, values_only=True))
    assert rows[0] == (
        "Aalborg Øst", "Region Nordjylland", "Trivsel og arbejdsglæde", "brugt", 1, MEETING_DAY, 0, None,
    )  # fmt: skip
    assert [(cell.value, cell.data_type) for cell in book["Klynger"]["A"]][2] == ("=1+1", "s")
    assert list(book["Pakker"].iter_rows(min_row=2, values_only=True)) == [("Trivsel og arbejdsglæde", 1, 2, 1, 1)]
    assert next(book["Kommende uger"].iter_rows(min_row=2, values_only=True))[2] == "uden konsulent"


def test_the_map_is_a_picture_to_download(web: Web) -> None:
    placed(web, "Aalborg Øst")
    with signed_in(web) as ole:
        answer = ole.get("/drift/landet/kort.png")
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == 'attachment; filename="landet.png"'


def test_the_page_takes_as_many_queries_with_many_orders_as_with_few(web: Web) -> None:
    def queries() -> int:
        said: list[str] = []
        with web.database.read() as connection:
            event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2]))
            country_shown(
                connection, web.services.packages.titles, {}, web.clock.instant, web.services.packages.version
            )
        return len(said)

    web.plan(placed(web, "Aalborg Øst"))
    few = queries()
    for number in range(6):
        web.plan(placed(web, f"Ribe {number}", "syddanmark"))
    assert queries() == few


# --- how many answer, before and after ------------------------------------------------------------------------------


def test_how_many_answered_is_told_by_quarter_and_region(web: Web) -> None:
    order = placed(web, "Aalborg Øst")
    web.plan(order)
    assert "Ingen spørgeskemaer er lukket i den tid." in look(web)
    web.answered_by_all(order)
    page = look(web, f"?pakke={TRIVSEL}")
    assert "1. kvartal 2026før mødet, 1 spørgeskema" in page
    assert page.count("100 % (8 af 8)") == 2, "of the country, and of Region Nordjylland"
    assert "100 %" not in look(web, f"?pakke={SAMARBEJDE}")
    with signed_in(web) as ole:
        book = load_workbook(io.BytesIO(ole.get("/drift/landet.xlsx?aar=2026").content))
    assert list(book["Svar"].iter_rows(min_row=2, values_only=True)) == [
        ("Trivsel og arbejdsglæde", "1. kvartal 2026", "før mødet", "Region Nordjylland", 1, 8, 8, 100),
    ]


def publish_six(web: Web) -> None:
    """Batches of six clusters in North Jutland and six elsewhere, thirty answers in each round."""
    batch = batch_of([a_pair(f"c{number}", 30, 30, (1, 4)) for number in range(6)], PACKAGE)
    regions = ["nordjylland"] * 6 + ["midtjylland", "syddanmark"] * 3
    rounds = [a_first_round(f"c{number}", 30, region) for number, region in enumerate(regions)]
    first = batch_of_first_rounds(rounds, PACKAGE)
    assert batch is not None
    assert first is not None
    with web.database.write() as connection:
        keep(connection, PACKAGE)
        publish(connection, PACKAGE.slug, PACKAGE.version, dt.date(2026, 1, 1), batch, web.clock.instant)
        publish_first_rounds(connection, PACKAGE.slug, PACKAGE.version, dt.date(2026, 1, 1), first, web.clock.instant)


def test_before_and_after_are_told_with_their_uncertainty_and_a_reading(web: Web) -> None:
    assert "Der er ikke nok endnu." in look(web)
    publish_six(web)
    page = look(web)
    assert "6 forløb, leveret før den 1. januar 2026" in page
    assert "WHO-5, gennemsnit" in page
    assert "180 og 180" in page
    assert "+30 point" in page
    assert "Steget" in page
    assert "Kan ikke afgøres" in page
    with signed_in(web) as ole:
        book = load_workbook(io.BytesIO(ole.get("/drift/landet.xlsx").content))
    first = next(book["Før og efter"].iter_rows(min_row=2, values_only=True))
    assert first[2:6] == ("WHO-5, gennemsnit", 6, 180, 180)
    assert str(first[6]).startswith("+30 point (")


def test_no_filter_makes_another_selection_of_what_people_answered(web: Web) -> None:
    """Filters that took other clusters or years would let one be subtracted from the other."""
    publish_six(web)
    web.plan(placed(web, "Aalborg Øst"))

    def changes(query: str) -> object:
        with signed_in(web) as ole:
            book = load_workbook(io.BytesIO(ole.get(f"/drift/landet.xlsx{query}").content))
        return list(book["Før og efter"].iter_rows(min_row=2, values_only=True))

    everything = changes("")
    assert everything
    for query in ("?aar=2026", f"?pakke={TRIVSEL}", f"?pakke={TRIVSEL}&aar=2026", "?region=nordjylland&fra=2026-01-01"):
        assert changes(query) == everything
    assert changes(f"?pakke={SAMARBEJDE}") == []


# --- a region that was noted wrong ----------------------------------------------------------------------------------


def cluster_of(web: Web, order: str) -> str:
    return web.order(order).cluster


def test_operations_put_a_clusters_region_right_and_the_log_tells(web: Web) -> None:
    cluster = cluster_of(web, placed(web, "Ribe", "nordjylland"))
    with signed_in(web) as ole:
        answer = ole.post("/drift/landet/region", klynge=cluster, region="syddanmark")
        assert (answer.status_code, answer.headers["location"]) == (303, "/drift/landet?gjort=rettet")
        page = Shown(ole.get("/drift/landet?gjort=rettet")).words
        assert "Klyngens region er rettet." in page
        assert "Region Syddanmark 0 af 1" in page
        log = Shown(ole.get("/drift/log")).words
        assert "Rettede en klynges region: Region Syddanmark" in log
        assert "Ribe" in log
        ole.post("/drift/landet/region", klynge=cluster, region="syddanmark")
    assert [line.deed for line in log_of(web)].count(Deed.REGION_SET) == 1, "again is no change"


@pytest.mark.parametrize(
    ("klynge", "region", "said"),
    [
        ("", "syddanmark", "Vælg en klynge."),
        ("findes-ikke", "syddanmark", "Vælg en klynge."),
        ("{ribe}", "", "Vælg en region, der findes i dag."),
        ("{ribe}", "oestdanmark", "Vælg en region, der findes i dag."),
        ("{ribe}", "midtjylland", "Der er allerede en klynge med det navn i den region."),
    ],
)
def test_a_region_that_cannot_be_is_explained_beside_its_field(web: Web, klynge: str, region: str, said: str) -> None:
    ribe = cluster_of(web, placed(web, "Ribe", "nordjylland"))
    placed(web, "ribe", "midtjylland", package=SAMARBEJDE)
    with signed_in(web) as ole:
        answer = ole.post("/drift/landet/region", klynge=klynge.replace("{ribe}", ribe), region=region)
    shown = Shown(answer)
    assert answer.status_code == 422
    assert said in shown.words
    assert said in shown.described_by("region" if "region, der" in said else "klynge")
    assert Deed.REGION_SET not in [line.deed for line in log_of(web)]


def test_a_consultant_reads_the_country_and_has_no_form_to_change_it(web: Web) -> None:
    placed(web, "Ribe")
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        assert "Ret en klynges region" not in Shown(karen.get("/drift/landet")).words
    assert "Ret en klynges region" in look(web)


def test_what_clusters_said_in_their_first_rounds_is_told_for_the_country_and_for_regions_with_enough(web: Web) -> None:
    publish_six(web)
    page = look(web)
    assert "Trivsel og arbejdsglæde, version" in page
    assert "WHO-5, gennemsnit80 360 svar, 12 klynger80" in page
    assert "Region Nordjylland" in page.split("Hvad klyngerne svarer")[2]
    with signed_in(web) as ole:
        book = load_workbook(io.BytesIO(ole.get("/drift/landet.xlsx").content))
    rows = [row[2:] for row in book["Første runde"].iter_rows(min_row=2, values_only=True)]
    assert ("WHO-5, gennemsnit", "Hele landet", "80", 12, 360) in rows
    assert ("WHO-5, gennemsnit", "Region Nordjylland", "80", None, None) in rows


def test_figures_that_packages_lack_are_told_to_kiap_here(web: Web) -> None:
    page = look(web, f"?pakke={TRIVSEL}")
    assert "Landstal uden kilde" in page
    assert (
        "Trivsel og arbejdsglæde: Praktiserende læger, PLO (2019). Tallet er ikke slået op i rapporten endnu." in page
    )
    assert "Landstal uden kilde" not in look(web, f"?pakke={SAMARBEJDE}")


def test_what_the_offers_lack_is_one_list_for_kiap_here(web: Web) -> None:
    page = look(web)
    assert "Tilbud, vi mangler noget om" in page
    assert page.count("Navnet på kvalitetsenheden i Region Syddanmark") == 1
    assert page.count("Link til »DGE-modul: Trivsel og arbejdsglæde«") == 1
    assert "Link til »DGE-modul: Faglig ledelse«" in look(web, f"?pakke={SAMARBEJDE}")
