"""Customers on the demo's phones, and the calendar that follows them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Visitor
from tests.browser.talking import OFFER, Phone

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("channel", ["telegram", "sms", "whatsapp"])
def test_a_booking_shows_in_the_calendar_step_by_step(visit: Visit, channel: str) -> None:
    visitor = visit()
    page = visitor.open("/demo")
    phone = Phone(page, channel)
    phone.write("Ölwechsel am Donnerstag vormittag in 50667")
    expect(page.locator(".why")).to_contain_text("Ölwechsel")
    phone.choose(1, OFFER)
    expect(page.locator(".ec-event.is-reserved")).to_have_count(1, timeout=PATIENCE)
    phone.write("Petra Müller, K-AB 1234, petra@example.de")
    booked = phone.choose(1, "Ja, buchen")
    expect(booked).to_contain_text("Gebucht")
    expect(page.locator(".ec-event.is-confirmed")).to_contain_text("K-AB 1234", timeout=PATIENCE)
    expect(page.locator(".tray")).to_contain_text("termin.ics", timeout=PATIENCE)
    visitor.picture(f"demo-{channel}")


def test_a_hold_frees_itself_when_the_clock_gets_there(visit: Visit) -> None:
    page = visit().open("/demo")
    phone = Phone(page, "telegram")
    phone.write("Ölwechsel am Donnerstag vormittag in 50667")
    phone.tap(OFFER)
    expect(page.locator(".ec-event.is-reserved")).to_have_count(1, timeout=PATIENCE)
    page.get_by_role("button", name="Reservierung läuft ab").click()
    expect(page.locator(".ec-event.is-reserved")).to_have_count(0, timeout=PATIENCE)


def test_a_reminder_comes_with_the_clock_and_its_answer_cancels(visit: Visit) -> None:
    page = visit().open("/demo")
    phone = Phone(page, "sms")
    phone.book()
    expect(page.locator(".ec-event.is-confirmed")).to_have_count(1, timeout=PATIENCE)
    heard = phone.heard.count()
    page.get_by_role("button", name="Zur Erinnerung").click()
    expect(phone.heard.nth(heard)).to_contain_text("Erinnerung", timeout=PATIENCE)
    expect(phone.write("Muss leider absagen")).to_contain_text("abgesagt")
    expect(page.locator(".ec-event.is-confirmed")).to_have_count(0, timeout=PATIENCE)


def test_an_sms_counts_its_segments(visit: Visit) -> None:
    page = visit().open("/demo")
    page.locator("#text-sms").fill("Hallo {du}")
    expect(page.locator(".sms output")).to_have_text("noch 148 · 1 SMS")


def test_starting_over_leaves_an_empty_table(visit: Visit) -> None:
    page = visit().open("/demo")
    Phone(page, "whatsapp").write("Moin")
    page.get_by_role("button", name="Von vorn").click()
    expect(page.locator("#screen-whatsapp .hint")).to_have_count(3, timeout=PATIENCE)
    assert Phone(page, "whatsapp").heard.count() == 0
