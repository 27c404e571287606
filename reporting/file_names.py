"""What a round's files are called: what they are, then whose."""

import re
from typing import Literal

from domain.model import Round
from reporting.report_context import ReportContext

ENDINGS = {"deck": "pptx", "document": "docx"}
_NOT_IN_A_NAME = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
"""What Windows, macOS or Linux refuse."""


def file_name(kind: Literal["deck", "document"], report: ReportContext) -> str:
    """For instance "Resultater – oplæg Klynge Aalborg Øst.pptx"."""
    what = "Opfølgning" if report.round is Round.FOLLOW_UP else "Resultater"
    if kind == "deck":
        what = f"{what} – oplæg"
    return _NOT_IN_A_NAME.sub("-", f"{what} {report.cluster}.{ENDINGS[kind]}")
