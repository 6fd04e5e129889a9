"""How holds are written down: with their services, the cells they count in, and an audit entry.

All of it is one statement, so that none can be had without the others.
"""

import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core import cells as cellar
from booking_core import wire
from booking_core.audit import INSERT_AN_ENTRY
from booking_core.cells import COUNTED
from booking_core.errors import SlotTaken
from booking_core.ownership import fingerprint
from booking_core.register import Appointment, snapshot
from booking_core.status import AppointmentStatus
from booking_core.values import AppointmentId, Cell, Slot, UserId

_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_code() -> str:
    """A public code of 60 random bits in Crockford's alphabet, grouped for reading aloud."""
    letters = b32encode(secrets.token_bytes(8)).translate(_CROCKFORD).decode()
    return "-".join((letters[:4], letters[4:8], letters[8:12]))


_ENTER = text(f"""
    WITH {COUNTED}, entered AS (
        INSERT INTO appointments (public_code, user_id, workshop_id, service_id, slot_id, status, start_time, end_time,
                                  reserved_until, channel, proof_hash, created_at, updated_at)
        SELECT :code, :user, :workshop, :service, (SELECT id FROM counted ORDER BY resource_id, start_time LIMIT 1),
               'reserved', :start, :end, :until, :channel, :proof, :now, :now
         WHERE (SELECT count(*) FROM counted) = (SELECT count(*) FROM change)
        RETURNING id
    ), listed AS (
        INSERT INTO appointment_services (appointment_id, position, service_id, price)
        SELECT entered.id, visit.position, visit.service, (SELECT price FROM services WHERE id = visit.service)
          FROM entered, unnest(CAST(:services AS bigint[])) WITH ORDINALITY AS visit(service, position)
    ), attached AS (
        INSERT INTO appointment_slots (appointment_id, slot_id) SELECT entered.id, counted.id FROM entered, counted
    ), noted AS (
        {INSERT_AN_ENTRY}
        SELECT 'appointment', id, 'held', :actor, :now, NULL, CAST(:after AS jsonb) || jsonb_build_object('id', id)
          FROM entered
        RETURNING entity_id
    )
    SELECT (SELECT entity_id FROM noted) AS id, array_agg(resource_id), array_agg(start_time) FROM counted
""")  # noqa: S608 - Nothing but our own words is put in.


def enter(
    session: Session,
    slot: Slot,
    user: UserId,
    cells: Sequence[Cell],
    *,
    step: int = 1,
    channel: str,
    proof: str | None = None,
    until: datetime,
    actor: str,
    now: datetime,
) -> Appointment:
    """Write a new hold with its services and its first audit entry, and count it in its cells.

    Where they were counted up before, `step` is 0. Raises SlotTaken when one is full; then nothing was changed.
    """
    start, end, until = (moment.astimezone(UTC) for moment in (slot.start, slot.end, until))
    hold = Appointment(
        id=AppointmentId(0),
        code=new_code(),
        user=user,
        workshop=slot.workshop,
        services=slot.services,
        start=start,
        end=end,
        status=AppointmentStatus.RESERVED,
        reserved_until=until,
        vehicle=None,
        channel=channel,
        version=1,
        ical_sequence=0,
    )
    facts = {
        **cellar.facts_of(dict.fromkeys(cells, step)),
        "code": hold.code,
        "user": user,
        "workshop": slot.workshop,
        "service": slot.services[0],
        "services": wire.array(slot.services),
        "start": start,
        "end": end,
        "until": until,
        "channel": channel,
        "proof": proof and fingerprint(proof),
        "now": now,
        "actor": actor,
        "after": snapshot(hold),
    }
    [(entered, resources, starts)] = wire.send(session, _ENTER, facts)
    if entered is None:
        cellar.give_back(session, map(Cell, resources or (), starts or ()))
        raise SlotTaken(start=start)
    return replace(hold, id=entered)
