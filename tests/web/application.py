"""The whole web on a real port, with a database, keys and packages; and the life of an order told in a few lines."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from activities.dependencies import Dependencies
from activities.letter_shown import LetterArchive
from domain import commands as do
from domain.by import Scope, operations
from domain.calendar import closing_time
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import DocumentId, OrderId, Round
from domain.order import Order
from domain.package import Package
from mail.folder_sender import FolderSender
from reporting.deck_check import deck_problems
from storage import api_keys, ballot_box, documents, survey_roll
from storage.database import Database
from storage.documents import DocumentKind, NewDocument
from storage.event_store import EventStore
from storage.keys import Keys
from storage.order_links import order_link
from storage.packages import packages_in
from storage.staff import OFFICE, StaffRole, add_staff
from tests.hand_clock import MONDAY, HandClock
from tests.local_orders import LocalOrders
from tests.web.reading import Shown
from web.access_log import log_config
from web.app import create_app
from web.engine_port import EngineReport
from web.orders_port import Unavailable
from web.package_repository import PackageRepository
from web.services import HealthCheck, Services
from web.slow_clients import BoundedProtocol

TRIVSEL = "trivsel-og-arbejdsglaede"
SAMARBEJDE = "samarbejde-og-faellesskab"
OPERATIONS = operations(OFFICE)
MASTER_KEY = b"en noegle til proeven, lang nok."
NO_TLS = ssl.create_default_context()
"""Made once: a client would read every root certificate anew, for a server that has none."""
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

NAMES = (
    "Mette Holm", "Jens Krogh", "Aisha Nour", "Ole Bach", "Lis Frost", "Åse Ærø", "Bo Ågesen", "Søren Øst",
)  # fmt: skip


def order_json(package: str = TRIVSEL, **changes: Any) -> dict[str, Any]:
    """An order from kiap.dk with eight doctors in four practices."""
    members = [
        {
            "name": name,
            "email": f"laege{number}@example.dk",
            "practice": f"Praksis {number // 2}",
            "role": "ejerlæge",
        }
        for number, name in enumerate(NAMES)
    ]
    return {
        "cluster": {"name": "Aalborg Øst", "region": "nordjylland"},
        "package": package,
        "coordinator": {"name": "Mette Holm", "email": "mette.holm@example.dk", "phone": "20 30 40 50"},
        "members": members,
        **changes,
    }


@dataclass
class HandEngine:
    """The engine beneath, which says what the test decides; nothing at first."""

    told: EngineReport | Exception = field(default_factory=Unavailable)

    async def report(self) -> EngineReport:
        if isinstance(self.told, Exception):
            raise self.told
        return self.told


@dataclass
class Web:
    """A running web."""

    address: str
    services: Services
    database: Database
    orders: LocalOrders
    clock: HandClock
    wall: HandClock
    """This machine's clock, by which sessions live: it stands still unless a test moves it."""
    checks: dict[str, HealthCheck]
    engine: HandEngine

    @cached_property
    def site_key(self) -> str:
        """kiap.dk's own API key: it places orders, reads them and their people, and gives commands."""
        return self.new_key("kiap-dk", *Scope)

    def client(self, key: str = "") -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=20, verify=NO_TLS)

    def place(self, idempotency_key: str = "bestilling-0001", **changes: Any) -> str:
        """An order's id, placed over HTTP."""
        with self.client(self.site_key) as http:
            answer = http.post(
                "/api/v1/orders", json=order_json(**changes), headers={"Idempotency-Key": idempotency_key}
            )
        assert answer.status_code == 201, answer.text
        order: str = answer.json()["order"]
        return order

    def command(self, order: str, key: str = "", **asked: Any) -> httpx.Response:
        with self.client(key or self.site_key) as http:
            return http.post(f"/api/v1/orders/{order}/commands", json=asked)

    def order(self, order: str) -> Order:
        return self.orders.order(order)

    def page_of(self, order: str) -> str:
        """The path of the present coordinator's order page."""
        found = self.order(order)
        return f"/bestilling/{order_link(self.services.keys, found.id, found.coordinator)}"

    def new_key(self, name: str, *scopes: Scope) -> str:
        """An API key of another system, for these things alone."""
        with self.database.write() as connection:
            return api_keys.make_key(connection, name, scopes, MONDAY)

    # --- what the workflow would do ---

    def plan(self, order: str, starts: str = "2026-03-25T17:00") -> None:
        answer = self.command(
            order, type="agree_plan", meeting={"starts": starts}, place_text="Lægehuset Torvet, mødelokale 2"
        )
        assert answer.status_code == 200, answer.text

    def open_survey(self, order: str, round_: Round = Round.BASELINE) -> list[str]:
        """Open the round on its day and invite; the paths of the members' questionnaires."""
        found = self.order(order)
        opens = (found.baseline.opens if found.baseline else None) if round_ is Round.BASELINE else None
        opens = opens or found.follow_up.opens
        assert opens is not None
        self.clock.instant = at(opens, dt.time(9))
        self.orders.give(order, do.OpenSurvey(round=round_))
        with self.database.read() as connection:
            roll = survey_roll.outstanding(connection, OrderId(order), round_)
        tokens = {each.person: each.token(self.services.keys) for each in roll}
        return [f"/svar/{tokens[person]}" for person in found.active_members]

    def answered_by_all(self, order: str) -> None:
        """The first round from opening to counting, with an answer from everybody."""
        with self.client() as http:
            for link in self.open_survey(order):
                fill_in(http, link, arbejdsglaede="hoej")
        self.close_survey(order)

    def close_survey(self, order: str, round_: Round = Round.BASELINE) -> None:
        """Close the round on its last day, when the time is up, and count."""
        survey = self.order(order).survey(round_)
        assert survey is not None
        self.clock.instant = closing_time(survey.closes)
        self.orders.give(order, do.CloseSurvey(round=round_, why="due"))
        with self.database.write() as connection:
            turnout = ballot_box.close_round(connection, OrderId(order), round_)
        self.orders.give(order, do.RecordTurnout(round=round_, answers=turnout.answers, invited=turnout.invited))

    def make_deck(
        self, order: str, round_: Round = Round.BASELINE, free_texts: int = 0, kinds: Sequence[DocumentKind] = ("deck",)
    ) -> list[str]:
        """The round's next deck, in review; the paths of its documents."""
        survey = self.order(order).survey(round_)
        assert survey is not None
        if not survey.tabulated:
            counted = do.RecordResults(
                round=round_, answers=survey.answers or 0, free_texts=free_texts, extract=survey.extract
            )
            self.orders.give(order, counted)
        version = survey.deck_version + 1
        with self.database.write() as connection:
            infos = [
                documents.put(connection, self.services.keys, OrderId(order), round_, new, self.clock.instant)
                for new in (_document(kind, version) for kind in kinds)
            ]
        made = tuple(DocumentId(info.id) for info in infos)
        self.orders.give(order, do.RecordDeck(round=round_, version=version, documents=made))
        return [f"/d/{info.token(self.services.keys)}" for info in infos]

    def hold_meeting(self, order: str) -> None:
        """From an open survey that nobody answered to the morning after the meeting."""
        self.close_survey(order)
        self.orders.give(order, do.GoOnWithoutResults())
        self.orders.give(order, do.RecordResults(round=Round.BASELINE, answers=0, free_texts=0))
        self.orders.give(order, do.RecordDeck(round=Round.BASELINE, version=1, documents=()))
        self.orders.give(order, do.ReleaseDeck())
        meeting = self.order(order).meeting
        assert meeting is not None
        self.clock.instant = meeting.ends_at + dt.timedelta(hours=14)

    def ask_for_the_record(self, order: str) -> None:
        """The coordinator has got the mail that asks how the meeting went."""
        found = self.order(order)
        key = Letter(Occasion.RECORD_REQUEST, number=f"{found.meeting_edition}.1").key
        self.orders.give(order, do.RecordLetters(key=key, sent=1, seen=found.version))

    def consultant(self, order: str) -> str:
        """A consultant takes the order; the path of their page."""
        with self.database.write() as connection:
            staff = add_staff(connection, "Karen Lund", "karen@kiap.dk", StaffRole.CONSULTANT)
        self.orders.give(order, do.AssignConsultant(consultant=staff), by=OPERATIONS)
        return f"/bestilling/{order_link(self.services.keys, OrderId(order), staff)}"


