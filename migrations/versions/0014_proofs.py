"""An appointment may have a token by which its customer can show that it is theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("appointments", sa.Column("proof_hash", sa.Text()))


def downgrade() -> None:
    op.drop_column("appointments", "proof_hash")
