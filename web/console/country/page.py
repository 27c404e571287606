"""The country: who has used what, what comes, how many answer, before and after; as page, picture and workbook."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.authority import Right
from domain.country import STANDINGS, Standing
from domain.danish import alphabetical
from domain.denmark import Region, regions_on
from domain.meeting import danish
from domain.national_gate import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST
from domain.offers import Offers, missing_anywhere
from domain.package import Package
from domain.quarters import quarter_of
from reporting.country_picture import country_picture
from storage.clusters import clusters
from storage.coming_weeks import coming_weeks
from storage.country import package_uses, years_with_meetings
from storage.first_round_figures import published_first_rounds
from storage.national_figures import published
from storage.package_repository import kept_packages
from storage.pulse import WHOLE_COUNTRY, country_mark
from storage.turnout import turnouts
from web.console.country.answers import AnswersShown, answers_shown
from web.console.country.before_after import NationalShown, PackageOf, before_after
from web.console.country.coverage import Coverage, coverage
from web.console.country.filters import COUNTRY, CountryFilters, filters_from
from web.console.country.rates import RateRow, rate_rows, rates_by_package, wanted_quarters
from web.console.country.sources import MissingFigure, missing_figures
from web.console.country.weeks import WEEKS, WeekShown, weeks_shown
from web.console.country.workbook import country_workbook
from web.console.frame import REFERRER, console_page
from web.console.live.fresh import Fresh
from web.console.orders.export import EXCEL
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter
from web.services import CurrentServices, Services

NO_OFFERS = Offers(offers=())
NAMED = 6
"""Clusters that a region names beneath its tiles; the table has the rest."""

router = ConsoleRouter()


@dataclass(frozen=True)
class CountryShown:
    """All that the page, the picture and the workbook tell."""

    fresh: Fresh
    filters: CountryFilters
    titles: Mapping[str, str]
    years: list[int]
    coverage: Coverage
    weeks: list[WeekShown]
    rates: list[RateRow]
    answers: list[AnswersShown]
    changes: list[NationalShown]
    missing: list[MissingFigure]
    missing_of_offers: tuple[str, ...]
    regions: Sequence[Region]


@router.page("/landet", needs=Right.READ)
async def country_page(request: Request, me: SignedInStaff, services: CurrentServices) -> Response:
    """The country as the address asks for it."""
    shown = await country_for(request.query_params, services)
    return country_answer(shown, me, done="gjort" in request.query_params)


def country_answer(
    shown: CountryShown,
    me: Principal | None,
    status: int = 200,
    *,
    done: bool = False,
    given: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    """The page; after a region was put right, or with what was given for it and is wrong, by field."""
    return console_page(
        "console/country/page.html",
        me,
        status,
        done=done,
        given=given or {},
        problems=problems or {},
        may_operate=me is not None and me.may(Right.OPERATE),
        cluster_options=[(each.id, f"{each.name} ({each.region})") for each in shown.coverage.clusters],
        region_options=[(region.id, region.name) for region in shown.regions],
        here=COUNTRY,
        fresh=shown.fresh,
        shown=shown,
        filters=shown.filters,
        year_options=[(year, year) for year in reversed(shown.years)],
        words=STANDINGS,
        Standing=Standing,
        named=NAMED,
        clusters_at_least=CLUSTERS_AT_LEAST,
        answers_at_least=ANSWERS_AT_LEAST,
        picture=shown.filters.address(f"{COUNTRY}/kort.png"),
        workbook=shown.filters.address(f"{COUNTRY}.xlsx"),
    )


@router.page("/landet/kort.png", needs=Right.READ)
async def country_map(request: Request, services: CurrentServices) -> Response:
    """The map as a picture to paste."""
    shown = await country_for(request.query_params, services)
    content = await run_in_threadpool(country_picture, shown.coverage.map)
    headers = {**REFERRER, "Content-Disposition": 'attachment; filename="landet.png"'}
    return Response(content, media_type="image/png", headers=headers)


@router.page("/landet.xlsx", needs=Right.READ)
async def country_file(request: Request, services: CurrentServices) -> Response:
    """All of the page as a workbook, a sheet a subject."""
    now = await services.clock.now()

    def content() -> bytes:
        with services.database.read() as connection:
            shown = _look(connection, services, request.query_params, now)
            quarters = wanted_quarters(shown.filters.year, quarter_of(now))
            split = turnouts(connection, *quarters, package=shown.filters.package, by_package=True)
        return country_workbook(
            shown.coverage,
            shown.weeks,
            rates_by_package(split, shown.titles, danish(now).date()),
            shown.answers,
            shown.changes,
        )

    headers = {**REFERRER, "Content-Disposition": 'attachment; filename="landet.xlsx"'}
    return Response(await run_in_threadpool(content), media_type=EXCEL, headers=headers)


async def country_for(given: Mapping[str, str], services: Services) -> CountryShown:
    """The country as the filters of an address ask for it, as of now."""
    now = await services.clock.now()

    def look() -> CountryShown:
        with services.database.read() as connection:
            return _look(connection, services, given, now)

    return await run_in_threadpool(look)


def _look(connection: Connection, services: Services, given: Mapping[str, str], now: dt.datetime) -> CountryShown:
    return country_shown(
        connection,
        services.packages.titles,
        given,
        now,
        services.packages.version,
        services.packages.today,
        services.offers,
    )


def country_shown(
    connection: Connection,
    ordered: Mapping[str, str],
    given: Mapping[str, str],
    now: dt.datetime,
    package_of: PackageOf,
    packages: Iterable[Package] = (),
    offers: Offers = NO_OFFERS,
) -> CountryShown:
    """What the page tells; `ordered` has the titles of the packages that can be ordered today, `packages` are they.

    What was published of before and after is shown alike whatever year is asked for.
    """
    fresh = Fresh(country_mark(connection), WHOLE_COUNTRY)
    slugs = {*ordered, *kept_packages(connection)}
    titles = dict(sorted(((slug, ordered.get(slug, slug)) for slug in slugs), key=lambda each: alphabetical(each[1])))
    years = years_with_meetings(connection)
    filters = filters_from(given, titles, years)
    uses = package_uses(connection, now, package=filters.package, year=filters.year)
    wanted = {filters.package: titles[filters.package]} if filters.package else titles
    today = danish(now).date()
    asked = [each for each in packages if filters.package in ("", each.slug)]
    return CountryShown(
        fresh,
        filters,
        titles,
        years,
        coverage(clusters(connection), uses, wanted, now, filters.year),
        weeks_shown(coming_weeks(connection, today, WEEKS), today),
        rate_rows(
            turnouts(connection, *wanted_quarters(filters.year, quarter_of(now)), package=filters.package), today
        ),
        answers_shown(published_first_rounds(connection, filters.package), package_of),
        before_after(published(connection, filters.package), package_of),
        missing_figures(asked),
        missing_anywhere(offers, (each.slug for each in asked), today),
        regions_on(today),
    )
