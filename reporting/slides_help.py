"""The slide for whoever is not well: who to turn to, and how. It stands also where there are no answers to show."""

from domain.help import way_to
from reporting import template
from reporting.slide_context import SlideContext

LARGEST = 24
"""Points the lines may grow to: there is a lot to say."""


def where_to_turn(make: SlideContext) -> None:
    """Each place with what it is for and how it is found. No slide where a kept version of the package has no help."""
    told = make.report.where_to_turn
    if told is None:
        return
    page = make.page(template.MESSAGE, kicker=told.title)
    lines = [f"{place.who}: {place.text} {way_to(place)}" for place in told.places]
    page.write(template.BODY, [told.lead, *lines], smallest=16, largest=LARGEST)
    page.embolden(template.BODY, [f"{place.who}:" for place in told.places])
    make.close(page)
