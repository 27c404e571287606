"""The paragraph for whoever is not well, as every paper that shows results has it."""

from domain.help import Help, way_to
from reporting.document_builder import DocumentBuilder


def write_help(paper: DocumentBuilder, told: Help | None) -> None:
    """Heading, a kind word, and a line for each place; nothing where a kept version of the package has no help."""
    if told is None:
        return
    paper.heading(told.title, 1)
    paper.text(told.lead).paragraph_format.keep_with_next = True
    paper.bullets([f"{place.who}: {place.text} {way_to(place)}" for place in told.places], together=True)
