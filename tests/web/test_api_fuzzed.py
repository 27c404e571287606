"""The API as schemathesis tries it: nothing breaks it, no nonsense is accepted, and every answer is as described."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.application import Web

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)
"""All but that valid requests are accepted: KiAP's rules refuse many that have the right form."""
PROGRAM = Path(sys.executable).with_name("schemathesis")


def run(web: Web, folder: Path, order: str | None) -> str:
    """What schemathesis says of the running web; fails where it finds anything. With an order, every path is of it."""
    lines = [f'headers = {{ Authorization = "Bearer {web.site_key}" }}']
    if order:
        lines += ["[parameters]", f'"path.order" = "{order}"']
    (folder / "schemathesis.toml").write_text("\n".join(lines))
    phases = "examples,coverage,fuzzing" if order else "fuzzing"
    asked = [
        str(PROGRAM), "--config-file", "schemathesis.toml", "run", f"{web.address}/api/v1/openapi.json",
        "--url", web.address, "--checks", ",".join(CHECKS), "--phases", phases,
        "--max-examples", "20", "--generation-deterministic", "--warnings", "off", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("of_an_order", [True, False], ids=["an order that is there", "whatever order"])
def test_schemathesis_finds_neither_a_fault_nor_accepted_nonsense(
    web: Web, tmp_path: Path, *, of_an_order: bool
) -> None:
    order = web.place()
    web.plan(order)
    said = run(web, tmp_path, order if of_an_order else None)
    assert "Tested: 7" in said, said
