"""Nobody reserves without end, and what was written within a day is found fast: texts cost money."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column(
        "workshops", sa.Column("max_holds_per_hour", sa.Integer(), server_default=sa.text("12"), nullable=False)
    )
    op.create_index("outbox_channel_created_at_idx", "outbox", ["channel", "created_at"])


def downgrade() -> None:
    op.drop_index("outbox_channel_created_at_idx", "outbox")
    op.drop_column("workshops", "max_holds_per_hour")
