"""The workshops we book for: which there are, and which are near."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Double,
    Select,
    any_,
    bindparam,
    false,
    func,
    null,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.errors import UnknownWorkshop
from booking_core.postcodes import locate
from booking_core.tables import WorkshopRow, table_of
from booking_core.values import WorkshopId

_EARTH_RADIUS_KM = 6371.0088
_KM_PER_DEGREE = 110.5
"""A little less than a degree of latitude ever measures, so that a box drawn with it is never too small."""

_CIRCLES_KM = (25.0, 100.0)
"""How far we look first; most of Germany has a town within the first."""


@dataclass(frozen=True)
class Place:
    """A workshop as customers see it. `opening_hours` as stored; `distance_km` from the postcode it was found by."""

    id: WorkshopId
    name: str
    address: str
    plz: str
    city: str
    phone: str
    zone: ZoneInfo
    opening_hours: Mapping[str, Any]
    min_notice: timedelta
    cancel_cutoff: timedelta
    distance_km: float | None = None


_WORKSHOP = table_of(WorkshopRow).c
_COLUMNS = (
    _WORKSHOP.id,
    _WORKSHOP.name,
    _WORKSHOP.address,
    _WORKSHOP.plz,
    _WORKSHOP.city,
    _WORKSHOP.phone,
    _WORKSHOP.timezone,
    _WORKSHOP.opening_hours,
    _WORKSHOP.min_notice,
    _WORKSHOP.cancel_cutoff,
)


def _place(row: Sequence[Any]) -> Place:
    identity, name, address, plz, city, phone, zone, opening_hours, notice, cutoff, distance = row
    return Place(
        identity,
        name,
        address,
        plz,
        city,
        phone,
        ZoneInfo(zone),
        opening_hours,
        timedelta(minutes=notice),
        timedelta(minutes=cutoff),
        distance,
    )


def all_workshops(session: Session, *, after: int = 0, limit: int | None = None) -> list[Place]:
    """In the order in which they joined, those after the one with this id."""
    chosen = select(*_COLUMNS, null()).where(_WORKSHOP.id > after).order_by(_WORKSHOP.id).limit(limit)
    return [_place(row) for row in session.execute(chosen)]


_OF_IDS = select(*_COLUMNS, null()).where(_WORKSHOP.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def workshop(session: Session, workshop: WorkshopId) -> Place:
    """Raises UnknownWorkshop."""
    return workshops(session, [workshop])[workshop]


def workshops(session: Session, ids: Iterable[WorkshopId]) -> dict[WorkshopId, Place]:
    """In the order asked for. Raises UnknownWorkshop."""
    wanted = list(ids)
    known = {place.id: place for place in map(_place, wire.send(session, _OF_IDS, {"ids": wanted}))}
    if unknown := [workshop for workshop in wanted if workshop not in known]:
        raise UnknownWorkshop(workshop=unknown[0])
    return {workshop: known[workshop] for workshop in wanted}


def named_like(session: Session, part: str, *, limit: int) -> list[Place]:
    """The workshops whose name says where they are ("Ehrenfeld")."""
    like = _WORKSHOP.name.icontains(part, autoescape=True)
    rows = session.execute(select(*_COLUMNS, null()).where(like).order_by(_WORKSHOP.id).limit(limit))
    return [_place(row) for row in rows]


def workshops_in(session: Session, city: str) -> list[Place]:
    """The workshops of a town, however it is spelt: Köln, koeln, KÖLN, Koln."""
    wanted = _spellings(city)
    known = session.scalars(select(_WORKSHOP.city).distinct())
    cities = [name for name in known if wanted & _spellings(name)]
    rows = session.execute(select(*_COLUMNS, null()).where(_WORKSHOP.city.in_(cities)).order_by(_WORKSHOP.id))
    return [_place(row) for row in rows]


_LONG, _SHORT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"}), str.maketrans("äöü", "aou")


def _spellings(city: str) -> frozenset[str]:
    plain = " ".join(city.casefold().replace("-", " ").split())
    return frozenset({plain.translate(_LONG), plain.translate(_SHORT)})


def nearest_workshops(session: Session, plz: str, *, limit: int = 5, after: WorkshopId | None = None) -> list[Place]:
    """The nearest as the crow flies, those that follow on the one with this id; none if it is no German postcode."""
    here = locate(plz)
    if here is None:
        return []
    lat, lng = here
    facts = {"lat": lat, "lng": lng, "limit": limit, "after": after}
    return [_place(row) for row in wire.send(session, _NEAREST, facts)]


_LAT, _LNG = bindparam("lat", type_=Double), bindparam("lng", type_=Double)
_LIMIT, _AFTER = bindparam("limit", type_=BigInteger), bindparam("after", type_=BigInteger)


def _distance(lat: ColumnElement[float], lng: ColumnElement[float]) -> ColumnElement[float]:
    north, east = func.radians(lat - _LAT) / 2, func.radians(lng - _LNG) / 2
    narrowed = func.cos(func.radians(_LAT)) * func.cos(func.radians(lat))
    chord = func.pow(func.sin(north), 2) + narrowed * func.pow(func.sin(east), 2)
    return 2 * _EARTH_RADIUS_KM * func.asin(func.sqrt(chord))


def _box(circle: float) -> tuple[ColumnElement[bool], ...]:
    """A box around a circle, which an index can find."""
    north = circle / _KM_PER_DEGREE
    east = north / func.cos(func.radians(func.abs(_LAT) + north))
    return _WORKSHOP.lat.between(_LAT - north, _LAT + north), _WORKSHOP.lng.between(_LNG - east, _LNG + east)


def _nearest() -> Select[*tuple[Any, ...]]:
    """Looks into one circle after the other, and no further once there are enough within one."""
    that = table_of(WorkshopRow).alias("that")
    last = select(_distance(that.c.lat, that.c.lng).label("km")).where(that.c.id == _AFTER).cte("last")

    def nearest(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        near = select(_WORKSHOP.id, _distance(_WORKSHOP.lat, _WORKSHOP.lng).label("km")).where(*conditions).subquery()
        its_place = tuple_(select(last.c.km).scalar_subquery(), _AFTER)
        further = or_(_AFTER.is_(None), tuple_(near.c.km, near.c.id) > its_place)
        return select(near).where(further).order_by(near.c.km, near.c.id).limit(_LIMIT)

    rings: list[CTE] = []
    enough: ColumnElement[bool] = false()
    for circle in _CIRCLES_KM:
        rings.append(nearest(~enough, *_box(circle)).cte(f"within_{circle:.0f}_km"))
        seen = union(*map(select, rings)).subquery()
        enough = select(func.count()).where(seen.c.km <= circle).scalar_subquery() >= _LIMIT
    rings.append(nearest(~enough).cte("anywhere"))
    found = union(*map(select, rings)).subquery()
    ten = select(found).order_by(found.c.km, found.c.id).limit(_LIMIT).subquery()
    return select(*_COLUMNS, ten.c.km).where(_WORKSHOP.id == ten.c.id).order_by(ten.c.km, ten.c.id)


_NEAREST = _nearest()
