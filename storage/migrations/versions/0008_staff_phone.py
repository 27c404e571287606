"""KiAP's own have a telephone number that coordinators are told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("phone", sa.String()))


def downgrade() -> None:
    op.drop_column("staff", "phone")
