"""Requests of customers concerning their data are kept with their dates, and whoever wants it is not written to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.Integer(), nullable=True),
        sa.Column("users", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("remains", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('export', 'erasure', 'restriction', 'correction')", name="kind_known"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="privacy_requests_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="privacy_requests_pkey"),
        sa.UniqueConstraint("secret_hash", name="privacy_requests_secret_hash_key"),
    )
    op.create_index("privacy_requests_user_id_idx", "privacy_requests", ["user_id"])
    op.create_index(
        "privacy_requests_open_idx", "privacy_requests", ["due_at"], postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_index(
        "privacy_requests_unfinished_idx", "privacy_requests", ["id"], postgresql_where=sa.text("remains IS NOT NULL")
    )
    op.add_column("users", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "restricted_at")
    op.drop_table("privacy_requests")
