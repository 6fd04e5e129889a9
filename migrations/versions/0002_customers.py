"""Customers have names on channels, cars and consents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="de", nullable=False),
        sa.Column("preferred_workshop_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{4,14}$'", name=op.f("users_phone_is_e164")),
        sa.ForeignKeyConstraint(["preferred_workshop_id"], ["workshops.id"], name="users_preferred_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
    )
    op.create_index("users_email_idx", "users", ["email"])
    op.create_index("users_phone_idx", "users", ["phone"])
    op.create_table(
        "channel_identities",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("channel_identities_channel_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="channel_identities_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="channel_identities_pkey"),
        sa.UniqueConstraint("channel", "external_id", name="channel_identities_channel_external_id_key"),
    )
    op.create_index("channel_identities_user_id_idx", "channel_identities", ["user_id"])
    op.create_table(
        "vehicles",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("make", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("license_plate", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="vehicles_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="vehicles_pkey"),
        sa.UniqueConstraint("user_id", "license_plate", name="vehicles_user_id_license_plate_key"),
    )
    op.create_index("vehicles_user_id_idx", "vehicles", ["user_id"])
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("consents_channel_known"),
        ),
        sa.CheckConstraint(
            "purpose IN ('notice', 'messages', 'reminders', 'marketing')", name=op.f("consents_purpose_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="consents_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="consents_pkey"),
    )
    op.create_index(
        "consents_user_id_channel_purpose_recorded_at_idx", "consents", ["user_id", "channel", "purpose", "recorded_at"]
    )


def downgrade() -> None:
    op.drop_table("consents")
    op.drop_table("vehicles")
    op.drop_table("channel_identities")
    op.drop_table("users")
