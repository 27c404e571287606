"""What we are waiting for people to do in an order: since when, by when, and until when it is put off."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from domain.calendar import add_working_days, end_of_work, morning, working_day_from, working_day_until
from domain.letters import Letter, Occasion
from domain.limits import (
    decide_by,
    last_day_to_share,
    may_yet_be_released,
    record_given_up_at,
    window_after,
    withheld_at,
)
from domain.meeting import danish
from domain.order import FollowUpStatus, Order, Survey
from domain.stages import Owner, Stage
from domain.task_kinds import Calls, TaskKind

Facts = dict[str, str | int]


@dataclass(frozen=True)
class Task:
    """Something we are waiting for a person to do. `kind` is stable; screens give it words.

    `promised` is by when it is to be done by KiAP's rules, `postponed_until` the day that one of KiAP's own has put it
    off to. `facts` are ids, dates and counts that its reader needs.
    """

    kind: TaskKind
    owner: Owner
    promised: dt.datetime
    since: dt.datetime
    facts: Facts = field(default_factory=dict)
    postponed_until: dt.date | None = None

    @property
    def due(self) -> dt.datetime:
        """When it counts as due: as promised, or at the end of the day it is put off to."""
        return self.promised if self.postponed_until is None else end_of_work(self.postponed_until)

    def is_put_off(self, today: dt.date) -> bool:
        """Whether the day it is put off to is still to come."""
        return self.postponed_until is not None and today < self.postponed_until


def tasks_of(order: Order) -> list[Task]:
    """What we are waiting for people to do now, the most urgent first."""
    tasks = (_with_postponement(order, task) for task in tasks_as_promised(order))
    return sorted(tasks, key=lambda task: task.due)


def _with_postponement(order: Order, task: Task) -> Task:
    put_off = order.postponements.get(task.kind)
    return task if put_off is None else replace(task, postponed_until=put_off.until)


def tasks_as_promised(order: Order) -> Iterator[Task]:
    """The same, whatever is put off, in the order of an order's life."""
    if order.ended:
        return
    if order.consultant is None:
        yield Task(
            TaskKind.ASSIGN_CONSULTANT,
            "operations",
            end_of_work(add_working_days(danish(order.placed_at).date(), 1)),
            order.placed_at,
        )
    if order.meeting is None:
        due = end_of_work(order.call_due)
        yield Task(TaskKind.HOLD_THE_CALL, "consultant", due, order.placed_at, _facts_of_calls(order.calls))
        return
    for survey in order.surveys:
        yield from _survey_tasks(order, survey)
    if order.programme_outgrown_at and not order.meeting_settled and not order.asked_for_record():
        soon = end_of_work(add_working_days(danish(order.programme_outgrown_at).date(), order.policies.review_days))
        since = order.programme_outgrown_at
        yield Task(TaskKind.LOOK_AT_PROGRAMME, "consultant", min(soon, order.meeting.starts_at), since)
    if order.asked_for_record() and not order.meeting_settled:
        yield from _record_tasks(order)
    if order.stage is Stage.QUIET and order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted:
        allowed = window_after(order.meeting.day, order)
        if any(key.startswith(f"{Occasion.FOLLOW_UP_QUESTION}/") for key in order.letters):
            facts: Facts = {"opens": allowed.opens.isoformat(), "closes": allowed.closes.isoformat()}
            since = morning(allowed.opens)
            yield Task(TaskKind.DECIDE_FOLLOW_UP, "coordinator", end_of_work(allowed.closes), since, facts)
    yield from _sharing(order)


def _sharing(order: Order) -> Iterator[Task]:
    """The members wait for the coordinator to send them the comparison."""
    last, second = last_day_to_share(order), order.second
    if last is not None and second is not None and second.released_at is not None:
        facts = _facts_of_round(second)
        yield Task(TaskKind.SHARE_COMPARISON, "coordinator", end_of_work(last), second.released_at, facts)


def _facts_of_calls(calls: Calls) -> Facts:
    facts: Facts = {"calls": calls.count}
    if calls.last_at is not None and calls.last_outcome is not None:
        facts |= {"last_at": calls.last_at.isoformat(), "last_outcome": calls.last_outcome}
    return facts | ({"note": calls.note} if calls.note else {})


def _survey_tasks(order: Order, survey: Survey) -> Iterator[Task]:
    if survey.awaits_extract:
        since, facts = morning(survey.opens), _facts_of_round(survey)
        yield Task(TaskKind.GET_EXTRACT, "operations", end_of_work(working_day_until(survey.closes)), since, facts)
    if survey.counted_at is None:
        return
    since, facts = survey.counted_at, _facts_of_round(survey)
    if survey.awaits_decision:
        yield Task(TaskKind.DECIDE_TOO_FEW, "consultant", decide_by(order, survey), since, facts)
    if may_yet_be_released(order, survey) and order.meeting:
        yield Task(TaskKind.RELEASE_DECK, "consultant", order.meeting.starts_at, since, facts)
    if survey.own_deck_outdated and survey.released_at and order.meeting and not order.meeting_settled:
        changed = survey.deck_wanted_at or since
        soon = end_of_work(add_working_days(danish(changed).date(), order.policies.review_days))
        yield Task(TaskKind.CORRECT_DECK, "consultant", min(soon, order.meeting.starts_at), changed, facts)
    if survey.in_review and survey.review_until:
        limit = (withheld_at(order, survey) if survey.held else None) or survey.review_until
        unread = survey.free_texts_found > 0 and not survey.free_texts_read
        if unread:
            yield Task(TaskKind.READ_FREE_TEXTS, "consultant", limit, since, facts)
        if survey.held:
            yield Task(TaskKind.RELEASE_DECK, "consultant", limit, since, facts)
        elif not unread:
            yield Task(TaskKind.LOOK_AT_DECK, "consultant", limit, since, facts)


def _facts_of_round(survey: Survey) -> Facts:
    facts: Facts = {"round": survey.round.value}
    counts = {"answers": survey.answers, "invited": survey.invited, "free_texts": survey.free_texts_found or None}
    facts |= {name: count for name, count in counts.items() if count is not None}
    if survey.evidence == "register":
        facts["evidence"] = survey.evidence
    return facts | ({"held_why": survey.held_why} if survey.held_why else {})


def _record_tasks(order: Order) -> Iterator[Task]:
    if order.meeting is None:
        return
    last_request = Letter(
        Occasion.RECORD_REQUEST, number=f"{order.meeting_edition}.{len(order.policies.record_asked_after)}"
    )
    first = working_day_from(order.meeting.day + dt.timedelta(days=1))
    limit = morning(add_working_days(first, order.policies.record_asked_after[-1]))
    facts: Facts = {"meeting": order.meeting.day.isoformat()}
    if last_request.key in order.letters:
        yield Task(TaskKind.GET_THE_RECORD, "consultant", record_given_up_at(order), limit, facts)
    else:
        yield Task(TaskKind.RECORD_THE_MEETING, "coordinator", limit, order.meeting.ends_at, facts)
