"""What the people of the demo do, in order; the system does the rest."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from demo import people
from demo.answers import baseline_answers, follow_up_answers
from demo.browser import Browser, answer_the_questionnaire
from demo.mailbox import Mail, mails_in
from demo.time_machine import TimeMachine
from domain.calendar import is_quiet, working_day_from
from domain.evolution import load
from domain.meeting import at, danish
from domain.model import OrderId, Round
from domain.order import Order
from domain.package import Package
from domain.stages import Stage
from storage import result_repository
from storage.staff import StaffRole, add_staff
from worker.stack import Stack

WEEKS_TO_THE_MEETING = 9
WEEKS_TO_THE_FOLLOW_UP = (50, 46, 42, 38)
"""After the meeting, best first: the first of them around which nothing is quiet is agreed on."""
EARLY = dt.timedelta(weeks=1)
"""So long before the agreed day the coordinator starts the follow-up; it is open still when that day comes."""
WAVES = (18, 12, 8)
"""How many answer at the invitation and at each of the first two reminders."""
PLACE = "Søndersø Medborgerhus, Odensevej 2"
IDEAS = """Vi spiser frokost sammen hver dag kl. 12.
Telefonen er lukket fra 12 til 12.30 for alle.
Vi tager svære forløb op på et kort morgenmøde."""
AGREED = """Fælles frokost kl. 12, alle klinikker, fra næste måned
Kort morgenmøde om svære forløb, én tovholder i hver klinik, inden sommer
Klyngen tager trivsel op igen, koordinatoren, om et år"""

Told = Callable[[str], None]


@dataclass
class Story:
    """One order, its people, and the machine that moves time for them."""

    stack: Stack
    machine: TimeMachine
    client: httpx.AsyncClient
    package: Package
    key: str
    tell: Told
    order_id: OrderId = field(default=OrderId(""))
    order_page: str = ""
    papers: bytes = b""
    """The meeting's papers in a zip, as the coordinator had them the day after."""

    async def live(self) -> None:
        """From the order to the comparison."""
        await self._order_the_package()
        await self._hold_the_call()
        await self._answer(Round.BASELINE, baseline_answers(self.package), WAVES)
        await self._look_at_the_deck()
        await self._hold_the_meeting()
        await self._start_the_follow_up()
        await self._answer(Round.FOLLOW_UP, follow_up_answers(self.package), (16, 11, 7))
        self.tell("Konsulenten lader frist og præsentation gå deres gang")
        await self._share_the_comparison()
        await self.machine.travel_until(self.order_id, Stage.COMPLETED)

    @property
    def order(self) -> Order:
        order = load(self.stack.store.load(self.order_id))
        if order is None:
            raise LookupError(self.order_id)
        return order

    def mails(self, occasion: str) -> list[Mail]:
        return mails_in(self.stack.settings.mails, occasion)

    async def _order_the_package(self) -> None:
        self.tell(f"Koordinatoren bestiller ”{self.package.title}” til 42 læger")
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": uuid.uuid4().hex}
        answer = await self.client.post("/api/v1/orders", json=people.an_order(self.package.slug), headers=headers)
        answer.raise_for_status()
        placed = answer.json()
        self.order_id, self.order_page = OrderId(placed["order"]), placed["links"]["page"]
        await self.machine.settle(self.order_id)
        with self.stack.database.write() as connection:
            consultant = add_staff(connection, *people.CONSULTANT, StaffRole.CONSULTANT)
        await self._command({"type": "assign_consultant", "consultant": consultant})

    async def _hold_the_call(self) -> None:
        await self._wait(dt.timedelta(days=2))
        today = danish(await self.machine.now()).date()
        day = working_day_from(today + dt.timedelta(weeks=WEEKS_TO_THE_MEETING))
        while is_quiet(day) or day.weekday() != 2:
            day = working_day_from(day + dt.timedelta(days=1))
        self.tell("Konsulenten ringer, og mødet aftales")
        meeting = {
            "starts": f"{day}T17:00",
            "minutes": self.package.programme_minutes,
            "format": "fysisk",
            "facilitator": "koordinator",
        }
        await self._command({"type": "agree_plan", "meeting": meeting, "place_text": PLACE})
        await self.machine.settle(self.order_id)

    async def _answer(self, round_: Round, answers: Sequence[dict[str, list[str]]], waves: Sequence[int]) -> None:
        stage = Stage.SURVEY_OPEN if round_ is Round.BASELINE else Stage.FOLLOW_UP_OPEN
        await self.machine.travel_until(self.order_id, stage)
        await self.machine.settle(self.order_id)
        waiting = [mail for mail in self.mails("invitation") if mail.link("svar") not in self._seen]
        self._seen |= {mail.link("svar") for mail in waiting}
        survey = self.order.survey(round_)
        reminders = survey.reminders if survey else ()
        left = list(answers)
        for number, wave in enumerate(waves):
            if number:
                await self.machine.travel(self.order_id, at(reminders[number - 1], dt.time(19)))
            now, waiting = waiting[:wave], waiting[wave:]
            for mail in now:
                await answer_the_questionnaire(Browser(self.client), mail.link("svar"), left.pop(0))
            self.tell(f"{wave} læger svarer på deres telefon")

    _seen: set[str] = field(default_factory=set)

    async def _look_at_the_deck(self) -> None:
        await self.machine.travel_until(self.order_id, Stage.IN_REVIEW)
        await self._wait(dt.timedelta(hours=4))
        with self.stack.database.read() as connection:
            texts = result_repository.free_texts(connection, self.order_id, Round.BASELINE)
        self.tell(f"Konsulenten ser præsentationen, læser {len(texts)} fritekstsvar og stryger ét")
        await self._command({"type": "read_free_texts", "strike": [texts[0].id] if texts else []})
        await self.machine.settle(self.order_id)
        await self._command({"type": "release_deck"})
        await self.machine.settle(self.order_id)

    async def _hold_the_meeting(self) -> None:
        meeting = self.order.meeting
        if meeting is None:
            raise LookupError("meeting")
        await self.machine.travel(self.order_id, meeting.ends_at + dt.timedelta(hours=18))
        opens = _a_good_day_to_follow_up(meeting.day)
        self.tell("Koordinatoren fortæller, hvordan mødet gik, og aftaler opfølgning")
        browser = Browser(self.client)
        form = await browser.open(f"{self.order_page}/referat")
        looked_through, _ = await browser.press(
            form,
            None,
            [
                ("attended", "36"),
                ("ideas_text", IDEAS),
                ("agreed_text", AGREED),
                ("follow_up", "agreed"),
                ("follow_up_opens", opens.isoformat()),
            ],
        )
        await browser.press(looked_through, looked_through.buttons[0], [])
        await self.machine.settle(self.order_id)
        self.papers = await browser.download(f"{self.order_page}/papirer/alle.zip")

    async def _start_the_follow_up(self) -> None:
        agreed = self.order.follow_up.opens
        if agreed is None:
            raise LookupError("follow-up")
        await self.machine.travel(self.order_id, at(working_day_from(agreed - EARLY), dt.time(9)))
        self.tell("Koordinatoren sætter selv opfølgningen i gang en uge før")
        browser = Browser(self.client)
        form = await browser.open(f"{self.order_page}/opfoelgning")
        await browser.press(form, None, [("kommando", "start_follow_up")])
        await self.machine.settle(self.order_id)

    async def _share_the_comparison(self) -> None:
        await self.machine.travel_until(self.order_id, Stage.FOLLOW_UP_DELIVERED)
        await self._wait(dt.timedelta(days=4))
        self.tell("Koordinatoren ser før og efter og sender det til medlemmerne")
        browser = Browser(self.client)
        form = await browser.open(f"{self.order_page}/send-resultat")
        await browser.press(form, None, [("sikker", "ja")])
        await self.machine.settle(self.order_id)

    async def _wait(self, time: dt.timedelta) -> None:
        await self.machine.travel(self.order_id, await self.machine.now() + time)

    async def _command(self, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": uuid.uuid4().hex}
        answer = await self.client.post(f"/api/v1/orders/{self.order_id}/commands", json=body, headers=headers)
        if answer.is_error:
            msg = f"{body['type']}: {answer.json().get('detail')}"
            raise RuntimeError(msg)


def _a_good_day_to_follow_up(meeting: dt.date) -> dt.date:
    """A working day within the package's window, with no holidays from the early start to the last answer."""
    days = [working_day_from(meeting + dt.timedelta(weeks=weeks)) for weeks in WEEKS_TO_THE_FOLLOW_UP]
    return next((day for day in days if not _is_quiet_around(day)), days[0])


def _is_quiet_around(day: dt.date) -> bool:
    return any(is_quiet(day + dt.timedelta(days=days)) for days in range(-EARLY.days, 15))
