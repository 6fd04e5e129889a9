"""Staff at their page: what customers do arrives by itself, and what staff do goes through the same core."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.clock import database_now
from booking_core import slots
from booking_core.counter import bookings, clients
from booking_core.values import AppointmentId, WorkshopId
from tests.browser.conftest import BERLIN, PATIENCE, Demo, Visitor
from tests.browser.talking import Phone

Visit = Callable[..., Visitor]
DOM = WorkshopId(1)


def a_visit(demo: Demo, code: str, hour: int, name: str) -> AppointmentId:
    """Booked by phone for today."""
    with Session(demo.engine) as session, session.begin():
        now = database_now(session)
        phone = f"+4915112345{hour:03}"
        user = clients.meet(session, DOM, name=name, phone=phone, email=None, language="de", now=now)
        start = now.astimezone(BERLIN).replace(hour=hour, minute=0, second=0, microsecond=0)
        found = slots.find_slots(session, [code], workshops=[DOM], now=now).slots
        services = found[0].services
        return bookings.book(session, DOM, user, services, start, actor="system", now=now).id


def drag(page: Page, name: str, hours: float) -> None:
    """Down by so many hours; a slot of half an hour is as high as the calendar says."""
    slot = page.locator(".ec-event", has_text=name)
    slot.hover(position={"x": 20, "y": 8})
    box = next(filter(None, (slot.bounding_box() for _ in range(50))))  # It may just be drawn anew.
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x, y + hours * 60 * step / 10)
    page.mouse.up()


def test_a_booking_by_chat_arrives_by_itself(visit: Visit, demo: Demo) -> None:
    """At once, for the page's own clock stands still: nothing it might ask from time to time would ever be asked."""
    staff, customer = visit(), visit()
    staff.page.clock.install()
    page = staff.enter()
    expect(page.locator(".ec-header")).to_be_visible()
    # A short leap: over a long one, whatever the page asks for at that moment would seem to be without an answer.
    page.clock.pause_at(datetime.now(BERLIN) + timedelta(seconds=5))
    phone = Phone(customer.open("/demo"), "telegram")
    phone.write("Reifenwechsel heute um 14 Uhr in 50667")
    phone.tap("14:00") if phone.screen.get_by_role("button", name="14:00").count() else None
    expect(page.locator(".ec-event.is-reserved")).to_have_count(1, timeout=PATIENCE)
    phone.write("Petra Müller, K-AB 1234, petra@example.de")
    phone.tap("Ja, buchen")
    expect(page.locator(".ec-event.is-confirmed")).to_contain_text("Petra Müller", timeout=PATIENCE)
    expect(page.locator("table")).to_contain_text("Petra Müller")


def test_a_drag_moves_and_a_conflict_is_explained(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "wheel-alignment", 11, "Otto Kurz")
    a_visit(demo, "wheel-alignment", 14, "Ida Lang")
    visitor = visit()
    page = visitor.enter()
    expect(page.locator(".ec-event")).to_have_count(2, timeout=PATIENCE)
    drag(page, "Otto Kurz", 3)
    expect(page.locator("#notice .bad")).to_contain_text("vergeben", timeout=PATIENCE)
    expect(page.locator(".ec-event", has_text="Otto Kurz")).to_contain_text("11:00")
    visitor.picture("staff-conflict")
    drag(page, "Otto Kurz", -1)
    expect(page.locator("#notice .good")).to_contain_text("10:00", timeout=PATIENCE)
    expect(page.locator(".ec-event", has_text="Otto Kurz")).to_contain_text("10:00")


def test_check_in_and_out(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "diagnosis", 12, "Otto Kurz")
    page = visit().enter()
    page.locator("table").get_by_role("button", name="Fehlerdiagnose").click()
    page.get_by_role("button", name="Auto ist da").click()
    expect(page.locator("#panel")).to_contain_text("in der Werkstatt", timeout=PATIENCE)
    page.get_by_role("button", name="Arbeit ist fertig").click()
    expect(page.locator(".ec-event.is-completed")).to_have_count(1, timeout=PATIENCE)


def test_what_was_asked_for_is_shown_even_if_the_list_was_drawn_anew_meanwhile(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "diagnosis", 12, "Otto Kurz")
    page = visit().enter()
    page.evaluate(
        "addEventListener('htmx:before:response', () => document.querySelector('#list .link')?.remove(), true)"
    )
    page.locator("table").get_by_role("button", name="Fehlerdiagnose").click()
    expect(page.locator("#panel")).to_be_focused(timeout=PATIENCE)


