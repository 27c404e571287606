"""Leaves files in a folder: all of them, or none and the folder as it was."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile


class OutFolderError(Exception):
    """The folder can't take the files: one line, for whoever typed the command."""


def check_out_folder(folder: Path) -> None:
    """Say early what would fail at the end. Raises OutFolderError."""
    if folder.is_symlink() and not folder.exists():
        msg = f"'{folder}' is a link that leads nowhere; name a folder."
        raise OutFolderError(msg)
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        msg = f"'{there}' is a file; name a folder."
        raise OutFolderError(msg)
    if not os.access(there, os.W_OK | os.X_OK):
        msg = f"'{there}' can't be written to; name another folder."
        raise OutFolderError(msg)


def check_room(folder: Path, size: int) -> None:
    """Make the folder, write that many bytes into it, and leave all as it was. Raises OutFolderError.

    For what takes long before it writes: no look at rights and disks tells as surely.
    """
    check_out_folder(folder)
    made: list[Path] = []
    try:
        made = _make(folder)
        with TemporaryFile(dir=folder) as file:
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _not_written(folder, error) from error
    finally:
        for path in reversed(made):
            path.rmdir()


def put_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files, by name, over older ones of the same name; everything else in the folder stays.

    Written in full beside their place first, then moved. Raises OutFolderError, and nothing has changed.
    """
    check_out_folder(folder)
    made: list[Path] = []
    try:
        made = _make(folder)
        _put(folder, files)
    except BaseException as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir()
        if isinstance(error, OSError):
            raise _not_written(folder, error) from error
        raise
    return [folder / name for name in files]


def _not_written(folder: Path, error: OSError) -> OutFolderError:
    return OutFolderError(f"'{folder}' can't be written to: {error.strerror or error}.")


def _make(folder: Path) -> list[Path]:
    """Make the folder and those above it that are missing; the ones made, outermost first."""
    missing = [path for path in (folder.absolute(), *folder.absolute().parents) if not path.exists()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir()
            made.append(path)
    except OSError:
        for path in reversed(made):
            path.rmdir()
        raise
    return made


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    with TemporaryDirectory(prefix=".klyngeflow-", dir=folder) as name:
        new, old = Path(name, "new"), Path(name, "old")
        new.mkdir()
        old.mkdir()
        for each, content in files.items():
            (new / each).write_bytes(content)
        _move(folder, new, old, list(files))


def _move(folder: Path, new: Path, old: Path, names: list[str]) -> None:
    """Each new file to its place and what stood there to `old`; back again if one of them fails."""
    kept: list[str] = []
    moved: list[str] = []
    try:
        for name in names:
            place = folder / name
            if place.exists():
                _only_a_file(place).replace(old / name)
                kept.append(name)
            (new / name).replace(place)
            moved.append(name)
    except BaseException:
        for name in moved:
            (folder / name).unlink()
        for name in kept:
            (old / name).replace(folder / name)
        raise


def _only_a_file(place: Path) -> Path:
    if place.is_dir():
        msg = f"'{place}' is a folder where a file should go."
        raise OutFolderError(msg)
    return place
