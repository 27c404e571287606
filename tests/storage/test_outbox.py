import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from domain.letters import Letter, Occasion
from domain.model import OrderId, Round
from storage import outbox, outbox_reports
from storage.database import Database
from storage.outbox import Evidence, MailState, OutgoingMail, To
from storage.outbox_reports import LetterCounts

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
            outbox.queue(connection, order, letter, [To("anna")], NOW)
        assert len(outbox.mails(connection, ORDER)) == 2
        assert len(outbox.mails(connection, ORDER, REMINDER)) == 1
        assert outbox.queue(connection, ORDER, REMINDER, [], NOW) == []


def test_another_address_of_the_same_person_gets_a_mail_of_its_own(database: Database) -> None:
    with database.write() as connection:
        first = outbox.queue(connection, ORDER, INVITATION, [To("anna", 1)], NOW)
        both = outbox.queue(connection, ORDER, INVITATION, [To("anna", 2), To("anna", 1)], NOW)
    assert both[1:] == first
    assert [mail.to for mail in both] == [To("anna", 2), To("anna", 1)]


def test_a_mail_goes_from_queued_to_sent(database: Database, anna: str) -> None:
    with database.write() as connection:
        assert outbox.claim(connection, anna, NOW)
        assert outbox.mark_sent(connection, anna, "sg-1", SOON)
    mail = _mail(database, anna)
    assert (mail.state, mail.attempts, mail.provider_message_id) == (MailState.SENT, 1, "sg-1")
    assert (mail.claimed_at, mail.sent_at) == (NOW, SOON)


def test_mails_are_removed_and_no_others(database: Database) -> None:
    anna, bo = (mail.id for mail in _queue(database, "anna", "bo"))
    with database.write() as connection:
        outbox.erase_mails(connection, [anna])
        assert [mail.id for mail in outbox.mails(connection, ORDER)] == [bo]


@pytest.mark.parametrize("state", list(MailState))
def test_only_what_has_not_left_can_be_withdrawn(database: Database, anna: str, state: MailState) -> None:
    _bring_to(database, anna, state)
    with database.write() as connection:
        gone = outbox.withdraw(connection, anna)
        assert gone is (state in (MailState.QUEUED, MailState.CLAIMED))
        assert (outbox.mail(connection, anna) is None) is gone


def test_what_is_put_off_waits_until_its_time_and_only_while_it_is_queued(database: Database) -> None:
    anna, bo = _queue(database, "anna", "bo")
    with database.write() as connection:
        outbox.claim(connection, bo.id, NOW)
        outbox.put_off(connection, [anna.id, bo.id], SOON)
        assert outbox_reports.waiting_letters(connection, ORDER, NOW) == {INVITATION: SOON}
    assert [_mail(database, each.id).again_at for each in (anna, bo)] == [SOON, None]


def test_a_letter_waits_for_the_first_of_its_mails(database: Database) -> None:
    anna, _bo, carla = _queue(database, "anna", "bo", "carla")
    with database.write() as connection:
        outbox.put_off(connection, [anna.id, carla.id], SOON)
        assert outbox_reports.waiting_letters(connection, ORDER, NOW) == {INVITATION: NOW}
        assert outbox_reports.waiting_letters(connection, OrderId("vejle-1"), NOW) == {}


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
        assert outbox.mark_failed(connection, anna, "smtp_451", again_at=SOON)
        assert outbox.claim(connection, anna, SOON)
        assert outbox.mark_failed(connection, anna, "smtp_550")
        assert not outbox.claim(connection, anna, SOON)
    mail = _mail(database, anna)
    assert (mail.state, mail.attempts, mail.code) == (MailState.FAILED, 2, "smtp_550")


def test_a_mail_of_unknown_outcome_is_not_sent_again(database: Database, anna: str) -> None:
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
        (Evidence.LEFT, MailState.SENT),
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
        outbox.queue(connection, OrderId("vejle-1"), INVITATION, [To("eva")], SOON)
        assert {mail.id for mail in outbox_reports.mails_in(connection, outbox_reports.TROUBLED)} == {unknown, failed}
        assert [mail.id for mail in outbox_reports.mails_in(connection, [MailState.QUEUED], ORDER)] == [queued]
        assert len(outbox_reports.mails_in(connection, list(MailState))) == 5
        assert outbox_reports.mails_in(connection, []) == []


def test_what_never_left_is_known_until_it_is_tried_again(database: Database) -> None:
    waiting, settled = (mail.id for mail in _queue(database, "anna", "bo"))
    with database.write() as connection:
        for each in (waiting, settled):
            outbox.claim(connection, each, NOW)
        outbox.mark_failed(connection, waiting, "smtp_451", again_at=SOON)
        outbox.mark_unknown(connection, settled, "timeout")
        assert outbox_reports.orders_with_mail_that_never_left(connection) == []
        outbox.resolve_unknown(connection, settled, Evidence.NEVER_LEFT, SOON)
        assert outbox_reports.orders_with_mail_that_never_left(connection) == [ORDER]
        outbox.claim(connection, settled, SOON)
        outbox.mark_failed(connection, settled, "smtp_451", again_at=SOON)
        assert outbox_reports.orders_with_mail_that_never_left(connection) == []


