"""A corrected deck is looked through before it is kept: what is not let in, and what comes out as it was."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from domain.model import OrderId, Round
from domain.unfit import Unfit
from reporting.deck import make_deck
from reporting.given_deck import LARGEST, MOST_MARKUP, MOST_PARTS, MOST_SLIDES, MOST_UNPACKED, looked_through, mark_of
from tests.reporting.clusters import a_baseline
from tests.the_packages import TRIVSEL

ORDER, CLUSTER = OrderId("o-1"), "Klynge Øst"
PLAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
COMMENTS = "application/vnd.openxmlformats-officedocument.presentationml.comments+xml"


def a_deck(*titles: str, keywords: str = "") -> Any:
    deck = Presentation()
    for title in titles:
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = title
    deck.core_properties.keywords = keywords
    return deck


def saved(deck: Any) -> bytes:
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def look(content: bytes, round_: Round = Round.BASELINE) -> bytes:
    return looked_through(content, ORDER, round_, CLUSTER)


def refused(content: bytes, round_: Round = Round.BASELINE) -> str:
    with pytest.raises(Unfit) as unfit:
        look(content, round_)
    return str(unfit.value)


def with_part(deck: Any, name: str, content_type: str, reltype: str) -> Any:
    part = Part(PackURI(name), content_type, deck.part.package, b"<x/>")
    deck.slides[0].part.relate_to(part, reltype)
    return deck


def test_a_corrected_deck_comes_out_with_every_slide_and_note() -> None:
    deck = a_deck(f"Velkommen, {CLUSTER}", "Tallene")
    deck.slides[0].notes_slide.notes_text_frame.text = "Sig velkommen."
    deck.slides[1].shapes.title.text_frame.paragraphs[0].runs[0].hyperlink.address = "https://kiap.dk"
    slides = Presentation(io.BytesIO(look(saved(deck)))).slides
    assert [slide.shapes.title.text for slide in slides] == ["Velkommen, Klynge Øst", "Tallene"]
    assert slides[0].notes_slide.notes_text_frame.text == "Sig velkommen."


def test_the_mark_of_our_decks_is_enough_and_anothers_is_too_much() -> None:
    ours = a_deck("Tallene", keywords=f"trivsel; {mark_of(ORDER, Round.BASELINE)}")
    assert look(saved(ours))
    for order, round_ in ((OrderId("o-2"), Round.BASELINE), (ORDER, Round.FOLLOW_UP)):
        for between in (", ", "; ", " "):
            of_another = a_deck(CLUSTER, keywords=f"trivsel{between}{mark_of(order, round_)}")
            assert "fra et andet forløb eller en anden runde" in refused(saved(of_another))


def test_without_the_mark_the_clusters_name_stands_on_a_slide() -> None:
    assert look(saved(a_deck("klynge øst")))
    assert f"»{CLUSTER}«, skal stå på en slide" in refused(saved(a_deck("Klynge Vest")))


def test_the_clusters_name_is_seen_wherever_it_stands_on_a_slide() -> None:
    grouped, in_table, over_lines, apart = a_deck("-"), a_deck("-"), a_deck("Klynge\vØst"), a_deck("-")
    group = grouped.slides[0].shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 9, 9).text_frame.text = CLUSTER
    in_table.slides[0].shapes.add_table(1, 1, 0, 0, 9, 9).table.cell(0, 0).text = CLUSTER
    for piece in ("Klyn", "ge Ø", "st"):
        apart.slides[0].shapes.title.text_frame.paragraphs[0].add_run().text = piece
    for deck in (grouped, in_table, over_lines, apart):
        assert look(saved(deck))


def test_letters_with_accents_of_their_own_are_the_same_letters() -> None:
    assert looked_through(saved(a_deck("Klynge A\u030aby")), ORDER, Round.BASELINE, "Klynge  Åby")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (("/ppt/vbaProject.bin", "application/vnd.ms-office.vbaProject"), "makroer"),
        (("/ppt/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml"), "makroer"),
        (("/ppt/embeddings/o.bin", "application/vnd.openxmlformats-officedocument.oleObject"), "indsatte programmer"),
        (("/ppt/embeddings/o.bin", "application/vnd.openxmlformats-officedocument.OLEObject"), "indsatte programmer"),
        (("/ppt/webextensions/w.xml", "application/vnd.ms-office.webextension+xml"), "indsatte programmer"),
        (("/ppt/comments/comment1.xml", COMMENTS), "kommentarer"),
        (("/ppt/comments/modern.xml", "application/vnd.ms-powerpoint.comments+xml"), "kommentarer"),
    ],
)
def test_what_runs_by_itself_and_what_is_only_between_colleagues_is_not_let_in(
    part: tuple[str, str], said: str
) -> None:
    deck = with_part(a_deck(CLUSTER), *part, reltype="http://example.invalid/relationships/any")
    assert said in refused(saved(deck))


@pytest.mark.parametrize(
    ("reltype", "target"),
    [
        (RELATIONSHIP_TYPE.IMAGE, "https://spor.example/pixel.png"),
        (RELATIONSHIP_TYPE.VIDEO, "file:///c:/video.mp4"),
        (RELATIONSHIP_TYPE.HYPERLINK, "file://server/delt"),
        (RELATIONSHIP_TYPE.HYPERLINK, "javascript:alert(1)"),
    ],
)
def test_nothing_is_fetched_from_elsewhere_as_the_deck_is_opened(reltype: str, target: str) -> None:
    deck = a_deck(CLUSTER)
    deck.slides[0].part.relate_to(target, reltype, is_external=True)
    assert "et andet sted fra" in refused(saved(deck))


def test_only_a_plain_presentation_is_one() -> None:
    def as_type(content_type: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(saved(a_deck(CLUSTER)))) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                new.writestr(name, data.replace(PLAIN.encode(), content_type.encode()))
        return made.getvalue()

    assert look(as_type(PLAIN))
    for other in (MACROS, PLAIN.replace("presentation.main", "slideshow.main")):
        assert "PowerPoint" in refused(as_type(other))


def test_a_deck_has_some_slides_and_no_more_than_are_shown() -> None:
    assert "0 slides" in refused(saved(a_deck()))
    assert f"{MOST_SLIDES + 1} slides" in refused(saved(a_deck(*[CLUSTER] * (MOST_SLIDES + 1))))
    assert look(saved(a_deck(*[CLUSTER] * MOST_SLIDES)))


def zipped(*parts: tuple[str, int]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, size in parts:
            new.writestr(name, bytes(size))
    return made.getvalue()


def listed(at: int, as_: int, name: int | None = None) -> bytes:
    """A zip file whose list of contents has another byte: the version that is needed (6), the flags (9), the name."""
    made = bytearray(zipped(("ppt", 1)))
    made[made.find(b"PK\x01\x02") + at] = as_
    if name is not None:
        made[made.rfind(b"ppt")] = name
    return bytes(made)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: bytes(LARGEST + 1), "mere end 15 MB"),
        (lambda: zipped(("ppt/stor.bin", MOST_UNPACKED + 1)), "når den pakkes ud"),
        (lambda: zipped(("ppt/a.xml", MOST_MARKUP), ("ppt/b.XML", 1)), "når den pakkes ud"),
        (lambda: zipped(*((f"{number}", 0) for number in range(MOST_PARTS + 1))), "når den pakkes ud"),
        (lambda: zipped(("word/document.xml", 1)), "kan ikke læses"),
        (lambda: b"", "kan ikke læses"),
        (lambda: b"%PDF-1.7", "kan ikke læses"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "låst med en adgangskode"),
        (lambda: listed(6, 99), "kan ikke læses"),
        (lambda: listed(9, 0x08, name=0xFF), "kan ikke læses"),
    ],
)
def test_what_is_too_large_or_something_else_is_said_to_be(make: Callable[[], bytes], said: str) -> None:
    assert said in refused(make())


@settings(deadline=None)
@given(st.data())
def test_a_deck_damaged_anywhere_is_refused_or_comes_out_readable(data: st.DataObject) -> None:
    whole = bytearray(saved(a_deck(CLUSTER)))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = look(bytes(whole))
    except Unfit:
        return
    assert len(Presentation(io.BytesIO(kept)).slides) == 1


@pytest.mark.office
def test_our_own_deck_is_known_again_after_another_program_has_saved_it(tmp_path: Path) -> None:
    ours = make_deck(replace(a_baseline(TRIVSEL, 12), mark=mark_of(ORDER, Round.BASELINE)))
    (tmp_path / "ours.pptx").write_bytes(ours)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pptx", "--outdir", "again", "ours.pptx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    again = (tmp_path / "again" / "ours.pptx").read_bytes()
    assert len(Presentation(io.BytesIO(look(again))).slides) == len(Presentation(io.BytesIO(ours)).slides)
    assert "fra et andet forløb" in refused(again, Round.FOLLOW_UP)
