"""What a round's files are called: what they are, then whose."""

import re
from typing import Literal

from domain.model import Round
from reporting.report_context import ReportContext

ENDINGS = {"deck": "pptx", "document": "docx"}
_NOT_IN_A_NAME = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
"""What Windows, macOS or Linux refuse."""
LONGEST = 240
"""Octets of a name without its ending; file systems take 255 in all."""


def file_name(kind: Literal["deck", "document"], report: ReportContext) -> str:
    """For instance "Resultater – oplæg Klynge Aalborg Øst.pptx"."""
    what = "Opfølgning" if report.round is Round.FOLLOW_UP else "Resultater"
    if kind == "deck":
        what = f"{what} – oplæg"
    return in_a_file_name(f"{what} {report.cluster}", ENDINGS[kind])


def in_a_file_name(text: str, ending: str) -> str:
    """The text as a file's name that every system takes, not too long, with this ending."""
    name = _NOT_IN_A_NAME.sub("-", text)
    return f"{name.encode()[:LONGEST].decode(errors='ignore')}.{ending}"
