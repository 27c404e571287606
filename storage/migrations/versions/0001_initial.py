"""Everything, from nothing."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END""",
)
_POSTGRES_TRIGGERS = (
    """CREATE FUNCTION refuse_to_touch_events() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'an event is never %',
           CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END USING ERRCODE = 'restrict_violation';
       END $$""",
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_touch_events()""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE OR TRUNCATE ON event
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_touch_events()""",
)


def upgrade() -> None:
    _log()
    _people()
    _words()
    _ballot_box()
    _results()
    _mail()


def _log() -> None:
    """The log of events, what follows it, and who is not finished."""
    op.create_table(
        "event",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("by_who", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.String()),
        sa.Column("causation_id", sa.String()),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event")),
        sa.UniqueConstraint("stream", "version", name=op.f("uq_event_stream_version")),
    )
    op.create_table(
        "unfinished_order",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_unfinished_order")),
    )
    op.create_index(
        "uq_unfinished_order_open",
        "unfinished_order",
        ["cluster", "package"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "projection",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_projection")),
    )
    op.create_table(
        "order_board",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("coordinator", sa.String(), nullable=False),
        sa.Column("consultant", sa.String()),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("meeting_at", Instant()),
        sa.Column("survey_opens", sa.Date()),
        sa.Column("survey_closes", sa.Date()),
        sa.Column("due", Instant()),
        sa.Column("next_at", Instant()),
        sa.Column("needs_action_from", sa.String()),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("baseline_answers", sa.Integer()),
        sa.Column("follow_up_opens", sa.Date()),
        sa.Column("ended_at", Instant()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_board")),
    )
    op.create_index(op.f("ix_order_board_cluster"), "order_board", ["cluster"], unique=False)
    op.create_index(op.f("ix_order_board_consultant"), "order_board", ["consultant"], unique=False)
    op.create_index(op.f("ix_order_board_next_at"), "order_board", ["next_at"], unique=False)
    op.create_table(
        "task",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String()),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("due", Instant()),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_owner_role_owner_id"), "task", ["owner_role", "owner_id"], unique=False)
    op.create_table(
        "timeline_entry",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_timeline_entry")),
    )
    op.create_table(
        "incident",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "order_id", "step", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_order_id"), "incident", ["order_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_due_at"), "erasure", ["due_at"], unique=False)
    for trigger in _SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRES_TRIGGERS:
        op.execute(trigger)


def _people() -> None:
    """Clusters, practices, doctors, KiAP"s own, API keys."""
    op.create_table(
        "cluster",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("external_id", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("external_id", name=op.f("uq_cluster_external_id")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_practice_cluster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_index(op.f("ix_practice_cluster_id"), "practice", ["cluster_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "cluster_id", "since", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_cluster_id"), "membership", ["cluster_id"], unique=False)
    op.create_table(
        "order_person",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "person_id", "practice_id", name=op.f("pk_order_person")),
    )
    op.create_index(op.f("ix_order_person_person_id"), "order_person", ["person_id"], unique=False)
    op.create_index(op.f("ix_order_person_practice_id"), "order_person", ["practice_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("left_at", Instant()),
        sa.CheckConstraint("role IN ('consultant', 'operations', 'administrator')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "api_key",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )


def _words() -> None:
    """What people write, and requests on their way."""
    op.create_table(
        "text",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("erased_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text")),
    )
    op.create_index(op.f("ix_text_order_id"), "text", ["order_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "person_id", name=op.f("pk_attendance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "enclosure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("enclosed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
    )
    op.create_index(op.f("ix_enclosure_enclosed_at"), "enclosure", ["enclosed_at"], unique=False)
    op.create_table(
        "request",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_request")),
    )
    op.create_index(op.f("ix_request_taken_at"), "request", ["taken_at"], unique=False)


def _ballot_box() -> None:
    """Rounds, roll and box."""
    op.create_table(
        "survey_round",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("wrapped_private_key", sa.LargeBinary()),
        sa.Column("answers", sa.Integer()),
        sa.Column("invited", sa.Integer()),
        sa.CheckConstraint("state IN ('open', 'closed', 'tabulated', 'destroyed')", name=op.f("ck_survey_round_state")),
        sa.PrimaryKeyConstraint("order_id", "round", name=op.f("pk_survey_round")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("order_id", "round", "person_id", name=op.f("uq_invitation_order_id_round_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "round", "key", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )


def _results() -> None:
    """Packages, results and documents."""
    op.create_table(
        "package_version",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "version", name=op.f("pk_package_version")),
    )
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_free_text_order_id_round"), "free_text", ["order_id", "round"], unique=False)
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
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_document_link_hash")),
        sa.UniqueConstraint(
            "order_id", "round", "kind", "version", name=op.f("uq_document_order_id_round_kind_version")
        ),
    )


def _mail() -> None:
    """Mail and addresses that get none."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_message_id", sa.String()),
        sa.Column("code", sa.String(length=64)),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("again_at", Instant()),
        sa.Column("claimed_at", Instant()),
        sa.Column("sent_at", Instant()),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sent', 'failed', 'unknown', 'bounced', 'skipped')",
            name=op.f("ck_outbox_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "order_id", "letter", "recipient", "address", name=op.f("uq_outbox_order_id_letter_recipient_address")
        ),
    )
    op.create_index(op.f("ix_outbox_recipient"), "outbox", ["recipient"], unique=False)
    op.create_index(
        "ix_outbox_unsettled",
        "outbox",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed', 'unknown')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed', 'unknown')"),
    )
    op.create_table(
        "suppression",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_suppression")),
    )
