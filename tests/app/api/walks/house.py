"""The house: a day is closed, a lift breaks and another is bought, a service and the hours are changed."""

from tests.app.api.walks.office import Office

TUESDAY = {"start": "2026-11-24T00:00:00+01:00", "end": "2026-11-25T00:00:00+01:00", "reason": "Inventur"}
WASH = {
    "name": "Wagenwäsche",
    "name_en": "Car wash",
    "duration_minutes": 30,
    "price": 2500,
    "kinds": ["lift"],
}


def walk(ask: Office) -> None:
    _close_a_day(ask)
    _mend_a_lift(ask)
    ask("list_services", "all", "What is sold")
    ask("put_service", "wash", "Sell one more", path={"code": "car-wash"}, body=WASH)
    _open_on_saturday(ask)


def _close_a_day(ask: Office) -> None:
    """A visit stands on Tuesday; the list says so before anything is closed."""
    wish = {"service_ids": [1], "start": "2026-11-24T11:00:00+01:00", "customer_id": 1}
    ask.new("create_appointment", "known", "Book for a customer we know", body=wish)
    ask.new("close", "look", "Whom it would hit to close on Tuesday", body=TUESDAY | {"dry_run": True})
    closed = ask.new("close", "tuesday", "Close all the same", body=TUESDAY).json()
    ask("list_closures", "coming", "When it is closed")
    ask("reopen", "tuesday", "Open again", path={"closure_id": closed["id"]})


def _mend_a_lift(ask: Office) -> None:
    ask("list_resources", "all", "What a visit can take")
    broken = {"capacity": 0}
    ask(
        "change_resource",
        "look",
        "Whom a broken lift would hit",
        path={"resource_id": 1},
        body=broken | {"dry_run": True},
    )
    ask("change_resource", "broken", "It is broken", path={"resource_id": 1}, body=broken)
    ask.new("add_resource", "lift", "A new one", body={"kind": "lift", "name": "Bühne 4"})


def _open_on_saturday(ask: Office) -> None:
    settings = ask("read_settings", "now", "How it is")
    hours = settings.json()["opening_hours"] | {"sat": [["09:00", "12:00"]]}
    version = settings.headers["ETag"]
    ask("change_settings", "sat", "Open on Saturdays", body={"opening_hours": hours}, If_Match=version)
    ask("change_settings", "stale", "By somebody who has not seen that", body={"city": "Bonn"}, If_Match=version)
