"""No index on the events' ids: they are made of stream and version, which are unique together.

Ids stand anywhere in an index while positions and versions stand at the end: of the pages that an append of five events
wrote it was half, of an append of one a third.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
       BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END""",
)


def upgrade() -> None:
    with op.batch_alter_table("event") as event:
        event.drop_constraint(op.f("uq_event_event_id"), type_="unique")
    if op.get_bind().dialect.name == "sqlite":  # which takes a constraint away by making the table anew, bare
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)
