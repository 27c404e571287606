"""Signing in with address and password: one answer to every no, pauses that grow, and a new session each time."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.model import StaffId
from storage import accounts, passwords, sessions, sign_in_pauses
from storage.audit import Deed
from storage.staff import StaffRole, change_role
from tests.web.application import Web
from tests.web.console.office import PASSWORD, add, browser, cookie_of, log_of, signed_in, with_password
from tests.web.reading import Shown
from web.console.sign_in import NO

SIGN_IN = "/drift/log-ind"


def form(email: str = "ole@kiap.example", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"mail": email, "adgangskode": password, **more}


def test_whoever_knows_the_password_is_signed_in(web_on_both: Web) -> None:
    web = web_on_both
    ole = with_password(web)
    with browser(web) as http:
        answer = http.post(SIGN_IN, data=form("OLE@kiap.example"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/drift")
    with browser(web, cookie_of(answer)) as http:
        shown = Shown(http.get("/drift"))
    assert shown.heading == "Kræver handling"
    assert "Ole Bach" in shown.text
    assert [(line.by.who, line.deed, line.origin.network) for line in log_of(web)] == [
        (ole, Deed.SIGNED_IN, "127.0.0.1")
    ]


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(web: Web) -> None:
    with_password(web)
    with browser(web) as http:
        (cookie,) = http.post(SIGN_IN, data=form()).headers.get_list("set-cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-klyngeflow=")
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=lax", "secure"}


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ole@kiap.example", "en anden lang sætning"),
        ("nobody@kiap.example", PASSWORD),
        ("karen@kiap.example", ""),
        ("karen@kiap.example", PASSWORD),
        ("", ""),
        ("ole@kiap.example", PASSWORD.upper()),
        ("ole@kiap.example", f"{PASSWORD}\u200bx"),
        ("ole\n@kiap.example", PASSWORD),
    ],
)
def test_every_no_is_the_same(shared_web: Web, email: str, password: str) -> None:
    """A wrong password, nobody of that address, somebody without a password, and nothing at all."""
    web = shared_web
    with web.database.read() as connection:
        there = accounts.account_by_email(connection, "ole@kiap.example")
    if there is None:
        with_password(web)
        add(web, StaffRole.CONSULTANT)
    with browser(web) as http:
        answer = http.post(SIGN_IN, data=form(email, password))
    assert (answer.status_code, cookie_of(answer)) == (422, "")
    assert NO in answer.text
    assert password not in answer.text or not password


def test_an_address_nobody_has_costs_the_same_work(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with_password(web)
    worked = list[str | None]()
    real = passwords.is_password

    def counted(password: str, kept: str | None) -> bool:
        worked.append(kept)
        return real(password, kept)

    monkeypatch.setattr(passwords, "is_password", counted)
    with browser(web) as http:
        for email in ("ole@kiap.example", "nobody@kiap.example"):
            http.post(SIGN_IN, data=form(email, "noget helt andet"))
    assert [kept is None for kept in worked] == [False, True]


def test_letters_count_as_they_are_read_however_a_keyboard_writes_them(web: Web) -> None:
    with_password(web, password="på en blå ø i åen")
    with browser(web) as http:
        answer = http.post(SIGN_IN, data=form(password="pa\u030a en bla\u030a ø i a\u030aen"))
    assert answer.status_code == 303


def test_signing_in_ends_the_browsers_earlier_session_and_gives_a_new_one(web: Web) -> None:
    ole = with_password(web)
    with browser(web) as http:
        first = cookie_of(http.post(SIGN_IN, data=form()))
    with browser(web, first) as http:
        second = cookie_of(http.post(SIGN_IN, data=form()))
    assert first != second
    with browser(web, first) as http:
        assert http.get("/drift").status_code == 303
    with web.database.read() as connection:
        assert len(sessions.sessions_of(connection, ole, web.wall.instant)) == 1


def test_whoever_is_signed_in_is_led_on(web: Web) -> None:
    with signed_in(web) as ole:
        assert ole.get(f"{SIGN_IN}?naeste=/drift/log").headers["location"] == "/drift/log"


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/drift/log?forloeb=abc&siden=2026-01-01", "/drift/log?forloeb=abc&siden=2026-01-01"),
        ("/drift/forloeb/m4ukq", "/drift/forloeb/m4ukq"),
        ("https://example.dk/drift", "/drift"),
        ("//example.dk/drift", "/drift"),
        ("/drift//example.dk", "/drift"),
        ("/drift/../svar/x", "/drift"),
        ("/drift\\@example.dk", "/drift"),
        ("/driftig", "/drift"),
        ("/api/v1/orders", "/drift"),
        ("/drift/log-ud", "/drift"),
        ("/drift/log-ind?naeste=/drift", "/drift"),
        ("/drift/log\r\nX-Ond: 1", "/drift"),
        ("javascript:alert(1)", "/drift"),
        ("", "/drift"),
    ],
)
def test_one_is_led_to_a_page_of_the_consoles_own_alone(shared_web: Web, wanted: str, led_to: str) -> None:
    web = shared_web
    with web.database.read() as connection:
        there = accounts.account_by_email(connection, "asta@kiap.example")
    if there is None:
        with_password(web, StaffRole.ADMINISTRATOR)
    with browser(web) as http:
        answer = http.post(SIGN_IN, data=form("asta@kiap.example", naeste=wanted))
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)


def test_without_a_session_a_page_leads_to_signing_in_and_back(web: Web) -> None:
    with browser(web) as http:
        answer = http.get("/drift/log?forloeb=abc")
        assert answer.headers["location"] == "/drift/log-ind?naeste=%2Fdrift%2Flog%3Fforloeb%3Dabc"
        shown = Shown(http.get(answer.headers["location"]))
        sent = http.post("/drift/min-side/afslut", headers={"Referer": f"{web.address}/drift/min-side"})
    assert shown.fields()["naeste"] == ["/drift/log?forloeb=abc"]
    assert sent.headers["location"] == "/drift/log-ind?naeste=%2Fdrift%2Fmin-side"


def test_signing_out_ends_the_session_and_takes_the_cookie(web: Web) -> None:
    with signed_in(web) as ole:
        answer = ole.post("/drift/log-ud")
        assert (answer.status_code, answer.headers["location"]) == (303, "/drift/log-ind?ud=1")
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert ole.get("/drift").status_code == 303
        assert "Du er logget ud." in ole.get("/drift/log-ind?ud=1").text
    assert log_of(web)[-1].deed is Deed.SIGNED_OUT


def test_a_hash_of_weaker_parameters_is_renewed_when_its_holder_signs_in(web: Web) -> None:
    from argon2 import PasswordHasher

    ole = add(web)
    with web.database.write() as connection:
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        accounts.set_password_hash(connection, ole, weak, web.wall.instant)
    with browser(web) as http:
        assert http.post(SIGN_IN, data=form()).status_code == 303
    kept = hash_of(web, ole)
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert passwords.is_password(PASSWORD, kept)


def hash_of(web: Web, staff_id: StaffId) -> str:
    with web.database.read() as connection:
        account = accounts.account_of(connection, staff_id)
    assert account is not None
    assert account.password_hash is not None
    return account.password_hash


# --- pauses ---------------------------------------------------------------------------------------------------------


def test_after_some_failures_one_waits_and_the_right_password_waits_too(web: Web) -> None:
    with_password(web)
    with browser(web) as http:
        statuses = [http.post(SIGN_IN, data=form(password="forkert sætning")).status_code for _ in range(6)]
        right = http.post(SIGN_IN, data=form())
    assert statuses == [422] * 6
    assert (right.status_code, right.headers["retry-after"], cookie_of(right)) == (429, "1", "")
    assert "Prøv igen om 1 sekund." in right.text
    web.wall.instant += dt.timedelta(seconds=1)
    with browser(web) as http:
        assert http.post(SIGN_IN, data=form()).status_code == 303


def test_an_address_nobody_has_is_paused_like_any_other(web: Web) -> None:
    with browser(web) as http:
        statuses = [http.post(SIGN_IN, data=form("nobody@kiap.example")).status_code for _ in range(7)]
    assert statuses == [422] * 6 + [429]


def test_strangers_who_try_many_passwords_at_once_keep_no_page_waiting(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the web has threads; each waits for its turn without one."""
    go_on = threading.Event()

    def slow(_password: str, _kept: str | None) -> bool:
        return not go_on.wait(20)

    def attempt(number: int) -> int:
        with browser(web) as http:
            return http.post(SIGN_IN, data=form(f"{number}@kiap.example")).status_code

    monkeypatch.setattr(passwords, "is_password", slow)
    monkeypatch.setattr(sign_in_pauses, "NETWORK", sign_in_pauses.Limit(free=1_000, longest=dt.timedelta()))
    with signed_in(web) as ole, ThreadPoolExecutor(60) as strangers:
        attempts = [strangers.submit(attempt, number) for number in range(60)]
        while web.services.password_turns.statistics().tasks_waiting < 50:
            pass
        assert ole.get("/drift").status_code == 200
        go_on.set()
        assert {each.result() for each in attempts} == {422}


