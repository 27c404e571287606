"""`docs/api.md`: its commands are run as they stand, and do what the page says."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.web.application import Web

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "api.md"


def test_the_guides_commands_place_an_order_show_it_and_cancel_it(web: Web) -> None:
    place, see, cancel = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    placed = run(place, web)
    assert run(place, web) == placed
    order = placed["order"]
    assert run(see, web, order)["stage"] == "ordered"
    assert run(cancel, web, order)["stage"] == "cancelled"


def run(command: str, web: Web, order: str = "") -> Any:
    """What the command prints, as JSON."""
    known = {"ADDRESS": web.address, "KEY": web.site_key, "ORDER": order, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=known, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
