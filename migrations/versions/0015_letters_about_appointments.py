"""A letter about an appointment knows for which time of it it was written."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.alter_column("outbox", "appointment_version", new_column_name="appointment_sequence")


def downgrade() -> None:
    op.alter_column("outbox", "appointment_sequence", new_column_name="appointment_version")