def test_a_mail_decided_against_is_skipped_with_its_reason(database: Database) -> None:
    before_claiming, after_claiming = (mail.id for mail in _queue(database, "anna", "bo"))
    with database.write() as connection:
        assert outbox.mark_skipped(connection, before_claiming, "answered")
        outbox.claim(connection, after_claiming, NOW)
        assert outbox.mark_skipped(connection, after_claiming, "opted_out")
        assert not outbox.claim(connection, before_claiming, NOW)
    assert _mail(database, before_claiming).code == "answered"
    assert _mail(database, after_claiming).code == "opted_out"


def test_an_address_that_refused_its_mail_for_good_is_the_end_of_that_mail(database: Database, anna: str) -> None:
    with database.write() as connection:
        outbox.claim(connection, anna, NOW)
        assert outbox.mark_bounced(connection, anna, "smtp_550")
        assert not outbox.mark_bounced(connection, anna, "smtp_550")
        assert not outbox.claim(connection, anna, SOON)
        assert not outbox.mark_sent(connection, anna, "sg-1", SOON)
    assert (_mail(database, anna).state, _mail(database, anna).code) == (MailState.BOUNCED, "smtp_550")


def test_nothing_happens_to_a_mail_that_is_not_under_way(database: Database, anna: str) -> None:
    with database.write() as connection:
        assert not outbox.mark_sent(connection, anna, "sg-1", NOW)
        assert not outbox.mark_failed(connection, anna, "smtp_550", attempt=1)
        assert not outbox.mark_unknown(connection, anna, "timeout")
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


def test_a_letter_is_counted_by_what_has_become_of_its_mail(database: Database) -> None:
    for number, state in enumerate((*MailState, MailState.SENT, MailState.SENT)):
        (mail,) = _queue(database, f"laege-{number}")
        _bring_to(database, mail.id, state)
    with database.read() as connection:
        assert outbox_reports.letter_counts(connection, ORDER, INVITATION) == LetterCounts(3, 2, 1, 2)
        assert outbox_reports.letter_counts(connection, ORDER, REMINDER) == LetterCounts(0, 0, 0, 0)


def test_unsettled_mails_are_those_that_still_ask_for_something(database: Database) -> None:
    ids = {mail.recipient: mail.id for mail in _queue(database, "anna", "bo", "carla", "dorte", "erik")}
    for recipient, state in (("anna", "sent"), ("bo", "claimed"), ("carla", "unknown"), ("dorte", "skipped")):
        _bring_to(database, ids[recipient], MailState(state))
    unsettled = (MailState.QUEUED, MailState.CLAIMED, MailState.UNKNOWN)
    with database.write() as connection:
        outbox.queue(connection, OrderId("vejle-1"), INVITATION, [To("frida")], SOON)
        here = {mail.recipient for mail in outbox_reports.mails_in(connection, unsettled, ORDER)}
        everywhere = [mail.recipient for mail in outbox_reports.mails_in(connection, unsettled)]
    assert here == {"bo", "carla", "erik"}
    assert set(everywhere[:3]) == here
    assert everywhere[3:] == ["frida"]


def test_erasing_an_order_removes_its_mails_only(database: Database, anna: str) -> None:
    with database.write() as connection:
        (other,) = outbox.queue(connection, OrderId("vejle-1"), INVITATION, [To("bo")], NOW)
        outbox.erase(connection, ORDER)
        assert outbox.mails(connection, ORDER) == []
        assert outbox.mail(connection, other.id) == other


def test_the_oldest_mail_comes_first(database: Database) -> None:
    with database.write() as connection:
        for minutes, recipient in enumerate(("carla", "anna", "bo")):
            outbox.queue(connection, ORDER, INVITATION, [To(recipient)], NOW + dt.timedelta(minutes=minutes))
        mails = outbox.mails(connection, ORDER)
    assert all(earlier.queued_at < later.queued_at for earlier, later in pairwise(mails))


def _queue(database: Database, *recipients: str) -> list[OutgoingMail]:
    with database.write() as connection:
        return outbox.queue(connection, ORDER, INVITATION, [To(recipient) for recipient in recipients], NOW)


def _bring_to(database: Database, mail_id: str, state: MailState) -> None:
    with database.write() as connection:
        if state not in (MailState.QUEUED, MailState.SKIPPED):
            assert outbox.claim(connection, mail_id, NOW)
        match state:
            case MailState.SENT:
                assert outbox.mark_sent(connection, mail_id, "sg-1", NOW)
            case MailState.FAILED:
                assert outbox.mark_failed(connection, mail_id, "smtp_550")
            case MailState.UNKNOWN:
                assert outbox.mark_unknown(connection, mail_id, "timeout")
            case MailState.BOUNCED:
                assert outbox.mark_bounced(connection, mail_id, "smtp_550")
            case MailState.SKIPPED:
                assert outbox.mark_skipped(connection, mail_id, "opted_out")
            case _:
                pass


def _send(database: Database, mail_id: str) -> None:
    with database.write() as connection:
        assert outbox.claim(connection, mail_id, NOW)
        assert outbox.mark_sent(connection, mail_id, "sg-1", NOW)


def _mail(database: Database, mail_id: str) -> OutgoingMail:
    with database.read() as connection:
        mail = outbox.mail(connection, mail_id)
    assert mail is not None
    return mail
