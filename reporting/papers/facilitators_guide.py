"""The facilitator's guide: slide for slide the clock, what to say, what to do on screen, what a measure means."""

from collections.abc import Sequence

from domain.package import Section
from domain.programme_times import TimedPart
from reporting.document_builder import DocumentBuilder
from reporting.document_help import write_help
from reporting.papers.context import PaperContext
from reporting.papers.opening import begin, is_video
from reporting.papers.programme import check_in_time, ring_line
from reporting.papers.slide_parts import parts_of_slides
from reporting.slide_pictures import SlideWords, slide_words
from reporting.slide_times import without_the_clock
from reporting.spreads import definition_of

LACKING = "reference mangler"
"""What the notes say of a figure that the package has no source for: KiAP's to find, no facilitator's to say."""


def make_guide(paper: PaperContext) -> bytes:
    """As .docx bytes, from the very deck that was delivered, whoever made it. Raises NoPictures where it is no deck."""
    writer = begin(paper, "Drejebog")
    _before(writer, paper)
    if paper.programme:
        _clock(writer, paper)
    writer.heading("Slide for slide", 1)
    _slides(writer, paper, slide_words(paper.deck or b""))
    _measures(writer, paper)
    write_help(writer, paper.help)
    _after(writer, paper)
    return writer.content()


def _before(writer: DocumentBuilder, paper: PaperContext) -> None:
    writer.heading("Før mødet", 1)
    lines = [
        "Læs resultaterne, og se præsentationen igennem. Tallene her er dem, der står på dine slides.",
        "Del opgaverne: én styrer tid og slides, en anden styrer samtalen.",
    ]
    if is_video(paper):
        lines += [
            "Lav grupperummene på forhånd efter »Grupper på fire«, så ingen sidder med kolleger fra egen praksis.",
            "Bed alle sidde ved hver sin computer i hver sit rum, også dem fra samme praksis.",
        ]
        if paper.package.videos:
            lines.append("Hav videoerne åbne i et vindue, før mødet begynder, og husk at dele lyden.")
    else:
        lines += [
            "Print uddelingskopierne og »Grupper på fire«, og læg dem frem, før folk kommer.",
            f"Prøv lærred{', lyd og videoer' if paper.package.videos else ' og lyd'} i lokalet, før mødet begynder.",
        ]
    writer.bullets(lines)
    if paper.video is not None and paper.video.guide is not None:
        writer.link(paper.video.guide.title, paper.video.guide.url)
    if check_in_time(paper):
        writer.heading(f"{check_in_time(paper)}  Check-in", 2)
        writer.text(
            "Byd velkommen, efterhånden som folk logger på. Vis, hvor man slukker lyden, markerer og skriver i "
            "chatten, og bed alle slukke mikrofonen, når mødet begynder."
        )
        if ring_line(paper):
            writer.text(f"I programmet står: {ring_line(paper)}")


def _clock(writer: DocumentBuilder, paper: PaperContext) -> None:
    writer.heading("Mødet på uret", 1)
    rows = [(check_in_time(paper), "Check-in", "")] if check_in_time(paper) else []
    rows += [(part.when, part.title, "\n".join(part.part.technique)) for part in paper.programme]
    if any(part.part.technique for part in paper.programme):
        writer.table(("Tid", "Punkt", "Teknik"), rows, (0.17, 0.43, 0.4), about="Mødets program med teknik")
    else:
        writer.table(("Tid", "Punkt"), [row[:2] for row in rows], (0.2, 0.8), about="Mødets program")


def _slides(writer: DocumentBuilder, paper: PaperContext, slides: Sequence[SlideWords]) -> None:
    """Every part on the clock, also one without slides, with the slides that are shown in it."""
    plans = paper.package.deck.of(paper.form, paper.round)
    belongs = parts_of_slides([slide.notes for slide in slides], plans, [part.part for part in paper.programme])
    numbered = list(zip(range(1, len(slides) + 1), slides, belongs, strict=True))
    for part in paper.programme:
        _part(writer, part)
        for number, slide, _ in (each for each in numbered if each[2] == part.id):
            _slide(writer, number, slide)
    for number, slide, _ in (each for each in numbered if not each[2]):
        _slide(writer, number, slide)


def _part(writer: DocumentBuilder, part: TimedPart) -> None:
    writer.heading(f"{part.when}  {part.title}", 2)
    if part.text:
        writer.text(part.text)
    if part.part.technique:
        writer.text(f"Teknik: {' '.join(part.part.technique)}", bold=True)
    for task in part.tasks:
        writer.question(task.number, task.text, alone=len(part.tasks) == 1)


def _slide(writer: DocumentBuilder, number: int, slide: SlideWords) -> None:
    """What to say in full, and what the slide shows in small, as far as it is more than a reference that lacks."""
    writer.heading(f"Slide {number}: {slide.title or 'uden titel'}", 3)
    said, _, more = without_the_clock(slide.notes).partition("\n\n")
    writer.text(" ".join(said.split()))
    shown = [" ".join(line.split()) for line in more.splitlines() if line.strip() and LACKING not in line]
    if shown:
        writer.text(" · ".join(line.rstrip(".") for line in shown) + ".", small=True)


def _measures(writer: DocumentBuilder, paper: PaperContext) -> None:
    told = [section for section in paper.package.sections if _meaning(paper, section)]
    if not told:
        return
    writer.heading("Hvad målene betyder", 1)
    for section in told:
        writer.heading(f"{section.measure}: {section.title}" if section.measure else section.title, 3)
        for line in _meaning(paper, section):
            writer.text(line)


def _meaning(paper: PaperContext, section: Section) -> list[str]:
    package = paper.package
    if section.measures:
        return [f"{each.chart_label}: {definition_of(each)}" for each in map(package.measure, section.measures)]
    index = next((each for each in package.indices if set(each.items) & set(section.items)), None)
    items = [package.item(item) for item in section.items]
    asked = list(dict.fromkeys(package.group(item.group).text if item.group else item.text for item in items))
    lines = [f"Spurgt: {text}" for text in asked]
    for scale in dict.fromkeys(item.scale for item in items if item.scale):
        options = ", ".join(option.label for option in package.scales[scale].options)
        lines.append(f"Svar: {options}.")
    rating = next((item for item in items if item.kind == "rating"), None)
    if rating is not None:
        ends = (
            f"{rating.minimum} ({rating.minimum_label.lower()}) til {rating.maximum} ({rating.maximum_label.lower()})"
        )
        lines.append(f"Svar: et tal fra {ends}.")
    if index is not None:
        lines.append(f"{index.name}: summen af de {len(index.items)} tal ganget med {index.factor}. {index.source}")
        lines += [f"{band.from_}–{band.to} point, {band.label.lower()}: {band.means}." for band in index.bands]
        lines.append(index.not_a_diagnosis)
    return lines


def _after(writer: DocumentBuilder, paper: PaperContext) -> None:
    writer.heading("Efter mødet", 1)
    window = paper.package.follow_up
    writer.bullets(
        [
            "Notér på din side, hvem der var med, gruppernes idéer, og hvad I aftalte om opfølgning. "
            "Så sender vi en mail til alle med idéer, hjemmeopgave og links.",
            f"KiAP kan lave en ny opgørelse {window.from_months}–{window.to_months} måneder efter mødet.",
            "Fremmødelisten til PLO og region ligger på din side, når fremmødet er noteret.",
        ]
    )
