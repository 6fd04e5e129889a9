"""The pages for staff: what they show, what their forms do, and who may."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.caller import Role
from app.clock import database_now
from booking_core.counter import clients
from booking_core.tables import AuditRow
from bot.messages import Address, InboundMessage
from bot.turn import take_turn
from tests.app.access.people import PASSWORD, a_colleague
from tests.app.admin.house import MISSING, House
from tests.app.staff.conftest import Visit, version_in

BERLIN = ZoneInfo("Europe/Berlin")
PAGES = (
    "",
    "list",
    "booking",
    "inbox",
    "inbox/list",
    "waiting",
    "figures",
    "closures",
    "closures/list",
    "settings",
    "audit",
)


@dataclass(frozen=True)
class Booked:
    """An appointment of a test's own, so many days from today."""

    visit: Visit
    day: date
    id: str

    @property
    def where(self) -> str:
        return f"appointments/{self.id}"

    @property
    def event(self) -> dict[str, Any]:
        """As the calendar has it."""
        [event] = [event for event in events(self.visit, self.day) if event["id"] == self.id]
        return dict(event)

    def moved_to(self, hours: int) -> tuple[str, Any]:
        """Dragged by so many hours: the new start, and what the page is told."""
        event = self.event
        start = (datetime.fromisoformat(event["start"]) + timedelta(hours=hours)).isoformat()
        answer = self.visit.press(f"{self.where}/move", start=start, version=event["extendedProps"]["version"])
        return start, answer.text


def in_days(count: int) -> date:
    return datetime.now(BERLIN).date() + timedelta(days=count)


def events(visit: Visit, day: date) -> list[dict[str, Any]]:
    span = {"start": f"{day}T00:00:00", "end": f"{day}T23:59:00"}
    return list(visit.ask("GET", f"calendar/{visit.ours.workshop}/events", params=span).json())


def phone_in(visit: Visit, day: date, key: str | None = None) -> httpx.Response:
    """Somebody who calls gets the first free time of the day."""
    service = visit.ours.names["service_id"]
    times = visit.get("booking/times", day=day.isoformat(), service=service)
    start = re.findall(r'name="start" value="([^"]+)"', times)[0]
    caller = {"name": "Otto Kurz", "phone": f"0151 {day:%Y%m%d}", "plate": "k-ok 77"}
    return visit.press("booking", key=key or secrets.token_hex(16), service=service, start=start, **caller)


def a_booking(visit: Visit, days: int) -> Booked:
    day = in_days(days)
    return Booked(visit, day, phone_in(visit, day).headers["HX-Redirect"].rpartition("-")[2])


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read(owner: Visit, path: str) -> None:
    page = owner.get(path)
    assert "Traceback" not in page
    assert "Policy" not in page


def test_a_page_lets_nothing_in_from_elsewhere(owner: Visit) -> None:
    answer = owner.ask("GET", "")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src)|<style| style=| on\w+=|(?<!xmlns=\")https?://", answer.text)


def test_the_calendar_has_the_workshops_columns_and_times(owner: Visit) -> None:
    columns = owner.ask("GET", f"calendar/{owner.ours.workshop}/resources").json()
    event = a_booking(owner, 3).event
    assert set(event["resourceIds"]) <= {column["id"] for column in columns}
    assert "+" not in event["start"]
    assert event["extendedProps"]["customer"] == "Otto Kurz"


def test_a_closure_stands_in_the_calendar(owner: Visit) -> None:
    soon = in_days(5)
    facts = {"start": f"{soon}T08:00", "end": f"{soon}T12:00", "reason": "Betriebsausflug", "sure": "true"}
    owner.press("closures", **facts, resource=str(owner.ours.names["resource_id"]))
    assert [(one["title"], one["start"][-8:]) for one in events(owner, soon)] == [("Betriebsausflug", "08:00:00")]


def test_a_car_comes_and_goes(owner: Visit) -> None:
    where = a_booking(owner, 6).where
    panel = owner.get(where)
    assert "Car is here" in panel
    here = owner.press(f"{where}/steps", step="check-in", version=version_in(panel))
    assert "in the workshop" in here.text
    gone = owner.press(f"{where}/steps", step="check-out", version=version_in(here.text))
    assert "is-completed" in gone.text


def test_a_step_on_what_changed_meanwhile_is_refused_in_words(owner: Visit) -> None:
    where = a_booking(owner, 7).where
    refused = owner.press(f"{where}/steps", step="check-in", version="99")
    assert refused.status_code == 200
    assert refused.headers["HX-Retarget"] == "#notice"
    assert 'class="bad"' in refused.text


