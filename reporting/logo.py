"""The office's logo on the front of each deck: a picture file that the setting `logo` names."""

from dataclasses import dataclass
from pathlib import Path

LARGEST = 2_000_000
"""Bytes of the file: it stands in every deck."""
FORMATS = ("PNG", "JPEG")


class LogoError(Exception):
    """The file is no picture that a deck can have. The text says why."""


@dataclass(frozen=True)
class Logo:
    """A picture as its file has it, `shape` being its width for a height of 1, and what it is called aloud."""

    content: bytes
    shape: float
    alt: str


def read_logo(file: Path, alt: str) -> Logo:
    """Read it. Raises LogoError."""
    from pptx.parts.image import Image  # 0.2 s that a start without a logo need not wait

    try:
        content = file.read_bytes()
    except OSError as error:
        msg = f"the logo '{file}' can't be read: {error.strerror}"
        raise LogoError(msg) from None
    if len(content) > LARGEST:
        msg = f"the logo '{file}' is {len(content):,} bytes; at most {LARGEST:,} are taken"
        raise LogoError(msg)
    try:
        image = Image.from_blob(content)
        (across, down), found = image.size, str(image.ext).upper()
    except Exception:  # noqa: BLE001 - whatever Pillow makes of what is no picture
        msg = f"the logo '{file}' is no picture; PNG and JPEG are taken"
        raise LogoError(msg) from None
    if found.replace("JPG", "JPEG") not in FORMATS or not (across and down):
        msg = f"the logo '{file}' is {found}; PNG and JPEG are taken"
        raise LogoError(msg)
    return Logo(content, across / down, alt)
