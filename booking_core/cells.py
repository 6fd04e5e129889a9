"""Counting in and out of cells under lock: the one place where a booking can win or lose."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import or_, select, text, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking_core import ledger
from booking_core.errors import SlotTaken
from booking_core.tables import AppointmentSlotRow, SlotRow
from booking_core.values import AppointmentId, Cell, SlotId

_CREATE = text("""
    INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity)
    SELECT resources.workshop_id, resources.id, cell.start, cell.start + interval '15 minutes', resources.capacity
      FROM unnest(CAST(:resources AS bigint[]), CAST(:starts AS timestamptz[])) AS cell(resource, start)
      JOIN resources ON resources.id = cell.resource
     ORDER BY resources.id, cell.start
        ON CONFLICT DO NOTHING
""")
_COUNT = text("""
    UPDATE slots SET booked_count = booked_count + change.step
      FROM unnest(CAST(:ids AS bigint[]), CAST(:steps AS integer[])) AS change(id, step)
     WHERE slots.id = change.id
""")


def exchange(session: Session, *, take: Sequence[Cell], give: Collection[AppointmentId]) -> list[SlotId]:
    """Count `take` up and everything the appointments in `give` hold down, at once; the ids of the taken cells.

    Raises SlotTaken when one of the cells is full. The caller has locked the appointments in `give`.
    Cells are locked in the order of `Cell`, which every transaction follows, so that none can deadlock.
    """
    if take:
        _create_missing(session, take)
    given = _cells_of(session, give)
    locked = _lock(session, take, given)
    wanted = [(slot, room) for slot, cell, room in locked if cell in set(take)]
    if any(room + given[slot] < 1 for slot, room in wanted):
        raise SlotTaken
    taken = [slot for slot, _ in wanted]
    change = Counter(taken)
    change.subtract(given)
    _count(session, {slot: by for slot, by in change.items() if by})
    if give:
        ledger.detach(session, give)
    return taken


def _create_missing(session: Session, cells: Sequence[Cell]) -> None:
    """A cell that nobody ever took has no row, and a row that is not there cannot be locked."""
    ordered = sorted(cells)
    resources, starts = [cell.resource for cell in ordered], [cell.start for cell in ordered]
    session.execute(_CREATE, {"resources": resources, "starts": starts})


def _cells_of(session: Session, appointments: Collection[AppointmentId]) -> Counter[SlotId]:
    if not appointments:
        return Counter()
    return Counter(
        session.scalars(
            select(AppointmentSlotRow.slot_id).where(AppointmentSlotRow.appointment_id.in_(appointments))
        ).all()
    )


def _lock(session: Session, take: Sequence[Cell], given: Collection[SlotId]) -> list[tuple[SlotId, Cell, int]]:
    """Each cell's id, the cell, and how many more visits it has room for."""
    rows = session.execute(
        select(SlotRow.id, SlotRow.resource_id, SlotRow.start_time, SlotRow.capacity - SlotRow.booked_count)
        .where(
            or_(
                tuple_(SlotRow.resource_id, SlotRow.start_time).in_([(cell.resource, cell.start) for cell in take]),
                SlotRow.id.in_(list(given)),
            )
        )
        .order_by(SlotRow.resource_id, SlotRow.start_time)
        .with_for_update()
    )
    return [(identity, Cell(resource, start), room) for identity, resource, start, room in rows]


def _count(session: Session, change: dict[SlotId, int]) -> None:
    """Book and give back in one statement; the CHECK on the table has the last word."""
    if not change:
        return
    try:
        session.execute(_COUNT, {"ids": list(change), "steps": list(change.values())})
    except IntegrityError as error:  # Only the CHECK can object to a count.
        raise SlotTaken from error
