"""Figures that packages would compare with and have no source for yet: tasks for whoever writes the package."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.package import Package


@dataclass(frozen=True)
class MissingFigure:
    """A package, and what it lacks in words."""

    package: str
    label: str
    note: str


def missing_figures(packages: Iterable[Package]) -> list[MissingFigure]:
    """Every reference without a figure, package by package."""
    return [
        MissingFigure(package.title, reference.named, reference.note)
        for package in packages
        for reference in package.references
        if reference.value is None
    ]
