"""Beginning a session: a new one each time, noted in the audit log, and the browser's earlier one ended."""

import datetime as dt

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from domain.by import By, Capacity
from storage import audit, sessions
from storage.audit import Deed
from storage.staff import Staff
from web.console.cookie import give_cookie, session_token
from web.console.device import device_of
from web.origin import network_of, page_origin


def by_of(person: Staff) -> By:
    """One of KiAP's own, as the audit log has them."""
    return By(role=Capacity(person.role.value), who=person.id)


def enter(connection: Connection, request: Request, person: Staff, *, now: dt.datetime, wall_now: dt.datetime) -> str:
    """The new session's secret. `wall_now` is this machine's time, by which sessions end."""
    earlier = sessions.signed_in(connection, session_token(request), wall_now)
    if earlier is not None:
        sessions.end_session(connection, earlier.staff.id, earlier.session.id)
    device = device_of(request.headers.get("user-agent", ""))
    audit.note(connection, by_of(person), Deed.SIGNED_IN, page_origin(request), now)
    return sessions.begin_session(connection, person, network_of(request), device, wall_now)


def welcome(token: str, to: str) -> Response:
    """To the page, with the session's cookie."""
    answer = RedirectResponse(to, status_code=303)
    give_cookie(answer, token)
    return answer
