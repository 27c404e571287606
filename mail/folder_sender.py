"""Sends into a folder: one `.eml` a mail, for a single machine, the demo and tests."""

import fcntl
import os
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt, Session, as_bytes

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class FolderSender:
    """`2026-11-06T074500Z.invitation.7f3a.eml`: sorted by time, never an address in a name, and for its owner only.

    The same outbox id is the same file: sent again, it takes the first one's place. `.by-id/7f3a` is a link to it, made
    before the file and removed after it, so that there is never a mail that its id does not lead to. What was sent is
    there after a power cut, unless it need not wait for the disk.
    """

    repeatable = True

    def __init__(self, folder: Path, *, waits_for_the_disk: bool = True) -> None:
        self._folder = folder
        self._waits_for_the_disk = waits_for_the_disk
        self._by_id = folder / ".by-id"
        self._unfinished = folder / ".unfinished"

    def session(self) -> AbstractContextManager[Session]:
        return nullcontext(self)

    def send(self, envelope: Envelope) -> Receipt:
        content = as_bytes(envelope)
        try:
            self._make_folders()
            path = self._path_of(envelope)
            self._write_whole(path, content)
        except OSError as error:
            raise DefiniteFailure("folder_not_writable") from error
        return Receipt(path.name)

    def forget(self, outbox_ids: Iterable[str]) -> None:
        """Remove these mails' files, where there are any. Safe to repeat; needs no transaction. Raises OSError."""
        for outbox_id in outbox_ids:
            link = self._by_id / outbox_id
            with suppress(FileNotFoundError):
                (self._folder / link.readlink().name).unlink(missing_ok=True)
                link.unlink()

    def clear_unfinished(self) -> None:
        """Remove what a killed process left half-written; what another one is writing now stays. Raises OSError."""
        for path in self._unfinished.glob("*"):
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()

    def _make_folders(self) -> None:
        self._folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(PRIVATE_FOLDER)
        self._by_id.mkdir(PRIVATE_FOLDER, exist_ok=True)
        self._unfinished.mkdir(PRIVATE_FOLDER, exist_ok=True)

    def _path_of(self, envelope: Envelope) -> Path:
        link = self._by_id / envelope.outbox_id
        name = f"{envelope.utc:%Y-%m-%dT%H%M%SZ}.{envelope.occasion}.{envelope.outbox_id}.eml"
        with suppress(FileExistsError):
            link.symlink_to(Path("..") / name)
        return self._folder / link.readlink().name

    def _write_whole(self, path: Path, content: bytes) -> None:
        """A reader sees the old file or the new one, never half of one."""
        unfinished, handle = self._begun()
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                if self._waits_for_the_disk:
                    os.fsync(file.fileno())
                unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def _begun(self) -> tuple[Path, int]:
        """A new file, locked for as long as this process writes it."""
        while True:
            path = self._unfinished / secrets.token_hex(8)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return path, handle
            os.close(handle)  # cleared before it was locked
