"""The worker is killed (SIGKILL) at each of its side effects; another takes over, and it all ends the same."""

import base64

import pytest

from domain import commands as do
from domain.fitting import spread
from domain.own_questions import is_own
from domain.stages import Stage
from storage.outbox import MailState
from tests.a_register import REGISTER
from tests.workflows import orders_with_a_past, people
from tests.workflows.crashing_worker import POINTS, Crash
from tests.workflows.dev_server import DevServer, IsolatedOrder, Scene, live_all
from tests.workflows.mailbox import mails_in
from web.requests.meeting import ChangeProgramme
from web.requests.own_questions import AskOwnQuestions
from web.requests.register import GiveExtract

pytestmark = pytest.mark.temporal


async def release_the_deck(place: IsolatedOrder) -> None:
    await place.until(Stage.IN_REVIEW, Stage.FOLLOW_UP_IN_REVIEW)
    await place.do(do.ReleaseDeck(), place.consultant, "released")


async def record_the_meeting(place: IsolatedOrder) -> None:
    await place.until(Stage.AWAITING_RECORD)
    await place.do(do.RecordMeeting(attended=10, absent=2), place.coordinator, "recorded")


async def deliver_and_send_on(place: IsolatedOrder) -> None:
    await release_the_deck(place)
    await place.until(Stage.FOLLOW_UP_DELIVERED)
    await place.do(do.ShareComparison(), place.coordinator, "shared")


async def give_the_extract(place: IsolatedOrder) -> None:
    """From the page, twice: the second is in the place of the first."""
    await place.until(Stage.SURVEY_OPEN)
    for request_id, last in (("extract", "40,5"), ("another", "41,5")):
        content = "ydernummer;fem_midler;blandet;ventetid\n" + "".join(
            f"{people.practice_number(number)};{20 + number},5;{90 + number};{number}\n" for number in range(5)
        )
        content += f"{people.practice_number(5)};{last};99;5\n"
        asked = {"type": "give_extract", "extract": base64.b64encode(content.encode())}
        await place.ask(GiveExtract.model_validate(asked), place.consultant, request_id)
        await place.until(Stage.IN_REVIEW)
    assert {mail.occasion for mail in mails_in(place.stack.settings.mails)} == {"deck_review"}


async def cancel(place: IsolatedOrder) -> None:
    await place.do(do.CancelOrder(reason="cluster_withdrew"), place.coordinator, "cancelled")


async def change_the_programme(place: IsolatedOrder) -> None:
    await place.until(Stage.IN_REVIEW)
    meeting = place.order.meeting
    assert meeting is not None
    parts = [{"minutes": each.minutes} for each in spread(place.package.programme.of(meeting.format), meeting.minutes)]
    parts[0]["minutes"], parts[5]["minutes"] = parts[0]["minutes"] + 5, parts[5]["minutes"] - 5
    request = ChangeProgramme.model_validate({"type": "change_programme", "parts": parts})
    await place.ask(request, place.consultant, "programme")


async def ask_questions_of_its_own(place: IsolatedOrder) -> None:
    await place.until(Stage.PLANNED)
    asked = [{"kind": "yes_no", "text": "Holder I pause?"}, {"kind": "choice", "text": "Hvad?", "options": ["A", "B"]}]
    request = AskOwnQuestions.model_validate({"type": "ask_own_questions", "questions": asked})
    await place.ask(request, place.consultant, "questions")
    with place.stack.database.read() as connection:
        package = place.stack.dependencies.package_of(connection, place.order)
    own = [item.text for item in package.items if is_own(item.id)]
    assert own == ["Holder I pause?", "Hvad?"]


async def remind(place: IsolatedOrder) -> None:
    await place.until(Stage.SURVEY_OPEN)
    await place.do(do.SendReminder(), place.consultant, "reminded")


