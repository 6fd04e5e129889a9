"""A customer can prove on a second channel who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("claimant_id", sa.BigInteger(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="links_user_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claimant_id"], ["users.id"], name="links_claimant_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="links_pkey"),
    )
    op.create_index("links_user_id_idx", "links", ["user_id"])
    op.create_index("links_claimant_id_idx", "links", ["claimant_id"])
    op.create_index("links_secret_hash_idx", "links", ["secret_hash"])
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="claims_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="claims_pkey"),
    )
    op.create_index("claims_user_id_tried_at_idx", "claims", ["user_id", "tried_at"])


def downgrade() -> None:
    op.drop_table("claims")
    op.drop_table("links")
