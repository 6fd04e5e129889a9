"""All that is stored about a customer, of every table, for themselves to read and to take elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.personal.kinds import KINDS, SECRET, Kind
from booking_core.personal.record import RECORD, Holding
from booking_core.tables import Base
from booking_core.values import UserId

_JSON: TypeAdapter[Any] = TypeAdapter(Any)

Rows = Sequence[Mapping[str, Any]]


def rows_of(session: Session, user: UserId) -> Mapping[str, Rows]:
    """The customer's rows by table, without hashes of secrets; tables with none are left out."""
    found = {name: _rows(session, name, holding, user) for name, holding in RECORD.items() if holding.whose}
    return {name: rows for name, rows in found.items() if rows}


def _rows(session: Session, name: str, holding: Holding, user: UserId) -> Rows:
    table = Base.metadata.tables[name]
    told = [column for column in table.columns if holding.columns[column.name] is not SECRET]
    assert holding.whose is not None  # noqa: S101 - The caller asks for no other.
    statement = select(*told).where(holding.whose(user)).order_by(*table.primary_key)
    return [dict(row._mapping) for row in session.execute(statement)]


def document(session: Session, user: UserId, *, now: datetime) -> dict[str, Any]:
    """The rows as JSON (Art. 15 and 20 GDPR), with what each kind of data is for and how long it is kept."""
    rows = rows_of(session, user)
    kinds = {kind for name in rows for kind in RECORD[name].columns.values()}
    told: dict[str, Any] = _JSON.dump_python(
        {
            "made_at": now,
            "customer": user,
            "data": rows,
            "about": {kind.name: _about(kind) for kind in KINDS if kind in kinds},
            "columns": {name: {column: kind.name for column, kind in RECORD[name].columns.items()} for name in rows},
        },
        mode="json",
    )
    return told


def _about(kind: Kind) -> dict[str, str]:
    return {"what": kind.what, "purpose": kind.purpose, "basis": kind.basis, "kept": kind.kept}
