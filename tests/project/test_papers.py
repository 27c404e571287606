"""Licence, security policy and changelog say what is so."""

import re
import tomllib
from pathlib import Path

from worker.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINK = re.compile(r"\]\(([^):#]+)\)")


def test_the_licence_is_the_one_the_project_names_with_its_holder() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert PROJECT["license"] == "Apache-2.0"
    assert PROJECT["license-files"] == ["LICENSE"]
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert all(f"   {number}. " in text for number in range(1, 10))
    assert "Copyright 2026 KiAP and the Klyngeflow contributors" in text


def test_the_image_is_built_with_the_files_that_the_project_names() -> None:
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in (PROJECT["readme"], *PROJECT["license-files"])} <= set(let_in)


def test_weaknesses_are_reported_to_the_address_that_settings_give_the_office() -> None:
    addresses = set(re.findall(r"[\w.]+@[\w.]+\w", (ROOT / "SECURITY.md").read_text()))
    assert addresses == {Settings.model_fields["office_address"].default}


def test_the_changelog_has_what_is_not_released_and_the_version_there_is() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[:2] == ["Unreleased", PROJECT["version"]]


def test_the_papers_link_to_files_that_are_there() -> None:
    for paper in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")):
        for target in LINK.findall(paper.read_text()):
            assert (paper.parent / target).exists(), f"{paper.relative_to(ROOT)} links to {target}"
