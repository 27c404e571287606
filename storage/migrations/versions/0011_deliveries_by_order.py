"""The first event that waits of each order is found by index, and pages are told that something was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(op.f("ix_delivery_subscription_id_state"), "delivery")
    columns = ["subscription_id", "state", "order_id", "position"]
    op.create_index(op.f("ix_delivery_subscription_id_state_order_id_position"), "delivery", columns)


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_subscription_id_state_order_id_position"), "delivery")
    op.create_index(op.f("ix_delivery_subscription_id_state"), "delivery", ["subscription_id", "state"])
    op.drop_column("subscription", "rounds")
