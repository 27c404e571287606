"""The slide of what the cluster agreed last time: its own words, or what to talk about where nothing was written."""

from reporting import template
from reporting.slide_builder import Listed
from reporting.slide_context import SlideContext

LARGEST = 28
"""Points that few points grow to."""
SMALLEST = 16


def last_time(make: SlideContext) -> None:
    """What was agreed, beside the day and how long ago, on as many slides as it needs; the notes have the questions.

    Where nothing was written down the slide has the questions themselves.
    """
    report, questions = make.report, list(make.plan.body)
    left, more = list(report.agreed) or questions, list[str]()
    if report.agreed:
        more = ["Spørg klyngen:", *(f"– {question}" for question in questions)]
        more += ["", "Det blev aftalt:", *(f"– {point}" for point in report.agreed)]
    while left:
        page = make.page(template.TASK, kicker="Siden sidst")
        number = len(left)
        while number > 1 and not page.fits(template.BODY, left[:number], SMALLEST):
            number -= 1
        listed: Listed = "bullets" if len(left) > 1 else "plain"
        page.write(template.BODY, left[:number], smallest=SMALLEST, largest=LARGEST, listed=listed)
        if report.last_time:
            page.write(template.SIDE, report.last_time)
        make.close(page, more=more)
        left = left[number:]
