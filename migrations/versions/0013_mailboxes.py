"""An e-mail address is its customer's only once they proved it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("users", sa.Column("email_proved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("email_proof", sa.Text(), nullable=True))
    op.create_index(op.f("users_email_proof_idx"), "users", ["email_proof"])


def downgrade() -> None:
    op.drop_index(op.f("users_email_proof_idx"), "users")
    op.drop_column("users", "email_proof")
    op.drop_column("users", "email_proved_at")
