"""Counting in and out of cells: the one place where a booking can win or lose."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.errors import SlotTaken
from booking_core.tables import AppointmentSlotRow, SlotRow
from booking_core.values import AppointmentId, Cell, SlotId

# Finding a cell, making it, locking it, checking its room and counting it up is one step, cell by cell in the order
# in which everybody takes them. So there is no moment between look and leap, and no circle of transactions that wait.
COUNTED = """
    change AS (
        SELECT * FROM unnest(CAST(:resources AS bigint[]), CAST(:starts AS timestamptz[]), CAST(:steps AS integer[]))
            AS change(resource, start, step)
    ), counted AS (
        INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count)
        SELECT resources.workshop_id, resources.id, change.start, change.start + interval '15 minutes',
               resources.capacity, greatest(change.step, 0)
          FROM change JOIN resources ON resources.id = change.resource
         ORDER BY resources.id, change.start
            ON CONFLICT (resource_id, start_time) DO UPDATE
           SET booked_count = slots.booked_count
             + (SELECT step FROM change WHERE resource = excluded.resource_id AND start = excluded.start_time)
         WHERE slots.booked_count
             + (SELECT step FROM change WHERE resource = excluded.resource_id AND start = excluded.start_time)
            <= slots.capacity
        RETURNING id, resource_id, start_time
    )
"""
"""Changes the counts of all cells that have room for it: `counted` are those."""

_COUNT = text(f"WITH {COUNTED} SELECT id, resource_id, start_time FROM counted")  # noqa: S608 - Our own words.


def exchange(session: Session, *, take: Sequence[Cell], give: Collection[AppointmentId]) -> dict[Cell, SlotId]:
    """Count `take` up and everything the appointments in `give` hold down, at once; the taken cells with their ids.

    Raises SlotTaken when one of the cells is full; then nothing was changed. The caller has locked the appointments
    in `give`. The CHECK on the table has the last word, but should never get to speak.
    """
    change = Counter(take)
    change.subtract(_cells_of(session, give))
    counted = _count(session, change)
    if counted.keys() != change.keys():
        _count(session, {cell: -change[cell] for cell in counted})
        raise SlotTaken
    if give:
        session.execute(delete(AppointmentSlotRow).where(AppointmentSlotRow.appointment_id.in_(give)))
    return {cell: counted[cell] for cell in take}


def attach(session: Session, appointment: AppointmentId, cells: Iterable[SlotId]) -> None:
    """Remember which cells the appointment counts in."""
    session.execute(insert(AppointmentSlotRow), [{"appointment_id": appointment, "slot_id": cell} for cell in cells])


def _cells_of(session: Session, appointments: Collection[AppointmentId]) -> Counter[Cell]:
    if not appointments:
        return Counter()
    held = (
        select(SlotRow.resource_id, SlotRow.start_time)
        .join(AppointmentSlotRow, AppointmentSlotRow.slot_id == SlotRow.id)
        .where(AppointmentSlotRow.appointment_id.in_(appointments))
    )
    return Counter(Cell(resource, start) for resource, start in session.execute(held))


def _count(session: Session, change: Mapping[Cell, int]) -> dict[Cell, SlotId]:
    """Change the counts of all cells that have room for it; those cells and their ids."""
    if not change:
        return {}
    rows = wire.send(session, _COUNT, facts_of(change))
    return {Cell(resource, start): identity for identity, resource, start in rows}


def facts_of(change: Mapping[Cell, int]) -> dict[str, Any]:
    """What `COUNTED` is told of it."""
    return {
        "resources": wire.array(cell.resource for cell in change),
        "starts": wire.array(cell.start for cell in change),
        "steps": wire.array(change.values()),
    }


def give_back(session: Session, cells: Iterable[Cell]) -> None:
    """Count down what was counted up in vain."""
    _count(session, dict.fromkeys(cells, -1))
