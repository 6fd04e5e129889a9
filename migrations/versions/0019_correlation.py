"""Each message, in or out, knows what brought it about."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("correlation", sa.Text()))


def downgrade() -> None:
    for table in ("outbox", "inbox"):
        op.drop_column(table, "correlation")
