"""A doctor who answers: opens the link, fills in the one form there is, and presses the last button."""

import re
from random import Random

import httpx

from demo.answers import plausible_answers
from domain.model import Round
from domain.package import Package
from web.questionnaire.routes import SEAL

_SEAL = re.compile(rf'name="{SEAL}" value="([^"]+)"')


class NotAnswered(Exception):  # noqa: N818 - a finding, named as one
    """The questionnaire was not to be had, or did not take the answers; the message has the status."""


async def answer(client: httpx.AsyncClient, token: str, package: Package, round_: Round, chance: Random) -> None:
    """Send made-up answers by the questionnaire's own door. Raises NotAnswered."""
    address = f"/svar/{token}"
    page = await client.get(address)
    seal = _SEAL.search(page.text)
    if page.is_error or seal is None:
        raise NotAnswered(f"no questionnaire ({page.status_code})")
    (answers,) = plausible_answers(package, round_, 1, chance.randrange(1 << 30))
    sent = await client.post(address, data={**answers, SEAL: seal[1], "go": "send"})
    if sent.status_code != httpx.codes.SEE_OTHER or not sent.headers["location"].startswith(f"{address}/tak"):
        raise NotAnswered(f"not taken ({sent.status_code})")
