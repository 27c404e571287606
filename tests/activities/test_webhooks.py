"""Delivering the log: all of it, each order's events in order, whatever the receiver makes of them."""

import datetime as dt
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from activities import webhooks as webhook_activities
from domain.by import By, Capacity
from domain.webhook_retries import LONGEST_AWAY, PAUSES, TRIED_FOR
from storage import subscriptions
from storage.database import Database
from storage.deliveries import DeliveryState
from storage.incidents import Incident, incidents
from storage.subscriptions import State
from tests.activities.subscriber import Subscriber, a_subscriber
from tests.activities.webhooks import KEYS, TODAY, Office
from tests.mail.loopback import answered, http, serving
from tests.storage.lives import assigned, letter, placed

DELIVERED, WAITING, GIVEN_UP = DeliveryState.DELIVERED, DeliveryState.WAITING, DeliveryState.GIVEN_UP


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with a_subscriber() as subscriber:
        yield subscriber


def tasks(office: Office) -> list[Incident]:
    with office.database.read() as connection:
        return incidents(connection)


def refuses(*orders: str, status: int = 500) -> Any:
    return lambda event: status if event["order"] in orders else 204


# --- all of it, in order ----------------------------------------------------------------------------------------------


def test_every_event_is_sent_once_and_each_orders_in_order(office: Office, subscriber: Subscriber) -> None:
    orders = office.orders(30, letters=5)
    id_, _ = office.subscribe(subscriber.url)
    assert office.visit(id_).again_at is None
    assert sorted(subscriber.positions()) == list(range(1, 211))
    assert all(subscriber.versions(order) == list(range(1, 8)) for order in orders)
    assert (office.subscription(id_).position, office.subscription(id_).behind) == (210, 0)
    assert {each.state for each in office.deliveries(id_)} == {DELIVERED}

    office.visit(id_)
    assert len(subscriber.asked) == 210


