"""`make compose-check`: the image and docker-compose.yml's services in containers, from an order to a restored back-up.

    python -m tests.containers [--keep]

As root on Debian, with podman and buildah; it needs no Docker and pulls no image: those of PostgreSQL, Python and
Temporal are stand-ins made here (tests/containers/stand_ins), which stay for the next time; all else is removed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.containers.podman import PACKAGES, Failed, Podman, missing
from tests.containers.story import tell


def main() -> None:
    """Run the check; exit 1 where a step fails, 2 where this machine lacks something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="leave the containers running, to be looked into")
    given = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("The containers are run as root: try it as root.")
    if lacking := missing():
        print(f"Missing: {', '.join(lacking)}. On Debian: apt-get install --no-install-recommends {PACKAGES}")
        sys.exit(2)
    with tempfile.TemporaryDirectory(prefix="compose-check-") as room:
        try:
            tell(Podman(Path(room)), Path(room), keep=given.keep)
        except Failed as failed:
            print(f"FAILED: {failed}", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
