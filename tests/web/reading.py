"""Reading pages as a browser does: the form's fields as they stand, headings, what an element is described by."""

from collections.abc import Iterator
from typing import Any

import httpx
from lxml import html


class Shown:
    """A page that was answered."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.text = answer.text
        self.tree: Any = html.fromstring(answer.text)

    @property
    def heading(self) -> str:
        (heading,) = self.tree.xpath("//h1")
        return " ".join(heading.text_content().split())

    @property
    def words(self) -> str:
        """What can be read on the page."""
        return " ".join(self.tree.xpath("//main")[0].text_content().split())

    def legends(self) -> list[str]:
        return [" ".join(each.text_content().split()) for each in self.tree.xpath("//legend")]

    def fields(self) -> dict[str, list[str]]:
        """What the form would send, with nothing more chosen."""
        return fields_in(*self.tree.xpath("//form"))

    def chosen(self) -> list[str]:
        """The ids of what is ticked."""
        return [element.get("id") for element in self.tree.xpath("//input[@checked]")]

    def described_by(self, element_id: str) -> str:
        """The text that an element points to with aria-describedby."""
        (element,) = self.tree.xpath(f"//*[@id='{element_id}']")
        ids = (element.get("aria-describedby") or "").split()
        return " ".join(self.tree.xpath(f"//*[@id='{each}']")[0].text_content() for each in ids)

    def links(self) -> list[str]:
        return [str(link) for link in self.tree.xpath("//main//a/@href")]


def fields_in(*forms: Any) -> dict[str, list[str]]:
    """What a browser would send of forms as they stand: with what is ticked and filled in, and nothing more."""
    sent: dict[str, list[str]] = {}
    for form in forms:
        for name, value in _fields(form):
            sent.setdefault(name, []).append(value)
    return sent


def _fields(form: Any) -> Iterator[tuple[str, str]]:
    for element in form.xpath(".//input"):
        if element.get("type") in ("radio", "checkbox") and element.get("checked") is None:
            continue
        yield element.get("name"), element.get("value", "")
    for element in form.xpath(".//select"):
        chosen = element.xpath("./option[@selected]") or element.xpath("./option")
        yield element.get("name"), chosen[0].get("value")
    for element in form.xpath(".//textarea"):
        yield element.get("name"), (element.text or "").removeprefix("\n")


class Visitor:
    """Somebody filling in a form."""

    def __init__(self, http: httpx.Client, path: str) -> None:
        self._http = http
        self.path = path
        self.page = Shown(http.get(path))

    def press(self, go: str, **chosen: str | list[str]) -> Shown:
        """Choose and press a button; fields on the page that were not touched go along as they stand."""
        return self.send(go=go, **chosen)

    def send(self, **chosen: str | list[str]) -> Shown:
        """Fill in and send the form."""
        answer = self._http.post(self.path, data={**self.page.fields(), **chosen}, follow_redirects=True)
        self.page = Shown(answer)
        return self.page
