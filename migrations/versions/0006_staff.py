"""Staff and programs may be known."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "staff_users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'adviser', 'mechanic')", name=op.f("staff_users_role_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("staff_users_email_is_lower_case")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="staff_users_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="staff_users_pkey"),
        sa.UniqueConstraint("email", name="staff_users_email_key"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'adviser', 'mechanic')", name=op.f("api_keys_role_known")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="api_keys_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="api_keys_pkey"),
        sa.UniqueConstraint("key_hash", name="api_keys_key_hash_key"),
        sa.UniqueConstraint("prefix", name="api_keys_prefix_key"),
    )


def downgrade() -> None:
    op.drop_table("api_keys")
    op.drop_table("staff_users")
