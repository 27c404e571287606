"""A life by a register's extracts, lived at random as any order's is: nobody is asked, and every order ends."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import consultant
from domain.letters import Letter, Occasion
from domain.model import Round
from domain.order import Order
from domain.stages import Stage
from tests.domain import register_story
from tests.domain.register_story import PLACE_REGISTER, extract
from tests.domain.story import LENE, PLACED, Life
from tests.domain.test_life_of_an_order import LifeOfAnOrder, at_stage

BEGINNINGS = ("placed", "planned", "extract_awaited", "in_review", "delivered", "quiet", "follow_up_awaited")
ABOUT_A_QUESTIONNAIRE = (Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED, Occasion.TOO_FEW_ANSWERS)


class LifeOfARegisterOrder(LifeOfAnOrder):
    """The same people and the same clock; KiAP gives extracts, or forgets to."""

    @initialize(where=st.sampled_from(BEGINNINGS))
    def begins(self, where: str) -> None:
        """Somewhere in its life."""
        life = Life().does(PLACE_REGISTER, PLACED) if where == "placed" else getattr(register_story, where)()
        self.mail_hours = life.order.policies.mail_hours
        self.answers = 0
        self.called_back: Counter[Letter] = Counter()
        self.clock = Clockwork(life.order, life.now, self.answering, list(life.events), watch=self.watch)

    def watch_letter(self, order: Order, letter: Letter) -> None:
        assert letter.occasion not in ABOUT_A_QUESTIONNAIRE
        super().watch_letter(order, letter)

    @rule(practices=st.integers(0, 21), round_=st.sampled_from(Round))
    def an_extract_is_given(self, practices: int, round_: Round) -> None:
        digest = f"d{practices}"
        refusal = self.asks(extract(round_, practices, digest), consultant(LENE))
        survey = self.order.survey(round_)
        if refusal is None:
            assert survey is not None
            assert (survey.extract, survey.answers, survey.without_results) == (digest, practices, False)
        elif refusal.code == "too_few_practices":
            assert practices < self.order.disclosure.at_least

    @at_stage(Stage.SURVEY_OPEN, Stage.FOLLOW_UP_OPEN)
    @rule()
    def the_survey_is_closed_by_hand(self) -> None:
        """There is none."""
        assert self.order.open_survey is None
        refusal = self.asks(do.CloseSurvey(round=Round.BASELINE), consultant(LENE))
        assert refusal is not None
        assert refusal.code == "no_questionnaire"


LifeOfARegisterOrder.TestCase.settings = settings(
    LifeOfAnOrder.TestCase.settings, max_examples=40, stateful_step_count=25
)
TestLifeOfARegisterOrder = LifeOfARegisterOrder.TestCase
