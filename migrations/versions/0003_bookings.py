"""Appointments count in quarter-hour cells that can never be overbooked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("end_time = start_time + interval '15 minutes'", name=op.f("slots_lasts_a_quarter_hour")),
        sa.CheckConstraint("booked_count BETWEEN 0 AND capacity", name=op.f("slots_never_overbooked")),
        sa.CheckConstraint("extract(epoch FROM start_time) % 900 = 0", name=op.f("slots_starts_on_the_grid")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="slots_resource_id_fkey"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="slots_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="slots_pkey"),
        sa.UniqueConstraint("resource_id", "start_time", name="slots_resource_id_start_time_key"),
    )
    op.create_index("slots_workshop_id_start_time_idx", "slots", ["workshop_id", "start_time"])
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_code", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=True),
        sa.Column("vehicle_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ical_sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(slot_id IS NULL) = (status IN ('cancelled', 'expired'))",
            name=op.f("appointments_only_a_live_one_has_a_slot"),
        ),
        sa.CheckConstraint(
            "channel IN ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')",
            name=op.f("appointments_channel_known"),
        ),
        sa.CheckConstraint(
            "status <> 'reserved' OR reserved_until IS NOT NULL", name=op.f("appointments_a_hold_has_an_end")
        ),
        sa.CheckConstraint(
            "status IN ('reserved', 'confirmed', 'in_progress', 'completed', 'no_show', 'cancelled', 'expired')",
            name=op.f("appointments_status_known"),
        ),
        sa.CheckConstraint("end_time > start_time", name=op.f("appointments_ends_after_start")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="appointments_service_id_fkey"),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="appointments_slot_id_fkey"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="appointments_user_id_fkey"),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name="appointments_vehicle_id_fkey"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="appointments_workshop_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="appointments_pkey"),
        sa.UniqueConstraint("public_code", name="appointments_public_code_key"),
    )
    op.create_index(
        "appointments_open_holds_idx",
        "appointments",
        ["workshop_id", "reserved_until"],
        postgresql_where=sa.text("status = 'reserved'"),
    )
    op.create_index(
        "appointments_one_open_hold_key",
        "appointments",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status = 'reserved'"),
    )
    op.create_index("appointments_user_id_idx", "appointments", ["user_id"])
    op.create_index("appointments_workshop_id_start_time_idx", "appointments", ["workshop_id", "start_time"])
    op.create_table(
        "appointment_services",
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name="appointment_services_appointment_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="appointment_services_service_id_fkey"),
        sa.PrimaryKeyConstraint("appointment_id", "position", name="appointment_services_pkey"),
    )
    op.create_table(
        "appointment_slots",
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name="appointment_slots_appointment_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="appointment_slots_slot_id_fkey"),
        sa.PrimaryKeyConstraint("appointment_id", "slot_id", name="appointment_slots_pkey"),
    )
    op.create_index("appointment_slots_slot_id_idx", "appointment_slots", ["slot_id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("answer", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name="idempotency_keys_pkey"),
    )
    op.create_index("idempotency_keys_created_at_idx", "idempotency_keys", ["created_at"])


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("appointment_slots")
    op.drop_table("appointment_services")
    op.drop_table("appointments")
    op.drop_table("slots")
