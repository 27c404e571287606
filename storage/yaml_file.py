"""YAML files that people write: their content, and file, line and field of whatever is wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from domain.text import typeset_text
from domain.unfit import Unfit

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


def unfit_texts(document: "YamlFile") -> Iterator[Fault]:
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


def message_of(kind: str, message: str, given: object) -> str:
    """What pydantic found, in words for whoever writes the file."""
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field we know"
    message = message.removeprefix("Value error, ")
    return message if isinstance(given, dict | list | None) else f"{message} (is {given!r})"


class YamlFile:
    """One YAML file: its content, the faults in its YAML, and the line on which each field stands."""

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
        """What is wrong at a place: the path of keys and positions down to it."""
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
