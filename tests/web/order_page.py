"""The order's page as its reader uses it: what waits, what is offered, and the form behind it."""

import httpx

from tests.web.application import Web
from tests.web.reading import Shown, Visitor


def order_page(web: Web, http: httpx.Client, order: str) -> Shown:
    """The coordinator's."""
    return Shown(http.get(web.page_of(order)))


def visit(web: Web, http: httpx.Client, order: str, slug: str) -> Visitor:
    """One of the coordinator's forms."""
    return Visitor(http, f"{web.page_of(order)}/{slug}")


def waiting(page: Shown) -> list[str]:
    """Where the links lead beneath what the order waits for."""
    return [str(link) for link in page.tree.xpath("//section[@aria-labelledby='nu']//a/@href")]


def offered(page: Shown) -> list[str]:
    """The labels of what can be done."""
    return [each.text_content() for each in page.tree.xpath("//section[@aria-labelledby='goer']//a")]


def agree(visitor: Visitor) -> Shown:
    """Press the button beneath what was looked through."""
    (seen,) = visitor.page.tree.xpath("//button[@name='set']/@value")
    return visitor.send(set=str(seen))
