"""The workshops we book for: which there are, and which are near."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    Row,
    any_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from booking_core.errors import UnknownWorkshop
from booking_core.postcodes import Point, locate
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


def _place(row: Row[*tuple[Any, ...]]) -> Place:
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
    known = {place.id: place for place in map(_place, session.execute(_OF_IDS, {"ids": wanted}))}
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
    further = _further(here, after)
    for circle in _CIRCLES_KM:
        found = _within(session, here, limit, (*further, *_box(here, circle)))
        if len(found) == limit and (found[-1].distance_km or 0) <= circle:
            return found
    return _within(session, here, limit, further)


def _within(session: Session, here: Point, limit: int, conditions: tuple[ColumnElement[bool], ...]) -> list[Place]:
    distance = _distance_from(here)
    nearest = select(*_COLUMNS, distance).where(*conditions).order_by(distance, _WORKSHOP.id).limit(limit)
    return [_place(row) for row in session.execute(nearest)]


def _further(here: Point, after: WorkshopId | None) -> tuple[ColumnElement[bool], ...]:
    """Whether a workshop is further away than this one, or as far and younger."""
    if after is None:
        return ()
    that = select(_distance_from(here)).where(_WORKSHOP.id == after).scalar_subquery()
    return (tuple_(_distance_from(here), _WORKSHOP.id) > tuple_(that, literal(after)),)


def _box(here: Point, circle: float) -> tuple[ColumnElement[bool], ...]:
    """A box around a circle, which an index can find."""
    lat, lng = here
    north = circle / _KM_PER_DEGREE
    east = circle / (_KM_PER_DEGREE * cos(radians(abs(lat) + north)))
    return _WORKSHOP.lat.between(lat - north, lat + north), _WORKSHOP.lng.between(lng - east, lng + east)


def _distance_from(here: Point) -> ColumnElement[float]:
    lat, lng = literal(here[0], Double), literal(here[1], Double)
    north = func.radians(cast(_WORKSHOP.lat, Double) - lat) / 2
    east = func.radians(cast(_WORKSHOP.lng, Double) - lng) / 2
    narrowed = func.cos(func.radians(lat)) * func.cos(func.radians(cast(_WORKSHOP.lat, Double)))
    chord = func.pow(func.sin(north), 2) + narrowed * func.pow(func.sin(east), 2)
    return 2 * _EARTH_RADIUS_KM * func.asin(func.sqrt(chord))
