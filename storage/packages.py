"""Reads package folders: `package.yaml`, with `deck.yaml` beside it. Problems are told with file, line and field."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.by_form import BY_FORM, SHARED
from domain.package import Check, Package, PackageProblems
from domain.unfit import Unfit
from storage.before_indices import package_as_then
from storage.yaml_file import Fault, Where, YamlFile, message_of, unfit_texts

PACKAGES = Path(__file__).resolve().parent.parent / "klyngepakker"
"""The packages that come with the system; beside `storage/` in a checkout and when installed."""


class PackageError(Exception):
    """A package that can't be read. `faults` holds everything found; the text is one line for each."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnknownPackage(LookupError):  # noqa: N818 - an answer, not a defect
    """No folder of that name."""

    def __init__(self, slug: str, known: list[str]) -> None:
        super().__init__(slug)
        self.slug = slug
        self.known = known

    def __str__(self) -> str:
        return f"There is no package '{self.slug}'. The packages are: {', '.join(self.known) or 'none'}."


def package_folders(root: Path = PACKAGES) -> list[Path]:
    """The folders under `root` that hold a package, by name."""
    return sorted(file.parent for file in root.glob("*/package.yaml"))


def packages_in(check: Check, root: Path = PACKAGES) -> dict[str, Package]:
    """Every package under `root`, by slug. Raises PackageError with the faults of all of them."""
    packages: dict[str, Package] = {}
    faults: list[Fault] = []
    for folder in package_folders(root):
        try:
            packages[folder.name] = read_package(folder, check)
        except PackageError as error:
            faults.extend(error.faults)
    if faults:
        raise PackageError(faults)
    return packages


def find_package(slug: str, check: Check, root: Path = PACKAGES) -> Package:
    """The package with this slug. Raises UnknownPackage or PackageError."""
    folders = {folder.name: folder for folder in package_folders(root)}
    if slug not in folders:
        raise UnknownPackage(slug, list(folders))
    return read_package(folders[slug], check)


def read_package(folder: Path, check: Check) -> Package:
    """The package in this folder. Raises PackageError, naming file, line and field of everything that is wrong.

    `check` finds what only others than the model can tell; the makers of decks have `reporting.deck_check`.
    """
    document = YamlFile(folder / "package.yaml")
    parts = {"": document}
    faults = [*document.faults, *unfit_texts(document)]
    content = document.content
    if (folder / "deck.yaml").exists():
        deck = YamlFile(folder / "deck.yaml")
        parts["deck"] = deck
        faults.extend([*deck.faults, *unfit_texts(deck)])
        if "deck" in content:
            faults.append(document.fault(("deck",), "the deck stands in deck.yaml; leave it out here"))
        content = {**content, "deck": deck.content}
    if not faults:
        try:
            package = Package.model_validate(content)
        except ValidationError as error:
            faults = list(_faults(error, parts))
        else:
            if package.slug != folder.name:
                faults.append(document.fault(("slug",), f"'{package.slug}' must be the folder's name, '{folder.name}'"))
            faults.extend(_place(parts, problem.where, problem.what) for problem in check(package))
            if not faults:
                return package
    raise PackageError(faults)


_ONLY_OF_REGISTERS: dict[str, Any] = {
    "evidence": True,
    "measures": True,
    "sections": {"__all__": {"measures"}},
    "deck": {"slides": {"__all__": {"measure"}}},
}


def package_digest(package: Package) -> str:
    """SHA-256 of all a package says, whatever the layout of its files: two readings alike have the same.

    English, help, indices and a register's measures that a package has not are left out, so that versions kept before
    there could be any stay the same.
    """
    lacking: dict[str, Any] = {name: True for name in ("english", "help") if getattr(package, name) is None}
    if package.evidence == "questionnaire":
        lacking |= _ONLY_OF_REGISTERS
    said = package_as_then(package.model_dump(mode="json", exclude=lacking))
    content = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _faults(error: ValidationError, parts: "dict[str, YamlFile]") -> Iterator[Fault]:
    for problem in error.errors(include_url=False):
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, PackageProblems):
            yield from (_place(parts, inner.where, inner.what) for inner in cause.problems)
            continue
        where = tuple(step for step in problem["loc"] if step not in (SHARED, BY_FORM))
        if isinstance(cause, Unfit):
            yield _place(parts, where, cause.english)
        else:
            yield _place(parts, where, message_of(problem["type"], problem["msg"], problem["input"]))


def _place(parts: "dict[str, YamlFile]", where: Where, message: str) -> Fault:
    if where and where[0] == "deck" and "deck" in parts:
        return parts["deck"].fault(where[1:], message)
    return parts[""].fault(where, message)
