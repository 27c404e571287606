"""uvicorn's logging without secrets: no tokens of links, and no line at all for visits to the questionnaire."""

import logging
import re
from typing import Any

_SECRET = re.compile(r"^/(bestilling|moede|kalender|d|drift/velkommen)/[^/?]+")
_SEARCHED = re.compile(r"^(/drift[^?]*)\?.*$", re.DOTALL)
_UNLOGGED = re.compile(r"^/svar(/|$|\?)", re.IGNORECASE)


def redacted(path: str) -> str | None:
    """The path as it may be logged; None where the visit is nobody's business.

    A line with time and address of who opened the questionnaire would tell who answered when. What KiAP's own look for
    in the console may be a doctor's name.
    """
    if _UNLOGGED.match(path):
        return None
    return _SECRET.sub(r"/\1/…", _SEARCHED.sub(r"\1", path))


class DiscreetAccess(logging.Filter):
    """Drops or redacts uvicorn's access lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not isinstance(record.args, tuple) or len(record.args) != 5:
            return True
        client, method, path, version, status = record.args
        shown = redacted(str(path))
        if shown is None:
            return False
        record.args = (client, method, shown, version, status)
        return True


def log_config(level: str = "INFO") -> dict[str, Any]:
    """For `uvicorn.run(log_config=…)`: plain lines on stderr, access lines made discreet."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "web.access_log.DiscreetAccess"}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "plain": {"class": "logging.StreamHandler", "formatter": "line"},
            "access": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]},
        },
        "loggers": {
            "uvicorn": {"handlers": ["plain"], "level": level, "propagate": False},
            "uvicorn.error": {"level": level},
            "uvicorn.access": {"handlers": ["access"], "level": level, "propagate": False},
            "web": {"handlers": ["plain"], "level": level, "propagate": False},
        },
    }
