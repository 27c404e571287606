"""A share of the country's clusters, lived in a process of its own: there is one a processor, since it is all work.

    python -m demo.country.share '{"data": …}'

Each finished cluster is a line on standard output.
"""

import asyncio
import datetime as dt
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import httpx
from pydantic import AwareDatetime, BaseModel

from demo.country.doctor import answer
from demo.country.opening import open_country
from demo.country.seeding import Office, Seeding
from demo.own_settings import of_its_own
from domain.model import Round
from domain.order import Order
from web.app import create_app
from web.orders_port import Accepted, Unavailable
from web.package_repository import PackageRepository
from web.services import Services
from worker.stack import Stack


class Share(BaseModel):
    """What one process is told: where the country is kept, and which of its clusters are this one's."""

    data: Path
    port: int
    now: AwareDatetime
    office: Office
    many: int
    part: int
    parts: int


class _NoWorkflows:
    """Nobody gives commands yet: workflows begin where the past ends."""

    async def start(self, order_id: str) -> None:  # noqa: ARG002 - as the port has it
        raise Unavailable("no workflow runs yet")

    async def execute(self, *_: object, **__: object) -> Accepted:
        raise Unavailable("no workflow runs yet")


def live(share: Share) -> None:
    """Live this share, telling each cluster on standard output."""
    with (
        closing(open_country(of_its_own(share.data, share.port), migrating=False)) as stack,
        asyncio.Runner() as runner,
    ):
        services = _services(stack)
        chance = Random(f"svar/{share.part}")  # noqa: S311 - a dice, no secret
        address = stack.settings.url
        client = httpx.AsyncClient(transport=httpx.ASGITransport(create_app(services)), base_url=address)

        def send(token: str, order: Order, round_: Round) -> None:
            runner.run(answer(client, token, services.packages.of(order), round_, chance))

        seeding = Seeding(services, stack.dependencies, share.office, send, share.now.astimezone(dt.UTC))
        for town in seeding.live(share.many, share.part, share.parts):
            print(town.name, flush=True)
        runner.run(client.aclose())


def _services(stack: Stack) -> Services:
    return Services(
        database=stack.database,
        keys=stack.keys,
        packages=PackageRepository(stack.database, stack.packages),
        orders=_NoWorkflows(),
        base_url=stack.settings.url,
    )


def main(arguments: Sequence[str]) -> None:
    live(Share.model_validate_json(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
