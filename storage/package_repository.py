"""The package versions orders were placed with: a running order keeps the one it started with."""

import json
from collections.abc import Iterable

from sqlalchemy import Column, Connection, Integer, String, Table, Text, select

from domain.kept_versions import as_written_today
from domain.model import PackageSlug
from domain.package import AS_KEPT, Package
from storage.before_indices import package_of_today
from storage.database import Database, metadata
from storage.insert_once import insert_missing
from storage.packages import package_digest

# No personal data. Never removed: orders of fourteen months point here.
package_version_table = Table(
    "package_version",
    metadata,
    Column("slug", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
)


class PackageChanged(Exception):  # noqa: N818 - a finding, named as one
    """A package was edited without a new version number; orders may be running on the old text."""

    def __init__(self, package: Package) -> None:
        super().__init__(
            f"package {package.slug} differs from the version {package.version} that is in use: "
            f"give it version {package.version + 1} in its package.yaml"
        )


def keep(connection: Connection, package: Package) -> None:
    """Keep this version. Raises PackageChanged where it has been kept with another content."""
    table = package_version_table
    row = {
        "slug": package.slug,
        "version": package.version,
        "digest": package_digest(package),
        "content": package.model_dump_json(),
    }
    insert_missing(connection, table, [row])
    kept = connection.execute(
        select(table.c.digest).where(table.c.slug == package.slug, table.c.version == package.version)
    ).scalar_one()
    if kept != row["digest"]:
        raise PackageChanged(package)


def keep_all(database: Database, packages: Iterable[Package]) -> None:
    """Keep today's packages, at start. Raises PackageChanged."""
    with database.write() as connection:
        for package in packages:
            keep(connection, package)


def kept_packages(connection: Connection) -> list[str]:
    """The names of all packages of which a version was ever kept, A–Z."""
    slug = package_version_table.c.slug
    return list(connection.execute(select(slug).distinct().order_by(slug)).scalars())


def package_version(connection: Connection, slug: PackageSlug, version: int) -> Package:
    """A version that was kept. Raises LookupError."""
    table = package_version_table
    content = connection.execute(
        select(table.c.content).where(table.c.slug == slug, table.c.version == version)
    ).scalar_one_or_none()
    if content is None:
        msg = f"package {slug} version {version} was never kept"
        raise LookupError(msg)
    content_today = as_written_today(package_of_today(json.loads(content)))
    return Package.model_validate(content_today, context=AS_KEPT, extra="ignore")