def test_a_drag_moves_the_appointment(owner: Visit) -> None:
    booked = a_booking(owner, 8)
    start, told = booked.moved_to(hours=3)
    assert "Moved to" in told
    assert booked.event["start"] == start


def test_a_drag_to_where_nothing_is_free_says_why(owner: Visit) -> None:
    booked = a_booking(owner, 9)
    before = booked.event["start"]
    facts = {"start": f"{booked.day}T00:00", "end": f"{in_days(10)}T00:00", "reason": "Rohrbruch", "sure": "true"}
    owner.press("closures", **facts)
    _, told = booked.moved_to(hours=1)
    assert "out of use (Rohrbruch)" in told
    assert booked.event["start"] == before


def test_cancelling_and_notes(owner: Visit) -> None:
    where = a_booking(owner, 11).where
    noted = owner.press(f"{where}/notes", text="Schlüssel im Kasten")
    assert "Schlüssel im Kasten" in noted.text
    gone = owner.press(f"{where}/cancellation", version=version_in(noted.text), reason="Bühne defekt")
    assert "Bühne defekt" in gone.text
    assert "is-cancelled" in gone.text


def test_booking_by_phone(owner: Visit) -> None:
    key = secrets.token_hex(16)
    made = phone_in(owner, in_days(12), key)
    assert made.status_code == 204
    panel = owner.get(f"appointments/{made.headers['HX-Redirect'].rpartition('-')[2]}")
    assert "Otto Kurz" in panel
    assert "K-OK 77" in panel


def test_a_booking_that_cannot_be_is_told_in_words(owner: Visit) -> None:
    day = in_days(13)
    facts = {"service": owner.ours.names["service_id"], "start": f"{day}T10:00", "name": "Otto", "key": "k" * 20}
    told = owner.press("booking", phone="keins", **facts).text
    assert "Please check this:</b> Phone" in told, "with the name that the form gives it"
    assert "Choose what is to be done" in owner.get("booking/times", day=day.isoformat())


def test_a_closure_shows_whom_it_hits_before_it_closes(owner: Visit) -> None:
    booked = a_booking(owner, 14)
    facts = {"start": f"{booked.day}T00:00", "end": f"{in_days(15)}T00:00", "reason": "Hochwasser"}
    asked = owner.press("closures", **facts, resource="")
    assert "1 appointment stands in it" in asked.text
    assert "Otto Kurz" in asked.text
    assert "Hochwasser" not in owner.get("closures/list")
    done = owner.press("closures", **facts, sure="true")
    assert (done.headers["HX-Trigger"], "Closed." in done.text) == ("closures", True)
    closure = re.findall(r"closures/(\d+)/reopening", owner.get("closures/list").partition("Hochwasser")[2])[0]
    assert "Hochwasser" not in owner.press(f"closures/{closure}/reopening").text


def test_a_conversation_is_taken_over_answered_and_given_back(owner: Visit) -> None:
    where = f"inbox/{owner.ours.names['conversation_id']}"
    assert "The bot has the word." in owner.get(where)
    assert "the bot is silent" in owner.press(f"{where}/take-over").text
    answered = owner.press(f"{where}/answers", text="Hier ist Anna.", key=secrets.token_hex(16))
    assert "Hier ist Anna." in answered.text
    assert "The bot has the word." in owner.press(f"{where}/release").text
    assert "Moin" in owner.get(f"{where}/lines")
    missing = owner.ask("GET", f"inbox/{MISSING}/lines", headers={"HX-Request": "true"})
    assert 'class="bad"' in missing.text


def test_older_conversations_are_a_page_further(owner: Visit) -> None:
    with Session(owner.house.engine) as session, session.begin():
        now = database_now(session)
        for number in range(51):
            writer = Address("sms", f"+49151999{number:05}")
            take_turn(session, InboundMessage(f"older {number}", writer, "Moin"), now=now)
    newest = owner.get("inbox")
    after = re.findall(r'href="[^"]*inbox\?after=(\d+)"', newest)
    assert ("+4915199900050" in newest, "+4915199900000" in newest, len(after)) == (True, False, 1)
    assert 'class="tag' not in newest, "one page does not know how many there are"
    older = owner.get("inbox", after=after[0])
    assert ("+4915199900050" in older, "+4915199900000" in older) == (False, True)
    talk = re.findall(r'href="[^"]*(inbox/\d+)\?after=', older)[0]
    assert "+4915199900000" in owner.get(talk, after=after[0])
    assert "The bot has the word." in owner.get(f"{talk}/lines")


