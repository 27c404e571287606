"""`klyngeflow keys`: made, listed and revoked by name; a key is shown once, and opens what it was made for."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.by import By, Capacity, Scope
from storage.api_keys import holder_of
from storage.database import Database
from tests.cli.command_line import CommandLine, Ran
from tests.databases import new_sqlite, sqlite_url
from worker.settings import Settings


class Terminal:
    """The command line on a data folder of its own."""

    def __init__(self, klyngeflow: CommandLine, data: Path) -> None:
        self._klyngeflow, self.data = klyngeflow, data
        self.database = Database(sqlite_url(new_sqlite(data / "klyngeflow.db")))

    def keys(self, *arguments: str) -> Ran:
        return self._klyngeflow("keys", *arguments, "--data", self.data)

    def made(self, name: str, *scopes: Scope) -> str:
        ran = self.keys("make", name, *(part for scope in scopes for part in ("--scope", scope.value)))
        assert (ran.code, ran.err) == (0, "")
        return ran.out.strip()

    def opens(self, key: str) -> By | None:
        with self.database.read() as connection:
            return holder_of(connection, key)


@pytest.fixture
def terminal(tmp_path: Path, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(klyngeflow, tmp_path)
    with closing(terminal.database):
        yield terminal


def test_a_key_acts_in_its_own_name_and_for_what_it_was_made_for(terminal: Terminal) -> None:
    key = terminal.made("kiap-dk", Scope.PLACE_ORDERS, Scope.READ_ORDERS)
    scopes = frozenset({Scope.PLACE_ORDERS, Scope.READ_ORDERS})
    assert terminal.opens(key) == By(role=Capacity.API, who="kiap-dk", scopes=scopes)


def test_a_key_is_shown_once_and_kept_nowhere(terminal: Terminal) -> None:
    key = terminal.made("kiap-dk", Scope.PLACE_ORDERS)
    assert key not in terminal.keys("list").out + terminal.keys("list", "--json").out
    assert not any(key.encode() in file.read_bytes() for file in terminal.data.iterdir() if file.is_file())


def test_the_list_has_every_key_there_is_or_was(terminal: Terminal) -> None:
    assert terminal.keys("list").out == "There are no keys.\n"
    terminal.made("kiap-dk", Scope.PLACE_ORDERS, Scope.READ_ORDERS)
    terminal.made("regnearket", Scope.READ_ORDERS)
    assert terminal.keys("revoke", "kiap-dk").out == "kiap-dk: revoked.\n"
    site, sheet = terminal.keys("list", "--json").json
    assert (site["name"], site["scopes"]) == ("kiap-dk", ["place_orders", "read_orders"])
    assert site["made_at"] <= site["revoked_at"]
    assert (sheet["name"], sheet["scopes"], sheet["revoked_at"]) == ("regnearket", ["read_orders"], None)
    head, *lines = terminal.keys("list").out.splitlines()
    assert head.split() == ["Name", "May", "Made", "Revoked"]
    assert [line.split()[0] for line in lines] == ["kiap-dk", "regnearket"]


def test_a_revoked_key_opens_nothing_and_the_others_do(terminal: Terminal) -> None:
    revoked, other = terminal.made("en", Scope.READ_ORDERS), terminal.made("to", Scope.READ_ORDERS)
    assert terminal.keys("revoke", "en").code == 0
    assert terminal.opens(revoked) is None
    assert terminal.opens(other) is not None
    again = terminal.keys("revoke", "en")
    assert (again.code, again.err) == (1, "klyngeflow: no key named 'en' works; `klyngeflow keys list` shows them\n")


def test_a_name_is_one_keys_for_ever_since_the_log_has_it(terminal: Terminal) -> None:
    terminal.made("kiap-dk", Scope.READ_ORDERS)
    for _ in range(2):
        ran = terminal.keys("make", "kiap-dk", "--scope", "read_orders")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("klyngeflow: there has been a key 'kiap-dk': ")
        terminal.keys("revoke", "kiap-dk")


@pytest.mark.parametrize("name", ["", "Kiap", "kiap dk", "-kiap", "kiåp", "k" * 64, "kiap\n"])
def test_a_name_that_a_log_could_not_show_plainly_is_refused(terminal: Terminal, name: str) -> None:
    ran = terminal.keys("make", "--scope", "read_orders", "--", name)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("scope", [(), ("--scope", "everything")])
def test_a_key_for_nothing_in_particular_is_not_made(terminal: Terminal, scope: tuple[str, ...]) -> None:
    ran = terminal.keys("make", "kiap-dk", *scope)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert terminal.keys("list").out == "There are no keys.\n"