def test_only_what_comes_after_it_was_added_is_sent_unless_somebody_says_otherwise(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(1, letters=0)
    id_, _ = office.subscribe(subscriber.url, after=None)
    office.visit(id_)
    office.append("o-1", 2, letter("plan_agreed//1", TODAY))
    office.visit(id_)
    assert subscriber.versions("o-1") == [3]


def test_one_who_asked_for_some_kinds_gets_those(office: Office, subscriber: Subscriber) -> None:
    office.orders(3, letters=700)  # more than one look into the log
    id_, _ = office.subscribe(subscriber.url, "order_placed", "order_cancelled")
    office.visit(id_)
    assert [event["type"] for event in subscriber.taken] == ["order_placed"] * 3
    assert office.subscription(id_).behind == 0
    assert len(office.deliveries(id_)) == 3


def test_an_event_says_what_happened_where_when_and_in_which_capacity(office: Office, subscriber: Subscriber) -> None:
    office.append("o-1", 0, placed(), by=By(role=Capacity.API, who="kiap-dk"))
    office.append("o-1", 1, assigned(), by=By(role=Capacity.OPERATIONS, who="drift-1"))
    office.append("o-1", 2, letter("plan_agreed//1", TODAY), by=By(role=Capacity.COORDINATOR, who="person-9"))
    id_, secret = office.subscribe(subscriber.url)
    office.visit(id_)
    (event_id,) = {each.event_id for each in office.store.load_recorded("o-1") if each.version == 2}
    assert subscriber.taken[1] == {
        "id": event_id,
        "type": "consultant_assigned",
        "timestamp": "2031-03-03T09:00:00Z",
        "order": "o-1",
        "version": 2,
        "position": 2,
        "by": {"role": "operations", "who": "drift-1"},
        "data": assigned().model_dump(mode="json"),
    }
    assert [event["by"] for event in subscriber.taken[::2]] == [
        {"role": "api", "who": None},
        {"role": "coordinator", "who": None},
    ]
    assert subscriber.headers[1]["webhook-id"] == event_id
    assert subscriber.headers[1]["content-type"] == "application/json"
    assert all(subscriber.is_signed_by(secret, number) for number in range(3))


def test_two_subscribers_have_cursors_and_secrets_of_their_own(office: Office, subscriber: Subscriber) -> None:
    office.orders(2)
    with a_subscriber(refuses("o-1", "o-2")) as other:
        first, secret = office.subscribe(subscriber.url)
        second, other_secret = office.subscribe(other.url)
        office.visit(second)
        office.visit(first)
        assert len(subscriber.taken) == 6
        assert other.taken == []
        assert subscriber.is_signed_by(secret)
        assert not subscriber.is_signed_by(other_secret)


# --- one order's trouble ----------------------------------------------------------------------------------------------


def test_an_event_that_is_not_taken_holds_back_its_own_order_and_no_other(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(5, letters=2)
    subscriber.mind = lambda event: 500 if (event["order"], event["version"]) == ("o-3", 2) else 200
    id_, _ = office.subscribe(subscriber.url)
    again_at = office.visit(id_).again_at
    assert again_at is not None
    assert dt.timedelta(0) < again_at - office.now - PAUSES[0] < dt.timedelta(seconds=30)
    assert subscriber.versions("o-3") == [1]
    assert all(subscriber.versions(f"o-{number}") == [1, 2, 3, 4] for number in (1, 2, 4, 5))
    states = [(each.state, each.attempts) for each in office.deliveries(id_) if each.order_id == "o-3"]
    assert states == [(DELIVERED, 1), (WAITING, 1), (WAITING, 0), (WAITING, 0)]

    office.append("o-3", 4, letter("programme//", TODAY))  # and what is new waits behind it
    office.visit(id_)
    assert subscriber.versions("o-3") == [1]

    subscriber.mind = refuses()
    office.wait(minutes=1)
    assert office.visit(id_).again_at is None
    assert subscriber.versions("o-3") == [1, 2, 3, 4, 5]
    assert {each.state for each in office.deliveries(id_)} == {DELIVERED}


def test_it_is_tried_with_growing_pauses_for_three_days_and_then_people_are_told(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(2, letters=0)
    subscriber.mind = refuses("o-1", status=422)
    id_, _ = office.subscribe(subscriber.url)
    began, moments = office.now, [office.now]
    while (again_at := office.visit(id_).again_at) is not None:
        assert tasks(office) == []
        office.now = again_at
        moments.append(again_at)
    pauses = [after - before for before, after in pairwise(moments)]
    assert pauses[:-1] == pytest.approx(sorted(pauses[:-1]), abs=dt.timedelta(seconds=30))
    assert moments[-1] - began == pytest.approx(TRIED_FOR, abs=dt.timedelta(minutes=1))
    assert len(moments) == sum(event["order"] == "o-1" for event in subscriber.asked) == 17

    stopped = office.subscription(id_)
    assert (stopped.state, stopped.reason) == (State.STOPPED, "http_422")
    assert [(each.kind, each.step, each.reason) for each in tasks(office)] == [("webhook_stopped", id_, "http_422")]
    asked = len(subscriber.asked)
    office.append("o-2", 2, letter("programme//", TODAY))
    assert office.visit(id_).again_at is None
    assert len(subscriber.asked) == asked


def test_resumed_it_has_another_three_days_and_nothing_is_left_out(office: Office, subscriber: Subscriber) -> None:
    id_ = stopped_by("o-1", office, subscriber)
    office.append("o-2", 2, letter("programme//", TODAY))
    with office.database.write() as connection:
        assert subscriptions.resume(connection, id_) == 0
    assert tasks(office) == []
    assert office.visit(id_).again_at is not None
    assert office.subscription(id_).state is State.ACTIVE
    assert subscriber.versions("o-2") == [1, 2, 3]
    subscriber.mind = refuses()
    office.wait(minutes=1)
    office.visit(id_)
    assert subscriber.versions("o-1") == [1, 2]


def test_resumed_without_what_failed_the_order_goes_on_behind_it(office: Office, subscriber: Subscriber) -> None:
    id_ = stopped_by("o-1", office, subscriber)
    subscriber.mind = lambda event: 422 if event["position"] == 1 else 200
    with office.database.write() as connection:
        assert subscriptions.resume(connection, id_, give_up=True) == 1
    assert office.visit(id_).again_at is None
    assert subscriber.versions("o-1") == [2]
    assert office.deliveries(id_)[0].state is GIVEN_UP


def stopped_by(order: str, office: Office, subscriber: Subscriber) -> str:
    """A subscription that was given up, as one order's first event was never taken."""
    office.orders(2, letters=0)
    subscriber.mind = refuses(order)
    id_, _ = office.subscribe(subscriber.url)
    office.visit(id_)
    office.wait(days=4)
    office.visit(id_)
    assert office.subscription(id_).state is State.STOPPED
    return id_


def test_an_event_this_code_cannot_read_holds_back_its_order_until_newer_code_comes(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(3, letters=0)
    with office.database.write() as connection:
        for position, version in ((7, 3), (8, 4)):
            connection.execute(
                text(
                    "INSERT INTO event (position, stream, version, event_id, type, schema, data, by_role, by_who,"
                    " recorded_at, hash) VALUES (:position, 'o-2', :version, :event_id, 'made_tomorrow', 1, '{}',"
                    " 'system', 'clock', '2031-03-03T09:00:00.000000Z', 'kæde')"
                ),
                {"position": position, "version": version, "event_id": f"fra-i-morgen-{position}"},
            )
    office.append("o-3", 2, letter("programme//", TODAY))
    id_, _ = office.subscribe(subscriber.url)
    assert office.visit(id_).again_at is not None
    assert subscriber.versions("o-3") == [1, 2, 3]
    assert subscriber.versions("o-2") == [1, 2]
    assert office.deliveries(id_)[6].code == "unreadable"
    office.wait(days=4)
    office.visit(id_)
    assert office.subscription(id_).reason == "unreadable"


# --- a receiver that takes nothing ------------------------------------------------------------------------------------


def test_a_receiver_that_is_away_is_left_alone_and_gets_everything_when_it_is_back(
    office: Office, subscriber: Subscriber
) -> None:
    orders = office.orders(60, letters=1)
    subscriber.mind = lambda _event: 503
    id_, _ = office.subscribe(subscriber.url)
    visited = office.visit(id_)
    assert visited.away
    assert len(subscriber.asked) <= 7  # three in a row, and those that were on their way beside them
    office.append("o-1", 3, letter("programme//", TODAY))
    assert office.visit(id_).away
    asked = len(subscriber.asked)
    for _ in range(4):
        assert visited.again_at is not None
        office.now = visited.again_at
        visited = office.visit(id_)
        assert visited.away
        assert len(subscriber.asked) - asked <= 14  # the same of what is tried again and of what is new
        asked = len(subscriber.asked)
    subscriber.mind = refuses()
    assert visited.again_at is not None
    office.now = visited.again_at
    assert office.visit(id_).again_at is None
    assert sorted(subscriber.positions()) == list(range(1, 182))
    assert all(subscriber.versions(order) == sorted(subscriber.versions(order)) for order in orders)
    assert (office.subscription(id_).failures, office.subscription(id_).again_at) == (0, None)


def test_a_receiver_that_is_away_for_three_days_is_given_up(office: Office, subscriber: Subscriber) -> None:
    office.orders(40)
    subscriber.mind = lambda _event: 503
    id_, _ = office.subscribe(subscriber.url)
    began = office.now
    while (again_at := (visited := office.visit(id_)).again_at) is not None:
        if visited.away:  # there is something it was never asked before, and does not take either
            assert again_at - office.now <= LONGEST_AWAY + dt.timedelta(seconds=30)
        office.now = again_at
    assert office.now - began == pytest.approx(TRIED_FOR, abs=dt.timedelta(minutes=1))
    assert office.subscription(id_).reason == "http_503"
    assert len(subscriber.asked) < 17 * 40  # hardly any event as often as one that is refused by itself
    with office.database.write() as connection:
        subscriptions.resume(connection, id_)
    subscriber.mind = refuses()
    office.visit(id_)
    assert sorted(subscriber.positions()) == list(range(1, 121))


def test_three_orders_whose_events_are_refused_do_not_keep_the_others_waiting(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(30)
    subscriber.mind = refuses("o-1", "o-2", "o-3", "o-4")
    id_, _ = office.subscribe(subscriber.url)
    visited = office.visit(id_)
    for _ in range(3):
        assert visited.again_at is not None
        office.now = visited.again_at
        visited = office.visit(id_)
    assert all(subscriber.versions(f"o-{number}") == [1, 2, 3] for number in range(5, 31))
    assert not visited.away  # what is refused waits by itself, and whoever is new has a turn at once
    for _ in range(6):
        assert visited.again_at is not None
        office.now = visited.again_at
        visited = office.visit(id_)
    office.append("o-9", 3, letter("programme//", TODAY))
    office.visit(id_)
    assert subscriber.versions("o-9") == [1, 2, 3, 4]


def test_a_receiver_that_asks_for_time_gets_it(office: Office) -> None:
    with serving(http(answered(429, "Retry-After: 7200\r\n"))) as server:
        office.orders(1, letters=0)
        id_, _ = office.subscribe(server.url)
        again_at = office.visit(id_).again_at
    assert again_at is not None
    assert again_at - office.now == pytest.approx(dt.timedelta(hours=2), abs=dt.timedelta(seconds=30))


def test_gone_ends_it_at_once(office: Office, subscriber: Subscriber) -> None:
    office.orders(20)
    subscriber.mind = lambda _event: 410
    id_, _ = office.subscribe(subscriber.url)
    visited = office.visit(id_)
    assert (visited.more, visited.again_at) == (False, None)
    assert len(subscriber.asked) <= 4  # one a connection
    assert (office.subscription(id_).state, office.subscription(id_).reason) == (State.STOPPED, "gone")
    assert [each.reason for each in tasks(office)] == ["gone"]
    office.wait(days=1)
    office.visit(id_)
    assert len(subscriber.asked) <= 4


# --- what people do meanwhile -----------------------------------------------------------------------------------------


def test_paused_nothing_is_sent_and_resumed_all_that_came_meanwhile_is(office: Office, subscriber: Subscriber) -> None:
    office.orders(1, letters=0)
    id_, _ = office.subscribe(subscriber.url)
    with office.database.write() as connection:
        subscriptions.pause(connection, id_)
    office.visit(id_)
    assert subscriber.asked == []
    with office.database.write() as connection:
        subscriptions.resume(connection, id_)
    office.visit(id_)
    assert subscriber.versions("o-1") == [1, 2]


def test_replayed_the_events_from_there_come_again_with_the_same_ids(office: Office, subscriber: Subscriber) -> None:
    office.orders(3)
    id_, _ = office.subscribe(subscriber.url)
    office.visit(id_)
    first = list(subscriber.taken)
    with office.database.write() as connection:
        subscriptions.replay(connection, id_, 4)
    office.visit(id_)
    assert sorted(subscriber.positions()[9:]) == [5, 6, 7, 8, 9]
    assert all(event in first for event in subscriber.taken)
    assert len(office.deliveries(id_)) == 9


def test_replayed_what_still_waits_from_before_goes_on_waiting_and_comes_first(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(2, letters=2)
    subscriber.mind = lambda event: 500 if (event["order"], event["version"]) == ("o-1", 2) else 200
    id_, _ = office.subscribe(subscriber.url)
    office.visit(id_)
    with office.database.write() as connection:
        subscriptions.replay(connection, id_, 4)
    subscriber.mind = refuses()
    office.visit(id_)
    assert subscriber.versions("o-1") == [1, 2, 3, 4]
    assert subscriber.versions("o-2") == [1, 2, 3, 4, 2, 3, 4]


def test_a_replay_in_the_middle_of_a_round_is_not_undone_by_it(office: Office, subscriber: Subscriber) -> None:
    office.orders(2)
    id_, _ = office.subscribe(subscriber.url)
    office.visit(id_)

    def replays(_event: dict[str, Any]) -> int:
        subscriber.mind = refuses()
        with office.database.write() as connection:
            subscriptions.replay(connection, id_, 0)
        return 200

    subscriber.mind = replays
    office.append("o-1", 3, letter("programme//", TODAY))
    assert office.visit(id_).more
    office.visit(id_)
    assert sorted(subscriber.positions()[6:]) == [1, 2, 3, 4, 5, 6, 7, 7]


def test_removed_in_the_middle_of_a_round_nothing_of_it_comes_back(office: Office, subscriber: Subscriber) -> None:
    office.orders(1)
    id_, _ = office.subscribe(subscriber.url)

    def removes(_event: dict[str, Any]) -> int:
        with office.database.write() as connection:
            subscriptions.remove(connection, id_)
        return 200

    subscriber.mind = lambda event: removes(event) if event["version"] == 1 else 200
    office.visit(id_)
    visited = office.visit(id_)
    assert (visited.more, visited.again_at) == (False, None)
    assert office.deliveries(id_) == []
    with office.database.read() as connection:
        for table in ("subscription", "webhook_secret", "delivery", "log_reader"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608 - ours


def test_while_a_secret_is_changed_both_sign_and_afterwards_the_new_one_alone(
    office: Office, subscriber: Subscriber
) -> None:
    office.orders(1, letters=0)
    id_, old = office.subscribe(subscriber.url)
    with office.database.write() as connection:
        new = subscriptions.rotate(connection, KEYS, id_, office.now, dt.timedelta(hours=2))
    office.visit(id_)
    assert subscriber.is_signed_by(old)
    assert subscriber.is_signed_by(new)
    assert len(subscriber.headers[0]["webhook-signature"].split()) == 2

    office.wait(hours=3)
    office.append("o-1", 2, letter("programme//", TODAY))
    office.visit(id_)
    assert subscriber.is_signed_by(new)
    assert not subscriber.is_signed_by(old)


# --- another who delivers ---------------------------------------------------------------------------------------------


def test_whoever_was_given_up_for_dead_and_comes_back_writes_nothing(office: Office, subscriber: Subscriber) -> None:
    office.orders(1, letters=0)
    id_, _ = office.subscribe(subscriber.url)
    first_has_begun, second_is_done = threading.Event(), threading.Event()

    def slow(_event: dict[str, Any]) -> int:
        subscriber.mind = refuses()
        first_has_begun.set()
        second_is_done.wait(10)
        return 500

    subscriber.mind = slow
    first = threading.Thread(target=office.visit, args=(id_,))
    first.start()
    assert first_has_begun.wait(10)
    office.visit(id_)
    second_is_done.set()
    first.join()
    assert [(each.state, each.attempts) for each in office.deliveries(id_)] == [(DELIVERED, 1), (DELIVERED, 1)]
    assert subscriber.versions("o-1") == [1, 2]


def test_one_who_dies_before_writing_has_a_round_sent_again_and_loses_nothing(
    office: Office, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = office.orders(20)
    id_, _ = office.subscribe(subscriber.url)

    def dies(*_arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(webhook_activities.WebhookActivities, "_record", dies)
        with pytest.raises(MemoryError):
            office.visit(id_)
    assert subscriber.taken
    office.visit(id_)
    assert sorted(set(subscriber.positions())) == list(range(1, 61))
    assert all(subscriber.positions().count(position) <= 2 for position in range(1, 61))
    for order in orders:
        seen = list(dict.fromkeys(subscriber.versions(order)))
        assert seen == [1, 2, 3]
