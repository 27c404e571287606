"""Tables for people: as wide as their terminal, or wide enough for a line a row in a file."""

from rich.console import Console

WIDTH = 180
"""Columns where nobody's terminal says."""


def wide_console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=WIDTH, highlight=False)
