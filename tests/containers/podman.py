"""podman and buildah as they run where limits may not be raised: as root, with `runc`, settings in a file of ours."""

import os
import shutil
import subprocess
from pathlib import Path

PROGRAMS = ("podman", "buildah", "runc", "debootstrap", "iptables")
PACKAGES = "podman buildah runc debootstrap netavark aardvark-dns iptables"

_SETTINGS = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=500:500"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""


class Failed(Exception):  # noqa: N818 - a finding, named as one
    """A program ended with an error. Its text is what the program said."""


class Podman:
    """The programs, with settings of their own in a folder; nothing of the machine's is changed."""

    def __init__(self, room: Path) -> None:
        settings = room / "containers.conf"
        settings.write_text(_SETTINGS)
        self._environment = os.environ | {"CONTAINERS_CONF": str(settings)}

    def run(self, *arguments: str, stdin: bytes | None = None, log: Path | None = None) -> str:
        """Run `podman`. Gives what it printed. Raises Failed."""
        return self.program("podman", *arguments, stdin=stdin, log=log)

    def build(self, image: str, folder: Path, *options: str, log: Path | None = None) -> None:
        """Build an image of a folder's Containerfile or Dockerfile. Raises Failed."""
        limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=500:500")
        self.program("buildah", "bud", "--isolation", "chroot", *limits, "--tag", image, *options, str(folder), log=log)

    def has_image(self, image: str) -> bool:
        return self._ended("image", "exists", image) == 0

    def succeeds(self, *arguments: str) -> bool:
        """Whether `podman` ends well."""
        return self._ended(*arguments) == 0

    def _ended(self, *arguments: str) -> int:
        return subprocess.run(
            ["podman", *arguments], env=self._environment, capture_output=True, check=False
        ).returncode

    def program(
        self, *command: str, stdin: bytes | None = None, log: Path | None = None, cwd: Path | None = None
    ) -> str:
        """Run a program. Gives what it printed. Raises Failed with its last words."""
        done = subprocess.run(command, env=self._environment, cwd=cwd, input=stdin, capture_output=True, check=False)
        said = done.stdout.decode(errors="replace")
        if log:
            log.write_bytes(done.stdout + done.stderr)
        if done.returncode:
            last = (done.stderr.decode(errors="replace") or said).strip().splitlines()[-8:]
            msg = f"{' '.join(command[:6])} … ended with {done.returncode}: " + "\n".join(last)
            raise Failed(msg)
        return said


def missing() -> list[str]:
    """The programs that this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
