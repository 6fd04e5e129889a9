"""Who did what, append-only: the database chains the entries, we only add and check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core.tables import AuditRow, table_of

_BROKEN = text("""
    SELECT id FROM (
        SELECT entry.id, entry.hash, audit_log_hash(entry) AS right_hash, entry.prev_hash, entry.sequence,
               lag(entry.hash, 1, '') OVER chain AS hash_before, row_number() OVER chain AS position
          FROM audit_log entry
        WINDOW chain AS (PARTITION BY entry.entity_type, entry.entity_id ORDER BY entry.sequence)
    ) entries
    WHERE hash <> right_hash OR prev_hash <> hash_before OR sequence <> position
    UNION ALL
    SELECT coalesce(max(entry.id), 0) FROM appointments
      LEFT JOIN audit_log entry ON entry.entity_type = 'appointment' AND entry.entity_id = appointments.id
     GROUP BY appointments.id, appointments.version HAVING count(entry.id) <> appointments.version
""")


_ENTRY = table_of(AuditRow).insert()

INSERT_AN_ENTRY = 'INSERT INTO audit_log (entity_type, entity_id, action, actor, "timestamp", before, after)'
"""The beginning of an entry that a larger statement makes along with what it is about."""


def record(
    session: Session,
    actor: str,
    action: str,
    entity: tuple[str, int],
    *,
    now: datetime,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Add one entry; `entity` is its kind and id, `before` and `after` are plain JSON without personal data."""
    kind, identity = entity
    session.execute(
        _ENTRY,
        {
            "entity_type": kind,
            "entity_id": identity,
            "action": action,
            "actor": actor,
            "timestamp": now,
            "before": before,
            "after": after,
        },
    )


def broken_links(session: Session) -> list[int]:
    """The ids of entries whose chain does not hold: changed, removed from the middle, or cut off at the end.

    A chain's end is vouched for by its appointment, whose version counts the entries. 0 stands for a whole
    chain that is gone.
    """
    return list(session.scalars(_BROKEN))