def test_hours_are_shown_whom_they_hit_before_they_hold(owner: Visit) -> None:
    asked = owner.press("settings/hours", mon="07:00-07:30")
    assert "would no longer fit" in asked.text or "Nobody is affected" in asked.text
    assert "00:00-24:00" in owner.get("settings")
    split = "00:00-12:00, 13:00-24:00"
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), split)
    assert "Saved." in owner.press("settings/hours", **week, sure="yes").text
    assert split in owner.get("settings")
    assert 'class="bad"' in owner.press("settings/hours", mon="soon").text


def test_rules_resources_and_services_are_changed(owner: Visit) -> None:
    assert "Saved." in owner.press("settings/rules", min_notice=60, horizon_days=90, cancel_cutoff=600).text
    lift = owner.ours.names["resource_id"]
    assert "Saved." in owner.press(f"settings/resources/{lift}", name="Grube", capacity=1).text
    facts = {"name": "Ölwechsel plus", "duration_minutes": 60, "buffer_after": 0, "euros": "99.50"}
    assert "Saved." in owner.press("settings/services/oil-change", **facts).text
    page = owner.get("settings")
    assert all(words in page for words in ('value="60"', 'value="Grube"', "Ölwechsel plus", "99.50"))


def test_how_the_workshop_reminds_and_where_it_is_are_changed(owner: Visit) -> None:
    rules = {"remind_hours_before": "2", "remind_mondays_on": "friday", "quiet_from": "19:30", "quiet_until": "07:00"}
    assert "Saved." in owner.press("settings/reminders", **rules, remind_ready="true").text
    page = owner.get("settings")
    assert all(words in page for words in ('value="2"', '"friday" selected', 'value="19:30"'))
    ticked = re.findall(r'name="(remind_\w+)" type="checkbox" value="true" checked', page)
    assert ticked == ["remind_ready"]
    assert "Saved." in owner.press("settings/reminders", **rules | {"remind_hours_before": ""}).text
    assert 'class="bad"' in owner.press("settings/reminders", **rules | {"quiet_from": "08:00"}).text
    where = {"name": "Garage Eins", "address": "Hafenweg 1", "plz": "20095", "city": "Hamburg", "phone": "040 123456"}
    assert "Saved." in owner.press("settings/place", **where).text
    assert "Hafenweg 1" in owner.get("settings")
    assert 'class="bad"' in owner.press("settings/place", **where | {"plz": "2009"}).text


def test_resources_and_services_are_added(owner: Visit) -> None:
    assert owner.press("settings/resources", kind="lift", name="Bühne 9", capacity=1).status_code == 204
    assert "taken" in owner.press("settings/resources", kind="lift", name="Bühne 9", capacity=1).text
    new = {"name": "Räder einlagern", "name_en": "Tyre storage", "kind": "lift", "duration_minutes": 30}
    new |= {"buffer_after": 0, "euros": "49"}
    assert owner.press("settings/services", **new).status_code == 204
    assert all(words in owner.get("settings") for words in ("Bühne 9", "Räder einlagern", "services/tyre-storage"))
    assert "taken" in owner.press("settings/services", **new).text
    for wrong in ({"name_en": "!"}, {"euros": "-1"}, {"kind": "No such"}):
        assert 'class="bad"' in owner.press("settings/services", **new | {"name_en": "Storage"} | wrong).text
    assert 'class="bad"' in owner.press("settings/services/none-such", **new).text


def test_figures_and_audit_tell_what_happened(owner: Visit) -> None:
    assert owner.get("figures").count("<svg") >= 2
    assert "Appointment" in owner.get("audit")


def test_only_the_owner_sees_what_only_the_owner_may(sign_in: Callable[[Role], Visit]) -> None:
    adviser, mechanic = sign_in(Role.ADVISER), sign_in(Role.MECHANIC)
    assert "New booking by phone" in adviser.get()
    assert "/audit" not in adviser.get()
    assert "Speichern" not in adviser.get("settings")
    for shown in ("New booking by phone", "/inbox", "/audit", "/settings"):
        assert shown not in mechanic.get()
    assert "Car is here" not in mechanic.get(f"appointments/{mechanic.ours.names['appointment_id']}")
    assert mechanic.ask("GET", "inbox").status_code == 403
    assert adviser.ask("GET", "audit").status_code == 403
    assert (
        'class="bad"' in mechanic.press("closures", start="2027-01-01T00:00", end="2027-01-02T00:00", reason="x").text
    )


@pytest.mark.parametrize("path", PAGES)
def test_another_workshop_is_as_one_that_is_not_there(owner: Visit, path: str) -> None:
    foreign, missing = (
        owner.ask("GET", f"/staff/{workshop}/{path}".rstrip("/"), headers={"X-Request-ID": "the-same-one"})
        for workshop in (owner.house.theirs.workshop, MISSING)
    )
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code == 404


