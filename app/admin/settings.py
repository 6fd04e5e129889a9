"""The house: the workshop's own facts, its resources and its services. Whom a change hits is told first."""

from collections.abc import Set
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter
from app.admin.refusals import AT_THE_COUNTER, CHANGES, refusals
from app.admin.shown import AppointmentShown, shown
from app.admin.types import Code, Evening, Id, Morning, Phone, Plain, Plz, Season, Sent, Truth, Week, Whole, Words
from app.admin.versions import IfMatch, demand, digest, etag
from app.admin.writing import ONCE, Once
from booking_core.counter import capacity, house
from booking_core.lead_times import MondaysOn
from booking_core.register import Appointment
from booking_core.values import ResourceId

router = APIRouter(tags=["settings"], responses=refusals(*AT_THE_COUNTER, *CHANGES, "name_taken"))

HOURS = {"mon": [["07:30", "12:00"], ["13:00", "17:30"]], "sat": [["08:00", "12:00"]]}


class WorkshopFacts(BaseModel):
    """`opening_hours` are local times by weekday; `min_notice` and `cancel_cutoff` are minutes.

    `familiar` says du: to customers who are new, where all workshops want it. Customers are reminded the day before,
    of a Monday on Sunday or Friday, and so many hours before on the day itself unless that is null. `remind_ready`
    tells them that their car is done, `remind_no_show` asks who has not come. In the quiet hours nothing is sent.
    """

    name: str
    address: str
    plz: str
    city: str
    phone: str
    opening_hours: dict[str, Any] = Field(examples=[HOURS])
    min_notice: int
    horizon_days: int
    cancel_cutoff: int
    max_open_appointments: int
    max_holds_per_hour: int
    familiar: bool
    remind_day_before: bool
    remind_hours_before: int | None = Field(examples=[2])
    remind_mondays_on: MondaysOn
    remind_ready: bool
    remind_no_show: bool
    quiet_from: str = Field(examples=["20:00"])
    quiet_until: str = Field(examples=["08:00"])


class WorkshopChange(Sent):
    """Only what is sent is changed. With `dry_run` nothing is, and those whom it would hit are named.

    How customers are reminded holds for appointments made before, too; null means no second reminder.
    """

    name: Words | None = Field(None, examples=["Autowerkstatt am Dom"])
    address: Words | None = Field(None, examples=["Lindengasse 12"])
    plz: Plz | None = Field(None, examples=["50667"])
    city: Words | None = Field(None, examples=["Köln"])
    phone: Phone | None = Field(None, examples=["+49221555011"])
    opening_hours: Week | None = Field(None, examples=[HOURS])
    min_notice: Whole | None = Field(None, ge=0, le=43_200, examples=[120])
    horizon_days: Whole | None = Field(None, ge=1, le=400, examples=[120])
    cancel_cutoff: Whole | None = Field(None, ge=0, le=43_200, examples=[1440])
    max_open_appointments: Whole | None = Field(None, ge=1, le=100, examples=[3])
    max_holds_per_hour: Whole | None = Field(None, ge=1, le=1000, examples=[12])
    familiar: Truth | None = Field(None, examples=[False])
    remind_day_before: Truth | None = Field(None, examples=[True])
    remind_hours_before: Whole | None = Field(None, ge=1, le=12, examples=[2])
    remind_mondays_on: MondaysOn | None = Field(None, examples=["friday"])
    remind_ready: Truth | None = Field(None, examples=[True])
    remind_no_show: Truth | None = Field(None, examples=[True])
    quiet_from: Evening | None = Field(None, examples=["20:00"])
    quiet_until: Morning | None = Field(None, examples=["08:00"])
    dry_run: Truth = False


class Changed(BaseModel):
    """`affected` stay booked until they are moved or cancelled."""

    affected: list[AppointmentShown]


class Resource(Sent):
    """A lift, a rig, an examiner. `windows` as opening hours, null is whenever the workshop is open."""

    kind: Code = Field(examples=["lift"])
    name: Words = Field(examples=["Bühne 4"])
    capacity: Whole = Field(1, ge=0, le=100)
    windows: Week | None = Field(None, examples=[None])


class ResourceShown(Resource):
    id: Whole


class ResourceChange(Sent):
    """Only what is sent is changed. With `dry_run` nothing is, and those whom it would hit are named."""

    name: Words | None = Field(None, examples=["Bühne 4"])
    capacity: Whole | None = Field(None, ge=0, le=100, examples=[0])
    windows: Week | None = Field(None, examples=[{"tue": [["08:00", "16:00"]]}])
    dry_run: Truth = False


