"""What must hold whatever happened, asked of the database: `assert violations(session) == []`."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.clock import database_now

PATIENCE = timedelta(seconds=90)


def invariants() -> dict[str, str]:
    """The queries of `invariants.sql` by what they say."""
    written = (Path(__file__).parent / "invariants.sql").read_text()
    parts = re.split(r"^-- @", written, flags=re.MULTILINE)[1:]
    return {name: query for name, _, query in (part.partition("\n") for part in parts)}


def violations(session: Session, *, patience: timedelta = PATIENCE) -> list[str]:
    """Which of them do not hold, with the ids that break them."""
    facts = {"now": database_now(session), "patience": patience}
    found = []
    for name, query in invariants().items():
        ids = [row[0] for row in session.execute(text(query), {k: v for k, v in facts.items() if f":{k}" in query})]
        found += [f"{name}: {ids}"] if ids else []
    return found
