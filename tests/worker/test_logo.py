"""What starting makes of the logo: it is read once, and a file that is no picture stops the start in one line."""

from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from worker.settings import Settings
from worker.stack import NotReady, open_stack


def test_the_logo_that_is_named_is_on_the_decks_that_are_made(tmp_path: Path) -> None:
    Image.new("RGB", (400, 100), "#0b4f4a").save(tmp_path / "logo.png")
    with closing(open_stack(Settings(data=tmp_path / "data", logo=tmp_path / "logo.png", office_name="KiAP"))) as stack:
        logo = stack.dependencies.logo
    assert logo is not None
    assert (logo.shape, logo.alt) == (4.0, "KiAP")


def test_a_logo_that_is_no_picture_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_text("KiAP")
    with pytest.raises(NotReady, match=r"^KLYNGEFLOW_LOGO: the logo '.*logo\.png' is no picture"):
        open_stack(Settings(data=tmp_path / "data", logo=tmp_path / "logo.png"))