def fill_in(http: httpx.Client, link: str, **answers: str | list[str]) -> httpx.Response:
    """Open the questionnaire and press its last button with these answers; the page's own answer to that."""
    page = http.get(link)
    return http.post(link, data={**Shown(page).fields(), "go": "send", **answers})


def _document(kind: DocumentKind, version: int) -> NewDocument:
    filename = f"Trivsel og arbejdsglæde – Aalborg Øst.{'pptx' if kind == 'deck' else 'docx'}"
    content = f"PK {kind}" if version == 1 else f"PK {kind} {version}"
    return NewDocument(kind, version, filename, PPTX, content.encode())


class _Server(uvicorn.Server):
    """Looks a hundred times a second whether it is to end, not ten: the tests end a server each."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            await asyncio.sleep(0.01)


@cache
def the_packages() -> dict[str, Package]:
    return packages_in(deck_problems)


def _no_sender() -> FolderSender:
    """The web sends no mail."""
    return FolderSender(Path("/nonexistent"))


@contextmanager
def running_web(
    database: Database, base_url: str = "", packages: Iterable[Package] = (), backups: Path | None = None
) -> Iterator[Web]:
    """uvicorn in a thread, on a free port of the loopback."""
    clock, wall = HandClock(), HandClock()
    keys = Keys(MASTER_KEY)
    work = Dependencies(database, EventStore(database), keys, _no_sender(), base_url)
    orders = LocalOrders(work, clock)
    checks: dict[str, HealthCheck] = {}
    engine = HandEngine()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        services = Services(
            database=database,
            keys=keys,
            packages=PackageRepository(database, packages or the_packages().values()),
            orders=orders,
            base_url=base_url or address,
            clock=clock,
            wall_clock=wall,
            checks=checks,
            engine=engine,
            letters=LetterArchive(replace(work, base_url=base_url or address)),
            backups=backups,
        )
        server = _Server(
            uvicorn.Config(
                create_app(services),
                log_config=log_config("WARNING"),
                timeout_graceful_shutdown=1,
                http=BoundedProtocol,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Web(address, services, database, orders, clock, wall, checks, engine)
        finally:
            server.should_exit = True
            thread.join(10)