# --- how a session ends ---------------------------------------------------------------------------------------------


def is_in(web: Web, token: str) -> bool:
    with browser(web, token) as http:
        return http.get("/drift").status_code == 200


def test_a_session_ends_after_twelve_hours_without_a_page(web: Web) -> None:
    with signed_in(web) as ole:
        web.wall.instant += dt.timedelta(hours=11, minutes=59)
        assert is_in(web, ole.token)
        web.wall.instant += dt.timedelta(hours=11, minutes=59)
        assert is_in(web, ole.token), "it was used in between"
        web.wall.instant += dt.timedelta(hours=12)
        assert not is_in(web, ole.token)


def test_a_session_ends_after_seven_days_in_any_case(web: Web) -> None:
    with signed_in(web) as ole:
        for _ in range(14):
            web.wall.instant += dt.timedelta(hours=11, minutes=59)
            assert is_in(web, ole.token)
        web.wall.instant += dt.timedelta(minutes=14)
        assert not is_in(web, ole.token)


def test_a_year_of_the_orders_clock_signs_nobody_out(web: Web) -> None:
    with signed_in(web) as ole:
        web.clock.instant += dt.timedelta(days=365)
        assert is_in(web, ole.token)


def test_whoever_leaves_is_signed_out_at_once(web: Web) -> None:
    with signed_in(web) as ole:
        with web.database.write() as connection:
            accounts.colleague_left(connection, ole.id, web.clock.instant)
        assert not is_in(web, ole.token)


def test_whoever_gets_another_role_is_signed_out_at_once(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        with web.database.write() as connection:
            change_role(connection, asta.id, StaffRole.CONSULTANT)
        assert not is_in(web, asta.token)


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "%00", '""'])
def test_a_made_up_cookie_opens_nothing(shared_web: Web, token: str) -> None:
    with browser(shared_web, token) as http:
        assert http.get("/drift").status_code == 303
