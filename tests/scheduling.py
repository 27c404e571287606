"""Which tests go to one process of a test run, together: those that share something costly to start.

pytest-xdist's own groups need marks, and with pytest 9.2 these group nothing: it writes them into an id that pytest no
longer reads.
"""

import re

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    (
        re.compile(r"tests/demo/play/test_(banner|journey|mail_pages|pages_in_a_browser|start_page)\.py"),
        "the time machine",
    ),
    (re.compile(r"tests/demo/(country/test_making|test_demo)\.py"), ""),
    (re.compile(r"tests/(web/(console/)?test_(\w+_in_a_)?browser|days/test_\w+)\.py"), ""),
)
"""Files, and the name of what they share; where it has none, each file has its own."""


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Groups first, the largest of them first, so that none is left for the end; then each test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The name of a test's group; its own id where it has none."""
    path = nodeid.partition("::")[0]
    for files, name in TOGETHER:
        if files.fullmatch(path):
            return name or path
    return nodeid
