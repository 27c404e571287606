"""Every warning of a process that runs by itself has its time."""

import re
import subprocess
import sys

import pytest

SAYS = "import logging; from worker.logs import log_with_times; log_with_times(); "


@pytest.mark.parametrize("part", ["worker.activities", "activities.digest", "temporalio.worker", "web.outages"])
def test_a_line_begins_with_its_time(part: str) -> None:
    says = f"{SAYS} logging.getLogger('{part}').warning('noget'); logging.getLogger('{part}').info('andet')"
    done = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, timeout=60, check=True)
    (line,) = done.stderr.splitlines()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d,\d{{3}} WARNING {part} noget", line)
