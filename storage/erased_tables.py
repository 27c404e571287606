"""After erasing has committed: what was erased disappears from the database's files too."""

from storage.account_links import account_link_table
from storage.accounts import account_table
from storage.audit import audit_table
from storage.ballot_box import ballot_table
from storage.bulk_changes import bulk_row_table, bulk_table
from storage.clusters import practice_table
from storage.database import Database
from storage.documents import document_table
from storage.enclosures import enclosure_table
from storage.forgetting import forget
from storage.outbox import outbox_table
from storage.people import membership_table, order_person_table, person_table
from storage.register_rows import register_row_table
from storage.requests import request_table
from storage.result_repository import free_text_table, tabulation_table
from storage.saved_views import view_table
from storage.sessions import session_table
from storage.sign_in_pauses import attempt_table
from storage.staff import staff_table
from storage.survey_roll import invitation_table
from storage.survey_rounds import round_table
from storage.texts import attendance_table, text_table

TABLES = (
    person_table,
    membership_table,
    order_person_table,
    practice_table,
    staff_table,
    account_table,
    account_link_table,
    session_table,
    view_table,
    bulk_table,
    bulk_row_table,
    attempt_table,
    audit_table,
    text_table,
    attendance_table,
    enclosure_table,
    tabulation_table,
    free_text_table,
    document_table,
    outbox_table,
    request_table,
    round_table,
    invitation_table,
    ballot_table,
    register_row_table,
)
"""Every table with rows that are erased."""


def forget_erased(database: Database, wait: float = 10.0) -> None:
    """Write them anew without what was erased. Raises StillRemembered; safe to repeat."""
    forget(database, *TABLES, wait=wait)
