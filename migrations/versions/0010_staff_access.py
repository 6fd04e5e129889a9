"""Staff may sign in and take notes, and calendar programs may read along under a secret link."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("staff_users", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_users.id"], name="staff_sessions_staff_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="staff_sessions_pkey"),
        sa.UniqueConstraint("token_hash", name="staff_sessions_token_hash_key"),
    )
    op.create_index("staff_sessions_expires_at_idx", "staff_sessions", ["expires_at"])
    op.create_index("staff_sessions_staff_id_idx", "staff_sessions", ["staff_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="sign_in_tries_pkey"),
    )
    op.create_index("sign_in_tries_address_tried_at_idx", "sign_in_tries", ["address", "tried_at"])
    op.create_index("sign_in_tries_tried_at_idx", "sign_in_tries", ["tried_at"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="calendar_feeds_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="calendar_feeds_pkey"),
        sa.UniqueConstraint("token_hash", name="calendar_feeds_token_hash_key"),
    )
    op.create_index("calendar_feeds_workshop_id_idx", "calendar_feeds", ["workshop_id"])
    op.create_table(
        "appointment_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="appointment_notes_appointment_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="appointment_notes_pkey"),
    )
    op.create_index("appointment_notes_appointment_id_idx", "appointment_notes", ["appointment_id"])


def downgrade() -> None:
    op.drop_table("appointment_notes")
    op.drop_table("calendar_feeds")
    op.drop_table("sign_in_tries")
    op.drop_table("staff_sessions")
    op.drop_column("staff_users", "totp_step")
