"""What a process logs: warnings of every part, each line with its time."""

import logging

from web.access_log import log_config


def log_with_times() -> None:
    """For a process that runs by itself; the web server's own loggers are told with it (`web/access_log.py`)."""
    logging.basicConfig(level=logging.WARNING, format=log_config()["formatters"]["line"]["format"])
