"""Whoever asks for their data in the chat gets a link, and behind it everything; staff hand it out and erase it too."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.access.caller import Role
from app.clock import set_clock
from booking_core import waitlist
from booking_core.personal import requests
from tests.app.admin.conftest import house  # noqa: F401
from tests.app.admin.house import House
from tests.app.town import OnTelegram, Town, a_town, answer_to
from tests.booking_core.builders import NOW, a_customer, a_garage


@pytest.fixture
def town(database: Engine) -> Iterator[Town]:
    with a_town(database) as town:
        yield town


def test_a_customer_asks_for_their_data_and_gets_a_file_with_all_of_it(town: Town) -> None:
    petra = OnTelegram(town)
    answer_to(petra, "Moin")
    told = answer_to(petra, "Welche Daten habt ihr von mir?")
    link = re.search(r"http\S+", told)
    assert link, told
    with httpx.Client() as browser:
        page = browser.get(link[0], headers={"Accept-Language": "de"})
        assert "Datei herunterladen" in page.text
        assert "Moin" not in page.text, "a preview shows nothing"
        file = browser.post(link[0])
        assert file.headers["Content-Disposition"] == 'attachment; filename="meine-daten.json"'
        data = file.json()["data"]
        assert [row["body"]["text"] for row in data["inbox"]] == ["Moin", "Welche Daten habt ihr von mir?"]
        assert {"users", "channel_identities", "conversations", "outbox", "privacy_requests"} <= set(data)
        assert browser.post(link[0] + "x").status_code == 404
    with Session(town.engine) as session, session.begin():
        session.execute(text("UPDATE privacy_requests SET answered_at = answered_at - interval '25 hours'"))
    assert httpx.post(link[0]).status_code == 404, "it is good for a day"


def test_the_owner_hands_out_and_erases_and_the_ledger_knows(house: House) -> None:  # noqa: F811
    customer = house.ours.names["customer_id"]
    told = house.call("GET", f"customers/{customer}/data").json()
    assert told["data"]["users"][0]["phone"] == "+4915112345671"
    assert house.call("GET", f"customers/{customer}/data", Role.ADVISER).status_code == 403
    assert house.call("POST", f"customers/{customer}/erasure").json()["code"] == "still_booked"
    noted = house.call("PUT", f"customers/{customer}/privacy-requests", json={"kind": "correction"})
    assert noted.status_code == 204
    assert [one["kind"] for one in house.call("GET", "privacy-requests").json()] == ["correction"]
    cancel = house.call("POST", f"appointments/{house.ours.names['appointment_id']}/cancellation", json={})
    assert cancel.status_code < 300, cancel.text
    assert house.call("POST", f"customers/{customer}/erasure").json() == {"kept_until": None}
    assert house.call("GET", f"customers/{customer}/data").json()["data"]["users"][0]["phone"] is None


def test_what_another_workshop_has_of_the_same_customer_is_not_this_owners_to_give(house: House) -> None:  # noqa: F811
    with Session(house.engine) as session, session.begin():
        petra = a_customer(session)
        for side in (house.ours, house.theirs):
            waitlist.join(session, petra, side.workshop, ["oil-change"], [], channel="sms", now=NOW)
    assert house.call("GET", f"customers/{petra}/data").json()["code"] == "forbidden"
    assert house.call("POST", f"customers/{petra}/erasure").json()["code"] == "forbidden"


def test_a_link_opens_one_customers_data(session: Session) -> None:
    a_garage(session)
    set_clock(session, NOW)
    petra, paul = a_customer(session), a_customer(session, "Paul")
    secrets = {user: requests.offer_export(session, user, actor="x", now=NOW) for user in (petra, paul)}
    for user, secret in secrets.items():
        assert requests.whose_export(session, secret, now=NOW) == user
    assert requests.whose_export(session, "guess", now=NOW) is None
