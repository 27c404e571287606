"""An order as its workflow is told it: what is so, and what comes next. Facts, for the workflow decides nothing."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel

from domain.model import OrderId, Round
from domain.stages import Stage
from domain.steps import Action


class NextLetter(BaseModel):
    """A letter that is next: its key, when it leaves, and whether it is only to be noted as overtaken."""

    key: str
    at: AwareDatetime
    settle: bool = False


class NextStep(BaseModel):
    """The clock's next step and when it is due. `version` is a deck's, where one is to be made."""

    action: Action
    at: AwareDatetime
    round: Round | None = None
    version: int = 0


class RoundOutlook(BaseModel):
    """How far a survey round is. `over`: nothing more comes of it, and its ballots are gone."""

    settled: bool = False
    over: bool = False


class Shown(BaseModel):
    """What Temporal's own pages show: search attributes, and details in Danish Markdown."""

    stage: Stage
    cluster: str
    package: str
    consultant: str | None
    due: AwareDatetime | None
    meeting: str | None
    """When it begins, as Danish clocks show it."""
    follow_up_opens: dt.date | None
    details: str


class Outlook(BaseModel):
    """All that an order's workflow knows. `finished`: the order has ended, and nothing is left to do for it."""

    order: OrderId
    version: int
    ended: bool
    finished: bool
    plan_agreed: bool
    baseline: RoundOutlook
    meeting_settled: bool
    awaits_follow_up: bool
    follow_up_settled: bool
    follow_up_agreed: bool
    second: RoundOutlook
    letters_pending: bool
    step: NextStep | None
    letters: tuple[NextLetter, ...]
    """Those that are due first: more than one where they are due at the same instant."""
    shown: Shown

    @property
    def next_moment(self) -> dt.datetime | None:
        """When something is due that needs nobody."""
        return min((each.at for each in (self.step, *self.letters[:1]) if each is not None), default=None)

    def round(self, round_: Round) -> RoundOutlook:
        """How far one of the two rounds is."""
        return self.baseline if round_ is Round.BASELINE else self.second
