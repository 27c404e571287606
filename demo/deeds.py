"""What people decide when something is theirs to do, by the habits assumed; when they do it is for others to say."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from demo.habits import Habits, kind_day
from domain import commands as do
from domain.calendar import add_months
from domain.commands import AnyCommand
from domain.decisions.follow_up import window
from domain.meeting import Meeting, danish
from domain.order import FollowUpStatus, Order

MORE_DAYS = 7
"""Calendar days that a survey with too few answers is given."""


@dataclass(frozen=True)
class Deeds:
    """One order's people, who decide by chance and habit."""

    random: Random
    habits: Habits

    def plan(self, now: dt.datetime) -> AnyCommand:
        """What the consultant and the coordinator agree on when they talk."""
        weeks = self.random.randint(*self.habits.weeks_to_the_meeting)
        day = kind_day(danish(now).date() + dt.timedelta(weeks=weeks))
        return do.AgreePlan(meeting=Meeting(starts=dt.datetime.combine(day, dt.time(17))))

    def too_few(self, order: Order, now: dt.datetime) -> AnyCommand:
        """More days once, or on without results."""
        survey = order.second or order.baseline
        if survey and not survey.extensions and self.random.random() < self.habits.extends_where_too_few:
            return do.ExtendSurvey(closes=danish(now).date() + dt.timedelta(days=MORE_DAYS))
        return do.GoOnWithoutResults()

    def record(self, order: Order) -> AnyCommand:
        """How the meeting went, and what was agreed on follow-up."""
        members = len(order.active_members)
        attended = round(members * self.random.uniform(*self.habits.attends))
        chance = self.random.random()
        if chance < self.habits.agrees_on_follow_up and order.meeting:
            opens = self._day_of_follow_up(order)
            return do.RecordMeeting(
                attended=attended, absent=members - attended, follow_up="agreed", follow_up_opens=opens
            )
        declined = chance > 1 - self.habits.declines_follow_up
        return do.RecordMeeting(
            attended=attended, absent=members - attended, follow_up="declined" if declined else "later"
        )

    def follow_up(self, order: Order) -> AnyCommand:
        """Start it, or want none."""
        if order.follow_up.status is FollowUpStatus.UNDECIDED and self.random.random() < 1 / 3:
            return do.DeclineFollowUp()
        return do.StartFollowUp()

    def _day_of_follow_up(self, order: Order) -> dt.date:
        allowed = window(order)
        months = self.random.randint(*self.habits.follow_up_after_months)
        day = add_months(order.meeting.day, months) if order.meeting else allowed.opens
        return min(max(allowed.opens, day), allowed.closes)
