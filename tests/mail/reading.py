"""A mail as its reader meets it: the words of both forms, and what the page is made of."""

from html.parser import HTMLParser

from mail.envelope import Mail


class Page(HTMLParser):
    """What a reader of the HTML meets: its words, its links, its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.words: list[str] = []
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.headings = 0
        self.tables: list[dict[str, str | None]] = []
        self.row_headers = 0
        self.hidden = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._space_around(tag)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "table":
            self.tables.append(given)
        self.headings += tag == "h1"
        self.row_headers += tag == "th" and given.get("scope") == "row"
        if tag == "a":
            self.links.append(given["href"] or "")
            if given.get("class") == "button":
                self.buttons.append(given["href"] or "")
        if tag not in ("br", "meta"):
            self._inside.append("preheader" if given.get("class") == "preheader" else tag)

    def handle_endtag(self, tag: str) -> None:
        self._space_around(tag)
        self._inside.pop()

    def _space_around(self, tag: str) -> None:
        if tag not in ("a", "strong", "span"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if "preheader" in self._inside:
            self.hidden += data
        elif "head" not in self._inside:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def both_forms(mail: Mail) -> tuple[str, str]:
    """The words of the text and of the page, each as one line."""
    return " ".join(mail.text.split()), Page(mail.html).text


def everything(mail: Mail) -> str:
    """Subject, text and HTML as they are sent."""
    return f"{mail.subject}\n{mail.text}\n{mail.html}"
