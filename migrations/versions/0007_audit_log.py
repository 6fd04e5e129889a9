"""What happened can be added to, never changed, and every entry vouches for the one before it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

# The moment goes in as microseconds since 1970, because its text would depend on the session's time zone.
HASH = """
CREATE FUNCTION audit_log_hash(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        entry.prev_hash, entry.entity_type, entry.entity_id, entry.sequence, entry.action, entry.actor,
        (extract(epoch FROM entry."timestamp") * 1000000)::bigint, entry.before, entry.after
    )::text, 'UTF8')), 'hex')
$$
"""
CHAIN = """
CREATE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT sequence, hash INTO last FROM audit_log
     WHERE entity_type = NEW.entity_type AND entity_id = NEW.entity_id ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.prev_hash := coalesce(last.hash, '');
    NEW.hash := audit_log_hash(NEW);
    RETURN NEW;
END
$$
"""
REFUSE = """
CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log can only be added to' USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_log_pkey"),
        sa.UniqueConstraint(
            "entity_type", "entity_id", "sequence", name="audit_log_entity_type_entity_id_sequence_key"
        ),
    )
    for function in (HASH, CHAIN, REFUSE):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_chain()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
    op.execute("DROP TRIGGER audit_log_chain ON audit_log")
    op.execute("DROP FUNCTION audit_log_refuse(), audit_log_chain(), audit_log_hash(audit_log)")
    op.drop_table("audit_log")
