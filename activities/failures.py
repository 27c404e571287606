"""What is told of an exception: its name and where it broke, never its text, which may quote a name or an answer."""

import re
import traceback

_NOT_IN_A_CODE = re.compile(r"[^a-z0-9_]+")


def name_of_failure(error: BaseException) -> str:
    """A short code: `error_incompleteletter`."""
    return f"error_{_NOT_IN_A_CODE.sub('', type(error).__name__.lower())}"[:64]


def without_personal_data(error: BaseException) -> str:
    """The exception's name, those it came from, and the lines of code that it passed; for logs."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        parts.append("\n".join([f"{type(seen).__module__}.{type(seen).__qualname__}", *lines]))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\ncaused by ".join(parts)