class Service(Sent):
    """Durations and buffers are minutes, `price` is cents. `kinds` are all the resources it needs one of each of."""

    name: Words = Field(examples=["Ölwechsel"])
    name_en: Words = Field(examples=["Oil change"])
    description: Plain = Field("", examples=["Motoröl und Ölfilter"])
    duration_minutes: Whole = Field(ge=1, le=1440, examples=[45])
    buffer_before: Whole = Field(0, ge=0, le=1440)
    buffer_after: Whole = Field(0, ge=0, le=1440, examples=[15])
    price: Whole = Field(ge=0, le=10_000_000, examples=[8900])
    kinds: list[Code] = Field(min_length=1, max_length=10, examples=[["lift"]])
    windows: Week | None = Field(None, examples=[None])
    season: Season | None = Field(None, examples=[[["10-01", "04-15"]]])


class ServiceShown(Service):
    """`own` is whether the workshop has worded it itself."""

    code: str
    own: bool


@router.get("/settings")
def read_settings(at: AtCounter, response: Response) -> WorkshopFacts:
    """The workshop's facts, with their version as ETag."""
    facts = at(lambda session, now: house.workshop_facts(session, at.workshop))
    response.headers["ETag"] = etag(digest(facts))
    return WorkshopFacts(**facts)


@router.patch("/settings")
def change_settings(at: AtCounter, change: WorkshopChange, version: IfMatch) -> Changed:
    """Change the workshop; new opening hours hold at once, and name those who stand outside of them."""

    def work(session: Session, now: datetime) -> Changed:
        demand(digest(house.workshop_facts(session, at.workshop)), version)
        news = _news(change, or_none={"remind_hours_before"})
        hit = capacity.outside(session, at.workshop, news.get("opening_hours"), now=now)
        if news and not change.dry_run:
            house.change_workshop(session, at.workshop, news, actor=at.actor, now=now)
        return Changed(affected=shown(session, at.workshop, hit))

    return at(work)


@router.get("/resources")
def list_resources(at: AtCounter) -> list[ResourceShown]:
    """Everything that a visit can occupy."""
    found = at(lambda session, now: house.resources(session, at.workshop))
    return [ResourceShown(id=identity, **facts) for identity, facts in found]


@router.post("/resources", status_code=201, responses=refusals(*ONCE))
def add_resource(at: AtCounter, resource: Resource, repeatable: Once) -> ResourceShown:
    """One more; it can be booked at once."""
    facts = resource.model_dump()

    def work(session: Session, now: datetime) -> ResourceShown:
        return ResourceShown(id=house.add_resource(session, at.workshop, facts, actor=at.actor, now=now), **facts)

    return repeatable.once(at, ("resource", resource), ResourceShown, work)


@router.patch("/resources/{resource_id}")
def change_resource(at: AtCounter, resource_id: Id, change: ResourceChange) -> Changed:
    """Change it; whoever has no place on it any more is named."""
    identity = ResourceId(resource_id)

    def work(session: Session, now: datetime) -> Changed:
        house.resource(session, at.workshop, identity)
        news = _news(change, or_none={"windows"})
        hit = _hit(session, at, identity, news, now=now)
        if news and not change.dry_run:
            house.change_resource(session, at.workshop, identity, news, actor=at.actor, now=now)
        return Changed(affected=shown(session, at.workshop, hit))

    return at(work)


def _news(change: BaseModel, *, or_none: Set[str]) -> dict[str, Any]:
    """What is to be changed; null leaves all as it is but what may be null."""
    sent = change.model_dump(mode="json", exclude_unset=True, exclude={"dry_run"})
    return {name: fact for name, fact in sent.items() if fact is not None or name in or_none}


def _hit(
    session: Session, at: AtCounter, resource: ResourceId, news: dict[str, Any], *, now: datetime
) -> list[Appointment]:
    """In the order of their ids; each once, though both the hours and the room may be wanting."""
    hit = capacity.outside(session, at.workshop, news.get("windows"), resource=resource, now=now)
    if "capacity" in news:
        hit += capacity.beyond(session, at.workshop, resource, news["capacity"], now=now)
    return list({one.id: one for one in hit}.values())


@router.get("/services")
def list_services(at: AtCounter) -> list[ServiceShown]:
    """What the workshop sells, in its own words where it has any."""
    offers = at(lambda session, now: house.offers(session, at.workshop))
    return [ServiceShown(code=offer.code, own=offer.own, **offer.facts) for offer in offers]


@router.put("/services/{code}")
def put_service(at: AtCounter, code: Code, service: Service) -> ServiceShown:
    """Word a service the workshop's own way, or add one of its own; what was booked keeps its time and price."""
    facts = service.model_dump()
    offer = at(lambda session, now: house.put_offer(session, at.workshop, code, facts, actor=at.actor, now=now))
    return ServiceShown(code=offer.code, own=offer.own, **offer.facts)
