"""A deck that a person has corrected, before it takes the place of ours: opened, looked through, and written anew.

What is kept is what was read, so no other program can find in the file what was not looked at here.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from domain.model import OrderId, Round
from domain.unfit import Unfit

LARGEST = 15_000_000
"""Bytes. Ours are some 200,000; a photograph on every slide makes ten million."""
MOST_UNPACKED = 150_000_000
"""Bytes of all parts: a small file can unpack to far more than any machine has room for."""
MOST_MARKUP = 20_000_000
"""Bytes of slides and the like, which take some thirty times as much memory once they are read."""
MOST_PARTS = 3_000
MOST_SLIDES = 60
"""As many as are shown as pictures (`reporting/slide_pictures.py`)."""

_DECK = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_RUNS = ("vbaproject", "activex", "oleobject", "macroenabled", "control", "webextension")
"""In the content type, in small letters, of what does something by itself once it is opened."""
_COMMENTS = "comments"
_HYPERLINK = "/hyperlink"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PARAGRAPH, _PIECE, _LINE_BREAK = f"{_DRAWING}p", f"{_DRAWING}t", f"{_DRAWING}br"
_ADDRESSES = ("https://", "http://", "mailto:")
_MARK = re.compile(r"forløb (?P<order>\S+) (?P<round>baseline|follow_up)\b")
"""Wherever it stands: PowerPoint keeps the keywords as they are, LibreOffice puts them together with spaces."""
_OLE = b"\xd0\xcf\x11\xe0"
"""What old PowerPoint's files begin with, and those that are locked with a password."""


def mark_of(order: OrderId, round_: Round) -> str:
    """What stands among a deck's keywords, by which it is known again after Office has saved it."""
    return f"forløb {order} {round_.value}"


def looked_through(content: bytes, order: OrderId, round_: Round, cluster: str) -> bytes:
    """The deck as it may be kept for a round of an order. Raises Unfit with what is wrong and how to mend it.

    It is this round's by the mark that our decks have, or, where a program has dropped it, by the cluster's name on a
    slide.
    """
    _refuse_what_is_no_deck(content)
    deck = _opened(content)
    parts = list(deck.part.package.iter_parts())
    if str(deck.part.content_type) != _DECK:
        raise Unfit(
            "Filen er ikke en almindelig præsentation. Gem den som PowerPoint-præsentation (.pptx), og prøv igen.",
            "the main part is no plain presentation",
        )
    if any(word in str(part.content_type).lower() for part in parts for word in _RUNS):
        raise Unfit(
            "Der er makroer eller indsatte programmer i filen. Slet dem, gem som .pptx, og prøv igen.",
            "the deck has macros, controls or embedded objects",
        )
    if any(_COMMENTS in str(part.content_type).lower() for part in parts):
        raise Unfit(
            "Der er kommentarer i præsentationen, som koordinatoren ville se. Slet dem, og prøv igen.",
            "the deck has review comments",
        )
    if any(map(_leads_outside, deck.part.package.iter_rels())):
        raise Unfit(
            "Præsentationen henter et billede, en video eller en fil et andet sted fra. Sæt det ind i selve filen.",
            "the deck links to something outside of it",
        )
    if not 1 <= len(deck.slides) <= MOST_SLIDES:
        raise Unfit(
            f"Præsentationen har {len(deck.slides)} slides. Der skal være mellem 1 og {MOST_SLIDES}.",
            f"not between 1 and {MOST_SLIDES} slides",
        )
    _refuse_anothers(deck, order, round_, cluster)
    return _written(deck)


def _refuse_what_is_no_deck(content: bytes) -> None:
    if len(content) > LARGEST:
        raise Unfit(
            f"Filen fylder mere end {LARGEST // 1_000_000} MB. Gør billederne mindre, og prøv igen.",
            f"more than {LARGEST} bytes",
        )
    if content.startswith(_OLE):
        raise Unfit(
            "Filen er låst med en adgangskode eller fra et gammelt PowerPoint. Gem den som .pptx uden adgangskode.",
            "an OLE file, old or encrypted",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # damaged; of an unknown version; a name in no UTF-8
        raise _unreadable() from None
    markup = sum(info.file_size for info in infos if info.filename.lower().endswith((".xml", ".rels")))
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED or markup > MOST_MARKUP:
        raise Unfit(
            "Filen fylder for meget, når den pakkes ud. Gør billederne mindre, og prøv igen.",
            "too many or too large parts",
        )


def _unreadable() -> Unfit:
    return Unfit(
        "Filen kan ikke læses som en præsentation. Gem den som PowerPoint-præsentation (.pptx), og prøv igen.",
        "python-pptx can't read it",
    )


def _opened(content: bytes) -> Any:  # noqa: ANN401 - python-pptx has no types
    from pptx import Presentation  # 0.2 s that few requests need

    try:
        deck = Presentation(io.BytesIO(content))
        for slide in deck.slides:
            _ = [shape.shape_type for shape in slide.shapes]
    except Exception:  # noqa: BLE001 - whatever python-pptx makes of what is no deck
        raise _unreadable() from None
    return deck


def _leads_outside(relationship: Any) -> bool:  # noqa: ANN401
    """Whether opening the file would fetch something. A link that somebody presses is none of that."""
    if not relationship.is_external:
        return False
    is_link = str(relationship.reltype).endswith(_HYPERLINK)
    return not (is_link and str(relationship.target_ref).lower().startswith(_ADDRESSES))


def _refuse_anothers(deck: Any, order: OrderId, round_: Round, cluster: str) -> None:  # noqa: ANN401
    marked = _MARK.search(str(deck.core_properties.keywords or ""))
    if marked is not None and marked[0] == mark_of(order, round_):
        return
    if marked is not None:
        raise Unfit(
            "Filen er en præsentation fra et andet forløb eller en anden runde. Find den rigtige, og prøv igen.",
            "the deck's mark is another order's or round's",
        )
    if _compared(cluster) not in _compared(" ".join(_paragraphs(deck))):
        raise Unfit(
            f"Er det den rigtige fil? Klyngens navn, »{cluster}«, skal stå på en slide, og det gør det ikke.",
            "the cluster's name is on no slide",
        )


def _paragraphs(deck: Any) -> Iterator[str]:  # noqa: ANN401
    """What stands on the slides, also within groups and tables, as programs other than PowerPoint like to have it."""
    for slide in deck.slides:
        for paragraph in slide.element.iter(_PARAGRAPH):
            yield "".join(piece.text or " " for piece in paragraph.iter(_PIECE, _LINE_BREAK))


def _compared(words: str) -> str:
    """Without what the eye doesn't see: letters' case, kinds of space, accents that stand as signs of their own."""
    return " ".join(unicodedata.normalize("NFKC", words).split()).casefold()


def _written(deck: Any) -> bytes:  # noqa: ANN401
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()
