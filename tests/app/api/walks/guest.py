"""Somebody who looks for a time, books it, moves it and cancels it; and is refused what one can be refused."""

from functools import partial
from typing import Any

from tests.app.api.tour import Tour

MAIL = {"name": "Petra Müller", "email": "petra@example.de", "phone": "+491701234567"}


def walk(tour: Tour) -> None:
    _look_around(tour)
    _book(tour)
    _be_refused(tour)


def _look_around(tour: Tour) -> None:
    near = {"plz": "50667", "limit": 2}
    tour.ask("listWorkshops", "near", "The two nearest to a postcode", query=near)
    tour.ask("listWorkshops", "town", "Those of a town", query={"city": "Bonn"})
    tour.ask("listServices", "all", "What a workshop does", query={"workshop_id": 3})
    tour.ask("listServices", "nobody", "No such workshop", query={"workshop_id": 4711})
    wanted = {"workshop_id": 1, "service_id": [1]}
    day = {"date": "2026-11-24", "limit": 2}
    tour.ask("findSlots", "day", "Free times on a day", query=wanted | day)
    two = {"workshop_id": 1, "service_id": [1, 4], "date": "2026-11-24", "days": 7, "limit": 1}
    tour.ask("findSlots", "two", "Two services in one visit", query=two)
    tour.ask("findSlots", "none", "Nothing free, and why", query=wanted | {"date": "2026-12-25"})
    tour.ask("findSlots", "wrong", "A day that is none", query=wanted | {"date": "Christmas"})


def _slot(day: str) -> dict[str, Any]:
    return {"workshop_id": 1, "service_ids": [1], "start": f"{day}:00+01:00"}


def _book(tour: Tour) -> None:
    golf = {"plate": "K-AB 1234", "make": "VW", "model": "Golf", "year": 2019}
    wanted = _slot("2026-11-24T10:00")
    held = tour.ask("holdSlot", "hold", "Keep a time", body=wanted, Idempotency_Key=tour.key()).json()
    proof = held["proof"]
    body = {"hold": held["code"], "customer": MAIL, "vehicle": golf}
    tour.ask(
        "bookAppointment",
        "confirm",
        "Confirm a hold",
        body=body,
        Idempotency_Key=tour.key(),
        Appointment_Proof=proof,
    )
    ask = partial(tour.ask, path={"code": held["code"]})
    ask("showAppointment", "mine", "With its proof", Appointment_Proof=proof)
    ask("showAppointment", "name", "With the last name", Appointment_Proof="Mueller")
    ask("showAppointment", "known", "As you know it", Appointment_Proof=proof, If_None_Match='"2"')
    move = partial(ask, "moveAppointment", body={"start": "2026-11-25T14:00:00+01:00"}, Appointment_Proof=proof)
    move("move", "To the day after", If_Match='"2"')
    move("old", "It was moved", If_Match='"2"')
    move("any", "No version")
    ask("cancelAppointment", "cancel", "Cancel it", Appointment_Proof=proof, If_Match='"3"')
    move("over", "It is cancelled", If_Match="*")


def _be_refused(tour: Tour) -> None:
    guest = {"name": "Jo Li", "phone": "+4922198765"}
    key, soon = tour.key(), _slot("2026-11-23T13:00") | {"customer": guest}
    booked = tour.ask("bookAppointment", "book", "Book in one go", body=soon, Idempotency_Key=key).json()
    ask = partial(tour.ask, path={"code": booked["code"]})
    ask("cancelAppointment", "late", "Three hours before", Appointment_Proof=booked["proof"], If_Match="*")
    ask("showAppointment", "guess", "A wrong proof", Appointment_Proof="Meier")
    ask("showAppointment", "nothing", "No proof")
    tour.ask("bookAppointment", "used", "A key used before", body=soon | {"customer": MAIL}, Idempotency_Key=key)
    tour.ask("holdSlot", "keyless", "No key", body=_slot("2026-11-24T10:00"))
    for name, summary, day in (
        ("holiday", "On a holiday", "2026-12-25T10:00"),
        ("grid", "Off the grid", "2026-11-24T10:07"),
    ):
        tour.ask("holdSlot", name, summary, body=_slot(day), Idempotency_Key=tour.key())
