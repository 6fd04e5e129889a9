"""A workshop says what it reminds of and when it wants quiet; a customer's promise to come is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KNOWN = "reminders_state_known"


def upgrade() -> None:
    for name in ("remind_day_before", "remind_ready", "remind_no_show"):
        op.add_column("workshops", sa.Column(name, sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("workshops", sa.Column("remind_hours_before", sa.Integer(), nullable=True))
    op.add_column("workshops", sa.Column("remind_mondays_on", sa.Text(), server_default="sunday", nullable=False))
    op.add_column("workshops", sa.Column("quiet_from", sa.Time(), server_default="20:00", nullable=False))
    op.add_column("workshops", sa.Column("quiet_until", sa.Time(), server_default="08:00", nullable=False))
    op.create_check_constraint(
        op.f("workshops_second_reminder_on_the_day"), "workshops", "remind_hours_before BETWEEN 1 AND 12"
    )
    op.create_check_constraint(
        op.f("workshops_remind_mondays_on_known"), "workshops", "remind_mondays_on IN ('sunday', 'friday')"
    )
    op.create_check_constraint(
        op.f("workshops_quiet_at_night"),
        "workshops",
        "quiet_from >= '12:00' AND quiet_until BETWEEN '04:00' AND '11:00'",
    )
    op.add_column("appointments", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(KNOWN, "reminders")
    op.create_check_constraint(op.f(KNOWN), "reminders", "state IN ('planned', 'posted', 'void', 'unreachable')")


def downgrade() -> None:
    op.execute("UPDATE reminders SET state = 'void' WHERE state = 'unreachable'")
    op.drop_constraint(KNOWN, "reminders")
    op.create_check_constraint(op.f(KNOWN), "reminders", "state IN ('planned', 'posted', 'void')")
    op.drop_column("appointments", "promised_at")
    for name in ("quiet_at_night", "remind_mondays_on_known", "second_reminder_on_the_day"):
        op.drop_constraint(f"workshops_{name}", "workshops")
    for name in (
        "quiet_until",
        "quiet_from",
        "remind_mondays_on",
        "remind_hours_before",
        "remind_no_show",
        "remind_ready",
        "remind_day_before",
    ):
        op.drop_column("workshops", name)