SCENES = {
    "a survey opens": (
        Scene(orders_with_a_past.about_to_open, Stage.SURVEY_OPEN),
        [
            Crash("before", "append", "survey_opened"),
            Crash("after", "append", "survey_opened"),
            Crash("after", "send", "invitation", 5),
            Crash("after", "send", "invitation", 12),
            Crash("before", "append", "letters_sent"),
            Crash("after", "append", "letters_sent"),
        ],
    ),
    "an extra reminder is asked for": (
        Scene(orders_with_a_past.unanswered, Stage.SURVEY_OPEN, remind),
        [
            Crash("before", "append", "reminder_added"),
            Crash("after", "append", "reminder_added"),
        ],  # it leaves in the morning, which a test at night would wait for; letters to many are killed above
    ),
    "a survey becomes a deck": (
        Scene(orders_with_a_past.about_to_close, Stage.IN_REVIEW),
        [
            Crash("after", "close the box"),
            Crash("after", "append", "survey_closed"),
            Crash("after", "shelve"),
            Crash("before", "append", "results_tabulated"),
            Crash("after", "keep the file", "deck"),
            Crash("before", "append", "deck_made"),
            Crash("after", "append", "deck_made"),
            Crash("after", "send", "deck_review"),
        ],
    ),
    "an extract is given, and another in its place": (
        Scene(orders_with_a_past.extract_awaited, Stage.IN_REVIEW, give_the_extract, REGISTER),
        [
            Crash("before", "append", "extract_given"),
            Crash("after", "append", "extract_given"),
            Crash("after", "shelve"),
            Crash("after", "append", "extract_given", 2),
            Crash("after", "append", "deck_made", 2),
        ],
    ),
    "a programme is changed": (
        Scene(orders_with_a_past.about_to_close, Stage.IN_REVIEW, change_the_programme),
        [
            Crash("before", "append", "programme_changed"),
            Crash("after", "append", "programme_changed"),
            Crash("after", "keep the file", "deck", 2),
        ],
    ),
    "a cluster asks questions of its own": (
        Scene(orders_with_a_past.planned, Stage.PLANNED, ask_questions_of_its_own),
        [
            Crash("before", "append", "own_questions_asked"),
            Crash("after", "append", "own_questions_asked"),
        ],
    ),
    "a cluster's own questions are counted": (
        Scene(orders_with_a_past.asking_questions_of_its_own, Stage.IN_REVIEW),
        [
            Crash("after", "shelve"),
            Crash("before", "append", "results_tabulated"),
            Crash("after", "keep the file", "deck"),
        ],
    ),
    "a deck is delivered": (
        Scene(orders_with_a_past.about_to_close, Stage.READY, release_the_deck),
        [
            Crash("after", "append", "deck_released"),
            Crash("before", "destroy"),
            Crash("after", "destroy"),
            Crash("after", "send", "deck_delivered"),
            Crash("after", "send", "results", 6),
        ],
    ),
    "the page is turned": (
        Scene(orders_with_a_past.unrecorded, Stage.QUIET, record_the_meeting),
        [
            Crash("after", "append", "meeting_recorded"),
            Crash("after", "send", "after_meeting", 6),
            Crash("before", "load", nth=2),
            Crash("after", "send", "follow_up_question"),
        ],
    ),
    "an order is completed": (
        Scene(orders_with_a_past.about_to_compare, Stage.COMPLETED, deliver_and_send_on),
        [
            Crash("after", "append", "deck_made"),
            Crash("after", "send", "comparison_delivered"),
            Crash("after", "append", "comparison_shared"),
            Crash("after", "send", "comparison", 6),
            Crash("after", "append", "order_completed"),
        ],
    ),
    "an order is cancelled": (
        Scene(orders_with_a_past.half_answered, Stage.CANCELLED, cancel),
        [
            Crash("before", "append", "order_cancelled"),
            Crash("after", "append", "order_cancelled"),
            Crash("after", "destroy"),
            Crash("before", "append", "ballots_destroyed"),
        ],
    ),
}


def one_crash_at_each_point() -> dict[str, list[Crash]]:
    """Of each scene the crashes at points that no scene before it had: every side effect in the database once."""
    left = set(POINTS)
    chosen: dict[str, list[Crash]] = {}
    for name, (_, crashes) in SCENES.items():
        for crash in crashes:
            if crash.point in left:
                left.remove(crash.point)
                chosen.setdefault(name, []).append(crash)
    return chosen


ON_POSTGRES = one_crash_at_each_point()


@pytest.mark.parametrize("name", SCENES)
async def test_a_killed_worker_loses_nothing_and_repeats_nothing(dev_server: DevServer, name: str) -> None:
    scene, crashes = SCENES[name]
    await see_that_all_end_the_same(dev_server, scene, crashes)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ON_POSTGRES)
async def test_a_worker_killed_on_postgresql_loses_nothing_and_repeats_nothing(
    dev_server_on_postgres: DevServer, name: str
) -> None:
    scene, _ = SCENES[name]
    await see_that_all_end_the_same(dev_server_on_postgres, scene, ON_POSTGRES[name])


def test_on_postgresql_the_worker_is_killed_at_every_point_it_is_elsewhere() -> None:
    assert {crash.point for crashes in ON_POSTGRES.values() for crash in crashes} == set(POINTS)


async def see_that_all_end_the_same(dev_server: DevServer, scene: Scene, crashes: list[Crash]) -> None:
    undisturbed, *others = await live_all(dev_server, scene, crashes)
    differing = {
        str(crash): {field: (now[field], expected[field]) for field in expected if now[field] != expected[field]}
        for crash, other in zip(crashes, others, strict=True)
        if (now := vars(other)) != (expected := vars(undisturbed))
    }
    assert differing == {}
    assert set(undisturbed.mails.values()) <= {1}
    assert {state for _, state in undisturbed.outbox} <= {MailState.SENT}
    assert all(undisturbed.known)
    assert len(set(undisturbed.documents)) == len(undisturbed.documents)
