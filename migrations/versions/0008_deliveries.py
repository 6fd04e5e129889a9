"""A message that fails is put aside, one whose sending is in doubt is looked up, and providers' reports are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("inbox", sa.Column("error", sa.Text(), nullable=True))
    op.create_index("inbox_channel_sender_id_idx", "inbox", ["channel", "sender", "id"])
    op.add_column("outbox", sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("doubts", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("outbox", sa.Column("delivery", sa.Text(), nullable=True))
    op.create_index(
        "outbox_doubtful_idx",
        "outbox",
        ["check_at"],
        postgresql_where=sa.text("state = 'unknown' AND check_at IS NOT NULL"),
    )
    op.create_index("outbox_provider_id_idx", "outbox", ["provider_id"])
    op.create_table(
        "delivery_reports",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("delivery_reports_channel_known"),
        ),
        sa.PrimaryKeyConstraint("channel", "provider_id", "status", name="delivery_reports_pkey"),
    )


def downgrade() -> None:
    op.drop_table("delivery_reports")
    op.drop_index("outbox_provider_id_idx", "outbox")
    op.drop_index("outbox_doubtful_idx", "outbox")
    op.drop_column("outbox", "delivery")
    op.drop_column("outbox", "doubts")
    op.drop_column("outbox", "check_at")
    op.drop_index("inbox_channel_sender_id_idx", "inbox")
    op.drop_column("inbox", "error")
    op.drop_column("inbox", "failures")
