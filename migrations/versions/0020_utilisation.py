"""How full each resource is on each day is kept, also when opening hours change later."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "utilisation",
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("open_minutes", sa.Integer(), nullable=False),
        sa.Column("booked_minutes", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resource_id", "day", name="utilisation_pkey"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="utilisation_resource_id_fkey"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="utilisation_workshop_id_fkey"),
    )
    op.create_index("utilisation_workshop_id_day_idx", "utilisation", ["workshop_id", "day"])


def downgrade() -> None:
    op.drop_table("utilisation")
