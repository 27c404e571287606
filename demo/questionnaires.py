"""The packages that made-up people live by: doctors can be played, a register that somebody must ask can not."""

from collections.abc import Iterable

from domain.package import Package


def with_questionnaires(packages: Iterable[Package]) -> list[Package]:
    """Those whose rounds are asked of doctors, in the same order."""
    return [package for package in packages if package.evidence == "questionnaire"]
