"""An entry of the audit log is hashed where it is chained: the same hash, without a call of another function."""

from alembic import op

revision = "0022"
down_revision = "0021"

CHAIN = """
CREATE OR REPLACE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT sequence, hash INTO last FROM audit_log
     WHERE entity_type = NEW.entity_type AND entity_id = NEW.entity_id ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.prev_hash := coalesce(last.hash, '');
    NEW.hash := {hash};
    RETURN NEW;
END
$$
"""
AT_ONCE = """encode(sha256(convert_to(jsonb_build_array(
        NEW.prev_hash, NEW.entity_type, NEW.entity_id, NEW.sequence, NEW.action, NEW.actor,
        (extract(epoch FROM NEW."timestamp") * 1000000)::bigint, NEW.before, NEW.after
    )::text, 'UTF8')), 'hex')"""
BY_CALL = "audit_log_hash(NEW)"


def upgrade() -> None:
    op.execute(CHAIN.format(hash=AT_ONCE))


def downgrade() -> None:
    op.execute(CHAIN.format(hash=BY_CALL))
