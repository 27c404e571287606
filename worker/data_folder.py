"""The folder of everything the embedded stack keeps: database, keys, mails and Temporal's own file."""

import os
from pathlib import Path

FOR_ITS_OWNER = 0o700


def make_data_folder(folder: Path) -> None:
    """Make it where it lacks, and close it to others. Raises OSError."""
    folder.mkdir(FOR_ITS_OWNER, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        folder.chmod(FOR_ITS_OWNER)
