"""The postman: sends each letter of the order when it is due, one at a time."""

import datetime as dt

from temporalio import workflow

from workflows.flow import LOCAL, PATIENT, Flow, OrderEnded

with workflow.unsafe.imports_passed_through():
    from activities.notify import HEARTBEAT, LetterActivities, LettersDone, SendLetters
    from domain.commands import RecordLetters
    from domain.letters import Letter
    from domain.postbox import Due, next_letter

A_ROUND_OF_MAIL = dt.timedelta(hours=2)
TO_ONE = ("coordinator", "consultant")


class Postman:
    """Works beside the story until told to stop; stops between letters, never in the middle of one."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._stopping = False

    async def work(self) -> None:
        """Send what is due, wait for what is to come."""
        while not self._stopping:
            due = self._next()
            if due is not None and due.at <= workflow.now():
                await self._send(due.letter)
            else:
                await self._wait_for(due)

    def stop(self) -> None:
        self._stopping = True

    def _next(self) -> Due | None:
        return next_letter(self._flow.order, workflow.now())

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

    async def _send(self, letter: Letter) -> None:
        ask = SendLetters(order=self._flow.order.id, key=letter.key, now=workflow.now())
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
        try:
            await self._flow.do(RecordLetters(key=letter.key, sent=done.sent, failed=done.failed))
        except OrderEnded:
            return
