"""What the round's files are called."""

from pathlib import Path

import pytest

from reporting.file_names import file_name
from tests.reporting.clusters import a_baseline
from tests.the_packages import TRIVSEL


@pytest.mark.parametrize("cluster", ["Å" * 80, "漢" * 80, "\U0001fae8" * 80, "Klynge: A/B", "..."])
def test_every_clusters_name_makes_a_file_that_can_be_written(tmp_path: Path, cluster: str) -> None:
    report = a_baseline(TRIVSEL, 10, cluster=cluster)
    for kind, ending in (("deck", ".pptx"), ("document", ".docx")):
        name = file_name("deck" if kind == "deck" else "document", report)
        assert name.startswith("Resultater")
        assert name.endswith(ending)
        (tmp_path / name).write_bytes(b"")
