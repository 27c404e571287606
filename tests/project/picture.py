"""The README's picture of the console, taken from the time machine.

python -m tests.project.picture [--clusters N]
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from demo.play.place import START
from demo.play.playing import CLUSTERS
from demo.play.steps import Leap
from tests.demo.play.stage import a_stage

PICTURE = Path(__file__).parents[2] / "docs" / "console.png"
WIDTH, HEIGHT = 1280, 860
COLOURS = 96
"""Enough for a page of few colours, and a file a third as large."""


def take(into: Path, clusters: int) -> None:
    """The console's first page as operations see it, on the country's next working morning."""
    with (
        TemporaryDirectory() as folder,
        a_stage(Path(folder) / "data", clusters) as stage,
        sync_playwright() as started,
    ):
        stage.travel(Leap.EVENT)
        chromium = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="da-DK")
        page.goto(f"{stage.address}{START}")
        page.get_by_role("button", name="Drift").click()
        page.wait_for_url("**/drift")
        page.screenshot(path=into)
        chromium.close()
    with Image.open(into) as taken:
        taken.convert("RGB").quantize(COLOURS).save(into, optimize=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clusters", type=int, default=CLUSTERS)
    take(PICTURE, arguments.parse_args().clusters)
