"""A person at a browser without JavaScript: reads a page's form, fills it in, presses a button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


class PageSaysNo(Exception):  # noqa: N818 - a finding, named as one
    """The page did not do what the person wanted; the message is what it said."""


@dataclass
class Form:
    """The page's first POST form: where it goes, what it carries, what can be filled in."""

    action: str = ""
    carried: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.text: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post" and not self.form.action:
            self._inside, self.form.action = True, given.get("action", "")
        if not self._inside or "name" not in given:
            return
        name, value = given["name"], given.get("value", "")
        if tag == "button":
            self.form.buttons.append((name, value))
        elif tag == "textarea":
            self.form.fields.setdefault(name, [])
        elif given.get("type") == "hidden":
            self.form.carried.append((name, value))
        elif tag == "input":
            self.form.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


class Browser:
    """One person's. Keeps no cookies, for there are none."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def open(self, url: str) -> Form:
        """Follow a link to a page with a form."""
        return self._read(await self._client.get(url, follow_redirects=True))

    async def press(
        self, form: Form, button: tuple[str, str] | None, filled: list[tuple[str, str]]
    ) -> tuple[Form, httpx.URL]:
        """Send the form with what was filled in; the next page's form and address. Raises PageSaysNo."""
        pairs = [*form.carried, *filled, *([button] if button else [])]
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        answer = await self._client.post(form.action, data=data, follow_redirects=True)
        return self._read(answer), answer.url

    async def download(self, url: str) -> bytes:
        """A file behind a link."""
        answer = await self._client.get(url)
        answer.raise_for_status()
        return answer.content

    def _read(self, answer: httpx.Response) -> Form:
        reader = _Reader()
        reader.feed(answer.text)
        if answer.is_error:
            raise PageSaysNo(f"{answer.status_code}: {' '.join(reader.text)[:300]}")
        return reader.form


async def answer_the_questionnaire(browser: Browser, link: str, answers: dict[str, list[str]]) -> int:
    """From the mail's link to the thank-you page, page by page; how many pages that were. Raises PageSaysNo."""
    form, turned = await browser.open(link), 0
    url = httpx.URL(link)
    while not url.path.endswith("/tak"):
        filled = [(name, value) for name in form.fields for value in answers.get(name, [])]
        form, url = await browser.press(form, _onwards(form), filled)
        turned += 1
        if turned > 100:
            raise PageSaysNo(f"the questionnaire at {url.path[:5]}… does not end")
    return turned


def _onwards(form: Form) -> tuple[str, str] | None:
    """The button that leads on: send, where it is there, else the page's first."""
    return ("go", "send") if ("go", "send") in form.buttons else next(iter(form.buttons), None)
