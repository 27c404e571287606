"""What is costly to make and only read: made once in a test run, whichever of its processes asks first."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[Path], object]) -> Path:
    """The path, with what `make` puts where it is told. Processes that ask at the same time wait for the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            being_made = path.with_name(f"{path.name}.being-made")
            shutil.rmtree(being_made, ignore_errors=True)  # of an attempt that failed
            make(being_made)
            being_made.rename(path)
    return path


class Shelf:
    """Files that a test run makes once, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, bytes] = {}

    def bytes_of(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file's bytes; the same object each time, so that what is read from them can be kept too."""
        if name not in self._read:
            self._read[name] = made_once(self.folder / name, lambda path: path.write_bytes(make())).read_bytes()
        return self._read[name]
