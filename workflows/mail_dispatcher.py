"""The mail dispatcher: has each letter of the order sent when it is due, beside the story and never in its way."""

import datetime as dt

from temporalio import workflow

from workflows.flow import PATIENT, Flow

with workflow.unsafe.imports_passed_through():
    from activities.notify import HEARTBEAT, LetterActivities, SendLetters
    from domain.outlook import NextLetter
    from workflows.messages import MAIL_QUEUE

A_ROUND_OF_MAIL = dt.timedelta(hours=2)


class MailDispatcher:
    """Works until told to stop; stops between letters, never in the middle of one."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._stopping = False

    async def work(self) -> None:
        """Send what is due, wait for what is to come. Raises what has ended the workflow."""
        while not self._stopping:
            letters = self._flow.outlook.letters
            if letters and letters[0].at <= workflow.now():
                await self._send(letters)
            else:
                await self._wait_beside(letters)

    def stop(self) -> None:
        """Stop after the letter in hand."""
        self._stopping = True

    async def _wait_beside(self, letters: tuple[NextLetter, ...]) -> None:
        """Wait until these are due, or others are next."""
        due = letters[0].at if letters else None
        await self._flow.wait(due, unless=lambda order: self._stopping or order.letters != letters)

    async def _send(self, letters: tuple[NextLetter, ...]) -> None:
        ask = SendLetters(
            order=self._flow.outlook.order,
            keys=tuple(letter.key for letter in letters if not letter.settle),
            settle=tuple(letter.key for letter in letters if letter.settle),
            known=self._flow.outlook.version,
            now=workflow.now(),
        )
        await self._flow.outcome_of(
            workflow.execute_activity_method(
                LetterActivities.send_letters,
                ask,
                task_queue=MAIL_QUEUE,
                start_to_close_timeout=A_ROUND_OF_MAIL,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=PATIENT,
                summary=", ".join((*ask.keys, *ask.settle)),
            )
        )
