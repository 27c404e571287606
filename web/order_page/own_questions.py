"""A cluster's own questions on an order's pages: what is asked, and the form's preview as a doctor would see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.model import Round
from domain.own_package import scales_to_choose, with_own_questions
from domain.own_questions import is_own
from domain.package import Item
from domain.text import LONGEST_ANSWER
from web.forms.own_questions import as_asked, pointing
from web.order_page.view import OrderPageView
from web.questionnaire.sheet import Sheet, sheet
from web.services import Services

FORM = "egne-spoergsmaal"
FIELD = "questions"


@dataclass(frozen=True)
class QuestionShown:
    """A question as the order's pages tell it."""

    text: str
    answers: str
    repeated: bool


@dataclass(frozen=True)
class QuestionsSeen:
    """The questions in the form, as the questionnaire would have them. `pointing`: words to be careful with."""

    sheet: Sheet
    parts: tuple[tuple[str, tuple[Item, ...]], ...]
    """What stands above questions, and they."""
    pointing: list[str]
    longest: int = LONGEST_ANSWER


def questions_shown(here: OrderPageView) -> list[QuestionShown]:
    """What the cluster asks besides the package, and how it is answered."""
    package = here.package
    again = {item.id for item in package.asked_in(Round.FOLLOW_UP)}
    return [
        QuestionShown(
            text=item.text,
            answers=" / ".join(option.label for option in package.options_of(item)) or "Med egne ord",
            repeated=item.id in again,
        )
        for item in package.items
        if is_own(item.id)
    ]


def questions_seen(services: Services, here: OrderPageView, values: Mapping[str, str]) -> QuestionsSeen | None:
    """What stands in the form as a doctor would see it; None where nothing whole does."""
    package = services.packages.version(here.order.package, here.order.package_version)
    asked = as_asked(values, FIELD, scales_to_choose(package))
    if not asked:
        return None
    extended = with_own_questions(package, asked)
    parts = tuple(
        (section.intro, tuple(extended.item(item) for item in section.items))
        for section in extended.sections[len(package.sections) :]
    )
    return QuestionsSeen(sheet(extended, Round.BASELINE), parts, pointing(asked))
