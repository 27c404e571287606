"""Every form of the console, given well: it leads on to a page, so that loading that again does nothing again.

A new action falls into the table by itself: give a form of it here.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from storage import account_links, bulk_changes, clusters, saved_views, subscriptions
from storage.database import Database
from storage.outbox import MailState
from storage.staff import StaffRole
from tests.a_register import EXTRACT
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web
from tests.web.console.decks import deck_with, in_review
from tests.web.console.office import (
    ANSWERED_WITH_A_PAGE,
    PASSWORD,
    Colleague,
    add,
    browser,
    signed_in,
    with_password,
)
from tests.web.console.orders import order_of
from tests.web.console.outgoing import put
from tests.web.register_orders import awaited, placed, register_web
from web.console.pages import add_console
from web.console.router import routes_of

Form = tuple[str, Mapping[str, Any]]
ID = "0" * 32
LIST = "Karla Ny;karla@example.dk;Praksis 0;Ejerlæge"
ANOTHER = f"{PASSWORD} mere"
CONSULTANTS_OWN = {"/drift/handling/{order}/tag"}
WITHOUT_A_SESSION = {"/drift/log-ind", "/drift/velkommen/{link}"}


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """With a package of a register's numbers among its packages."""
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with register_web(database) as running:
        yield running
    database.close()


class Scene:
    """What forms are about, made when a form asks for it."""

    def __init__(self, web: Web, me: Colleague) -> None:
        self.web = web
        self.me = me
        self.order = order_of(web, "Ribe")

    def in_review(self) -> str:
        self.web.plan(self.order)
        self.web.answered_by_all(self.order)
        in_review(self.web, self.order)
        return self.order

    def awaiting_an_extract(self) -> str:
        order = placed(self.web)
        awaited(self.web, order)
        return order

    def receiver(self) -> str:
        with self.web.database.write() as connection:
            keys, url = self.web.services.keys, "https://modtager.example/"
            return subscriptions.add(connection, keys, url, (), self.web.clock.instant)[0]

    def bulk(self) -> str:
        with self.web.database.write() as connection:
            rows = [(self.order, self.web.order(self.order).version)]
            return bulk_changes.freeze(connection, self.me.id, rows, self.web.clock.instant)

    def view(self) -> str:
        with self.web.database.write() as connection:
            saved_views.save_view(connection, self.me.id, "Mine", "", self.web.clock.instant)
            (view,) = saved_views.views_of(connection, self.me.id)
        return str(view.id)

    def cluster(self) -> str:
        with self.web.database.read() as connection:
            return str(clusters.clusters(connection)[0].id)

    def welcome(self) -> str:
        colleague = add(self.web)
        with self.web.database.write() as connection:
            return account_links.make_link(connection, colleague, self.web.wall.instant)

    def key(self) -> str:
        self.me.post("/drift/noegler", navn="journal", maa="read_orders")
        return "journal"


