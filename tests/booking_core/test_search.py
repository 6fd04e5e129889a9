"""Slot search on a real database agrees with a patient clerk, in any workshop one can think of."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from booking_core.errors import BookingError
from booking_core.placements import place_visit, slot_at
from booking_core.slots import find_slots
from booking_core.tables import AppointmentRow, AppointmentSlotRow, ClosureRow, ResourceRow, SlotRow, UserRow
from booking_core.values import CELL, AppointmentId, Period, ResourceId, ServiceId, Slot, WorkshopId
from tests.booking_core.builders import a_garage, a_service
from tests.booking_core.worlds import CODES, Booking, Clerk, World, worlds


@dataclass(frozen=True)
class Stored:
    """Where a world is found in the database."""

    workshop: WorkshopId
    units: list[ResourceId]
    services: dict[str, ServiceId]
    ignored: list[AppointmentId]


def store(session: Session, world: World) -> Stored:
    garage = a_garage(
        session, lifts=0, opening_hours=world.hours, min_notice=world.notice, horizon_days=world.horizon_days
    )
    units = [
        ResourceRow(
            workshop_id=garage.workshop, name=f"{number}", kind=unit.kind, capacity=unit.capacity, windows=unit.windows
        )
        for number, unit in enumerate(world.units)
    ]
    session.add_all(units)
    session.flush()
    places = [unit.id for unit in units]
    session.add_all(
        ClosureRow(
            workshop_id=garage.workshop,
            resource_id=None if closure.unit is None else places[closure.unit],
            start_time=closure.period.start,
            end_time=closure.period.end,
            reason="Inventur",
        )
        for closure in world.closures
    )
    services = {
        code: a_service(
            session,
            garage.workshop,
            f"my-{code}",
            minutes=service.minutes,
            buffer_before=service.before,
            buffer_after=service.after,
            kinds=list(service.kinds),
            windows=service.windows,
            season=service.season,
        )
        for code, service in world.services.items()
    }
    return Stored(garage.workshop, places, services, _book(session, world, garage.workshop, places, garage.service))


def _book(
    session: Session, world: World, workshop: WorkshopId, units: Sequence[ResourceId], service: ServiceId
) -> list[AppointmentId]:
    counts = Counter((booking.unit, cell) for booking in world.bookings for cell in booking.cells)
    cells = {
        (unit, start): SlotRow(
            workshop_id=workshop,
            resource_id=units[unit],
            start_time=start,
            end_time=start + CELL,
            capacity=world.units[unit].capacity,
            booked_count=booked,
        )
        for (unit, start), booked in counts.items()
    }
    customers = [UserRow(name="Petra Müller") for _ in world.bookings]  # each may have only one open hold
    session.add_all([*cells.values(), *customers])
    session.flush()
    rows = [
        AppointmentRow(
            public_code=f"C{number}",
            user_id=customer.id,
            workshop_id=workshop,
            service_id=service,
            slot_id=cells[booking.unit, booking.start].id,
            start_time=booking.start,
            end_time=booking.start + booking.length * CELL,
            channel="sms",
            **_standing(booking, world.now),
        )
        for number, (booking, customer) in enumerate(zip(world.bookings, customers, strict=True))
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        AppointmentSlotRow(appointment_id=row.id, slot_id=cells[booking.unit, cell].id)
        for row, booking in zip(rows, world.bookings, strict=True)
        for cell in booking.cells
    )
    session.flush()
    return [row.id for row, booking in zip(rows, world.bookings, strict=True) if booking.fate == "ignored"]


def _standing(booking: Booking, now: datetime) -> dict[str, object]:
    match booking.fate:
        case "held":
            return {"status": "reserved", "reserved_until": now + timedelta(seconds=1)}
        case "dead":
            return {"status": "reserved", "reserved_until": now}
        case _:
            return {"status": "confirmed"}


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Session]:
    with engine.connect() as connection, Session(connection) as session:
        yield session
        session.rollback()


many = settings(max_examples=150, suppress_health_check=list(HealthCheck))
visits = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple)
windows = st.lists(st.tuples(st.integers(-600, 5000), st.integers(0, 1500)), max_size=3)


@many
@given(world=worlds(), codes=visits, asked=windows)
def test_the_search_finds_what_the_clerk_finds(
    engine: Engine, world: World, codes: tuple[str, ...], asked: list[tuple[int, int]]
) -> None:
    wish = [
        Period(world.now + timedelta(minutes=start), world.now + timedelta(minutes=start + length))
        for start, length in asked
    ]
    clerk = Clerk(world, codes)
    with rolled_back(engine) as session:
        stored = store(session, world)
        found = find_slots(
            session,
            [f"my-{code}" for code in codes],
            workshops=[stored.workshop],
            windows=wish,
            now=world.now,
            limit=10_000,
            ignoring=stored.ignored,
        )
    fitting = [start for start in clerk.starts if not wish or any(window.holds(start) for window in wish)]
    assert [slot.start for slot in found.slots] == fitting
    assert all(slot.services == tuple(stored.services[code] for code in codes) for slot in found.slots)
    length = sum(world.services[code].length for code in codes) * CELL
    assert all(slot.end - slot.start == length for slot in found.slots)
    assert (found.why_not is None) == bool(fitting)
    if not wish or fitting:
        assert found.alternatives == ()
    else:
        check_alternatives([slot.start for slot in found.alternatives], clerk.starts, wish)


def check_alternatives(offered: list[datetime], starts: list[datetime], wish: list[Period]) -> None:
    """All of them free, the nearest first, and none of the free ones much nearer than the last that is offered."""
    distances = [min(away(start, window) for window in wish) for start in offered]
    assert set(offered) <= set(starts)
    assert distances == sorted(distances)
    assert bool(offered) == bool(starts)
    assert min(distances, default=None) == min(
        (min(away(start, window) for window in wish) for start in starts), default=None
    )
    assert all(abs(one - other) >= 4 * CELL for one in offered for other in offered if one != other)


def away(start: datetime, window: Period) -> int:
    """How many quarter hours a start lies outside a window."""
    place, first, end = (moment.timestamp() / 900 for moment in (start, window.start, window.end))
    return round(max(ceil(first) - place, place - ceil(end) + 1))


@many
@given(world=worlds(), codes=visits)
def test_a_visit_is_placed_exactly_where_the_clerk_would(engine: Engine, world: World, codes: tuple[str, ...]) -> None:
    clerk = Clerk(world, codes)
    with rolled_back(engine) as session:
        stored = store(session, world)
        services = [stored.services[code] for code in codes]
        for start in _some(list(world.quarters()), clerk.starts):
            slot = slot_at(session, stored.workshop, services, start, now=world.now)
            if start in clerk.starts:
                check_cells(session, stored, slot, clerk)
            else:
                with pytest.raises(BookingError):
                    place_visit(session, slot, now=world.now, ignoring=stored.ignored)


def _some(every: list[datetime], free: list[datetime]) -> list[datetime]:
    """A few starts of either sort, spread over all of the time."""
    taken = sorted(set(every) - set(free))
    return [*free[:: len(free) // 4 + 1], *taken[:: len(taken) // 4 + 1]]


def check_cells(session: Session, stored: Stored, slot: Slot, clerk: Clerk) -> None:
    """Of every kind one unit, of it exactly the quarters the visit keeps, and no other unit fits more tightly."""
    cells = place_visit(session, slot, now=clerk.world.now, ignoring=stored.ignored).cells
    assert list(cells) == sorted(cells)
    by_unit = defaultdict(list)
    for cell in cells:
        by_unit[stored.units.index(cell.resource)].append(cell.start)
    assert sorted(clerk.world.units[unit].kind for unit in by_unit) == sorted(clerk.kinds)
    for unit, taken in by_unit.items():
        kind = clerk.world.units[unit].kind
        assert taken == clerk.kept(slot.start, kind)
        room = {able: clerk.room_around(able, slot.start, kind) for able in clerk.able(slot.start, kind)}
        assert unit == min(room, key=lambda able: (room[able], able))
