"""Images that stand for those which can't be pulled: made of Debian's packages and the tests' own Temporal."""

import shutil
import subprocess
from pathlib import Path

from tests.containers.podman import Podman
from worker.servers import executable

DEBIAN = "localhost/klyngeflow-stand-in/debian"
SUITE = "bookworm"
HERE = Path(__file__).with_name("stand_ins")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def make_stand_ins(podman: Podman, room: Path, images: dict[str, str]) -> None:
    """Make every image (name: which stand-in) that is not there yet. Raises Failed."""
    if not podman.has_image(DEBIAN):
        _make_debian(podman, room / "debian")
    for image, which in images.items():
        if podman.has_image(image):
            continue
        folder = room / which
        shutil.copytree(HERE / which, folder, dirs_exist_ok=True)
        if which == "temporal":
            shutil.copy(executable("temporal"), folder / "temporal")
        podman.build(image, folder, "--file", str(folder / "Containerfile"), log=room / f"{which}.log")


def _make_debian(podman: Podman, root: Path) -> None:
    """A small Debian, with this machine's certificates: where its network has a proxy, pip needs them inside, too."""
    podman.program("debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root))
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    for leftover in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
        shutil.rmtree(root / leftover)
    for needed in ("var/cache/apt/archives/partial", "var/lib/apt/lists/partial"):
        (root / needed).mkdir(parents=True)
    packed = subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE)
    with packed:
        assert packed.stdout is not None
        change = f"ENV PIP_CERT={CERTIFICATES}"
        podman.run("import", "--change", change, "-", DEBIAN, stdin=packed.stdout.read())
    shutil.rmtree(root)
