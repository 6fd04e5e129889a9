"""What the account of the application may do in the database: read and write rows, and nothing to the tables."""

from sqlalchemy import Engine, text

_GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {role}",
)


def grant(owner: Engine, role: str) -> None:
    """Give a role of the database all that the application needs; to be done again after each migration."""
    quoted = owner.dialect.identifier_preparer.quote(role)
    with owner.begin() as connection:
        for statement in _GRANTS:
            connection.execute(text(statement.format(role=quoted)))
