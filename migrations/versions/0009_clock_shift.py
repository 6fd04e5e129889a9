"""A demonstration may run ahead of time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "clock_shift",
        sa.Column("id", sa.Integer(), autoincrement=False, server_default=sa.text("1"), nullable=False),
        sa.Column("shift", sa.Interval(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("clock_shift_only_one")),
        sa.PrimaryKeyConstraint("id", name="clock_shift_pkey"),
    )


def downgrade() -> None:
    op.drop_table("clock_shift")
