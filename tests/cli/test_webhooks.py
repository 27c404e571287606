"""`klyngeflow webhooks`: added, seen, replayed, paused, resumed, given another secret and removed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.by import SYSTEM
from domain.events import Event
from storage import deliveries, subscriptions
from storage.audit import Deed, Wanted, entries
from storage.database import Database
from storage.deliveries import Delivery, DeliveryState, new_delivery
from storage.event_store import EventStore
from storage.keys import Keys
from storage.log_reader import entry_at
from storage.subscriptions import Subscription
from storage.webhook_secrets import signing_secrets
from tests.cli.command_line import CommandLine, Ran
from tests.databases import new_sqlite, sqlite_url
from tests.storage.lives import assigned, placed, planned
from worker.settings import Settings

URL = "https://kiap.dk/haendelser"
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class Terminal:
    """The command line on a data folder of its own, with a log of nine events: three a day from 2 November."""

    def __init__(self, klyngeflow: CommandLine, data: Path) -> None:
        self._klyngeflow, self.data = klyngeflow, data
        self.database = Database(sqlite_url(new_sqlite(data / "klyngeflow.db")))
        (data / "master.key").write_bytes(bytes(range(32)))
        store = EventStore(self.database)
        for day in range(3):
            events: list[Event] = [placed(f"o-{day}", cluster=f"klynge-{day}"), assigned(), planned()]
            store.append(f"o-{day}", 0, events, by=SYSTEM, now=NOW + dt.timedelta(days=day))

    def __call__(self, *arguments: str) -> Ran:
        return self._klyngeflow("webhooks", *arguments, "--data", self.data)

    def refused(self, *arguments: str) -> str:
        ran = self(*arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) in ((1, "", 1), (2, "", 1))
        return ran.err.removeprefix("klyngeflow: ").strip()

    def added(self, *arguments: str) -> tuple[str, str]:
        ran = self("add", URL, *arguments)
        assert (ran.code, ran.err) == (0, "")
        id_, secret = ran.out.split()
        return id_, secret

    def found(self, id_: str) -> Subscription:
        with self.database.read() as connection:
            return subscriptions.subscription(connection, id_)

    def sent(self, id_: str, *states: DeliveryState) -> None:
        """As if these events had been sent, from the first on, with these outcomes."""
        with self.database.write() as connection:
            reader = subscriptions.subscription(connection, id_).reader
            reader.advance(connection, reader.next_batch(connection, len(states)))
            rows = [new_delivery(entry_at(connection, position)) for position in range(1, len(states) + 1)]
            deliveries.put(connection, id_, [_tried(*each) for each in zip(rows, states, strict=True)])

    def deeds(self) -> list[tuple[Deed, str, str]]:
        with self.database.read() as connection:
            return [(each.deed, each.about, each.facts.get("did", "")) for each in entries(connection, Wanted(), 50)]


def _tried(row: Delivery, state: DeliveryState) -> Delivery:
    code = "http_204" if state is DeliveryState.DELIVERED else "timeout"
    again_at = NOW + dt.timedelta(hours=1) if state is DeliveryState.WAITING else None
    return Delivery(row.position, row.event_id, row.order_id, row.type, state, 2, code, NOW, NOW, again_at)


@pytest.fixture
def terminal(tmp_path: Path, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(klyngeflow, tmp_path)
    with closing(terminal.database):
        yield terminal


def test_one_that_is_added_gets_what_comes_from_now_on_and_its_secret_is_shown_once(terminal: Terminal) -> None:
    id_, secret = terminal.added("--events", "deck_released, order_placed")
    found = terminal.found(id_)
    assert (found.url, found.events, found.position, found.behind) == (URL, ("deck_released", "order_placed"), 9, 0)
    assert secret.startswith("whsec_")
    told = "".join(terminal(*command).out for command in (["list"], ["list", "--json"], ["show", id_]))
    assert secret not in told
    assert not any(secret[6:].encode() in file.read_bytes() for file in terminal.data.iterdir() if file.is_file())


@pytest.mark.parametrize(
    ("given", "after"),
    [("1", 0), ("5", 4), ("10", 9), ("2026-11-03", 3), ("2026-11-03T10:00", 3), ("2026-11-03T10:01", 6),
     ("2026-11-03T09:00:01Z", 6), ("2030-01-01", 9), ("1999-01-01", 0)],
)  # fmt: skip
def test_where_it_begins_is_a_position_a_day_or_an_instant(terminal: Terminal, given: str, after: int) -> None:
    id_, _ = terminal.added("--from", given)
    assert terminal.found(id_).position == after


@pytest.mark.parametrize("given", ["0", "11", "-1", "i går", "2026-13-01", "9" * 30, "٣"])
def test_where_nothing_is_is_refused(terminal: Terminal, given: str) -> None:
    assert terminal.refused("add", URL, f"--from={given}")
    assert terminal("list").out == "There are no subscriptions.\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("kiap.dk", "is no web address"),
        ("https://", "is no web address"),
        ("ftp://kiap.dk/", "is no web address"),
        ("https://navn:kode@kiap.dk/", "must have no name, password"),
        ("https://10.0.0.8/", "is on this machine or a private network"),
        ("http://localhost:9000/", "is on this machine or a private network"),
        (f"https://kiap.dk/{'x' * 2000}", "has more than 2000 characters"),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused(terminal: Terminal, url: str, why: str) -> None:
    assert terminal.refused("add", url).startswith(f"the address {why}")


def test_on_a_private_network_where_the_settings_allow_it(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGEFLOW_WEBHOOKS_TO_PRIVATE", "true")
    assert terminal("add", "http://localhost:9000/").code == 0


def test_an_event_that_there_is_none_of_is_refused_and_the_others_are_listed(terminal: Terminal) -> None:
    told = terminal.refused("add", URL, "--events", "deck_released,deck_eaten")
    assert told == "there is no event 'deck_eaten'; `klyngeflow webhooks events` lists them"
    assert "deck_released" in terminal._klyngeflow("webhooks", "events").out.splitlines()


def test_there_are_twenty_and_no_more(terminal: Terminal) -> None:
    for _ in range(subscriptions.MOST_SUBSCRIPTIONS):
        terminal.added()
    assert terminal.refused("add", URL) == "there are 20 already, and no more may be"


def test_the_list_and_the_page_of_one_say_where_each_is(terminal: Terminal) -> None:
    id_, _ = terminal.added("--from", "1")
    terminal.sent(id_, DeliveryState.DELIVERED, DeliveryState.WAITING)
    head, line = terminal("list").out.splitlines()
    assert head.split()[:2] == ["Id", "To"]
    assert line.split() == [id_, URL, "all", "active", "2", "7"]
    (listed,) = terminal("list", "--json").json
    assert (listed["subscription"], listed["state"], listed["behind"]) == (id_, "active", 7)
    shown = terminal("show", id_, "--json").json
    assert shown["counts"] == {"delivered": 1, "waiting": 1}
    assert [(each["position"], each["code"]) for each in shown["waiting"]] == [(2, "timeout")]
    assert "Sent to position 2 of 9" in terminal("show", id_).out


def test_what_became_of_each_is_listed_newest_first(terminal: Terminal) -> None:
    id_, _ = terminal.added("--from", "1")
    terminal.sent(id_, DeliveryState.DELIVERED, DeliveryState.WAITING, DeliveryState.DELIVERED)
    told = terminal("deliveries", id_, "--json").json
    assert [(each["position"], each["type"], each["state"]) for each in told] == [
        (3, "plan_agreed", "delivered"),
        (2, "consultant_assigned", "waiting"),
        (1, "order_placed", "delivered"),
    ]
    assert [each["position"] for each in terminal("deliveries", id_, "--state", "waiting", "--json").json] == [2]
    assert len(terminal("deliveries", id_, "--limit", "2").out.splitlines()) == 3


def test_replayed_from_a_place_that_was_sent_and_from_no_other(terminal: Terminal) -> None:
    id_, _ = terminal.added("--from", "1")
    terminal.sent(id_, *[DeliveryState.DELIVERED] * 6)
    assert terminal("replay", id_, "2026-11-03").out == f"{id_}: sent again from position 4 on.\n"
    assert terminal.found(id_).position == 3
    told = terminal.refused("replay", id_, "8")
    assert told == "nothing from there on has been sent yet: it is sent up to position 3"


def test_paused_resumed_and_told_a_new_secret(terminal: Terminal) -> None:
    id_, old = terminal.added()
    assert terminal("pause", id_).out == f"{id_}: paused.\n"
    assert terminal.found(id_).state == "paused"
    assert terminal("resume", id_).out == f"{id_}: goes on.\n"
    assert terminal.found(id_).state == "active"
    new = terminal("rotate", id_, "--hours", "2").out.strip()
    assert new.startswith("whsec_")
    assert new != old
    with terminal.database.read() as connection:
        keys, now = Keys(bytes(range(32))), dt.datetime.now(dt.UTC)
        for later, count in ((0, 2), (3, 1)):
            at = now + dt.timedelta(hours=later)
            assert len(signing_secrets(connection, keys, id_, at)) == count


def test_what_failed_is_given_up_where_somebody_says_so(terminal: Terminal) -> None:
    id_, _ = terminal.added("--from", "1")
    terminal.sent(id_, DeliveryState.DELIVERED, DeliveryState.WAITING)
    assert terminal("resume", id_, "--give-up").out == f"{id_}: goes on; 1 event given up.\n"
    assert [each["state"] for each in terminal("deliveries", id_, "--json").json] == ["given_up", "delivered"]


def test_removed_it_is_gone(terminal: Terminal) -> None:
    id_, _ = terminal.added()
    assert terminal("remove", id_).out == f"{id_}: removed.\n"
    assert terminal("list").out == "There are no subscriptions.\n"
    assert terminal("list", "--json").json == []


@pytest.mark.parametrize("command", ["show", "deliveries", "pause", "resume", "rotate", "remove", "replay"])
def test_one_that_is_not_there_is_refused(terminal: Terminal, command: str) -> None:
    arguments = ["1"] if command == "replay" else []
    told = terminal.refused(command, "findes-ikke", *arguments)
    assert told == "there is no subscription 'findes-ikke'; `klyngeflow webhooks list` shows them"
    assert terminal.deeds() == []


def test_the_audit_log_has_who_did_what_to_which(terminal: Terminal) -> None:
    id_, _ = terminal.added("--from", "1")
    for command in (["pause", id_], ["resume", id_], ["rotate", id_], ["replay", id_, "1"], ["remove", id_]):
        assert terminal(*command).code == 0, command
    assert terminal.deeds()[::-1] == [
        (Deed.WEBHOOK_ADDED, id_, ""),
        (Deed.WEBHOOK_CHANGED, id_, "paused"),
        (Deed.WEBHOOK_CHANGED, id_, "resumed"),
        (Deed.WEBHOOK_CHANGED, id_, "rotated"),
        (Deed.WEBHOOK_CHANGED, id_, "replayed"),
        (Deed.WEBHOOK_REMOVED, id_, ""),
    ]
