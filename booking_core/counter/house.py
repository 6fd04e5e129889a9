"""The house as its owner arranges it: the workshop's own facts, its resources, its services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from booking_core import audit, locks
from booking_core.errors import NameTaken, Unknown, UnknownWorkshop
from booking_core.hours import BadHours, read_week
from booking_core.postcodes import locate
from booking_core.replanning import replan
from booking_core.seasons import read_season
from booking_core.tables import ResourceRow, ServiceRow, SlotRow, WorkshopRow
from booking_core.values import ResourceId, WorkshopId

REMINDING = (
    "remind_day_before",
    "remind_hours_before",
    "remind_mondays_on",
    "remind_ready",
    "remind_no_show",
    "quiet_from",
    "quiet_until",
)
WORKSHOP = (
    "name",
    "address",
    "plz",
    "city",
    "phone",
    "opening_hours",
    "min_notice",
    "horizon_days",
    "cancel_cutoff",
    "max_open_appointments",
    "max_holds_per_hour",
    "familiar",
    *REMINDING,
)
RESOURCE = ("kind", "name", "capacity", "windows")
SERVICE = (
    "name",
    "name_en",
    "description",
    "duration_minutes",
    "buffer_before",
    "buffer_after",
    "price",
    "kinds",
    "windows",
    "season",
)
"""What an owner may change, as the tables call it."""

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Offer:
    """A service; `own` tells whether the workshop has worded it itself. `facts` are all of SERVICE."""

    code: str
    own: bool
    facts: Facts


def workshop_facts(session: Session, workshop: WorkshopId) -> Facts:
    """All of WORKSHOP. Raises UnknownWorkshop."""
    row = session.get(WorkshopRow, workshop, populate_existing=True)
    if row is None:
        raise UnknownWorkshop(workshop=workshop)
    return _facts(row, WORKSHOP)


def change_workshop(session: Session, workshop: WorkshopId, changes: Facts, *, actor: str, now: datetime) -> Facts:
    """Change some of WORKSHOP, once no booking is under way; all of it afterwards. Raises BadHours.

    New rules for reminders hold for appointments made before, too.
    """
    locks.own_calendar(session, workshop)
    before = workshop_facts(session, workshop)
    if "opening_hours" in changes:
        read_week(changes["opening_hours"])
    where = {}
    if "plz" in changes:
        point = locate(changes["plz"])
        if point is None:
            raise BadHours(f"{changes['plz']!r} is no German postcode")
        where = {"lat": point[0], "lng": point[1]}
    session.execute(update(WorkshopRow).where(WorkshopRow.id == workshop).values({**changes, **where}))
    if not changes.keys().isdisjoint(REMINDING):
        replan(session, workshop, now=now)
    _note(session, actor, ("workshop", workshop), workshop, before, changes, now=now)
    return workshop_facts(session, workshop)


def resources(session: Session, workshop: WorkshopId) -> Sequence[tuple[ResourceId, Facts]]:
    """Each with all of RESOURCE."""
    rows = session.scalars(
        select(ResourceRow)
        .where(ResourceRow.workshop_id == workshop)
        .order_by(ResourceRow.id)
        .execution_options(populate_existing=True)
    )
    return [(row.id, _facts(row, RESOURCE)) for row in rows]


def resource(session: Session, workshop: WorkshopId, resource: ResourceId) -> Facts:
    """Raises Unknown, for another workshop's as for none."""
    found = dict(resources(session, workshop)).get(resource)
    if found is None:
        raise Unknown(resource=resource)
    return found


def add_resource(session: Session, workshop: WorkshopId, facts: Facts, *, actor: str, now: datetime) -> ResourceId:
    """`facts` are all of RESOURCE. Raises BadHours or NameTaken."""
    locks.own_calendar(session, workshop)
    _check_resource(session, workshop, facts, besides=None)
    made = session.execute(
        insert(ResourceRow).values(workshop_id=workshop, **facts).returning(ResourceRow.id)
    ).scalar_one()
    _note(session, actor, ("resource", made), workshop, {}, facts, now=now)
    return made


