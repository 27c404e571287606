import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from domain.letters import Letter, Occasion
from domain.model import OrderId, Round
from storage import outbox
from storage.database import Database
from storage.outbox import Evidence, MailState, OutgoingMail, ProviderEvent

ORDER = OrderId("odense-1")
INVITATION = Letter(Occasion.INVITATION, Round.BASELINE).key
REMINDER = Letter(Occasion.REMINDER, Round.BASELINE, "1").key
NOW = dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(minutes=1)


@pytest.fixture
def anna(database: Database) -> str:
    """The id of a queued mail."""
    return _queue(database, "anna")[0].id


def test_a_letter_is_queued_once_for_each(database: Database) -> None:
    first = _queue(database, "anna", "bo")
    again = _queue(database, "bo", "anna", "carla", "anna")
    assert [mail.recipient for mail in again] == ["bo", "anna", "carla"]
    assert [again[1], again[0]] == first
    assert {mail.state for mail in again} == {MailState.QUEUED}
    assert {mail.queued_at for mail in again} == {NOW}


def test_other_letters_and_orders_have_mails_of_their_own(database: Database) -> None:
    with database.write() as connection:
        for order, letter in ((ORDER, INVITATION), (ORDER, REMINDER), (OrderId("vejle-1"), INVITATION)):
            outbox.queue(connection, order, letter, ["anna"], NOW)
        assert len(outbox.mails(connection, ORDER)) == 2
        assert len(outbox.mails(connection, ORDER, REMINDER)) == 1
        assert outbox.queue(connection, ORDER, REMINDER, [], NOW) == []


def test_a_mail_goes_from_queued_to_delivered(database: Database, anna: str) -> None:
    with database.write() as connection:
        assert outbox.claim(connection, anna, NOW)
        assert outbox.mark_sent(connection, anna, "sg-1", SOON)
        assert outbox.mark_delivered(connection, anna)
    mail = _mail(database, anna)
    assert (mail.state, mail.attempts, mail.provider_message_id) == (MailState.DELIVERED, 1, "sg-1")
    assert (mail.claimed_at, mail.sent_at) == (NOW, SOON)


def test_the_last_mail_that_got_through_is_known_by_when_it_was_written(database: Database) -> None:
    with database.write() as connection:
        assert outbox.last_written(connection, ORDER, "anna") is None
        for number, letter in enumerate((INVITATION, REMINDER)):
            (mail,) = outbox.queue(connection, ORDER, letter, ["anna"], NOW)
            assert outbox.claim(connection, mail.id, NOW + number * dt.timedelta(days=1))
            assert outbox.mark_sent(connection, mail.id, "", SOON + dt.timedelta(days=5))
            assert outbox.last_written(connection, ORDER, "anna") == NOW + number * dt.timedelta(days=1)
        assert outbox.mark_bounced(connection, mail.id, "mailbox_full")
        assert outbox.last_written(connection, ORDER, "anna") == NOW
        assert outbox.last_written(connection, ORDER, "bo") is None


def test_mails_are_removed_with_what_was_reported_on_them_and_no_others(database: Database) -> None:
    anna, bo = (mail.id for mail in _queue(database, "anna", "bo"))
    reports = [ProviderEvent(mail, "delivered", NOW) for mail in (anna, bo)]
    with database.write() as connection:
        assert all(outbox.is_news(connection, report, NOW) for report in reports)
        outbox.erase_mails(connection, [anna])
        assert [mail.id for mail in outbox.mails(connection, ORDER)] == [bo]
        assert [outbox.is_news(connection, report, NOW) for report in reports] == [True, False]


def test_only_one_of_many_gets_to_send_a_mail(database: Database, anna: str) -> None:
    def claim(_: int) -> bool:
        with database.write() as connection:
            return outbox.claim(connection, anna, NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(claim, range(6))) == 1
    assert _mail(database, anna).attempts == 1


def test_queueing_again_does_not_send_again(database: Database, anna: str) -> None:
    _send(database, anna)
    (again,) = _queue(database, "anna")
    assert (again.id, again.state) == (anna, MailState.SENT)


