"""Letters that are due are found in the order in which they go out."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

UNSETTLED = sa.text("state IN ('pending', 'sending')")


def upgrade() -> None:
    _index(["next_at", "id"])


def downgrade() -> None:
    _index(["next_at"])


def _index(columns: list[str]) -> None:
    op.drop_index("outbox_due_idx", "outbox")
    op.create_index("outbox_due_idx", "outbox", columns, postgresql_where=UNSETTLED)
