"""Sends into a folder: one `.eml` a mail, for a single machine, the demo and tests."""

import os
import tempfile
from pathlib import Path

from mail.envelope import Envelope, as_message
from mail.sending import DefiniteFailure, Sent


class FolderSender:
    """`2026-11-06T074500Z.invitation.7f3a.eml`: sorted by time, and never an address in a name.

    The same outbox id is the same file: sent again, it takes the first one's place.
    """

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, envelope: Envelope) -> Sent:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._path_of(envelope)
            _write_whole(path, as_message(envelope).as_bytes())
        except OSError as error:
            raise DefiniteFailure("folder_not_writable") from error
        return Sent(path.name)

    def forget(self, outbox_id: str) -> None:
        """Remove a mail's file, where there is one. Raises OSError."""
        for path in self._folder.glob(f"*.{outbox_id}.eml"):
            path.unlink(missing_ok=True)

    def _path_of(self, envelope: Envelope) -> Path:
        earlier = sorted(self._folder.glob(f"*.{envelope.outbox_id}.eml"))
        if earlier:
            return earlier[0]
        return self._folder / f"{envelope.utc:%Y-%m-%dT%H%M%SZ}.{envelope.occasion}.{envelope.outbox_id}.eml"


def _write_whole(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never half of one."""
    handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".unfinished", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
