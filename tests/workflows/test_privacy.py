"""No name, no address, no text and no answer reaches an event or Temporal: marked ones are planted and looked for."""

import asyncio
import base64
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from domain import commands as do
from domain.events import LettersSent
from domain.model import Role
from domain.stages import Stage
from tests.workflows import orders_with_a_past, people
from tests.workflows.decoded import decoded_forms_of, decoded_forms_of_events, words_in
from tests.workflows.dev_server import DevServer, IsolatedOrder
from tests.workflows.time_skipping import OrderSystem, the_meeting
from web.requests.base import CommandRequest
from web.requests.catalogue import REQUESTS
from web.requests.meeting import AgreePlan, PlannedMeeting, ReadFreeTexts
from web.requests.people import AddMember
from worker.codec import EncryptingCodec
from worker.histories import histories_of
from workflows.messages import order_workflow_id

pytestmark = pytest.mark.temporal

IDEAS, PLACE, REASON = "Vi freder frokosten i Skovby", "Sognegården ved gadekæret", "Tallene fra Ejby ser forkerte ud"
MARKED = [
    people.CLUSTER,
    people.PRACTICE,
    people.SURNAME,
    people.DOMAIN,
    people.KIAP,
    people.EXPERIENCE,
    "Kirsten Konsulent",
    "Nora Nytilkommen",
    IDEAS,
    PLACE,
    REASON,
]
ANSWERS = ["who5_1", "belastning_01", "haandtering", "gode_erfaringer", "supervisionsgruppe"]
"""Names of questions and choices: where an answer stands, one of these stands beside it."""


def the_hold() -> CommandRequest:
    return REQUESTS["hold_deck"].model_validate({"type": "hold_deck", "reason_text": REASON})


def leaks(*layers: bytes) -> list[str]:
    return words_in(layers, MARKED + ANSWERS)


@pytest.mark.parametrize("offset", [0, 1, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_search_finds_a_word_in_whatever_form(encoding: str, offset: int) -> None:
    plain = b"x" * offset + f"{PLACE} og mere".encode(encoding)
    assert leaks(b"before" + plain) == leaks(b"before" + base64.b64encode(plain)) == [PLACE]
    assert leaks(json.dumps({"sted": f"i {PLACE}"}).encode()) == [PLACE]


async def a_life_with_much_said(system: OrderSystem) -> None:
    await system.order_a_package()
    meeting = PlannedMeeting(starts=the_meeting().starts)
    await system.ask(AgreePlan(type="agree_plan", meeting=meeting, place_text=PLACE))
    await system.until(Stage.SURVEY_OPEN)
    nora = AddMember(
        type="add_member",
        name="Nora Nytilkommen",
        email=f"nora@{people.DOMAIN}",
        practice=people.PRACTICE,
        role=Role.OWNER,
    )
    await system.ask(nora)
    system.answer(12)
    await system.until(Stage.IN_REVIEW)
    await system.ask(the_hold())
    await system.ask(ReadFreeTexts(type="read_free_texts"))
    await system.do(do.ReleaseDeck())
    await system.agree_at_the_meeting(ideas_text=IDEAS)
    await system.live_on_to_the_end()


async def test_a_whole_life_leaves_no_marked_word_in_events_or_histories(system_on_each: OrderSystem) -> None:
    system = system_on_each
    await a_life_with_much_said(system)
    assert any(IDEAS in mail.text for mail in system.mails("after_meeting"))
    assert leaks(*decoded_forms_of_events(system.stack.database)) == []
    codec = EncryptingCodec(system.stack.keys.codec_key)
    layers = [
        layer
        for history in await histories_of(system.env.client, system.workflow_id)
        for layer in decoded_forms_of(history.to_json(), codec)
    ]
    assert any(b'"type":"record_meeting"' in layer for layer in layers), "nothing was decrypted"
    assert leaks(*layers) == []


async def test_nothing_marked_reaches_temporals_own_files(dev_server: DevServer, tmp_path: Path) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_close)
    await place.orders.start(place.order_id)
    async with place.at_work():
        await place.until(Stage.IN_REVIEW)
        await place.ask(the_hold(), place.consultant, "held")
        await place.do(do.ReleaseDeck(), place.consultant, "released")
        await place.until(Stage.READY)
    files = [file for file in tmp_path.glob("temporal.*") if file.suffix != ".log"]
    content = b"".join(file.read_bytes() for file in files)
    assert order_workflow_id(place.order_id).encode() in content
    assert b"meeting_recorded" not in content
    assert leaks(content) == []


async def test_a_mail_that_cannot_be_written_tells_temporal_nothing_of_whom_it_was_for(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    bad = people.member(place.stack, place.order_id, 3)
    with place.stack.database.write() as connection:
        change = text("UPDATE person SET email = :email WHERE id = :id")
        connection.execute(change, {"email": f"{people.SURNAME} uden snabel-a", "id": bad})
    await place.orders.start(place.order_id)
    async with place.at_work(), asyncio.timeout(20):
        while not any(isinstance(event, LettersSent) and event.waiting == 1 for event in place.events):
            await asyncio.sleep(0.1)
    assert len(place.outcome().mails) == orders_with_a_past.MEMBERS - 1
    assert leaks(*await decrypted(place)) == []


async def test_an_activity_that_fails_tells_temporal_nothing_of_whom_it_was_for(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    with place.stack.database.write() as connection:
        connection.execute(text("DROP TABLE outbox"))
    async with place.at_work(), asyncio.timeout(20):
        while not (failure := await last_failure(place)):
            await asyncio.sleep(0.1)
    assert b"OperationalError" in failure
    assert leaks(failure) == []


async def decrypted(place: IsolatedOrder) -> list[bytes]:
    """All that Temporal keeps of the order, in every layer."""
    codec = EncryptingCodec(place.stack.keys.codec_key)
    histories = await histories_of(place.client, order_workflow_id(place.order_id))
    return [layer for history in histories for layer in decoded_forms_of(history.to_json(), codec)]


async def last_failure(place: IsolatedOrder) -> bytes:
    """What the server keeps of an activity that is to be tried again, decrypted; empty while there is none."""
    handle = place.client.get_workflow_handle(order_workflow_id(place.order_id))
    codec = EncryptingCodec(place.stack.keys.codec_key)
    for activity in (await handle.describe()).raw_description.pending_activities:
        if activity.HasField("last_failure"):
            failure, found = activity.last_failure, activity.last_failure.SerializeToString()
            while failure.HasField("cause"):  # too large as a whole, the server keeps some of its causes
                failure = failure.cause
                if failure.HasField("encoded_attributes"):
                    found += codec.decrypt(failure.encoded_attributes).SerializeToString()
            return found
    return b""
