"""Reads package folders: `package.yaml`, with `deck.yaml` beside it. Problems are told with file, line and field."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml
from pydantic import ValidationError

from domain.by_form import BY_FORM, SHARED
from domain.package import Check, Package, PackageProblems
from domain.text import typeset_text
from domain.unfit import Unfit
from storage.before_indices import package_as_then

PACKAGES = Path(__file__).resolve().parent.parent / "klyngepakker"
"""The packages that come with the system; beside `storage/` in a checkout and when installed."""

LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The same language; in C it takes a tenth of the time."""

Where = tuple[str | int, ...]


class Fault(NamedTuple):
    """One thing wrong in a package's files. `line` counts from 1; `field` reads `items[3].scale (q2_drift)`."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}" if self.field else self._without_field()

    def _without_field(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


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
    document = _Document(folder / "package.yaml")
    parts = {"": document}
    faults = [*document.faults, *_unfit_texts(document)]
    content = document.content
    if (folder / "deck.yaml").exists():
        deck = _Document(folder / "deck.yaml")
        parts["deck"] = deck
        faults.extend([*deck.faults, *_unfit_texts(deck)])
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


def package_digest(package: Package) -> str:
    """SHA-256 of all a package says, whatever the layout of its files: two readings alike have the same.

    English, help and indices that a package has not are left out, so that versions kept before there could be any stay
    the same.
    """
    lacking = {name for name in ("english", "help") if getattr(package, name) is None}
    said = package_as_then(package.model_dump(mode="json", exclude=lacking))
    content = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _faults(error: ValidationError, parts: "dict[str, _Document]") -> Iterator[Fault]:
    for problem in error.errors(include_url=False):
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, PackageProblems):
            yield from (_place(parts, inner.where, inner.what) for inner in cause.problems)
            continue
        where = tuple(step for step in problem["loc"] if step not in (SHARED, BY_FORM))
        if isinstance(cause, Unfit):
            yield _place(parts, where, cause.english)
        else:
            yield _place(parts, where, _message(problem["type"], problem["msg"], problem["input"]))


def _unfit_texts(document: "_Document") -> Iterator[Fault]:
    """What no slide or page could carry. The rest is left in the document without what nobody sees at its ends."""
    left: list[tuple[Where, dict[Any, Any] | list[Any]]] = [((), document.content)]
    seen: set[int] = set()
    while left:
        where, parent = left.pop()
        if id(parent) in seen:
            continue  # an alias
        seen.add(id(parent))
        for step, value in list(parent.items() if isinstance(parent, dict) else enumerate(parent)):
            here = (*where, step if isinstance(step, int) else str(step))
            if isinstance(value, dict | list):
                left.append((here, value))
            elif isinstance(value, str):
                try:
                    parent[step] = typeset_text(value)
                except Unfit as unfit:
                    yield document.fault(here, unfit.english)


def _place(parts: "dict[str, _Document]", where: Where, message: str) -> Fault:
    if where and where[0] == "deck" and "deck" in parts:
        return parts["deck"].fault(where[1:], message)
    return parts[""].fault(where, message)


def _message(kind: str, message: str, given: object) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field we know"
    message = message.removeprefix("Value error, ")
    return message if isinstance(given, dict | list | None) else f"{message} (is {given!r})"


class _Document:
    """One YAML file: its content, and the line on which each field stands."""

    def __init__(self, file: Path) -> None:
        self.name = f"{file.parent.name}/{file.name}"
        self.faults: list[Fault] = []
        self.content: dict[str, Any] = {}
        self._root: yaml.Node | None = None
        self._seen: set[int] = set()
        try:
            text = file.read_text(encoding="utf-8-sig")
            self._root = yaml.compose(text, Loader=LOADER)
            content = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe one
        except FileNotFoundError:
            self.faults.append(Fault(self.name, 1, "", "the file is missing"))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.faults.append(Fault(self.name, line, "", "the file must be saved as UTF-8"))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.faults.append(Fault(self.name, mark.line + 1 if mark else 1, "", f"not YAML: {error.problem}"))
        except (yaml.YAMLError, ValueError) as error:  # a character YAML forbids; a date like 2026-13-01
            self.faults.append(Fault(self.name, 1, "", " ".join(f"not YAML: {error}".split())))
        else:
            if isinstance(content, dict):
                self.content = cast("dict[str, Any]", content)
                self.faults.extend(self._keys_given_twice(self._root, ()))
            else:
                self.faults.append(Fault(self.name, 1, "", "must be fields and values, 'name: value'"))

    def fault(self, where: Where, message: str) -> Fault:
        return Fault(self.name, self._line(where), self._field(where), message)

    def _line(self, where: Where) -> int:
        node, line = self._root, 1
        for step in where:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return line

    def _field(self, where: Where) -> str:
        text, node = "", self._root
        ids: list[str] = []
        for step in where:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
            found = _step(node, step) if node else None
            node = found[1] if found else None
            named = _step(node, "id") if isinstance(step, int) else None
            if named and isinstance(named[1], yaml.ScalarNode):
                ids.append(named[1].value)
        return text.removeprefix(".") + (f" ({', '.join(ids)})" if ids else "")

    def _keys_given_twice(self, node: yaml.Node | None, where: Where) -> Iterator[Fault]:
        if node is None or id(node) in self._seen:
            return  # an alias: looked at where it was written
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                yield from self._keys_given_twice(value, (*where, position))
        if not isinstance(node, yaml.MappingNode):
            return
        names: set[str] = set()
        for key, value in node.value:
            here = (*where, str(key.value))
            if key.value in names:
                yield Fault(self.name, key.start_mark.line + 1, self._field(here), "stands twice in one place")
            names.add(key.value)
            if key.value != "<<":
                yield from self._keys_given_twice(value, here)


def _step(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    """The line and node one step down; fields taken over with `<<` stand where they were written."""
    if isinstance(step, int):
        if isinstance(node, yaml.SequenceNode) and step < len(node.value):
            return node.value[step].start_mark.line + 1, node.value[step]
        return None
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if key.value == step:
            return key.start_mark.line + 1, value
    for key, value in node.value:
        if key.value == "<<":
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for source in merged:
                if found := _step(source, step):
                    return found
    return None
