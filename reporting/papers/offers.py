"""The offers: who can help the cluster's practices to go on, with links where a source gives one."""

from domain.offers import GIVERS, Giver, Offer
from reporting.document_builder import DocumentBuilder
from reporting.document_help import write_help
from reporting.papers.context import PaperContext
from reporting.papers.opening import begin


def make_offers(paper: PaperContext) -> bytes:
    """As .docx bytes. What the data lack is not printed: that is KiAP's to find out, see `OffersHere.missing`."""
    writer = begin(paper, "Oversigt over tilbud")
    writer.text(
        "Det er jeres eget valg, om I vil bruge noget af det. Spørg KiAP, hvis I er i tvivl om, hvad der passer."
    )
    for giver in GIVERS:
        offers = paper.offers.of(giver) if paper.offers else ()
        if offers:
            writer.heading(_name(paper, giver), 1)
        for offer in offers:
            _offer(writer, offer)
    write_help(writer, paper.help)
    return writer.content()


def _name(paper: PaperContext, giver: Giver) -> str:
    region = paper.offers.region if paper.offers else None
    if giver == "region":
        unit = f": {region.quality_unit}" if region and region.quality_unit else ""
        return f"Jeres regionale kvalitetsenhed{unit}"
    return {"plo_e": "PLO-E", "kiap": "KiAP"}[giver]


def _offer(writer: DocumentBuilder, offer: Offer) -> None:
    writer.heading(offer.title, 3)
    writer.text(" ".join(filter(None, (f"{offer.audience}." if offer.audience else "", offer.text))))
    if offer.url:
        writer.link("Læs mere", offer.url)
