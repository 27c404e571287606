"""Runs over the same mail that overlap, die or are cancelled: nobody has it twice, and its outcome is not guessed."""

import threading
from collections import Counter
from typing import Any

import pytest
from temporalio.exceptions import CancelledError
from temporalio.testing import ActivityEnvironment

from activities.letter_writer import LetterWriter
from activities.notify import LetterActivities
from domain.order import LetterRecord
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from storage import outbox
from storage.outbox import MailState, To
from tests.activities.desk import MEMBERS, Desk
from tests.activities.sending import A_MINUTE, INVITATION, RECEIVED, asked, counted, send, working


def test_a_mail_still_in_hand_is_not_taken_for_an_orphan(desk: Desk) -> None:
    desk.place()
    letters, sending, go_on = LetterActivities(desk.at), threading.Event(), threading.Event()
    first: list[LetterRecord] = []

    def slowly(_envelope: Envelope) -> Receipt:
        sending.set()
        assert go_on.wait(10)
        raise DefiniteFailure("smtp_451")

    desk.post.outcome = slowly
    thread = threading.Thread(target=lambda: first.append(send(desk, RECEIVED, letters)))
    thread.start()
    assert sending.wait(10)
    assert counted(send(desk, RECEIVED, letters)) == {"waiting": 1}
    go_on.set()
    thread.join(10)
    assert [counted(done) for done in first] == [{"waiting": 1}]
    desk.post.outcome, desk.now = working, desk.now + A_MINUTE
    assert counted(send(desk, RECEIVED, letters)) == {"sent": 1}
    assert len(desk.post.sent) == 1


def test_who_was_taken_for_dead_may_still_tell_what_became_of_the_mail(desk: Desk) -> None:
    desk.place()
    with desk.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, desk.order_id, RECEIVED, [To(desk.order.coordinator)], desk.now)
        outbox.claim(connection, mail.id, desk.now)
    assert counted(send(desk, RECEIVED)) == {"unknown": 1}
    with desk.stack.database.write() as connection:
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now)
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now, attempt=2)
        assert outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now, attempt=1)
    assert counted(send(desk, RECEIVED)) == {"sent": 1}


@pytest.mark.parametrize("moment", ["claiming", "writing", "sending", "recording"])
def test_a_round_cancelled_in_the_middle_of_a_mail_ends_that_mail_first(
    desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is told to stop, by SIGTERM or by its order, cancels the thread its activity runs in."""
    desk.open_survey()
    env, cancelled = ActivityEnvironment(), threading.Event()

    def cancel() -> None:
        if not cancelled.is_set():
            cancelled.set()
            env.cancel()

    def cancelling_before(module: Any, name: str) -> None:
        whole = getattr(module, name)

        def with_cancel(*given: Any, **named: Any) -> Any:
            cancel()
            return whole(*given, **named)

        monkeypatch.setattr(module, name, with_cancel)

    match moment:
        case "claiming":
            cancelling_before(outbox, "claim")
        case "writing":
            cancelling_before(LetterWriter, "write")
        case "recording":
            cancelling_before(outbox, "mark_sent")
        case _:
            cancelling_before(desk.post, "send")
    with pytest.raises(CancelledError):
        env.run(LetterActivities(desk.at).send_letters, asked(desk, INVITATION))
    assert Counter(mail.state for mail in desk.mails(INVITATION)) == {MailState.SENT: 1, MailState.QUEUED: MEMBERS - 1}
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert len(desk.post.sent) == MEMBERS, "nobody has it twice"
