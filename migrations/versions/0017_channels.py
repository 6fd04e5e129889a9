"""The name of a channel is a word; which channels there are, the code knows."""

from alembic import op

revision = "0017"
down_revision = "0016"

TABLES = ("channel_identities", "consents", "appointments", "inbox", "outbox", "delivery_reports", "waitlist")
BEFORE = "channel in ('telegram', 'sms', 'whatsapp', 'email', 'terminal', 'web', 'phone')"
AFTER = "channel ~ '^[a-z]+$'"


def upgrade() -> None:
    exchange("channel_known", "channel_is_a_word", AFTER)


def downgrade() -> None:
    exchange("channel_is_a_word", "channel_known", BEFORE)


def exchange(old: str, new: str, rule: str) -> None:
    """Table by table, and rows are read only after the lock was given back: bookings go on meanwhile.

    Each table is committed for itself, so whoever runs this again may find some of them done.
    """
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"alter table {table} drop constraint if exists {table}_{new}")
            op.execute(
                f"alter table {table} drop constraint if exists {table}_{old}, "
                f"add constraint {table}_{new} check ({rule}) not valid"
            )
            op.execute(f"alter table {table} validate constraint {table}_{new}")
