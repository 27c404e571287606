"""No text speaks of a paper that the system does not make: packages, mails and pages are read through."""

import re
from pathlib import Path

import pytest

from domain.package import Package
from mail.catalogue import MESSAGES
from reporting.papers.catalogue import PAPERS
from reporting.papers.paper_check import paper_problems, papers_not_made, papers_spoken_of
from tests.reporting.clusters import PACKAGES
from tests.the_packages import TRIVSEL
from web.templating import TEMPLATES

FOR_DOCTORS = ("order", "meeting", "questionnaire", "front", "message", "new_link", "order_form")
"""The pages that doctors and coordinators see, by how their templates' names begin."""
TEXTS = [
    *(file for file in MESSAGES.rglob("*") if file.suffix in (".txt", ".html")),
    *(
        file
        for file in TEMPLATES.rglob("*.html")
        if file.relative_to(TEMPLATES).parts[0].startswith(FOR_DOCTORS) and ".en" not in file.name
    ),
]


def read(file: Path) -> str:
    """The words of a template: its tags and logic are left out, and what logic says in quotes is kept."""
    text = re.sub(r"{#.*?#}|{%.*?%}|<[^>]*>", " ", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"{{.*?}}", lambda found: " ".join(re.findall(r'"([^"]*)"', found[0])), text, flags=re.DOTALL)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_no_package_speaks_of_a_paper_that_nobody_makes(package: Package) -> None:
    assert list(paper_problems(package)) == []


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: "/".join(file.parts[-2:]))
def test_no_mail_and_no_page_speaks_of_a_paper_that_nobody_makes(file: Path) -> None:
    assert papers_not_made(read(file)) == []


def test_the_texts_do_speak_of_papers() -> None:
    spoken = {word.casefold() for file in TEXTS for word in papers_spoken_of(read(file))}
    assert {"uddelingskopierne", "drejebog", "refleksionsark", "implementeringsplan", "oversigt"} <= spoken


@pytest.mark.parametrize(
    "word", ["samtaleark", "evalueringsskemaet", "årsplanen", "tjekliste", "vejledningen", "pjecer", "Statusrapporten"]
)
def test_a_paper_that_is_not_made_is_found_in_any_form_of_its_name(word: str) -> None:
    assert papers_not_made(f"Udfyld {word} sammen.") == [word]


@pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.id)
def test_each_paper_can_be_spoken_of_by_its_names(kind: object) -> None:
    words = getattr(kind, "words")  # noqa: B009
    assert all(papers_not_made(f"Tag {word} med.") == [] for word in words)


def test_a_fault_stands_where_the_words_do() -> None:
    changed = TRIVSEL.model_copy(update={"homework": "Udfyld evalueringsskemaet."})
    (problem,) = paper_problems(changed)
    assert problem.where == ("homework",)
    assert "'evalueringsskemaet' is no paper that the system makes" in problem.what