def test_another_workshops_things_are_as_those_that_are_not_there(owner: Visit) -> None:
    for kind, name in (("appointments", "appointment_id"), ("inbox", "conversation_id")):
        foreign, missing = (
            owner.ask("GET", f"{kind}/{identity}", headers={"X-Request-ID": "the-same-one"})
            for identity in (owner.house.theirs.names[name], MISSING)
        )
        assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_whoever_is_not_signed_in_may_do_so(house: House) -> None:
    stranger = house.client.get(f"/staff/{house.ours.workshop}")
    assert (stranger.status_code, stranger.headers["Location"]) == (303, "/staff/sign-in")
    part = house.client.get(f"/staff/{house.ours.workshop}/list", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/staff/sign-in"
    assert house.client.get("/staff").headers["Location"] == "/staff/sign-in"


def test_another_sites_page_can_press_nothing(owner: Visit) -> None:
    where = f"appointments/{owner.ours.names['appointment_id']}/notes"
    assert owner.ask("POST", where, data={"text": "x"}).status_code == 403
    headers = {"X-Form-Token": owner.token, "Origin": "https://evil.example"}
    assert owner.ask("POST", where, data={"text": "x"}, headers=headers).status_code == 403


def test_signing_in_and_out(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        a_colleague(session, Role.OWNER, email="anna@example.de")
    assert "Werkstatt" in house.client.get("/staff/sign-in").text
    wrong = house.client.post("/staff/sign-in", data={"email": "anna@example.de", "password": "geraten-und-falsch"})
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (401, True)
    entered = house.client.post("/staff/sign-in", data={"email": "Anna@example.de", "password": PASSWORD})
    assert entered.headers["Location"] == "/staff"
    assert "HttpOnly" in entered.headers["Set-Cookie"]
    home = house.client.get("/staff")
    assert re.fullmatch(r"/staff/\d+", home.headers["Location"])
    page = house.client.get(home.headers["Location"])
    token = re.findall(r'name="form_token" value="(\w+)"', page.text)[0]
    left = house.client.post("/staff/sign-out", data={"form_token": token})
    assert left.headers["Location"] == "/staff/sign-in"
    cookie = entered.headers["Set-Cookie"].partition(";")[0]
    assert house.client.get(home.headers["Location"], headers={"Cookie": cookie}).status_code == 303


def test_the_language_is_chosen_and_leads_nowhere_else(owner: Visit) -> None:
    def spoken(language: str, back: str) -> Any:
        data = {"language": language, "back": back, "form_token": owner.token}
        return owner.ask("POST", "/staff/language", data=data)

    assert spoken("en", "/staff/1/inbox").headers["Location"] == "/staff/1/inbox"
    assert spoken("en", "https://evil.example").headers["Location"] == "/staff"
    assert "Set-Cookie" not in spoken("tlh", "/staff").headers


def test_an_owner_hands_out_and_erases_what_is_stored_of_a_customer(sign_in: Callable[[Role], Visit]) -> None:
    owner, adviser = sign_in(Role.OWNER), sign_in(Role.ADVISER)
    with Session(owner.house.engine) as session, session.begin():
        workshop, now = owner.ours.workshop, database_now(session)
        facts: dict[str, Any] = {"email": None, "language": "de", "now": now}
        leon = clients.meet(session, workshop, name="Leon Fuchs", phone="+4915155550004", **facts)
    where = f"customers/{leon}"
    assert "Erase" in owner.get(where)
    assert "Erase" not in adviser.get(where)
    form = {"form_token": owner.token}
    handed = owner.ask("POST", f"{where}/data", data=form)
    assert handed.json()["data"]["users"][0]["name"] == "Leon Fuchs"
    assert handed.headers["Content-Disposition"].startswith("attachment")
    for who, sent in ((owner, {}), (adviser, {"form_token": adviser.token})):
        for what in ("data", "erasure"):
            assert who.ask("POST", f"{where}/{what}", data=sent).status_code == 403
    assert "Nothing has to stay." in owner.press(f"{where}/erasure").text
    assert owner.ask("GET", where).status_code == 404, "nobody who booked here"
    with Session(owner.house.engine) as session:
        noted = select(AuditRow.action).where(AuditRow.entity_type == "customer", AuditRow.entity_id == leon)
        assert set(session.scalars(noted)) == {"exported", "erased"}
    foreign = owner.house.theirs.names["customer_id"]
    assert owner.ask("GET", f"customers/{foreign}").status_code == 404


def test_whoever_is_still_booked_is_not_erased(owner: Visit) -> None:
    booked = f"customers/{owner.ours.names['customer_id']}"
    page = owner.get(booked)
    assert ("cancel it first" in page, "Erase for good" in page) == (True, False)
    assert "An open appointment needs its customer" in owner.press(f"{booked}/erasure").text
