"""A customer: what is known of them, and what they may ask for, their data or that they be forgotten."""

import json

from fastapi import APIRouter, Response
from fastapi.encoders import jsonable_encoder

from app.admin import customers as counter
from app.admin import privacy
from app.admin.types import Id
from app.staff.desk import AtDesk, StaffRoute
from booking_core.personal import erasure
from booking_core.values import UserId

router = APIRouter(prefix="/staff/{workshop_id}/customers/{customer_id}", route_class=StaffRoute)


@router.get("", name="read_customer")
def show_customer(desk: AtDesk, customer_id: Id) -> Response:
    """With what an erasure would have to leave, for whoever may do it."""
    record = counter.read_customer(desk.at, customer_id)
    kept_until = desk.at(lambda session, now: erasure.kept_until(session, UserId(customer_id)))
    return desk.show("customer.html", tab="calendar", record=record, kept_until=kept_until)


@router.post("/data", name="export_customer")
def hand_out(desk: AtDesk, customer_id: Id) -> Response:
    """A file with everything that is stored about them."""
    data = jsonable_encoder(privacy.export_customer(desk.at, customer_id))
    attached = {"Content-Disposition": f'attachment; filename="customer-{customer_id}.json"'}
    return Response(json.dumps(data, ensure_ascii=False, indent=2), media_type="application/json", headers=attached)


@router.post("/erasure", name="erase_customer")
def erase(desk: AtDesk, customer_id: Id) -> Response:
    return desk.show("erased.html", erased=privacy.erase_customer(desk.at, customer_id))
