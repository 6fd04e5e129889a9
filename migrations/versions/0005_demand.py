"""Wishes that could not be served are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "waitlist",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("windows", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("offered_appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("waitlist_channel_known"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'served', 'left')", name=op.f("waitlist_state_known")),
        sa.ForeignKeyConstraint(
            ["offered_appointment_id"], ["appointments.id"], name="waitlist_offered_appointment_id_fkey"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="waitlist_user_id_fkey"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="waitlist_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="waitlist_pkey"),
    )
    op.create_index("waitlist_user_id_idx", "waitlist", ["user_id"])
    op.create_index(
        "waitlist_waiting_idx", "waitlist", ["workshop_id", "created_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "refused_wishes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("workshop_id", sa.BigInteger(), nullable=True),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("windows", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="refused_wishes_user_id_fkey", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="refused_wishes_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="refused_wishes_pkey"),
    )
    op.create_index("refused_wishes_workshop_id_refused_at_idx", "refused_wishes", ["workshop_id", "refused_at"])


def downgrade() -> None:
    op.drop_table("refused_wishes")
    op.drop_table("waitlist")
