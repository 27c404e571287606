"""`klyngeflow up` leads its first user in: a link while nobody can sign in, and none after that."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.application import NO_TLS
from tests.web.console.office import PASSWORD, cookie_of
from tests.worker.whole_system import WholeSystem, wait_for
from web.console.cookie import COOKIE
from worker.settings import Settings

pytestmark = pytest.mark.temporal
ASTA = {"navn": "Asta Krog", "mail": "asta@kiap.example", "ny": PASSWORD, "igen": PASSWORD}
LINK = re.compile(r"^http://[\d.:]+/drift/velkommen/\w+$", re.MULTILINE)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeSystem]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    system = WholeSystem(tmp_path)
    yield system
    system.clean_up()


def links(system: WholeSystem) -> list[str]:
    """Every link it has printed so far."""
    return LINK.findall(system._log.read_text())


def started(system: WholeSystem, times: int, links_so_far: int) -> None:
    def has_said_so() -> bool:
        told = system._log.read_text()
        return told.count("Temporal's pages") == times and len(links(system)) >= links_so_far

    system.start()
    wait_for("what it says when it is up", has_said_so)


def test_the_first_one_is_led_in_and_stays_signed_in_over_a_restart(system: WholeSystem) -> None:
    started(system, 1, 1)
    (unused,) = links(system)
    assert system.press_ctrl_c() == 0
    started(system, 2, 2)
    _, link = links(system)
    site = link.partition("/drift")[0]
    with httpx.Client(headers={"Origin": site}, verify=NO_TLS) as http:
        assert http.get(unused).status_code == 404, "a newer link was printed"
        cookie = cookie_of(http.post(link, data=ASTA))
    assert cookie
    assert system.press_ctrl_c() == 0
    started(system, 3, 2)
    assert len(links(system)) == 2, "somebody can sign in, so no link is shown"
    with httpx.Client(headers={"Cookie": f"{COOKIE}={cookie}"}, verify=NO_TLS) as http:
        answer = http.get(f"{site}/drift")
    assert (answer.status_code, "Asta Krog" in answer.text) == (200, True)
    told = system._log.read_text()
    assert cookie not in told
    assert PASSWORD not in told