COLLEAGUE = {"navn": "Niels Nord", "mail": "niels@kiap.example", "telefon": "", "rolle": "consultant"}
FORMS: dict[str, Callable[[Scene], Form]] = {
    "/drift/log-ind": lambda s: ("", {"mail": "asta@kiap.example", "adgangskode": PASSWORD}),
    "/drift/velkommen/{link}": lambda s: (s.welcome(), {"ny": PASSWORD, "igen": PASSWORD}),
    "/drift/log-ud": lambda s: ("", {}),
    "/drift/min-side/afslut": lambda s: ("", {"session": "ingen"}),
    "/drift/min-side/afslut-andre": lambda s: ("", {}),
    "/drift/min-side/adgangskode": lambda s: ("", {"nu": PASSWORD, "ny": ANOTHER, "igen": ANOTHER}),
    "/drift/handling/{order}/opkald": lambda s: (s.order, {"anmodning": ID}),
    "/drift/handling/{order}/tag": lambda s: (s.order, {"anmodning": ID, "hos": ""}),
    "/drift/handling/{order}/udskyd": lambda s: (
        s.order, {"anmodning": ID, "task": "hold_the_call", "until": "2026-01-08", "why_text": "Ferie"},
    ),
    "/drift/handling/{order}/frem": lambda s: (s.order, {"anmodning": ID, "task": "hold_the_call"}),
    "/drift/forloeb/{order}/ret-praesentation": lambda s: (
        s.in_review(), {"anmodning": ID, "why_text": "Et tal", "deck": deck_with("Ribe")},
    ),
    "/drift/forloeb/{order}/registertal": lambda s: (
        s.awaiting_an_extract(), {"anmodning": ID, "extract": EXTRACT.encode()},
    ),
    "/drift/forloeb/{order}/{form}": lambda s: (s.order, {"anmodning": ID, "note_text": "Ring efter kl. 12"}),
    "/drift/forloeb/{order}/medlemmer": lambda s: (s.order, {"liste": LIST}),
    "/drift/forloeb/{order}/medlemmer/gem": lambda s: (s.order, {"liste": LIST, "anmodning": ID}),
    "/drift/flere": lambda s: ("", {"hvem": "valgte", "valgt": [s.order], "filtre": ""}),
    "/drift/flere/{bulk}/vis": lambda s: (s.bulk(), {"handling": "extend_survey", "dage": "3"}),
    "/drift/flere/{bulk}/udfoer": lambda s: (s.bulk(), {}),
    "/drift/visninger": lambda s: ("", {"filtre": "", "navn": "Mine"}),
    "/drift/visninger/{view}/slet": lambda s: (s.view(), {}),
    "/drift/landet/region": lambda s: ("", {"klynge": s.cluster(), "region": "nordjylland"}),
    "/drift/mails/{mail}/afgjort": lambda s: (put(s.web, s.order, MailState.UNKNOWN), {"fundet": "left"}),
    "/drift/mails/{mail}/igen": lambda s: (put(s.web, s.order, MailState.FAILED), {}),
    "/drift/mails/{mail}/til-side": lambda s: (put(s.web, s.order, MailState.FAILED), {}),
    "/drift/kolleger": lambda s: ("", COLLEAGUE),
    "/drift/kolleger/{colleague}/ret": lambda s: (add(s.web), COLLEAGUE),
    "/drift/kolleger/{colleague}/rolle": lambda s: (add(s.web), {"rolle": "consultant"}),
    "/drift/kolleger/{colleague}/link": lambda s: (add(s.web), {"hvorfor": ""}),
    "/drift/kolleger/{colleague}/holdt-op": lambda s: (add(s.web), {"sikker": "ja"}),
    "/drift/noegler": lambda s: ("", {"navn": "journal", "maa": "read_orders"}),
    "/drift/noegler/{name}/luk": lambda s: (s.key(), {}),
    "/drift/modtagere": lambda s: ("", {"adresse": "https://modtager.example/"}),
    "/drift/modtagere/{receiver}/pause": lambda s: (s.receiver(), {}),
    "/drift/modtagere/{receiver}/igen": lambda s: (s.receiver(), {}),
    "/drift/modtagere/{receiver}/forfra": lambda s: (s.receiver(), {"fra": "2026-01-04"}),
    "/drift/modtagere/{receiver}/hemmelighed": lambda s: (s.receiver(), {}),
    "/drift/modtagere/{receiver}/fjern": lambda s: (s.receiver(), {"sikker": "ja"}),
}  # fmt: skip
"""What the path is about, and the fields, by the path of each action."""


def test_every_form_of_the_console_stands_here() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    add_console(app)
    actions = {route.path for route in routes_of(app) if "POST" in route.methods}
    assert actions == set(FORMS), "give a form of it in FORMS"


@pytest.mark.parametrize("path", FORMS)
def test_a_form_given_well_leads_on_to_a_page(web: Web, path: str) -> None:
    role = StaffRole.CONSULTANT if path in CONSULTANTS_OWN else StaffRole.ADMINISTRATOR
    with signed_in(web, role, with_password(web, role)) as me:
        about, fields = FORMS[path](Scene(web, me))
        filled = path.replace("{form}", "note")
        filled = filled if "{" not in filled else f"{filled.partition('{')[0]}{about}{filled.partition('}')[2]}"
        if path in WITHOUT_A_SESSION:
            with browser(web) as http:
                answer = http.post(filled, data=dict(fields))
        else:
            answer = me.post(filled, fields)
        assert answer.status_code == (200 if ANSWERED_WITH_A_PAGE.fullmatch(filled) else 303), answer.text
