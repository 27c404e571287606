"""What every kind of slide needs while it is made: plan, facts, pages with title and kicker, the calm message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deck_plan import SlidePlan
from domain.index import Index
from domain.package import Section
from domain.register import Measure
from reporting import template
from reporting.danish import of
from reporting.facts import facts_of, titles_for
from reporting.figures import Figures, base_of, figures
from reporting.report_context import ReportContext
from reporting.slide_builder import Layouts, SlideBuilder
from reporting.slide_kinds import KINDS
from reporting.slide_times import NO_TIME, SlideTime

TOO_FEW_ANSWERS = "Der er for få svar til, at vi kan vise et resultat uden at røbe, hvad den enkelte har svaret."
TOO_FEW_PRACTICES = "Der er tal fra for få praksis til, at vi kan vise dem uden at røbe den enkelte praksis’ tal."
TOO_FEW_IN_A_ROUND = (
    "Der er tal fra for få praksis i mindst én af de to runder til, at de kan sammenlignes uden at røbe den enkeltes."
)
TALK_INSTEAD = "Tal om emnet ud fra jeres egne erfaringer. Det kræver ingen tal."
LARGEST = 28
"""Points the message may grow to."""
NO_BASELINE = "Der er for få svar i mindst én af de to runder til, at de kan sammenlignes uden at røbe den enkelte."


@dataclass
class SlideContext:
    """One planned slide on its way into a deck."""

    layouts: Layouts
    report: ReportContext
    plan: SlidePlan
    time: SlideTime = NO_TIME

    def page(self, layout: int, *, title: str = "", kicker: str | None = None) -> SlideBuilder:
        """A new slide with its title: the given one, or the best sentence that is true and fits."""
        page = self.layouts.new_slide(layout)
        page.title(title or self._title(page))
        if page.has(template.KICKER):
            page.write(template.KICKER, self.kicker() if kicker is None else kicker)
        return page

    def _title(self, page: SlideBuilder) -> str:
        sentences = titles_for(self.plan, facts_of(self.plan, self.report))
        return next((sentence for sentence in sentences if page.fits_title(sentence)), sentences[-1])

    def kicker(self) -> str:
        section = self._section()
        if section is None:
            return self.report.title
        return f"{section.measure}: {section.title}" if section.measure else section.title

    def _section(self) -> Section | None:
        package = self.report.package
        if KINDS[self.plan.kind].measure:
            return next((section for section in package.sections if self.plan.measure in section.measures), None)
        items = self.plan.items or (self.index.items if KINDS[self.plan.kind].index else ())
        wanted = items[0] if items else None
        return next((section for section in package.sections if wanted in section.items), None)

    @property
    def index(self) -> Index:
        """The index the plan names. Raises KeyError where it names none: `deck_check` saw to that."""
        return self.report.package.index(self.plan.index or "")

    @property
    def measure(self) -> Measure:
        """The register's measure the plan names. Raises KeyError where it names none: `deck_check` saw to that."""
        return self.report.package.measure(self.plan.measure or "")

    def close(
        self,
        page: SlideBuilder,
        *,
        shown: str = "",
        base: str | None = None,
        source: str = "",
        more: Sequence[str] = (),
    ) -> None:
        """Base line, source line, footer and notes."""
        if base and page.has(template.BASE):
            page.write(template.BASE, base)
        if source.strip() and page.has(template.SOURCE):
            page.write(template.SOURCE, re.sub(" {2,}", " ", source).strip(" "))
        notes = [*self.time.before, self.plan.notes.strip()]
        if shown:
            notes += ["", f"Slidet viser: {shown}"]
        notes += ["", *more] if more else []
        notes += self.time.after
        page.finish(f"{self.report.cluster} · {self.report.title}", notes)

    def calm(self, text: str = "") -> None:
        """The slide that stands where figures would tell too much."""
        text = text or (TOO_FEW_PRACTICES if self._is_of_a_register else TOO_FEW_ANSWERS)
        page = self.page(template.MESSAGE, title=titles_for(self.plan, facts_of(self.plan, self.report))[-1])
        page.write(template.BODY, [text, TALK_INSTEAD], largest=LARGEST)
        self.close(page, base=self.base(), more=[text])

    def calm_comparison(self) -> None:
        """Where one of two rounds may not be told, neither is the comparison."""
        self.calm(TOO_FEW_IN_A_ROUND if self._is_of_a_register else NO_BASELINE)

    @property
    def _is_of_a_register(self) -> bool:
        return self.report.package.evidence == "register"

    def both_bases(self) -> str:
        """When both rounds were, their n and N, and that nobody is followed from one to the other."""
        report, first, now = self.report, self.report.baseline, self.report.results
        if self._is_of_a_register:
            earlier = f"Første runde{report.when_before}: {of(first.n, first.members)} praksis. " if first else ""
            return f"{earlier}Nu{report.when_now}: {of(now.n, now.members)} praksis. Tallene er uden navne."
        before = f"Første runde{report.when_before}: {of(first.n, first.members)} svarede. " if first else ""
        after = f"Nu{report.when_now}: {of(now.n, now.members)} svarede."
        return f"{before}{after} Svarene er anonyme og ikke parret person for person."

    def figures(self, item: str) -> Figures | None:
        return figures(self.report.package, self.report.results, item)

    def base(self, *counts: int) -> str:
        return base_of(self.report.results, counts)

    def question(self) -> str:
        """How the question was put: the group's stem, or the item's own text."""
        if self.plan.caption:
            return self.plan.caption
        package = self.report.package
        items = [package.item(item) for item in self.plan.items]
        groups = {item.group for item in items}
        if len(groups) == 1 and (group := groups.pop()):
            return f"Spørgsmålet lød: {package.group(group).text}"
        return f"Spørgsmålet lød: {items[0].text}" if len(items) == 1 else ""
