"""What a workshop sells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, all_, any_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.errors import UnknownService
from booking_core.tables import ResourceRow, ServiceRow, WorkshopRow, table_of
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


_SERVICES, _RESOURCES, _WORKSHOPS = (table_of(row) for row in (ServiceRow, ResourceRow, WorkshopRow))
_SERVICE = _SERVICES.c
_COLUMNS = (
    _SERVICE.id,
    _SERVICE.code,
    _SERVICE.name,
    _SERVICE.name_en,
    _SERVICE.description,
    _SERVICE.duration_minutes,
    _SERVICE.buffer_before,
    _SERVICE.buffer_after,
    _SERVICE.price,
    _SERVICE.kinds,
    _SERVICE.windows,
    _SERVICE.season,
)
_GENERAL_FIRST = _SERVICE.workshop_id.nulls_first(), _SERVICE.id


def _service(row: Sequence[Any]) -> Service:
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


_there = (
    select(_RESOURCES.c.kind)
    .where(_RESOURCES.c.workshop_id == _WORKSHOPS.c.id, _RESOURCES.c.capacity > 0)
    .scalar_subquery()
)
_SOLD = (
    select(_WORKSHOPS.c.id, _SERVICE.kinds.bool_op("<@")(func.array(_there)), *_COLUMNS)
    .join_from(_WORKSHOPS, _SERVICES, or_(_SERVICE.workshop_id == _WORKSHOPS.c.id, _SERVICE.workshop_id.is_(None)))
    .where(_WORKSHOPS.c.id == any_(bindparam("workshops", type_=ARRAY(BigInteger))))
    .order_by(*_GENERAL_FIRST)
)


def services_of(session: Session, workshop: WorkshopId) -> list[Service]:
    """What this workshop sells and has the resources for; its own wording wins over everybody's."""
    return sold_by(session, [workshop])[workshop]


def sold_by(session: Session, workshops: Sequence[WorkshopId]) -> dict[WorkshopId, list[Service]]:
    """The same for each of these."""
    sold: dict[WorkshopId, dict[str, tuple[bool, Service]]] = {workshop: {} for workshop in workshops}
    for workshop, doable, *columns in wire.send(session, _SOLD, {"workshops": list(workshops)}):
        service = _service(columns)
        sold[workshop][service.code] = doable, service
    return {workshop: [service for doable, service in offered.values() if doable] for workshop, offered in sold.items()}


_NAMED = (
    select(*_COLUMNS)
    .where(_SERVICE.code == any_(bindparam("codes", type_=ARRAY(Text))))
    .order_by(_SERVICE.workshop_id.desc().nulls_last(), _SERVICE.id.desc())
)


def named(session: Session, codes: Iterable[str]) -> list[Service]:
    """The services of these codes in everybody's wording, or else in some workshop's; who sells them does not count."""
    wanted = list(codes)
    known = {service.code: service for service in map(_service, wire.send(session, _NAMED, {"codes": wanted}))}
    return [known[code] for code in wanted if code in known]


MOST_NAMES = 200
"""More services of so many kinds nobody could tell apart in a conversation."""

_OWN_NAMES = (
    select(_SERVICE.code, func.array_agg(_SERVICE.name.distinct()), func.array_agg(_SERVICE.name_en.distinct()))
    .where(or_(_SERVICE.workshop_id.is_not(None), _SERVICE.code != all_(bindparam("besides", type_=ARRAY(Text)))))
    .group_by(_SERVICE.code)
    .order_by(func.count().desc(), _SERVICE.code)
    .limit(MOST_NAMES)
)


def own_names(session: Session, *, besides: Iterable[str]) -> dict[str, list[str]]:
    """What workshops call services in their own words, by code, and what those are called that are not `besides`."""
    rows = wire.send(session, _OWN_NAMES, {"besides": list(besides)})
    return {code: sorted({*names, *english}) for code, names, english in rows}


_OF_IDS = select(*_COLUMNS).where(_SERVICE.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def services(session: Session, ids: Iterable[ServiceId]) -> list[Service]:
    """In the order asked for. Raises UnknownService."""
    wanted = list(ids)
    found = {service.id: service for service in map(_service, wire.send(session, _OF_IDS, {"ids": wanted}))}
    if unknown := [identity for identity in wanted if identity not in found]:
        raise UnknownService(service=unknown[0])
    return [found[identity] for identity in wanted]
