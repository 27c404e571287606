"""A file may go beside a command: a deck that a person has corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enclosure", sa.Column("file", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("enclosure", "file")
