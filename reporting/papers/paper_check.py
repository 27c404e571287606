"""Whether every paper that a text speaks of is one the system makes: nobody looks for a sheet that is not there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.package import Package, Problem
from reporting.papers.catalogue import ALSO_MADE, PAPERS

Where = tuple[str | int, ...]

_ENDING = (
    r"ark(?:et|ene)?|plan(?:en|er|erne)?|drejebog(?:en)?|drejebøger(?:ne)?|oversigt(?:en|er|erne)?|skema(?:et|er|erne)?"
    r"|uddelingskopi(?:en|er|erne)?|program(?:met|mer|merne)?|rapport(?:en|er|erne)?|folder(?:en|e|ne)?|pjece(?:n|r|rne)?"
    r"|liste(?:n|r|rne)?|vejledning(?:en|er|erne)?|hæfte(?:t|r|rne)?|plakat(?:en|er|erne)?"
)
_PAPER_WORD = re.compile(rf"\b(\w*?(?:{_ENDING}))\b", re.IGNORECASE)
"""A word that ends as the names of papers do."""

NO_PAPERS: Mapping[str, str] = {
    "spørgeskema": "pages of ours",
    "spørgeskemaet": "pages of ours",
    "spørgeskemaer": "pages of ours",
    "spørgeskemaerne": "pages of ours",
    "skemaet": "the table of one's own score, in deck and results",
    "plan": "what people have",
    "planen": "the implementation plan, or the meeting as it is agreed",
    "tidsplan": "the programme",
    "tidsskema": "what a clinic has",
    "handleplan": "what a clinic has",
    "arket": "the sheet spoken of before",
    "liste": "what stands on the page",
    "listen": "what stands on the slide or the page",
    "hæftet": "KiAP's own booklet of the package",
    "vedhæftet": "what is attached to a mail",
    "seponeringsliste": "the Danish Health Authority's",
    "seponeringslisten": "the same",
    "ark": "a part of the name of a sheet",
}
"""Words with such an ending that mean no paper of ours, and what they mean."""

_NAMES = [*(name for kind in PAPERS for name in kind.words), *ALSO_MADE]
MADE = frozenset(word.casefold() for name in _NAMES for word in name.split())
"""The words that the papers there are have in their names."""


def papers_spoken_of(text: str) -> list[str]:
    """The words of a text that name a paper, as they stand there."""
    return [match[1] for match in _PAPER_WORD.finditer(text) if match[1].casefold() not in NO_PAPERS]


def papers_not_made(text: str) -> list[str]:
    """Those of them that the system does not make."""
    return [word for word in papers_spoken_of(text) if word.casefold() not in MADE]


def paper_problems(package: Package) -> Iterator[Problem]:
    """Every paper that the package's own words speak of, and nobody makes, where it stands."""
    content = package.model_dump(mode="json", exclude={"english", "sources", "references", "items", "scales", "slug"})
    for where, text in _texts((), content):
        for word in papers_not_made(text):
            yield Problem(where, f"'{word}' is no paper that the system makes; see reporting/papers/catalogue.py")


def _texts(where: Where, value: Any) -> Iterator[tuple[Where, str]]:  # noqa: ANN401 - what a package dumps to
    if isinstance(value, str):
        if "source" not in where:
            yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts((*where, str(key)), inner)
    elif isinstance(value, Sequence):
        for place, inner in enumerate(value):
            yield from _texts((*where, place), inner)
