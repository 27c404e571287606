"""Several files as one zip: the same bytes for the same files."""

import datetime as dt
import zipfile
from collections.abc import Mapping
from io import BytesIO


def zip_of(files: Mapping[str, bytes], made_at: dt.datetime) -> bytes:
    """The files by name. They are not pressed together: Office's files are so already."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), content)
    return buffer.getvalue()