def change_resource(
    session: Session, workshop: WorkshopId, resource_id: ResourceId, changes: Facts, *, actor: str, now: datetime
) -> Facts:
    """Change some of RESOURCE; whatever was booked stays booked. Raises BadHours, NameTaken or Unknown."""
    locks.own_calendar(session, workshop)
    before = resource(session, workshop, resource_id)
    _check_resource(session, workshop, changes, besides=resource_id)
    session.execute(update(ResourceRow).where(ResourceRow.id == resource_id).values(changes))
    if "capacity" in changes:
        # Cells remember the room they were made with; where more stands in one, it counts until it has gone.
        room = func.greatest(changes["capacity"], SlotRow.booked_count)
        coming = (SlotRow.resource_id == resource_id, SlotRow.end_time > now)
        session.execute(update(SlotRow).where(*coming).values(capacity=room))
    _note(session, actor, ("resource", resource_id), workshop, before, changes, now=now)
    return resource(session, workshop, resource_id)


def _check_resource(session: Session, workshop: WorkshopId, facts: Facts, *, besides: ResourceId | None) -> None:
    if facts.get("windows") is not None:
        read_week(facts["windows"])
    names = {other["name"] for identity, other in resources(session, workshop) if identity != besides}
    if facts.get("name") in names:
        raise NameTaken(name=facts["name"])


def offers(session: Session, workshop: WorkshopId) -> Sequence[Offer]:
    """Everybody's services and the workshop's own, which win, whether it has the resources for them or not."""
    rows = session.scalars(
        select(ServiceRow)
        .where(or_(ServiceRow.workshop_id == workshop, ServiceRow.workshop_id.is_(None)))
        .order_by(ServiceRow.workshop_id.nulls_first(), ServiceRow.id)
        .execution_options(populate_existing=True)
    )
    found = {row.code: Offer(row.code, row.workshop_id is not None, _facts(row, SERVICE)) for row in rows}
    return list(found.values())


def put_offer(session: Session, workshop: WorkshopId, code: str, facts: Facts, *, actor: str, now: datetime) -> Offer:
    """Word a service the workshop's own way; `facts` are all of SERVICE. Raises BadHours."""
    locks.own_calendar(session, workshop)
    if facts["windows"] is not None:
        read_week(facts["windows"])
    if facts["season"] is not None:
        read_season(facts["season"])
    before = next((offer.facts for offer in offers(session, workshop) if offer.code == code), {})
    row = session.scalars(
        select(ServiceRow).where(ServiceRow.workshop_id == workshop, ServiceRow.code == code)
    ).one_or_none()
    if row is None:
        row = ServiceRow(workshop_id=workshop, code=code, **facts)
        session.add(row)
    else:
        for name, fact in facts.items():
            setattr(row, name, fact)
    session.flush()
    _note(session, actor, ("service", row.id), workshop, before, facts, now=now)
    return Offer(code, True, facts)


def _facts(row: object, names: Sequence[str]) -> dict[str, Any]:
    """As JSON has them: a time of day is "20:00"."""
    found = {name: getattr(row, name) for name in names}
    return {name: f"{fact:%H:%M}" if isinstance(fact, time) else fact for name, fact in found.items()}


def _note(
    session: Session,
    actor: str,
    entity: tuple[str, int],
    workshop: WorkshopId,
    before: Facts,
    changes: Facts,
    *,
    now: datetime,
) -> None:
    """Only what changed, and where."""
    changed = {name: fact for name, fact in changes.items() if before.get(name) != fact}
    was = {"workshop": workshop} | {name: before.get(name) for name in changed}
    audit.record(session, actor, "changed", entity, now=now, before=was, after={"workshop": workshop, **changed})
