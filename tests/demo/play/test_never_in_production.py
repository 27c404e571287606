"""Nothing of the demonstration can be in production: not started, not opened, not put onto a web, not reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from demo.country.opening import open_country
from demo.play.demonstration import Demonstration, add_demonstration
from demo.play.place import START
from storage.database import Database
from tests.cli.command_line import CommandLine
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, running_web
from web.app import create_app
from worker.settings import Settings
from worker.stack import NotReady


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """As production serves it, on a database of its own."""
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def production(tmp_path: Path) -> Settings:
    key = tmp_path / "master.key"
    key.write_bytes(bytes(32))
    return Settings(
        mode="production",
        data=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'drift.db'}",
        master_key_file=key,
        base_url="https://klynge.example.dk",
        temporal_address="127.0.0.1:7233",
        mail="smtp",
        smtp_host="post.example.dk",
    )


def test_the_command_refuses_where_the_settings_say_production(
    klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KLYNGEFLOW_MODE", "production")
    said = klyngeflow.refuses("demo", "--serve")
    assert said.startswith("the settings here say production")
    assert list(tmp_path.iterdir()) == []


def test_no_web_of_production_takes_its_pages(production: Settings) -> None:
    app = FastAPI()
    routes = len(app.routes)
    nobodys: Demonstration = None  # type: ignore[assignment]  # it is refused before it is looked at
    with pytest.raises(NotReady, match="never in production"):
        add_demonstration(app, nobodys, production)
    assert len(app.routes) == routes
    assert app.user_middleware == []


def test_no_country_is_opened_in_production(production: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="never in production"):
        open_country(production)
    assert not (tmp_path / "drift.db").exists()


def test_a_machine_whose_mail_leaves_is_no_place_for_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mail="smtp", smtp_host="post.example.dk")
    with pytest.raises(NotReady, match="never in production"):
        open_country(settings)


def test_the_web_by_itself_has_none_of_its_routes(web: Web) -> None:
    paths = {getattr(route, "path", "") for route in iter_route_contexts(create_app(web.services).routes)}
    assert not [path for path in paths if path.startswith(START)]
    with web.client() as http:
        for path in ("", "/tid", "/log-ind", "/mails", "/koordinator/x", "/stil.css"):
            assert http.get(START + path).status_code == 404
            assert http.post(START + path).status_code in (404, 405)
        assert "demonstration" not in http.get("/").text.lower()


def test_the_web_by_itself_asks_for_a_password_at_the_consoles_door(web: Web) -> None:
    with web.client() as http:
        led = http.get("/drift")
        asked = http.get("/drift/log-ind")
    assert led.headers["location"] == "/drift/log-ind"
    assert (asked.status_code, 'type="password"' in asked.text) == (200, True)
