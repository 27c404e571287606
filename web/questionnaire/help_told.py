"""Where to turn, on the pages after the last button: the package's own words, in the reader's language where it can."""

from domain.help import Help, help_for
from domain.model import Round
from domain.order import Order
from domain.translation import in_english
from storage import clusters
from web.questionnaire.words import Language
from web.services import Services


def help_told(services: Services, order: Order | None, round_: Round, language: Language) -> Help | None:
    """The package's help with the unit that the region has when the round closes.

    None where the page's own words have to do: a kept version without help, or one without English.
    """
    survey = order.survey(round_) if order is not None else None
    if order is None or survey is None:
        return None
    package = services.packages.of(order)
    if language == "en" and package.english is None:
        return None
    spoken = in_english(package) if language == "en" else package
    with services.database.read() as connection:
        region = clusters.cluster(connection, order.cluster).region
    return help_for(spoken.help, region, survey.closes, services.crisis_corps)
