"""A cluster in Aalborg and everything its letters may need."""

import datetime as dt
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from domain.letters import Occasion
from domain.meeting import Format, at
from domain.model import PartId, Round
from domain.package import Link
from domain.programme import MeetingPart
from domain.stages import DANISH, Stage
from mail.envelope import Address, Attachment, Envelope, Mail
from mail.letter_data import ComingLine, FollowUpFacts, LetterData, MeetingFacts, Person, ResultFacts, SurveyFacts
from tests.mail.loopback import HOST

LINK = "https://klynge.example/svar/QmFzZXRva2Vu"
NOW = dt.datetime(2026, 11, 6, 7, 45, tzinfo=dt.UTC)


@pytest.fixture(params=list(Occasion))
def occasion(request: pytest.FixtureRequest) -> Occasion:
    """Each in turn."""
    return Occasion(request.param)


@pytest.fixture
def a_letter() -> LetterData:
    """Data with every fact given: a baseline round before a meeting in person."""
    return LetterData(
        today=dt.date(2026, 11, 6),
        greeting_name="Gunver",
        cluster="Aalborg Øst",
        package="Trivsel og arbejdsglæde",
        order_number="2026-0042",
        coordinator=Person(name="Søren Ågård", phone="12 34 56 78", address="soeren@laegehus.example"),
        consultant=Person(name="Camilla Østergaard", phone="70 20 30 40", address="co@kiap.example"),
        office=Person(name="KiAP", phone="70 10 10 10", address="klynger@kiap.example"),
        link=LINK,
        due=dt.date(2026, 11, 18),
        survey=SurveyFacts(
            round=Round.BASELINE,
            opens=dt.date(2026, 10, 30),
            closes=dt.date(2026, 11, 13),
            answered=38,
            invited=42,
            decide_by=at(dt.date(2026, 11, 18), dt.time(8, 30)),
        ),
        meeting=MeetingFacts(
            starts=dt.datetime(2026, 11, 25, 17, 0),  # noqa: DTZ001 - Danish wall clock
            minutes=150,
            place="Aalborg Kongres & Kultur Center, lokale 4",
            programme=(
                MeetingPart(id=PartId("del_1"), title="Velkomst og dagens emne", minutes=10),
                MeetingPart(id=PartId("del_2"), title="Trivsel og arbejdsglæde i klyngen", minutes=65),
                MeetingPart(id=PartId("del_3"), title="Pause", minutes=15),
                MeetingPart(id=PartId("del_4"), title="Hvad belaster, og hvad kan vi gøre?", minutes=25),
                MeetingPart(id=PartId("del_5"), title="Det tager vi med hjem", minutes=35),
            ),
            was=dt.datetime(2026, 11, 18, 17, 0),  # noqa: DTZ001 - Danish wall clock
        ),
        follow_up=FollowUpFacts(
            earliest=dt.date(2027, 7, 25), latest=dt.date(2027, 11, 25), opens=dt.date(2027, 9, 7), wanted=True
        ),
        follow_up_months=(8, 12),
        results=ResultFacts(
            free_texts=7,
            review_until=at(dt.date(2026, 11, 18), dt.time(8, 30)),
            documents=(
                Link(title="Præsentation til mødet", url="https://klynge.example/dokument/cHB0"),
                Link(title="Program og refleksionsark", url="https://klynge.example/dokument/cHJn"),
            ),
        ),
        ideas="Fælles frokost uden telefon\nKorte møder om mandagen: 10 minutter, stående",
        agreed=("Fælles frokost kl. 12, alle, fra 1. maj", "<b>Supervision</b>, Mette, før sommer"),
        homework="Tal med dine kolleger i klinikken om én ting, I kan gøre for trivslen.",
        videos=(Link(title="Håndtering af arbejdspres (11 minutter)", url="https://video.example/arbejdspres"),),
        stage=DANISH[Stage.READY],
        coming=(ComingLine(day=dt.date(2026, 11, 16), what="Medlemmerne får programmet"),),
        meeting_ahead=True,
        shared_mailboxes=2,
    )


@pytest.fixture
def a_video_letter(a_letter: LetterData) -> LetterData:
    """The same on video, with the video meeting's address as its place."""
    assert a_letter.meeting is not None
    meeting = a_letter.meeting.model_copy(
        update={"format": Format.VIDEO, "place": "https://video.example/moede/123", "was": None}
    )
    return a_letter.model_copy(update={"meeting": meeting})


@pytest.fixture
def a_calendar_file() -> Attachment:
    return Attachment(
        filename="klyngemøde.ics",
        media_type="text/calendar; method=PUBLISH; charset=utf-8",
        content="BEGIN:VCALENDAR\r\nSUMMARY:Klyngemøde\r\nEND:VCALENDAR\r\n".encode(),
    )


@pytest.fixture
def an_envelope(a_calendar_file: Attachment) -> Envelope:
    """A small mail with Danish letters and a calendar file."""
    return Envelope(
        outbox_id="ob-7f3a",
        occasion="invitation",
        sender=Address(address="klynger@kiap.example", name="KiAP klyngepakker"),
        reply_to=Address(address="co@kiap.example", name="Camilla Østergaard"),
        to=Address(address="gunver@laegehus.example", name="Gunver Æbelø"),
        at=NOW,
        mail=Mail(
            subject="Spørgeskema før klyngemødet",
            text="Kære Gunver\n\n.En linje med punktum først.\nSvar på spørgeskemaet.\n",
            html="<!DOCTYPE html><html lang='da'><body><p>Kære Gunver</p></body></html>",
            attachments=(a_calendar_file,),
        ),
    )


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback, good for a day."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-addext", f"subjectAltName=IP:{HOST}", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def server_tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
