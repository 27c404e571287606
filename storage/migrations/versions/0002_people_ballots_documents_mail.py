"""Directory, ballot box, results shelf, documents, outbox, intake keys."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNSETTLED_ONLY = sa.text("state IN ('queued', 'claimed', 'unknown')")


def upgrade() -> None:
    _directory()
    _ballot_box()
    _results_and_documents()
    _outbox()
    op.create_table(
        "idempotency_key",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_key")),
    )
    op.create_index(op.f("ix_idempotency_key_taken_at"), "idempotency_key", ["taken_at"])


def _directory() -> None:
    op.create_table(
        "cluster",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_practice_cluster_id")),
    )
    op.create_index(op.f("ix_practice_cluster_id"), "practice", ["cluster_id"])
    op.create_table(
        "contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("left_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.CheckConstraint("role IN ('consultant', 'operations')", name=op.f("ck_staff_role")),
    )
    op.create_table(
        "text",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text")),
    )
    op.create_index(op.f("ix_text_order_id"), "text", ["order_id"])
    op.create_table(
        "attendance",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "member_id", name=op.f("pk_attendance")),
        sqlite_with_rowid=False,
    )


def _ballot_box() -> None:
    op.create_table(
        "survey_round",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("wrapped_private_key", sa.LargeBinary()),
        sa.Column("answers", sa.Integer()),
        sa.Column("invited", sa.Integer()),
        sa.PrimaryKeyConstraint("order_id", "round", name=op.f("pk_survey_round")),
        sa.CheckConstraint("state IN ('open', 'closed', 'tabulated', 'destroyed')", name=op.f("ck_survey_round_state")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sa.UniqueConstraint("order_id", "round", "member_id", name=op.f("uq_invitation_order_id_round_member_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "round", "key", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )


def _results_and_documents() -> None:
    op.create_table(
        "tabulation",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "round", name=op.f("pk_tabulation")),
    )
    op.create_table(
        "free_text",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_free_text_order_id_round"), "free_text", ["order_id", "round"])
    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_document_link_hash")),
        sa.UniqueConstraint(
            "order_id", "round", "kind", "version", name=op.f("uq_document_order_id_round_kind_version")
        ),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_message_id", sa.String()),
        sa.Column("code", sa.String(64)),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("claimed_at", Instant()),
        sa.Column("sent_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("order_id", "letter", "recipient", name=op.f("uq_outbox_order_id_letter_recipient")),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sent', 'failed', 'unknown', 'delivered', 'bounced', 'skipped')",
            name=op.f("ck_outbox_state"),
        ),
    )
    op.create_index(
        "ix_outbox_unsettled", "outbox", ["state"], sqlite_where=_UNSETTLED_ONLY, postgresql_where=_UNSETTLED_ONLY
    )
    op.create_index(op.f("ix_outbox_recipient"), "outbox", ["recipient"])
    op.create_table(
        "provider_event",
        sa.Column("outbox_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", "event", "happened_at", "message_id", name=op.f("pk_provider_event")),
    )
    op.create_table(
        "opted_out",
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_opted_out")),
    )
