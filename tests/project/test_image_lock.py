"""The image's lock: what runs and nothing else, in the very versions the tests run with."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Version with its condition, and hashes, by name."""
    found = {}
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip()):
        if name := re.match(r"([\w.-]+)==(.*?) *\\\n", block):
            found[f"{name[1]} {name[2]}"] = (name[2], " ".join(sorted(re.findall(r"sha256:\w+", block))))
    return found


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


def test_what_runs_has_the_versions_and_hashes_of_the_tests() -> None:
    image, all_there_is = pins("requirements-image.lock"), pins("requirements.lock")
    assert image.items() <= all_there_is.items()
    assert len(image) < len(all_there_is) * 0.6


def test_it_has_all_that_runs_and_none_of_the_tools() -> None:
    image = {pin.split()[0] for pin in pins("requirements-image.lock")}
    assert names(PROJECT["dependencies"]) <= image
    tools = names(PROJECT["optional-dependencies"]["dev"]) | names(PROJECT["optional-dependencies"]["embedded"])
    assert not image & (tools - names(PROJECT["dependencies"]))
