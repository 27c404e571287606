"""The mail dispatcher: sends each letter of the order when it is due, one at a time."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from temporalio import workflow

from workflows.flow import LOCAL, PATIENT, Flow, OrderEnded

with workflow.unsafe.imports_passed_through():
    from activities.notify import HEARTBEAT, LetterActivities, LettersDone, SendLetters
    from domain.commands import RecordLetters
    from domain.postbox import Due, next_letter, past_sending

A_ROUND_OF_MAIL = dt.timedelta(hours=2)
TO_ONE = ("coordinator", "consultant")
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)


@dataclass(frozen=True)
class Trouble:
    """A letter of which some mail is to be tried again."""

    again_at: dt.datetime
    tries: int
    result: RecordLetters
    """What came of the last try."""
    wanted: int
    """How often the letter stood among the pending_letters. Once more means for newcomers too, who need not wait."""


class MailDispatcher:
    """Works beside the story until told to stop; stops between letters, never in the middle of one.

    A letter that can't leave is put off for longer each time, and the others go on meanwhile.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._stopping = False
        self._troubles: dict[str, Trouble] = {}

    async def work(self) -> None:
        """Send what is due, wait for what is to come."""
        while not self._stopping:
            due = self._next()
            if due is not None and due.at <= workflow.now():
                await self._see_to(due)
            else:
                await self._wait_for(due)
        for due in past_sending(self._flow.order, workflow.now(), self._put_off()):
            await self._see_to(due)

    def stop(self) -> None:
        self._stopping = True

    def _next(self) -> Due | None:
        return next_letter(self._flow.order, workflow.now(), self._put_off())

    def _put_off(self) -> dict[str, dt.datetime]:
        now = workflow.now()
        return {
            key: trouble.again_at if self._wanted(key) <= trouble.wanted else now
            for key, trouble in self._troubles.items()
        }

    def _wanted(self, key: str) -> int:
        return self._flow.order.pending_letters.count(key)

    async def _wait_for(self, due: Due | None) -> None:
        seen, same_until = self._flow.order.version, due

        def something_else() -> bool:
            nonlocal seen
            if self._stopping:
                return True
            if self._flow.order.version == seen:
                return False
            seen = self._flow.order.version
            return self._next() != same_until

        await self._flow.changed_or(due.at if due else None, something_else)

    async def _see_to(self, due: Due) -> None:
        """Send a letter and record what came of it. What can't leave now is put off."""
        done, before = await self._send(due), self._troubles.pop(due.letter.key, None)
        result = RecordLetters(key=due.letter.key, sent=done.sent, failed=done.failed, waiting=done.waiting)
        is_news = before is None or before.result != result or self._wanted(result.key) > before.wanted
        if is_news and (done.sent or not done.waiting):
            with suppress(OrderEnded):
                await self._flow.do(result)
        if done.waiting:
            tries = before.tries + 1 if before else 1
            pause = min(max(FIRST_PAUSE * 2 ** min(tries - 1, 10), dt.timedelta(seconds=done.pause)), LONGEST_PAUSE)
            self._troubles[result.key] = Trouble(workflow.now() + pause, tries, result, self._wanted(result.key))

    async def _send(self, due: Due) -> LettersDone:
        letter = due.letter
        ask = SendLetters(order=self._flow.order.id, key=letter.key, now=workflow.now(), until=due.until)
        if letter.manner.to in TO_ONE:
            done: LettersDone = await workflow.execute_local_activity_method(
                LetterActivities.send_letters, ask, start_to_close_timeout=LOCAL, retry_policy=PATIENT
            )
        else:
            done = await workflow.execute_activity_method(
                LetterActivities.send_letters,
                ask,
                start_to_close_timeout=A_ROUND_OF_MAIL,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=PATIENT,
                summary=letter.key,
            )
        return done