def test_a_definite_failure_may_be_tried_again_or_be_the_end(database: Database, anna: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        assert outbox.mark_failed(connection, anna, "smtp_451", again=True)
        assert outbox.claim(connection, anna, SOON)
        assert outbox.mark_failed(connection, anna, "smtp_550")
        assert not outbox.claim(connection, anna, SOON)
    mail = _mail(database, anna)
    assert (mail.state, mail.attempts, mail.code) == (MailState.FAILED, 2, "smtp_550")


def test_a_mail_of_unknown_fate_is_not_sent_again(database: Database, anna: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        assert outbox.mark_unknown(connection, anna, "timeout")
        assert not outbox.claim(connection, anna, SOON)
        assert not outbox.mark_skipped(connection, anna, "closed")
    assert _mail(database, anna).state is MailState.UNKNOWN


def test_what_a_dead_process_had_claimed_becomes_unknown(database: Database) -> None:
    old, recent, queued = (mail.id for mail in _queue(database, "anna", "bo", "carla"))
    with database.write() as connection:
        outbox.claim(connection, old, NOW)
        outbox.claim(connection, recent, NOW + dt.timedelta(minutes=10))
        assert outbox.settle_orphans(connection, NOW + dt.timedelta(minutes=5)) == 1
        assert outbox.settle_orphans(connection, NOW + dt.timedelta(minutes=5)) == 0
        assert not outbox.claim(connection, old, SOON)
    assert [_mail(database, each).state for each in (old, recent, queued)] == ["unknown", "claimed", "queued"]
    assert _mail(database, old).code == outbox.ORPHANED


def test_who_turns_out_to_live_may_still_say_that_it_was_sent(database: Database, anna: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        outbox.settle_orphans(connection, SOON)
        assert outbox.mark_sent(connection, anna, "sg-1", SOON)
    assert _mail(database, anna).state is MailState.SENT


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        (Evidence.NEVER_LEFT, MailState.QUEUED),
        (Evidence.ACCEPTED, MailState.SENT),
        (Evidence.DELIVERED, MailState.DELIVERED),
        (Evidence.BOUNCED, MailState.BOUNCED),
        (Evidence.GIVEN_UP, MailState.FAILED),
    ],
)
def test_evidence_settles_an_unknown_mail(database: Database, anna: str, evidence: Evidence, state: MailState) -> None:
    with database.write() as connection:
        assert not outbox.resolve_unknown(connection, anna, evidence, SOON)  # it isn't unknown yet
        outbox.claim(connection, anna, NOW)
        outbox.mark_unknown(connection, anna, "timeout")
        assert outbox.resolve_unknown(connection, anna, evidence, SOON)
        assert not outbox.resolve_unknown(connection, anna, evidence, SOON)
        may_go_again = outbox.claim(connection, anna, SOON)
    assert may_go_again is (evidence is Evidence.NEVER_LEFT)
    assert may_go_again or _mail(database, anna).state is state


def test_mails_are_found_by_their_state(database: Database) -> None:
    sent, unknown, failed, queued = (mail.id for mail in _queue(database, "anna", "bo", "carla", "dan"))
    with database.write() as connection:
        for each in (sent, unknown, failed):
            outbox.claim(connection, each, NOW)
        outbox.mark_sent(connection, sent, None, NOW)
        outbox.mark_unknown(connection, unknown, "timeout")
        outbox.mark_failed(connection, failed, "smtp_550")
        outbox.queue(connection, OrderId("vejle-1"), INVITATION, ["eva"], SOON)
        assert {mail.id for mail in outbox.mails_in(connection, outbox.TROUBLED)} == {unknown, failed}
        assert [mail.id for mail in outbox.mails_in(connection, [MailState.QUEUED], ORDER)] == [queued]
        assert len(outbox.mails_in(connection, list(MailState))) == 5
        assert outbox.mails_in(connection, []) == []


def test_what_never_left_is_known_until_it_is_tried_again(database: Database) -> None:
    waiting, settled = (mail.id for mail in _queue(database, "anna", "bo"))
    with database.write() as connection:
        for each in (waiting, settled):
            outbox.claim(connection, each, NOW)
        outbox.mark_failed(connection, waiting, "smtp_451", again=True)
        outbox.mark_unknown(connection, settled, "timeout")
        assert outbox.never_left(connection) == []
        outbox.resolve_unknown(connection, settled, Evidence.NEVER_LEFT, SOON)
        assert [mail.id for mail in outbox.never_left(connection)] == [settled]
        outbox.claim(connection, settled, SOON)
        outbox.mark_failed(connection, settled, "smtp_451", again=True)
        assert outbox.never_left(connection) == []


def test_trouble_is_all_that_is_unknown_and_what_failed_lately(database: Database) -> None:
    long_unknown, long_failed, failed, sent = (mail.id for mail in _queue(database, "anna", "bo", "carla", "dan"))
    with database.write() as connection:
        assert outbox.troubled(connection, NOW) == {MailState.FAILED: 0, MailState.UNKNOWN: 0}
        for each, at in ((long_unknown, NOW), (long_failed, NOW), (failed, SOON), (sent, SOON)):
            outbox.claim(connection, each, at)
        outbox.mark_unknown(connection, long_unknown, "timeout")
        for each in (long_failed, failed):
            outbox.mark_failed(connection, each, "smtp_550")
        outbox.mark_sent(connection, sent, None, SOON)
        assert outbox.troubled(connection, SOON) == {MailState.FAILED: 1, MailState.UNKNOWN: 1}


def test_a_mail_decided_against_is_skipped_with_its_reason(database: Database) -> None:
    before_claiming, after_claiming = (mail.id for mail in _queue(database, "anna", "bo"))
    with database.write() as connection:
        assert outbox.mark_skipped(connection, before_claiming, "answered")
        outbox.claim(connection, after_claiming, NOW)
        assert outbox.mark_skipped(connection, after_claiming, "opted_out")
        assert not outbox.claim(connection, before_claiming, NOW)
    assert _mail(database, before_claiming).code == "answered"
    assert _mail(database, after_claiming).code == "opted_out"


def test_a_report_may_overtake_our_own_note(database: Database, anna: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        assert outbox.mark_delivered(connection, anna)
        assert not outbox.mark_sent(connection, anna, "sg-1", SOON)
    assert _mail(database, anna).state is MailState.DELIVERED


def test_an_address_may_refuse_a_mail_it_first_took(database: Database, anna: str) -> None:
    _send(database, anna)
    with database.write() as connection:
        assert outbox.mark_delivered(connection, anna)
        assert outbox.mark_bounced(connection, anna, "smtp_550")
        assert not outbox.mark_delivered(connection, anna)
        assert outbox.bounced(connection, ["anna", "bo"]) == {"anna"}
        assert outbox.bounced(connection, []) == set()
    assert _mail(database, anna).state is MailState.BOUNCED


def test_nothing_happens_to_a_mail_that_is_not_under_way(database: Database, anna: str) -> None:
    with database.write() as connection:
        assert not outbox.mark_sent(connection, anna, "sg-1", NOW)
        assert not outbox.mark_failed(connection, anna, "smtp_550")
        assert not outbox.mark_unknown(connection, anna, "timeout")
        assert not outbox.mark_delivered(connection, anna)
        assert not outbox.mark_bounced(connection, anna, "smtp_550")
        assert not outbox.claim(connection, "nothing", NOW)
        assert outbox.mail(connection, "nothing") is None
    assert _mail(database, anna).state is MailState.QUEUED


@pytest.mark.parametrize(
    "sentence", ["550 5.1.1 <anna@example.dk>: unknown user", "anna@example.dk", "Anna", "", "x" * 65, "smtp_550\n"]
)
def test_an_error_in_words_is_refused_since_it_may_name_somebody(database: Database, anna: str, sentence: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        with pytest.raises(ValueError, match="short code"):
            outbox.mark_failed(connection, anna, sentence)
    assert _mail(database, anna).state is MailState.CLAIMED


def test_a_letter_is_counted_by_state(database: Database) -> None:
    mails = _queue(database, "anna", "bo", "carla", "dorte")
    _send(database, mails[0].id)
    _send(database, mails[1].id)
    with database.write() as connection:
        outbox.mark_skipped(connection, mails[2].id, "opted_out")
        counts = outbox.counts(connection, ORDER, INVITATION)
        assert sum(outbox.counts(connection, ORDER, REMINDER).values()) == 0
    assert set(counts) == set(MailState)
    assert {state: number for state, number in counts.items() if number} == {"sent": 2, "skipped": 1, "queued": 1}


def test_unsettled_mails_are_those_that_still_ask_for_something(database: Database) -> None:
    ids = {mail.recipient: mail.id for mail in _queue(database, "anna", "bo", "carla", "dorte", "erik")}
    _send(database, ids["anna"])
    with database.write() as connection:
        outbox.claim(connection, ids["bo"], NOW)
        outbox.claim(connection, ids["carla"], NOW)
        outbox.mark_unknown(connection, ids["carla"], "timeout")
        outbox.mark_skipped(connection, ids["dorte"], "bounced")
        outbox.queue(connection, OrderId("vejle-1"), INVITATION, ["frida"], SOON)
        here = {mail.recipient for mail in outbox.unsettled(connection, ORDER)}
        everywhere = [mail.recipient for mail in outbox.unsettled(connection)]
    assert here == {"bo", "carla", "erik"}
    assert set(everywhere[:3]) == here
    assert everywhere[3:] == ["frida"]


def test_a_report_that_comes_twice_is_news_once(database: Database, anna: str) -> None:
    report = ProviderEvent(anna, "delivered", NOW, "sg-1")
    others = [
        ProviderEvent(anna, "bounce", NOW, "sg-1"),
        ProviderEvent(anna, "delivered", SOON, "sg-1"),
        ProviderEvent(anna, "delivered", NOW, "sg-2"),
        ProviderEvent("another", "delivered", NOW, "sg-1"),
    ]
    with database.write() as connection:
        assert outbox.is_news(connection, report, NOW)
        assert not outbox.is_news(connection, report, SOON)
        assert all(outbox.is_news(connection, other, NOW) for other in others)


def test_who_opted_out_stays_so(database: Database) -> None:
    with database.write() as connection:
        outbox.opt_out(connection, "anna", NOW)
        outbox.opt_out(connection, "anna", SOON)
        assert outbox.opted_out(connection, ["anna", "bo"]) == {"anna"}


def test_erasing_an_order_removes_its_mails_and_their_reports_only(database: Database, anna: str) -> None:
    with database.write() as connection:
        (other,) = outbox.queue(connection, OrderId("vejle-1"), INVITATION, ["bo"], NOW)
        reports = [ProviderEvent(mail_id, "delivered", NOW) for mail_id in (anna, other.id)]
        for report in reports:
            outbox.is_news(connection, report, NOW)
        outbox.erase(connection, ORDER)
        assert outbox.mails(connection, ORDER) == []
        assert outbox.mail(connection, other.id) == other
        assert [outbox.is_news(connection, report, NOW) for report in reports] == [True, False]


def test_the_oldest_mail_comes_first(database: Database) -> None:
    with database.write() as connection:
        for minutes, recipient in enumerate(("carla", "anna", "bo")):
            outbox.queue(connection, ORDER, INVITATION, [recipient], NOW + dt.timedelta(minutes=minutes))
        mails = outbox.mails(connection, ORDER)
    assert all(earlier.queued_at < later.queued_at for earlier, later in pairwise(mails))


def _queue(database: Database, *recipients: str) -> list[OutgoingMail]:
    with database.write() as connection:
        return outbox.queue(connection, ORDER, INVITATION, recipients, NOW)


def _send(database: Database, mail_id: str) -> None:
    with database.write() as connection:
        assert outbox.claim(connection, mail_id, NOW)
        assert outbox.mark_sent(connection, mail_id, "sg-1", NOW)


def _mail(database: Database, mail_id: str) -> OutgoingMail:
    with database.read() as connection:
        mail = outbox.mail(connection, mail_id)
    assert mail is not None
    return mail
