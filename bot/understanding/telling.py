"""An understanding as plain data, for tools that speak JSON."""

from datetime import datetime
from typing import Any

from bot.understanding.dates import as_json
from bot.understanding.meaning import Understanding


def as_data(understood: Understanding, *, now: datetime) -> dict[str, Any]:
    """The facts by their names; `when` as absolute windows from `now` on, what was not said is None or empty."""
    vehicle = understood.vehicle
    return {
        "lang": understood.language,
        "intents": [str(intent) for intent in understood.intents],
        "services": list(understood.services),
        "unwanted": list(understood.unwanted),
        "symptoms": list(understood.symptoms),
        "danger": understood.danger,
        "when": as_json(understood.when, now=now),
        "number": understood.number,
        "plate": vehicle.plate,
        "plate_candidates": list(understood.plate_candidates),
        "make": vehicle.make,
        "model": vehicle.model,
        "year": vehicle.year,
        "mileage": understood.mileage,
        "plz": understood.plz,
        "city": understood.city,
        "email": understood.email,
        "phone": understood.phone,
        "name": understood.name,
        "code": understood.code,
        "wanted_language": understood.wanted_language,
        "skipped": understood.skipped,
        "also": understood.also,
        "to_booking": understood.to_booking,
        "shift": understood.shift,
        "waiting_list": understood.waiting_list,
        "stay": understood.stay,
        "pronoun": understood.pronoun,
        "returning": understood.returning,
        "booked": understood.booked,
        "booked_by": understood.booked_by,
    }
