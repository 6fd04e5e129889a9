"""What the day brings: who comes when, somebody on the phone, somebody who is late, a car that is here."""

from tests.app.api.walks.office import Office

VAN = {"plate": "K-LF 77", "make": "Ford", "model": "Transit", "year": 2021}


def walk(ask: Office) -> None:
    ask("list_workshops", "mine", "The workshops this key is for")
    ask("read_agenda", "tomorrow", "Who comes tomorrow", query={"from": "2026-11-24"})
    _a_call(ask)
    _a_car(ask)


def _a_call(ask: Office) -> None:
    """Leon calls: at nine somebody has the examiner, so he takes ten, and calls again to come in the afternoon."""
    nine = {"service": "hu-au", "at": "2026-11-24T09:00:00+01:00"}
    ask("explain", "taken", "Why nobody can come for an HU at nine", query=nine)
    ask("explain", "free", "At ten there is time", query=nine | {"at": "2026-11-24T10:00:00+01:00"})
    leon = {"name": "Leon Fuchs", "phone": "0151 55550004", "email": "leon@example.de"}
    wish = {"service_ids": [3], "start": nine["at"], "new_customer": leon, "new_vehicle": VAN}
    ask.new("create_appointment", "taken", "At nine all the same", body=wish)
    ten = wish | {"start": "2026-11-24T10:00:00+01:00"}
    made = ask.new("create_appointment", "phone", "Book for somebody on the phone", body=ten).json()
    path = {"appointment_id": made["id"]}
    later = {"start": "2026-11-24T14:00:00+01:00"}
    ask("move_appointment", "later", "To the afternoon", path=path, body=later, If_Match='"2"')
    ask("move_appointment", "stale", "By somebody who has not seen that", path=path, body=later, If_Match='"2"')
    ask.new("add_note", "key", "Tell colleagues something", path=path, body={"text": "Schlüssel liegt im Nachtkasten"})
    ask("read_notes", "all", "What they told each other", path=path)
    ask("read_appointment", "now", "What has become of it", path=path)


def _a_car(ask: Office) -> None:
    """Jan is here before his time; his car is checked in and out. Whoever calls to stay away is cancelled."""
    first = {"appointment_id": 1}
    ask("step_appointment", "in", "The car is here", path=first | {"step": "check-in"}, If_Match='"2"')
    ask("step_appointment", "out", "The work is done", path=first | {"step": "check-out"}, If_Match='"3"')
    ask("cancel_appointment", "over", "Too late for that", path=first, body={}, If_Match="*")
    reason = {"reason": "Kunde ist krank"}
    ask("cancel_appointment", "cancel", "Leon stays away", path={"appointment_id": 2}, body=reason, If_Match='"3"')
