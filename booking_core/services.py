"""What a workshop sells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from booking_core.errors import UnknownService
from booking_core.tables import ResourceRow, ServiceRow
from booking_core.values import ServiceId, WorkshopId


@dataclass(frozen=True)
class Service:
    """`price` is cents and a "from" price; `windows` and `season` as stored."""

    id: ServiceId
    code: str
    name: str
    name_en: str
    description: str
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    price: int
    kinds: tuple[str, ...]
    windows: Mapping[str, Any] | None
    season: Sequence[Any] | None


_COLUMNS = (
    ServiceRow.id,
    ServiceRow.code,
    ServiceRow.name,
    ServiceRow.name_en,
    ServiceRow.description,
    ServiceRow.duration_minutes,
    ServiceRow.buffer_before,
    ServiceRow.buffer_after,
    ServiceRow.price,
    ServiceRow.kinds,
    ServiceRow.windows,
    ServiceRow.season,
)


def _service(row: Row[*tuple[Any, ...]]) -> Service:
    identity, code, name, name_en, description, duration, before, after, price, kinds, windows, season = row
    return Service(
        identity,
        code,
        name,
        name_en,
        description,
        timedelta(minutes=duration),
        timedelta(minutes=before),
        timedelta(minutes=after),
        price,
        tuple(kinds),
        windows,
        season,
    )


def services_of(session: Session, workshop: WorkshopId) -> list[Service]:
    """What this workshop sells and has the resources for; its own wording wins over everybody's."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(or_(ServiceRow.workshop_id == workshop, ServiceRow.workshop_id.is_(None)))
        .order_by(ServiceRow.workshop_id.nulls_first(), ServiceRow.id)
    )
    sold = {service.code: service for service in map(_service, rows)}
    kinds = set(
        session.scalars(select(ResourceRow.kind).where(ResourceRow.workshop_id == workshop, ResourceRow.capacity > 0))
    )
    return [service for service in sold.values() if kinds.issuperset(service.kinds)]


def services(session: Session, ids: Iterable[ServiceId]) -> list[Service]:
    """In the order asked for. Raises UnknownService."""
    wanted = list(ids)
    found = {
        service.id: service
        for service in map(_service, session.execute(select(*_COLUMNS).where(ServiceRow.id.in_(wanted))))
    }
    if unknown := [identity for identity in wanted if identity not in found]:
        raise UnknownService(service=unknown[0])
    return [found[identity] for identity in wanted]
