"""A running order keeps the package it was placed with, and nobody edits that under it."""

import json

import pytest
from sqlalchemy import update

from domain.model import PackageSlug
from domain.package import Package
from storage.database import Database
from storage.package_repository import PackageChanged, keep, keep_all, package_version, package_version_table
from tests.the_packages import SAMARBEJDE, TRIVSEL


def next_version(package: Package, **changes: object) -> Package:
    return package.model_copy(update={"version": package.version + 1, **changes})


def test_a_version_is_read_back_as_it_was_kept(database: Database) -> None:
    keep_all(database, [TRIVSEL, SAMARBEJDE])
    keep_all(database, [TRIVSEL, SAMARBEJDE])  # at each start
    with database.read() as connection:
        for package in (TRIVSEL, SAMARBEJDE):
            assert package_version(connection, package.slug, package.version) == package


def test_an_edited_package_with_the_old_number_is_refused_and_the_old_text_stands(database: Database) -> None:
    edited = TRIVSEL.model_copy(update={"title": "Trivsel"})
    keep_all(database, [TRIVSEL])
    with pytest.raises(PackageChanged, match=rf"{TRIVSEL.slug} differs .* give it version {TRIVSEL.version + 1}"):
        keep_all(database, [SAMARBEJDE, edited])
    with database.read() as connection:
        assert package_version(connection, TRIVSEL.slug, TRIVSEL.version).title == TRIVSEL.title
        with pytest.raises(LookupError):
            package_version(connection, SAMARBEJDE.slug, SAMARBEJDE.version)


def test_a_new_version_stands_beside_the_old_one(database: Database) -> None:
    new = next_version(TRIVSEL, title="Trivsel")
    keep_all(database, [TRIVSEL, new])
    with database.read() as connection:
        assert [package_version(connection, each.slug, each.version).title for each in (TRIVSEL, new)] == [
            TRIVSEL.title,
            "Trivsel",
        ]


def test_a_package_kept_by_other_code_is_read_without_what_this_code_does_not_know(database: Database) -> None:
    table = package_version_table
    with database.write() as connection:
        keep(connection, TRIVSEL)
        content = json.loads(TRIVSEL.model_dump_json()) | {"of_tomorrow": [1, 2]}
        connection.execute(update(table).values(content=json.dumps(content)))
        assert package_version(connection, TRIVSEL.slug, TRIVSEL.version) == TRIVSEL


@pytest.mark.parametrize(("slug", "version"), [(TRIVSEL.slug, 99), (PackageSlug("findes-ikke"), 1)])
def test_a_version_nobody_kept_is_said_to_be_missing(database: Database, slug: PackageSlug, version: int) -> None:
    keep_all(database, [TRIVSEL])
    with database.read() as connection, pytest.raises(LookupError, match=rf"{slug} version {version}"):
        package_version(connection, slug, version)