def test_what_nobody_foresaw_is_told_in_words(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "diagnosis", 12, "Otto Kurz")
    visitor = visit()
    page = visitor.enter()
    problem = '{"title": "Hier ist etwas schiefgegangen", "detail": "Wir haben einen Fehler gemacht.", "status": 500}'
    answer = {"status": 500, "content_type": "application/problem+json", "body": problem}
    page.route("**/appointments/*", lambda route: route.fulfill(**answer))
    page.locator("table").get_by_role("button", name="Fehlerdiagnose").click()
    expect(page.locator("#notice")).to_have_text("Hier ist etwas schiefgegangen Wir haben einen Fehler gemacht.")
    expect(page.locator("#panel")).not_to_contain_text("{")
    visitor.complaints.clear()


def test_a_colleague_takes_over_answers_and_gives_back(visit: Visit, demo: Demo) -> None:
    staff, customer = visit(), visit()
    phone = Phone(customer.open("/demo"), "whatsapp")
    phone.write("Kann ich bitte mit einem Mitarbeiter sprechen?")
    page = staff.enter("/inbox")
    page.get_by_role("link", name="Jana").click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator(".keeper")).to_contain_text("der Bot schweigt", timeout=PATIENCE)
    expect(page.locator(".window")).to_contain_text("WhatsApp nimmt freien Text bis")
    before = phone.heard.count()
    page.get_by_label("Antwort").fill("Hier ist Anna aus der Werkstatt.")
    page.get_by_role("button", name="Senden").click()
    expect(phone.heard.nth(before)).to_contain_text("Hier ist Anna", timeout=PATIENCE)
    customer.page.locator("#text-whatsapp").fill("Danke! Geht es auch morgen?")
    customer.page.locator("#text-whatsapp").press("Enter")
    expect(page.locator("#lines")).to_contain_text("Geht es auch morgen?", timeout=PATIENCE)
    assert phone.heard.count() == before + 1
    staff.picture("staff-inbox")
    page.get_by_role("button", name="Dem Bot zurückgeben").click()
    expect(page.locator(".keeper")).to_contain_text("Der Bot hat das Wort", timeout=PATIENCE)
    expect(phone.heard.nth(before + 1)).to_be_visible(timeout=PATIENCE)


def test_a_closure_names_whom_it_hits_first(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "wheel-alignment", 11, "Otto Kurz")
    with Session(demo.engine) as session:
        day = database_now(session).astimezone(BERLIN).replace(hour=0, minute=0)
    visitor = visit()
    page = visitor.enter("/closures")
    page.get_by_label("Von").fill(_typed(day))
    page.get_by_label("Bis").fill(_typed(day + timedelta(days=1)))
    page.get_by_label("Grund").fill("Rohrbruch")
    page.get_by_role("button", name="Zeigen, wen es trifft").click()
    expect(page.locator("#affected")).to_contain_text("1 Termin steht darin", timeout=PATIENCE)
    expect(page.locator("#affected")).to_contain_text("Otto Kurz")
    expect(page.locator("#closures")).not_to_contain_text("Rohrbruch")
    page.get_by_role("button", name="Jetzt schließen").click()
    expect(page.locator("#closures")).to_contain_text("Rohrbruch", timeout=PATIENCE)


def test_an_owner_hands_out_a_customers_data_and_erases_them(visit: Visit, demo: Demo) -> None:
    booked = a_visit(demo, "diagnosis", 12, "Otto Kurz")
    with Session(demo.engine) as session, session.begin():
        appointment = bookings.cancel(
            session, DOM, booked, reason=None, version=None, actor="system", now=database_now(session)
        )
    visitor = visit()
    page = visitor.enter(f"/customers/{appointment.user}")
    with page.expect_download() as handed:
        page.get_by_role("button", name="Daten herausgeben").click()
    assert "Otto Kurz" in handed.value.path().read_text("utf-8")
    page.get_by_text("Löschen", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".warn")).to_contain_text("Nichts muss bleiben")
    visitor.picture("staff-customer")
    page.get_by_role("button", name="Endgültig löschen").press("Enter")
    expect(page.locator("#privacy")).to_contain_text("Gelöscht", timeout=PATIENCE)
    page.reload()
    expect(page.locator("main")).not_to_contain_text("Otto")


def test_booking_by_phone(visit: Visit, demo: Demo) -> None:
    page = visit().enter("/booking")
    page.locator(".chips label", has_text="Ölwechsel").click()
    page.locator(".times label").first.click()
    page.get_by_label("Name").fill("Otto Kurz")
    page.get_by_label("Telefon").fill("0151 2345678")
    page.get_by_role("button", name="Buchen").click()
    expect(page.locator("#panel")).to_contain_text("Otto Kurz", timeout=PATIENCE)


def _typed(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
