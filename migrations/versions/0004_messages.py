"""Every message is a row before it is heard and before it is sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("state", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["channel_identities.id"], name="conversations_identity_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="conversations_pkey"),
        sa.UniqueConstraint("identity_id", name="conversations_identity_id_key"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("inbox_channel_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="inbox_pkey"),
        sa.UniqueConstraint("channel", "provider_id", name="inbox_channel_provider_id_key"),
    )
    op.create_index("inbox_unprocessed_idx", "inbox", ["received_at"], postgresql_where=sa.text("processed_at IS NULL"))
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("appointment_version", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("outbox_channel_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unknown', 'refused')", name=op.f("outbox_state_known")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="outbox_appointment_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="outbox_pkey"),
        sa.UniqueConstraint("dedupe_key", name="outbox_dedupe_key_key"),
    )
    op.create_index("outbox_appointment_id_idx", "outbox", ["appointment_id"])
    op.create_index("outbox_channel_recipient_id_idx", "outbox", ["channel", "recipient", "id"])
    op.create_index(
        "outbox_due_idx", "outbox", ["next_at"], postgresql_where=sa.text("state IN ('pending', 'sending')")
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('day_before', 'hours_before', 'ready', 'no_show')", name=op.f("reminders_kind_known")
        ),
        sa.CheckConstraint("state IN ('planned', 'posted', 'void')", name=op.f("reminders_state_known")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="reminders_appointment_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="reminders_pkey"),
        sa.UniqueConstraint(
            "appointment_id",
            "kind",
            "appointment_version",
            name="reminders_appointment_id_kind_appointment_version_key",
        ),
    )
    op.create_index("reminders_due_idx", "reminders", ["due_at"], postgresql_where=sa.text("state = 'planned'"))


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("conversations")
