"""`make gallery`: every slide and page of the gallery's cases as pictures, one contact sheet a case, to be looked at.

    python -m tests.gallery [--out DIR] [--only WORDS]

It needs LibreOffice and poppler, and takes some ten minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from reporting.office import run_program
from tests.gallery.cases import Sheet, sheets

ACROSS = 6
WIDTH = 480
"""Pixels of a slide or page on a sheet, and how many stand beside each other."""
GAP = 8
LIMIT = 300.0


def pictures(sheet: Sheet) -> list[Image.Image]:
    """Every page of the sheet's files."""
    with tempfile.TemporaryDirectory(prefix="gallery-") as room:
        folder = Path(room)
        for name, content in sheet.files:
            (folder / name).write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        names = [name for name, _ in sheet.files]
        run_program(["soffice", profile, "--headless", "--convert-to", "pdf", *names], folder, LIMIT)
        found: list[Image.Image] = []
        for name in names:
            stem = name.split(".")[0]
            scale = ["-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
            run_program(["pdftoppm", "-png", *scale, f"{stem}.pdf", f"page-{stem}"], folder, LIMIT)
            pages = sorted(folder.glob(f"page-{stem}-*.png"), key=lambda page: int(page.stem.split("-")[-1]))
            found += [Image.open(page).copy() for page in pages]
        return found


def contact_sheet(pages: Sequence[Image.Image]) -> Image.Image:
    """The pages in rows, each row as high as its highest page."""
    rows = [pages[start : start + ACROSS] for start in range(0, len(pages), ACROSS)]
    heights = [max(page.height for page in row) + GAP for row in rows]
    sheet = Image.new("RGB", (ACROSS * (WIDTH + GAP), sum(heights)), "#777777")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for place, page in enumerate(row):
            sheet.paste(page, (place * (WIDTH + GAP), top))
        top += height
    return sheet


def main() -> None:
    """Make the sheets and print their paths."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/gallery"))
    parser.add_argument("--only", default="", help="sheets with these words in their names")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    made = 0
    for sheet in sheets(given.only):
        file = given.out / f"{sheet.name}.png"
        contact_sheet(pictures(sheet)).save(file)
        print(file, flush=True)
        made += 1
    if not made:
        sys.exit(f"no sheet has '{given.only}' in its name")


if __name__ == "__main__":
    main()
