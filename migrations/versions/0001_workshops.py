"""Workshops sell services, own resources and are closed at times."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "workshops",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("plz", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("opening_hours", JSONB(), nullable=False),
        sa.Column("timezone", sa.Text(), server_default="Europe/Berlin", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("catholic_holidays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("min_notice", sa.Integer(), server_default=sa.text("120"), nullable=False),
        sa.Column("horizon_days", sa.Integer(), server_default=sa.text("120"), nullable=False),
        sa.Column("cancel_cutoff", sa.Integer(), server_default=sa.text("1440"), nullable=False),
        sa.Column("max_open_appointments", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("jsonb_typeof(opening_hours) = 'object'", name=op.f("workshops_opening_hours_is_object")),
        sa.CheckConstraint("plz ~ '^[0-9]{5}$'", name=op.f("workshops_plz_has_five_digits")),
        sa.CheckConstraint(
            "min_notice >= 0 AND cancel_cutoff >= 0 AND horizon_days > 0", name=op.f("workshops_limits_are_positive")
        ),
        sa.PrimaryKeyConstraint("id", name="workshops_pkey"),
    )
    op.create_index("workshops_lat_lng_idx", "workshops", ["lat", "lng"])
    op.create_table(
        "resources",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("windows", JSONB(), nullable=True),
        sa.CheckConstraint("capacity >= 0", name=op.f("resources_capacity_counts")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="resources_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="resources_pkey"),
        sa.UniqueConstraint("workshop_id", "name", name="resources_workshop_id_name_key"),
    )
    op.create_index("resources_workshop_id_idx", "resources", ["workshop_id"])
    op.create_table(
        "closures",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("end_time > start_time", name=op.f("closures_ends_after_start")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="closures_resource_id_fkey"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="closures_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="closures_pkey"),
    )
    op.create_index("closures_workshop_id_end_time_idx", "closures", ["workshop_id", "end_time"])
    op.create_table(
        "services",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("buffer_after", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("windows", JSONB(), nullable=True),
        sa.Column("season", JSONB(), nullable=True),
        sa.CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name=op.f("services_buffers_are_positive")),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("services_needs_a_resource")),
        sa.CheckConstraint("duration_minutes > 0", name=op.f("services_takes_time")),
        sa.CheckConstraint("price >= 0", name=op.f("services_price_is_positive")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="services_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="services_pkey"),
        sa.UniqueConstraint(
            "workshop_id", "code", name="services_workshop_id_code_key", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_index("services_workshop_id_idx", "services", ["workshop_id"])


def downgrade() -> None:
    op.drop_table("services")
    op.drop_table("closures")
    op.drop_table("resources")
    op.drop_table("workshops")
