"""Where the demonstration's own pages are, and what they look like."""

import hashlib
from pathlib import Path

START = "/demonstration"
TEMPLATES = Path(__file__).parent / "templates"
STYLES = Path(__file__).parent / "demonstration.css"
STYLE = f"{START}/stil.css?v={hashlib.sha256(STYLES.read_bytes()).hexdigest()[:10]}"
"""The style's address, which changes with its content."""
